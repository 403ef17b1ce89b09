"""Queries on proposals: pairs of a need and an offer, as far as one may see."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts import rights
from impulse_contracts.codes import ProposalState
from impulse_contracts.matching import ProposalFact
from impulse_gateway.domain.access import OPEN_PROPOSALS, Viewer
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page

# As `domain.access.sees_pair` says.
_SEEN = """(
    %(all)s OR t.example
    OR t.need_actor_id = ANY(%(mine)s::uuid[]) OR t.offer_actor_id = ANY(%(mine)s::uuid[])
)"""
_RELEASED = "(%(all)s OR t.released_at IS NOT NULL)"
_MINE = "(t.need_actor_id = ANY(%(mine)s::uuid[]) OR t.offer_actor_id = ANY(%(mine)s::uuid[]))"


_CHARGED = """EXISTS (
    SELECT FROM listing AS l JOIN actor AS a USING (actor_id)
    WHERE l.listing_id IN (t.need_id, t.offer_id)
      AND CASE WHEN coalesce(l.in_charge, a.in_charge) IS NULL THEN %(operator)s
               ELSE coalesce(l.in_charge, a.in_charge) = ANY(%(mine)s::uuid[]) END
)"""
"""That somebody is in charge of a side; the operator is where nobody else is."""

_ALIVE = (*OPEN_PROPOSALS, ProposalState.MUTUALLY_ACCEPTED)


def _seen_by(viewer: Viewer) -> dict[str, object]:
    return {"all": viewer.sees_all, "mine": viewer.actors}


def proposals(
    connection: Connection,
    viewer: Viewer,
    *,
    state: ProposalState | None = None,
    mine: bool = False,
    charged: bool = False,
    after: str | None = None,
) -> Page[ProposalFact]:
    """The proposals that `viewer` sees, the newest first.

    Those of their own organisations alone (`mine`), or of listings that they are in charge of
    (`charged`). Raises `BadCursor`.
    """
    where = [_MINE if mine else _SEEN, _RELEASED]
    parameters = _seen_by(viewer)
    if charged:
        where.append(_CHARGED)
        parameters["operator"] = rights.is_operator(viewer.memberships)
    if state:
        where.append("t.state = %(state)s")
        parameters["state"] = state.value
    return rows.page(
        connection,
        ProposalFact,
        "proposal",
        where,
        parameters,
        order=("suggested_at", "proposal_id"),
        kind=datetime.fromisoformat,
        descending=True,
        after=after,
    )


def proposals_of_listing(
    connection: Connection, viewer: Viewer, listing_id: UUID
) -> list[ProposalFact]:
    """The proposals of a listing that `viewer` sees: open or accepted, the best first, as fairness
    has put them in order."""
    return rows.find(
        connection,
        ProposalFact,
        f"""
        SELECT row_to_json(t)::text FROM proposal AS t
        WHERE (need_id = %(listing)s OR offer_id = %(listing)s) AND {_SEEN} AND {_RELEASED}
          AND t.state = ANY(%(states)s)
        ORDER BY score + coalesce((adjustment ->> 'points')::float8, 0) DESC, proposal_id LIMIT 50
        """,  # noqa: S608
        {"listing": listing_id, "states": list(_ALIVE), **_seen_by(viewer)},
    )


def proposal(connection: Connection, proposal_id: UUID) -> ProposalFact | None:
    """One proposal, whoever may see it."""
    found = rows.find(
        connection,
        ProposalFact,
        "SELECT row_to_json(t)::text FROM proposal AS t WHERE proposal_id = %(id)s",
        {"id": proposal_id},
    )
    return found[0] if found else None
