"""The inbox: which messages were handled, and with which outcome; kept for 30 days."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor

KEPT = timedelta(days=30)


class Conflict(Exception):
    """Another replica was faster: repeat the batch, it will see what the other did."""


def handled(cursor: Cursor[Any], keys: Iterable[UUID]) -> dict[UUID, str | None]:
    """Those of `keys` that were handled before, with their outcomes (null where there is none)."""
    # Planned anew each time: a plan made while the table was small would read all of it later.
    cursor.execute(
        "SELECT key, outcome FROM inbox WHERE key = ANY(%b)", (list(keys),), prepare=False
    )
    return dict(cursor.fetchall())


def remember(cursor: Cursor[Any], outcomes: Mapping[UUID, str | None], now: datetime) -> None:
    """Records messages as handled: one COPY.

    Raises psycopg's UniqueViolation if one was handled meanwhile, and the batch is repeated. This
    unique key, in the transaction of the effects, is what makes an effect happen once.
    """
    with cursor.copy("COPY inbox (key, handled_at, outcome) FROM STDIN (FORMAT BINARY)") as copy:
        copy.set_types(["uuid", "timestamptz", "text"])
        # In one order in all replicas, or they would wait for each other in a circle.
        for key in sorted(outcomes, key=attrgetter("int")):
            copy.write_row((key, now, outcomes[key]))


def forget_old(connection: Connection[Any], now: datetime) -> int:
    """Deletes entries older than 30 days; returns how many."""
    return connection.execute("DELETE FROM inbox WHERE handled_at < %s", (now - KEPT,)).rowcount
