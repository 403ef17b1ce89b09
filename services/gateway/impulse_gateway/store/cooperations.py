"""Queries on cooperations, as far as one may see."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts import rights
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.codes import CooperationState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page

# As `domain.access.sees_pair` says.
_SEEN = """(
    %(all)s OR t.example
    OR t.need_actor_id = ANY(%(mine)s::uuid[]) OR t.offer_actor_id = ANY(%(mine)s::uuid[])
)"""
_MINE = "(t.need_actor_id = ANY(%(mine)s::uuid[]) OR t.offer_actor_id = ANY(%(mine)s::uuid[]))"
_CHARGED = "CASE WHEN t.in_charge IS NULL THEN %(operator)s ELSE t.in_charge = ANY(%(mine)s) END"
"""That somebody is in charge of it; the operator is where nobody else is."""


def page(
    connection: Connection,
    viewer: Viewer,
    *,
    state: CooperationState | None = None,
    due: bool = False,
    mine: bool = False,
    charged: bool = False,
    after: str | None = None,
) -> Page[CooperationFact]:
    """The cooperations that `viewer` sees, the newest first; or (`due`) those in which something is
    to be done, by when.

    Those of their own organisations alone (`mine`), or that they are in charge of (`charged`).
    Raises `BadCursor`.
    """
    where = [_MINE if mine else _SEEN]
    parameters: dict[str, object] = {"all": viewer.sees_all, "mine": viewer.actors}
    if charged:
        where.append(_CHARGED)
        parameters["operator"] = rights.is_operator(viewer.memberships)
    if state:
        where.append("t.state = %(state)s")
        parameters["state"] = state.value
    if due:
        where.append("t.next_due IS NOT NULL")
    return rows.page(
        connection,
        CooperationFact,
        "cooperation",
        where,
        parameters,
        order=("next_due" if due else "opened_at", "cooperation_id"),
        kind=str if due else datetime.fromisoformat,
        descending=not due,
        after=after,
    )


def get(connection: Connection, cooperation_id: UUID) -> CooperationFact | None:
    """One cooperation, whoever may see it."""
    return _one(connection, "cooperation_id = %(id)s", cooperation_id)


def of_proposal(connection: Connection, proposal_id: UUID) -> CooperationFact | None:
    """The cooperation that came of a proposal."""
    return _one(connection, "proposal_id = %(id)s", proposal_id)


def _one(connection: Connection, where: str, key: UUID) -> CooperationFact | None:
    found = rows.find(
        connection,
        CooperationFact,
        f"SELECT row_to_json(t)::text FROM cooperation AS t WHERE {where} LIMIT 1",  # noqa: S608
        {"id": key},
    )
    return found[0] if found else None
