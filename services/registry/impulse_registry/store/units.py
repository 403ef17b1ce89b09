"""Units of actors that bear others."""

from collections.abc import Iterable
from uuid import UUID

from impulse_chassis import Transaction
from impulse_registry.domain.actors import Actor
from impulse_registry.store.actors import actors

PORTION = 500
"""So many units one message of a timer looks at."""
_NOBODY = UUID(int=0)
"""Sorts before every id."""

Begun = tuple[UUID, UUID | None]
"""A bearer, and the last unit of the portion before."""


class Portions(dict[Begun, list[UUID]]):
    """The next units of bearers that a transaction has loaded."""


def lock_units(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks the actors that these bear. One statement."""
    actors.select(tx, "t.carrier_actor_id = ANY(%b)", (list(actor_ids),))


def units_of(tx: Transaction, actor_id: UUID) -> list[Actor]:
    """The actors that one bears, as they are now in this transaction; loaded before."""
    return actors.naming(tx, _bearer_of, actor_id)


def _bearer_of(actor: Actor) -> list[UUID | None]:
    return [actor.carrier_actor_id]


def lock_bearers(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks those that bear these, which are loaded. One statement at most."""
    found = (actors.get(tx, actor_id) for actor_id in actor_ids)
    actors.lock(tx, {each.carrier_actor_id for each in found if each and each.carrier_actor_id})


def lock_portions(tx: Transaction, wanted: Iterable[Begun], size: int = PORTION) -> None:
    """Locks the next units of each bearer, by id, and reads the bearers: three statements.

    The bearers come last and without a lock: who changes one meanwhile follows up on it again.
    """
    pairs = sorted({(bearer, after or _NOBODY) for bearer, after in wanted})
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT each.bearer, each.after, next.actor_id
        FROM unnest(%b::uuid[], %b::uuid[]) AS each (bearer, after)
        CROSS JOIN LATERAL (
            SELECT a.actor_id FROM actor AS a
            WHERE a.carrier_actor_id = each.bearer AND a.actor_id > each.after
            ORDER BY a.actor_id LIMIT %b
        ) AS next
        ORDER BY 1, 2, 3
        """,
        ([bearer for bearer, _ in pairs], [after for _, after in pairs], size),
    )
    found = tx.memo(Portions)
    for bearer, after, unit in cursor.fetchall():
        found.setdefault((bearer, None if after == _NOBODY else after), []).append(unit)
    actors.lock(tx, {unit for units in found.values() for unit in units})
    actors.read(tx, {bearer for bearer, _ in pairs})


def portion(tx: Transaction, begun: Begun) -> list[UUID]:
    """The next units of a bearer, which the loader has locked."""
    return tx.memo(Portions).get(begun, [])
