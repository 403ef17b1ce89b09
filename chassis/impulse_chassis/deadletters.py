"""Dead letters: what could not be handled, kept with its original bytes; and their circuit breaker.

The topic tells everybody; the table is where an operator lists, shows, retries and discards.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection, Cursor

from impulse_chassis import waiting
from impulse_chassis.envelope import Bad, Headers, Outgoing, StoredRecord, attempt_of
from impulse_chassis.outbox import dump_headers, load_headers
from impulse_contracts import topics

IN_A_ROW = 100
"""A partition is paused after so many bad records in a row ..."""
WINDOW = 500
"""... or when more than half of its last so many were bad."""

PATIENCE = timedelta(minutes=10)
"""How long a dead letter that is tried again may wait for what isn't known."""

Place = tuple[str, int]
"""Topic and partition."""


def letter(bad: Bad, consumer: str, now: datetime) -> Outgoing:
    """The dead letter of a bad record: original key, value and headers, and why."""
    record = bad.record
    why = {
        "dl_reason": str(bad.reason),
        "dl_detail": bad.detail,
        "dl_topic": record.topic,
        "dl_partition": str(record.partition),
        "dl_offset": str(record.offset),
        "dl_consumer": consumer,
        "dl_time": now.isoformat(),
    }
    headers = [*record.headers, *((name, value.encode()) for name, value in why.items())]
    whole = Outgoing(topics.DEAD_LETTERS.name, record.key, record.value, headers)
    if whole.size() <= topics.DEAD_LETTERS.max_bytes:
        return whole
    # Compressed, a record may be larger than the topic takes; the table keeps all of it.
    why["dl_detail"] += f" ({whole.size()} bytes: to be seen with `impulse dead-letters show`)"
    return Outgoing(
        topics.DEAD_LETTERS.name,
        (record.key or b"")[:1000] or None,
        None,
        [(name, value.encode()) for name, value in why.items()],
    )


def write(cursor: Cursor[Any], letters: Sequence[Bad], now: datetime) -> None:
    """Keeps dead letters for the operator: one COPY."""
    with cursor.copy(
        """
        COPY dead_letter (topic, partition, "offset", key, value, headers, reason, detail, attempt,
                          died_at) FROM STDIN (FORMAT BINARY)
        """
    ) as copy:
        copy.set_types(
            [
                "text",
                "int4",
                "int8",
                "bytea",
                "bytea",
                "text",
                "text",
                "text",
                "int4",
                "timestamptz",
            ]
        )
        for bad in letters:
            record = bad.record
            copy.write_row(
                (
                    record.topic,
                    record.partition,
                    record.offset,
                    record.key,
                    record.value,
                    dump_headers(record.headers),
                    str(bad.reason),
                    bad.detail,
                    attempt_of(record),
                    now,
                )
            )


# ----------------------------------------------------------------------------- for operators


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter as an operator sees it."""

    id: int
    topic: str
    partition: int
    offset: int
    key: bytes | None
    value: bytes | None
    headers: Headers
    reason: str
    detail: str
    attempt: int
    died_at: datetime
    state: str


_COLUMNS = """id, topic, partition, "offset", key, value, headers, reason, detail, attempt, died_at,
              state"""


def opened(connection: Connection[Any], limit: int = 100) -> list[DeadLetter]:
    """The dead letters that nobody has dealt with, oldest first."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM dead_letter WHERE state = 'open' ORDER BY id LIMIT %s",
        (limit,),
    ).fetchall()
    return [_row(row) for row in rows]


def find(connection: Connection[Any], letter_id: int) -> DeadLetter | None:
    """One dead letter, whatever became of it."""
    row = connection.execute(
        f"SELECT {_COLUMNS} FROM dead_letter WHERE id = %s",
        (letter_id,),
    ).fetchone()
    return _row(row) if row else None


def _row(row: tuple[Any, ...]) -> DeadLetter:
    values: list[Any] = list(row)
    values[6] = load_headers(row[6])
    return DeadLetter(*values)


def retry(connection: Connection[Any], letter_id: int, now: datetime) -> bool:
    """Lets the service handle a dead letter again: same id, next attempt, its outcome follows.

    Nothing is said on the topic, where others would take it for new. False if it isn't open.
    """
    with connection.transaction():
        found = _close(connection, letter_id, "retried")
        if found is None:
            return False
        record = StoredRecord(
            found.topic,
            found.partition,
            found.offset,
            int(found.died_at.timestamp() * 1000),
            found.key,
            found.value,
            found.headers,
            found.attempt + 1,
        )
        waiting.try_again(connection, record, now, PATIENCE)
    return True


def discard(connection: Connection[Any], letter_id: int) -> bool:
    """Closes a dead letter for good. False if it isn't open (any more)."""
    return _close(connection, letter_id, "discarded") is not None


def _close(connection: Connection[Any], letter_id: int, state: str) -> DeadLetter | None:
    row = connection.execute(
        f"UPDATE dead_letter SET state = %s WHERE id = %s AND state = 'open' RETURNING {_COLUMNS}",
        (state, letter_id),
    ).fetchone()
    return _row(row) if row else None


def count_open(connection: Connection[Any]) -> int:
    """How many dead letters nobody has dealt with."""
    row = connection.execute("SELECT count(*) FROM dead_letter WHERE state = 'open'").fetchone()
    return int(row[0]) if row else 0


def forget_old(connection: Connection[Any], before: datetime) -> int:
    """Deletes dead letters older than `before`, since they may hold personal data."""
    return connection.execute("DELETE FROM dead_letter WHERE died_at < %s", (before,)).rowcount


# --------------------------------------------------------------------------- circuit breaker


@dataclass(slots=True)
class Health:
    """How good the records of a partition were lately."""

    in_a_row: int = 0
    recent: deque[bool] = field(default_factory=lambda: deque(maxlen=WINDOW))

    def copy(self) -> "Health":
        """The same, to be changed apart: a batch that is not committed has not happened."""
        return Health(self.in_a_row, self.recent.copy())

    def note(self, good: bool) -> None:
        """Counts one record."""
        self.in_a_row = 0 if good else self.in_a_row + 1
        self.recent.append(good)

    def fault(self) -> str | None:
        """Why the partition must be paused, in words for an operator; None while it is well."""
        if self.in_a_row >= IN_A_ROW:
            return f"{self.in_a_row} bad records in a row"
        bad = self.recent.count(False) if len(self.recent) == WINDOW else 0
        if bad * 2 > WINDOW:
            return f"{bad} of the last {WINDOW} records were bad"
        return None


def pause(cursor: Cursor[Any], place: Place, detail: str, now: datetime) -> None:
    """Records that a partition is paused, so that restarts and the operator know."""
    cursor.execute(
        "INSERT INTO paused_partition VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (*place, now, detail),
    )


def paused(connection: Connection[Any]) -> dict[Place, str]:
    """The paused partitions and why."""
    rows = connection.execute("SELECT topic, partition, detail FROM paused_partition").fetchall()
    return {(row[0], row[1]): row[2] for row in rows}


def resume(connection: Connection[Any], place: Place | None = None) -> int:
    """Lifts the pause of one partition, or of all; returns how many."""
    if place is None:
        return connection.execute("DELETE FROM paused_partition").rowcount
    return connection.execute(
        "DELETE FROM paused_partition WHERE topic = %s AND partition = %s", place
    ).rowcount
