"""Queries on the network of intermediaries."""

from sqlalchemy import Connection

from impulse_contracts.codes import ActorStatus
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.store import rows

COUNTING = (ActorStatus.REGISTERED, ActorStatus.VERIFIED, ActorStatus.STALE)
"""Intermediaries in other states help nobody."""


def members(connection: Connection) -> list[ActorState]:
    """The intermediaries that count, the first admitted first."""
    return rows.find(
        connection,
        ActorState,
        """
        SELECT row_to_json(t)::text FROM actor AS t
        WHERE admitted_at IS NOT NULL AND status = ANY(%(counting)s)
        ORDER BY admitted_at, actor_id
        """,
        {"counting": [status.value for status in COUNTING]},
    )
