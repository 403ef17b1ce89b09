"""Records as somebody outside would write them, good and bad; and what a database holds."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from sqlalchemy import Engine

from impulse_chassis.envelope import StoredRecord
from impulse_chassis.testing import START

GOOD = {
    "ce_specversion": "1.0",
    "ce_id": "17",
    "ce_source": "https://partner.example",
    "ce_time": "2026-11-24T09:00:00+00:00",
    "content-type": "application/json",
}
_offsets = count()


def record(
    topic: str,
    value: bytes | None,
    *,
    ce_type: str | bytes | None = None,
    key: bytes | None = b"key",
    headers: Sequence[tuple[str, bytes | None]] | None = None,
    partition: int = 0,
    offset: int | None = None,
    **changes: str | bytes | None,
) -> StoredRecord:
    """A record with good headers, apart from `changes` (`ce_id=None` leaves it out)."""
    if headers is None:
        named: dict[str, Any] = {**GOOD, "ce_type": ce_type}
        named |= {
            name.replace("content_type", "content-type"): each for name, each in changes.items()
        }
        headers = [
            (name, each if isinstance(each, bytes) else each.encode())
            for name, each in named.items()
            if each is not None
        ]
    return StoredRecord(
        topic,
        partition,
        next(_offsets) if offset is None else offset,
        int(START.timestamp() * 1000),
        key,
        value,
        headers,
    )


def rows(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """What a query finds."""
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def value(engine: Engine, statement: str) -> Any:
    """The one value that a query finds."""
    return rows(engine, statement)[0][0]
