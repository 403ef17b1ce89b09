"""Queries on pairs of organisations that may be one."""

from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.codes import PairState
from impulse_contracts.registry.duplicates import Pair
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page


def search(
    connection: Connection, *, state: PairState = PairState.SUSPECTED, after: str | None = None
) -> Page[Pair]:
    """The pairs in a state, the likeliest first. Raises `BadCursor`."""
    return rows.page(
        connection,
        Pair,
        "duplicate",
        ["t.state = %(state)s"],
        {"state": state.value},
        order=("score", "pair_id"),
        kind=float,
        descending=True,
        after=after,
    )


def get(connection: Connection, pair_id: UUID) -> Pair | None:
    """One pair."""
    found = rows.find(
        connection,
        Pair,
        "SELECT row_to_json(t)::text FROM duplicate AS t WHERE pair_id = %(id)s",
        {"id": pair_id},
    )
    return found[0] if found else None


def of_actor(connection: Connection, actor_id: UUID) -> list[Pair]:
    """The pairs of an organisation that a broker has to look at, or merged, the likeliest first."""
    return rows.find(
        connection,
        Pair,
        """
        SELECT row_to_json(t)::text FROM duplicate AS t
        WHERE (actor_a_id = %(id)s OR actor_b_id = %(id)s) AND state = ANY(%(states)s)
        ORDER BY score DESC, pair_id LIMIT 20
        """,
        {"id": actor_id, "states": [PairState.SUSPECTED.value, PairState.MERGED.value]},
    )
