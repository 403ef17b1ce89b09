"""Who is in the network, which actors an intermediary concerns, and whom the clock changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

from impulse_chassis import Transaction
from impulse_contracts.registry.life import SweepActors
from impulse_registry.domain.network import COUNTING, Intermediary, Network
from impulse_registry.store.actors import actors

PORTION = 500
"""So many actors one message of a timer looks at."""
_NOBODY = UUID(int=0)
"""Sorts before every id."""

_TOGETHER = "SELECT pg_advisory_xact_lock_shared(hashtext('impulse.registry.network'))"
_ALONE = "SELECT pg_advisory_xact_lock(hashtext('impulse.registry.network'))"


@dataclass(slots=True)
class Known:
    """What a transaction has loaded of the network."""

    network: Network | None = None
    portions: dict[tuple[UUID, UUID | None], list[UUID]] = field(default_factory=dict)
    """Intermediary and last actor of the portion before -> the actors of the next portion."""
    due: list[UUID] = field(default_factory=list)
    """The actors that the clock changes."""
    more: bool = False
    """Whether there may be more to delete than was."""


def known(tx: Transaction) -> Known:
    """What was loaded into this transaction."""
    return tx.memo(Known)


def read_network(tx: Transaction, *, alone: bool = False) -> None:
    """Loads the intermediaries that count: two statements.

    Who places actors does so side by side; who follows a change of the network waits `alone` for
    those that still saw it as it was. So no actor that came meanwhile is missed.
    """
    if known(tx).network is not None:
        return
    cursor = tx.cursor()
    cursor.execute(_ALONE if alone else _TOGETHER)
    cursor.execute(
        """
        SELECT actor_id, admitted_at, service_area FROM actor
        WHERE admitted_at IS NOT NULL AND status = ANY(%b)
        """,
        ([status.value for status in COUNTING],),
    )
    known(tx).network = Network(
        tuple(
            Intermediary(actor_id, admitted_at, tuple(area))
            for actor_id, admitted_at, area in cursor.fetchall()
        )
    )


def lock_portions(
    tx: Transaction, wanted: Iterable[tuple[UUID, UUID | None]], size: int = PORTION
) -> None:
    """Locks the next actors that each intermediary is or may be in charge of: two statements.

    Those it has, and those in its area; ordered by id, after the last of the portion before.
    """
    pairs = sorted(set(wanted), key=lambda pair: (pair[0], pair[1] or _NOBODY))
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT each.intermediary, each.after, next.actor_id
        FROM unnest(%b::uuid[], %b::uuid[]) AS each (intermediary, after)
        JOIN actor AS i ON i.actor_id = each.intermediary
        CROSS JOIN LATERAL (
            SELECT a.actor_id FROM actor AS a
            WHERE a.actor_id > each.after
              AND (a.in_charge = i.actor_id OR EXISTS (
                  SELECT FROM jsonb_array_elements_text(i.service_area) AS own
                  WHERE starts_with(a.seat ->> 'ags', own)
              ))
            ORDER BY a.actor_id LIMIT %b
        ) AS next
        ORDER BY 1, 2, 3
        """,
        (
            [intermediary for intermediary, _ in pairs],
            [after or _NOBODY for _, after in pairs],
            size,
        ),
    )
    portions: dict[tuple[UUID, UUID | None], list[UUID]] = {pair: [] for pair in pairs}
    for intermediary, after, actor_id in cursor.fetchall():
        portions[(intermediary, None if after == _NOBODY else after)].append(actor_id)
    known(tx).portions |= portions
    actors.lock(tx, {actor_id for found in portions.values() for actor_id in found})


def lock_due(tx: Transaction, now: datetime, size: int = PORTION) -> None:
    """Locks the actors that the clock changes, the longest overdue first: one statement."""
    found = actors.select(
        tx,
        """
        t.actor_id IN (SELECT actor_id FROM actor WHERE due_at <= %b ORDER BY due_at LIMIT %b)
        """,
        (now, size),
    )
    known(tx).due = [actor.actor_id for actor in found]


def keep_sweeping(connection: Connection, due: datetime) -> bool:
    """Sets the timer of the sweep where there is none; returns whether it was missing.

    A sweep that is under way sets it, too: then the two are one row.
    """
    sweep = SweepActors(what="actors")
    done = connection.execute(
        text(
            """
            INSERT INTO timer (ce_type, key, name, due, body)
            VALUES (:ce_type, :key, '', :due, :body) ON CONFLICT DO NOTHING
            """
        ),
        {
            "ce_type": sweep.ce_type,
            "key": sweep.key,
            "due": due,
            "body": sweep.model_dump_json(),
        },
    )
    return done.rowcount > 0


def postpone(tx: Transaction, later: Mapping[UUID, datetime | None]) -> None:
    """Notes when the clock changes actors (None: never), without a new version: one statement."""
    tx.cursor().execute(
        """
        UPDATE actor SET due_at = later.at
        FROM unnest(%b::uuid[], %b::timestamptz[]) AS later (actor_id, at)
        WHERE actor.actor_id = later.actor_id
        """,
        (list(later), list(later.values())),
    )
