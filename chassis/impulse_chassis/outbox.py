"""The outbox: what a transaction wants to say, said only after it is committed."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring_ascii
from typing import Any, NamedTuple

from psycopg import Connection, Cursor
from pydantic_core import from_json

from impulse_chassis.envelope import Attributes, Headers, Outgoing
from impulse_contracts.topics import BY_NAME

BATCH = 1000
"""How many rows the relay claims at once; a loop of 30,000 events was no faster with 2,000."""


class TooLarge(ValueError):
    """A message is larger than its topic takes; it would block the relay for good."""


class OutboxRow(NamedTuple):
    """A record to be sent, in the order of its id."""

    id: int
    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers


def dump_headers(headers: Headers | Attributes) -> str:
    """Headers as JSON text; Latin-1 keeps every byte, also those that are not UTF-8."""
    if isinstance(headers, Attributes):
        return _dump_attributes(headers)
    return json.dumps(
        [(name, None if value is None else value.decode("latin-1")) for name, value in headers]
    )


def _dump_attributes(attributes: Attributes) -> str:
    """What `dump_headers(render(attributes))` gives, without the way through bytes and pairs."""
    varying = (
        ("ce_id", attributes.id),
        ("ce_subject", attributes.subject),
        ("ce_correlationid", attributes.correlation_id),
        ("ce_causationid", attributes.causation_id),
        ("ce_principal", attributes.principal),
        ("ce_onbehalfof", attributes.on_behalf_of),
        ("traceparent", attributes.traceparent),
    )
    pairs = [_pair(name, value) for name, value in varying if value is not None]
    fixed = _fixed(attributes.source, attributes.type, attributes.time)
    return f"[{fixed},{','.join(pairs)}]"


@lru_cache(maxsize=256)
def _fixed(source: str, ce_type: str, time: datetime | None) -> str:
    """The headers that all messages of a type in a batch share."""
    assert time is not None
    shared = (
        ("ce_specversion", "1.0"),
        ("content-type", "application/json"),
        ("ce_source", source),
        ("ce_type", ce_type),
        ("ce_time", time.isoformat()),
    )
    return ",".join(_pair(name, value) for name, value in shared)


def _pair(name: str, value: str) -> str:
    text = value if value.isascii() else value.encode().decode("latin-1")
    return f'["{name}",{encode_basestring_ascii(text)}]'


def load_headers(text: str) -> list[tuple[str, bytes | None]]:
    """The inverse of `dump_headers`."""
    return [
        (name, None if value is None else value.encode("latin-1"))
        for name, value in from_json(text)
    ]


def check_size(outgoing: Outgoing) -> None:
    """Raises `TooLarge` when Kafka would refuse the record."""
    limit = BY_NAME[outgoing.topic].max_bytes if outgoing.topic in BY_NAME else 1024 * 1024
    if outgoing.size() > limit:
        raise TooLarge(f"{outgoing.size()} bytes are too many for {outgoing.topic} ({limit})")


def write(cursor: Cursor[Any], messages: Sequence[Outgoing]) -> None:
    """Adds messages in order; one COPY however many they are."""
    with cursor.copy("COPY outbox (topic, key, value, headers) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["text", "bytea", "bytea", "text"])
        for message in messages:
            copy.write_row(
                (message.topic, message.key, message.value, dump_headers(message.headers))
            )


def claim(
    connection: Connection[Any], limit: int = BATCH, left_out: Sequence[str] = ()
) -> list[OutboxRow]:
    """The oldest rows, in order, but those of the topics that are `left_out`.

    Only the relay's leader calls this, so nothing is locked. It passes over what is left out, which
    takes some 50 ms for 100,000 rows.
    """
    # Where PostgreSQL sees that almost all rows are of a topic that is left out, it reads and sorts
    # the whole table for each claim, however many others have come since it last counted.
    rows = connection.execute(
        """
        SELECT id, topic, key, value, headers FROM outbox
        WHERE topic || '' <> ALL(%s) ORDER BY id LIMIT %s
        """,
        (list(left_out), limit),
        # Planned anew each time: a plan made while the table was empty would read all of it later.
        prepare=False,
        binary=True,
    ).fetchall()
    return [
        OutboxRow(row_id, topic, key, value, load_headers(headers))
        for row_id, topic, key, value, headers in rows
    ]


def forget(connection: Connection[Any], ids: Sequence[int]) -> None:
    """Deletes rows that Kafka has acknowledged."""
    connection.execute("DELETE FROM outbox WHERE id = ANY(%b)", (list(ids),))


def park(connection: Connection[Any], row_id: int, error: str, now: datetime) -> None:
    """Sets a row aside that Kafka refuses for good, so that the others go on."""
    connection.execute(
        """
        WITH culprit AS (DELETE FROM outbox WHERE id = %s RETURNING *)
        INSERT INTO outbox_parked SELECT id, topic, key, value, headers, created_at, %s, %s
        FROM culprit
        """,
        (row_id, now, error),
    )


def parked(connection: Connection[Any], limit: int = 100) -> list[tuple[Any, ...]]:
    """The rows that were set aside: id, since when, topic, key, bytes, error.

    Dead letters keep the keys of others: what is not UTF-8 in one is shown as `\\xff`.
    """
    rows = connection.execute(
        """
        SELECT id, parked_at, topic, key, length(value), error
        FROM outbox_parked ORDER BY id LIMIT %s
        """,
        (limit,),
    ).fetchall()
    return [
        (*place, None if key is None else key.decode(errors="backslashreplace"), size, error)
        for *place, key, size, error in rows
    ]


def unpark(connection: Connection[Any], row_id: int) -> bool:
    """Puts a row back at the end of the outbox. False if there is none."""
    return bool(
        connection.execute(
            """
            WITH found AS (DELETE FROM outbox_parked WHERE id = %s RETURNING *)
            INSERT INTO outbox (topic, key, value, headers)
            SELECT topic, key, value, headers FROM found
            """,
            (row_id,),
        ).rowcount
    )


def backlog(connection: Connection[Any]) -> tuple[int, float, int]:
    """Rows that wait (counted up to 100,000), the age of the oldest in seconds, rows parked."""
    row = connection.execute(
        """
        SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT 100000) AS counted),
               coalesce((SELECT extract(epoch FROM clock_timestamp() - created_at)
                         FROM outbox ORDER BY id LIMIT 1), 0)::float8,
               (SELECT count(*) FROM outbox_parked)
        """
    ).fetchone()
    assert row is not None
    return int(row[0]), max(0.0, float(row[1])), int(row[2])
