"""Messages that wait for something not known yet: parked, tried again, given up after a time.

A listing waits for its actor, a person for theirs. Whoever brings the key wakes those who wait for
it; a sweep every few seconds catches what two replicas missed of each other.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg import Connection, Cursor

from impulse_chassis.aggregate import WaitFor
from impulse_chassis.envelope import Record, StoredRecord, attempt_of
from impulse_chassis.outbox import dump_headers, load_headers

PAUSE = timedelta(seconds=3)
"""How long a message that nobody woke waits before it is tried again."""


@dataclass(frozen=True, slots=True)
class Parked:
    """A message that waits, until when, and for what; `inbox_key` is the key of its row."""

    inbox_key: UUID
    record: Record
    deadline: datetime
    subject: tuple[str, str]


def park(
    cursor: Cursor[Any],
    waiting: Sequence[tuple[UUID, Record, WaitFor]],
    now: datetime,
    patience: timedelta,
) -> None:
    """Sets messages aside; one that waits already is left as it is, with its deadline."""
    cursor.execute(
        """
        INSERT INTO waiting (inbox_key, waits_for, subject, topic, partition, "offset", timestamp,
                             key, value, headers, attempt, deadline, next_try)
        SELECT new.*, %s, least(%s, %s)
        FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::int[], %b::bigint[],
                    %b::bigint[], %b::bytea[], %b::bytea[], %b::text[], %b::int[]) AS new
        ON CONFLICT (inbox_key) DO UPDATE
        SET waits_for = excluded.waits_for, subject = excluded.subject,
            next_try = least(excluded.next_try, waiting.deadline)
        """,
        (
            now + patience,
            now + patience,
            now + PAUSE,
            [key for key, _, _ in waiting],
            [wait.key for _, _, wait in waiting],
            [json.dumps(wait.subject) for _, _, wait in waiting],
            [record.topic for _, record, _ in waiting],
            [record.partition for _, record, _ in waiting],
            [record.offset for _, record, _ in waiting],
            [record.timestamp for _, record, _ in waiting],
            [record.key for _, record, _ in waiting],
            [record.value for _, record, _ in waiting],
            [dump_headers(record.headers) for _, record, _ in waiting],
            [attempt_of(record) for _, record, _ in waiting],
        ),
    )


def try_again(
    connection: Connection[Any], record: StoredRecord, now: datetime, patience: timedelta
) -> None:
    """Lets this service, and no other, handle a record again, as its next attempt."""
    connection.execute(
        """
        INSERT INTO waiting (inbox_key, waits_for, subject, topic, partition, "offset", timestamp,
                             key, value, headers, attempt, deadline, next_try)
        VALUES (%s, '', '["Das Erwartete", "What it needs"]', %s, %s, %s, %s, %s, %s, %s, %s, %s,
                %s)
        """,
        (
            uuid4(),
            record.topic,
            record.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            dump_headers(record.headers),
            record.attempt,
            now + patience,
            now,
        ),
    )


def wake(cursor: Cursor[Any], keys: Iterable[str], now: datetime) -> int:
    """Makes those that wait for one of `keys` due; returns how many."""
    cursor.execute("UPDATE waiting SET next_try = %s WHERE waits_for = ANY(%b)", (now, list(keys)))
    return cursor.rowcount


def due(cursor: Cursor[Any], now: datetime, limit: int = 500) -> list[Parked]:
    """Those to be tried now, in the order in which they came; kept from others for a while."""
    cursor.execute(
        """
        UPDATE waiting SET next_try = %s WHERE inbox_key IN (
            SELECT inbox_key FROM waiting WHERE next_try <= %s
            ORDER BY next_try, id LIMIT %s FOR UPDATE SKIP LOCKED
        )
        RETURNING id, inbox_key, subject, topic, partition, "offset", timestamp, key, value,
                  headers, attempt, deadline
        """,
        (now + PAUSE, now, limit),
    )
    found = []
    for _, inbox_key, subject, *place, headers, attempt, deadline in sorted(cursor.fetchall()):
        topic, partition, offset, timestamp, key, value = place
        record = StoredRecord(
            topic, partition, offset, timestamp, key, value, load_headers(headers), attempt
        )
        found.append(Parked(inbox_key, record, deadline, _pair(subject)))
    return found


def _pair(text: str) -> tuple[str, str]:
    german, english = json.loads(text)
    return german, english


def forget(cursor: Cursor[Any], keys: Iterable[UUID]) -> None:
    """Takes away messages that were handled or given up."""
    cursor.execute("DELETE FROM waiting WHERE inbox_key = ANY(%b)", (list(keys),))
