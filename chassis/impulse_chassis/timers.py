"""Durable timers: "do X at time T" as rows, derived from state, in the transaction of the state.

A timer that comes due becomes a message to the service's own command topic, so that there is one
way in. It is known by its message type, its key and a name; scheduling it again replaces it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from psycopg import Cursor

from impulse_chassis import outbox
from impulse_chassis.envelope import SYSTEM, Attributes, Outgoing, source_of
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
            SELECT ce_type, key, name FROM timer WHERE due <= %s AND ce_type = ANY(%b)
            ORDER BY due LIMIT %s FOR UPDATE SKIP LOCKED
        ) RETURNING ce_type, key, name, due, body
        """,
        (now, _known(), limit),
    )
    rows = sorted(cursor.fetchall(), key=lambda row: (row[3], *row[:3]))
    if rows:
        messages = [_message(service, now, row[0], row[1], row[4]) for row in rows]
        outbox.write(cursor, messages)
    return len(rows)


def _known() -> list[str]:
    """A timer of another release waits for that release."""
    return [name for name, message in MESSAGES.items() if issubclass(message, Timer)]


def _message(service: str, now: datetime, ce_type: str, key: str, body: str) -> Outgoing:
    message = MESSAGES[ce_type]
    assert issubclass(message, Timer)
    source = source_of(service)
    attributes = Attributes(
        # Firing takes the row away in the same transaction, so it happens once; the same timer may
        # be set again for the same moment.
        id=str(uuid4()),
        source=source,
        type=ce_type,
        time=now,
        subject=key,
        principal=SYSTEM,
    )
    return Outgoing(message.topic.name, key.encode(), body.encode(), attributes)
