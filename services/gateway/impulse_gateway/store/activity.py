"""What happened, newest 1,000 or 7 days: written by handlers, watched by the live page."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import Connection
from sqlmodel import Field

from impulse_chassis import Received, Repository, Table, moment_column
from impulse_gateway.domain.access import OPEN_PROPOSALS, SHOWN_ACTORS
from impulse_gateway.domain.activity import Activity, ActivityKind
from impulse_gateway.store import rows

KEPT = 1_000
KEPT_FOR = timedelta(days=7)


class ActivityRow(Table, table=True):
    """An `Activity`. The table adds `position`, which it counts itself as rows come in."""

    __tablename__ = "activity"
    activity_id: UUID = Field(primary_key=True)
    version: int
    at: datetime = moment_column()
    kind: str
    ce_type: str
    subject_id: UUID
    path: str | None
    example: bool
    de: str
    en: str


activities = Repository(ActivityRow, Activity)


class Entry(BaseModel):
    """An activity as it is shown; `position` says where it stands in the stream."""

    position: int
    at: datetime
    kind: ActivityKind
    ce_type: str
    subject_id: UUID
    path: str | None
    example: bool
    de: str
    en: str


def activity_id(received: Received[Any]) -> UUID:
    """The id of the activity that a fact is: a UUID (version 7) that sorts by time, then offset.

    Rows of a batch are written in key order, and positions follow it.
    """
    told = received.attributes.time
    milliseconds = int(told.timestamp() * 1000) if told else received.record.timestamp
    number = (milliseconds & (1 << 48) - 1) << 80
    number |= 0x7 << 76 | (received.record.offset & 0xFFF) << 64
    number |= 0x2 << 62 | received.inbox_key.int & (1 << 62) - 1
    return UUID(int=number)


def newest(connection: Connection, limit: int) -> list[Entry]:
    """The newest activities, newest first."""
    return rows.find(
        connection,
        Entry,
        """
        SELECT row_to_json(t)::text FROM activity AS t
        ORDER BY position DESC LIMIT %(limit)s
        """,
        {"limit": limit},
    )


def positions(connection: Connection) -> list[int]:
    """The positions of the newest rows, as many as are kept."""
    found = connection.exec_driver_sql(
        "SELECT position FROM activity ORDER BY position DESC LIMIT %(kept)s", {"kept": KEPT}
    )
    return [position for (position,) in found.fetchall()]


def at_positions(connection: Connection, wanted: list[int]) -> list[Entry]:
    """Activities by their positions, newest first."""
    return rows.find(
        connection,
        Entry,
        """
        SELECT row_to_json(t)::text FROM activity AS t
        WHERE position = ANY(%(wanted)s) ORDER BY position DESC
        """,
        {"wanted": wanted},
    )


def since(connection: Connection, position: int, limit: int) -> list[Entry]:
    """The newest activities after a position, newest first."""
    return rows.find(
        connection,
        Entry,
        """
        SELECT row_to_json(t)::text FROM activity AS t
        WHERE position > %(position)s ORDER BY position DESC LIMIT %(limit)s
        """,
        {"position": position, "limit": limit},
    )


class Counters(BaseModel):
    """How many there are of what everybody may count."""

    organisations: int
    offers: int
    needs: int
    proposals: int
    cooperations: int


def counters(connection: Connection) -> Counters:
    """Organisations, open listings, open proposals and cooperations of now."""
    row = connection.exec_driver_sql(
        """
        SELECT (SELECT count(*) FROM actor WHERE status = ANY(%(shown)s)),
               (SELECT count(*) FROM listing WHERE status = 'open' AND direction = 'offer'),
               (SELECT count(*) FROM listing WHERE status = 'open' AND direction = 'need'),
               (SELECT count(*) FROM proposal WHERE state = ANY(%(open)s)),
               (SELECT count(*) FROM cooperation)
        """,
        {"open": list(OPEN_PROPOSALS), "shown": list(SHOWN_ACTORS)},
    ).one()
    return Counters(
        organisations=row[0], offers=row[1], needs=row[2], proposals=row[3], cooperations=row[4]
    )


def forget_old(connection: Connection, now: datetime) -> int:
    """Deletes all but the newest; returns how many."""
    return connection.exec_driver_sql(
        """
        DELETE FROM activity WHERE at < %(oldest)s OR position < (
            SELECT min(position) FROM (
                SELECT position FROM activity ORDER BY position DESC LIMIT %(kept)s
            ) AS kept
        )
        """,
        {"oldest": now - KEPT_FOR, "kept": KEPT},
    ).rowcount
