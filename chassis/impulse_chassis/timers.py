"""Durable timers: "do X at time T" as rows, derived from state, in the transaction of the state.

A timer that comes due becomes a message to the service's own command topic, so that there is one
way in. It is known by its message type, its key and a name; scheduling it again replaces it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Cursor

from impulse_chassis import outbox
from impulse_chassis.envelope import Attributes, Outgoing, render, stable_uuid
from impulse_contracts.message import MESSAGES, Timer

TimerId = tuple[str, str, str]
"""Message type, key, name."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a timer comes due and what it says then."""

    at: datetime
    body: str


def write(cursor: Cursor[Any], timers: dict[TimerId, Due | None]) -> None:
    """Sets timers, and takes away those that are None: two statements at most."""
    ended = [timer for timer, due in timers.items() if due is None]
    if ended:
        cursor.execute(
            """
            DELETE FROM timer WHERE (ce_type, key, name)
            IN (SELECT * FROM unnest(%b::text[], %b::text[], %b::text[]))
            """,
            _columns(ended),
        )
    started = sorted((timer, due) for timer, due in timers.items() if due is not None)
    if started:
        cursor.execute(
            """
            INSERT INTO timer (ce_type, key, name, due, body)
            SELECT * FROM unnest(%b::text[], %b::text[], %b::text[], %b::timestamptz[], %b::text[])
            ON CONFLICT (ce_type, key, name)
            DO UPDATE SET due = excluded.due, body = excluded.body
            """,
            (
                *_columns([timer for timer, _ in started]),
                [due.at for _, due in started],
                [due.body for _, due in started],
            ),
        )


def _columns(timers: Iterable[TimerId]) -> tuple[list[str], list[str], list[str]]:
    rows = list(timers)
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def fire(cursor: Cursor[Any], service: str, now: datetime, limit: int = 500) -> int:
    """Turns due timers into messages in the outbox; returns how many.

    Rows that another replica is firing are left to it.
    """
    cursor.execute(
        """
        DELETE FROM timer WHERE (ce_type, key, name) IN (
            SELECT ce_type, key, name FROM timer WHERE due <= %s
            ORDER BY due LIMIT %s FOR UPDATE SKIP LOCKED
        ) RETURNING ce_type, key, name, due, body
        """,
        (now, limit),
    )
    rows = sorted(cursor.fetchall(), key=lambda row: row[3])
    if rows:
        outbox.write(cursor, [_message(service, now, *row) for row in rows])
    return len(rows)


def _message(
    service: str, now: datetime, ce_type: str, key: str, name: str, due: datetime, body: str
) -> Outgoing:
    message = MESSAGES[ce_type]
    assert issubclass(message, Timer)
    source = f"urn:impulse:{service}"
    attributes = Attributes(
        id=str(stable_uuid("timer", ce_type, key, name, due.isoformat())),
        source=source,
        type=ce_type,
        time=now,
        subject=key,
        principal="system",
    )
    return Outgoing(message.topic.name, key.encode(), body.encode(), render(attributes))
