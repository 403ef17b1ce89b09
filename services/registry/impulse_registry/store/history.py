"""What was said of actors and listings and does not stand: replaced by something later, or late
itself. Kept for `IMPULSE_REGISTRY_HISTORY_DAYS`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Ledger, Table, Transaction, json_column, moment_column
from impulse_registry.domain.records import Record

PORTION = 5_000
"""So many rows of a table are deleted at once."""


class ActorHistoryRow(Table, table=True):
    """One record, under whose name it came, and whether it ever stood.

    Rows are never read by a key of theirs: the table numbers them itself.
    """

    __tablename__ = "actor_history"
    actor_id: UUID = Field(primary_key=True)
    name: str
    observed_at: datetime = moment_column()
    recorded_at: datetime = moment_column()
    applied: bool
    record: dict[str, Any] = json_column()


class ListingHistoryRow(Table, table=True):
    """What a listing said, under whose name it came, and whether it ever stood."""

    __tablename__ = "listing_history"
    listing_id: UUID = Field(primary_key=True)
    name: str
    observed_at: datetime = moment_column()
    recorded_at: datetime = moment_column()
    applied: bool
    record: dict[str, Any] = json_column()


_of_actors = Ledger(ActorHistoryRow)
_of_listings = Ledger(ListingHistoryRow)


def remember(
    tx: Transaction,
    actor_id: UUID,
    name: str,
    record: Record,
    observed_at: datetime,
    *,
    applied: bool,
) -> None:
    """Keeps a record that stood until now (`applied`), or that came too late to stand."""
    _of_actors.add(
        tx,
        actor_id=actor_id,
        name=name,
        observed_at=observed_at,
        recorded_at=tx.now,
        applied=applied,
        record=record.model_dump(mode="json"),
    )


def remember_listing(
    tx: Transaction,
    listing_id: UUID,
    name: str,
    said: Mapping[str, Any],
    observed_at: datetime,
    *,
    applied: bool,
) -> None:
    """As `remember`, what a listing said."""
    _of_listings.add(
        tx,
        listing_id=listing_id,
        name=name,
        observed_at=observed_at,
        recorded_at=tx.now,
        applied=applied,
        record=dict(said),
    )


def forget_before(tx: Transaction, moment: datetime) -> bool:
    """Deletes what was kept before a moment, the oldest first; says whether there may be more.

    Two statements.
    """
    cursor = tx.cursor()
    more = False
    for statement in (_FORGET_ACTORS, _FORGET_LISTINGS):
        cursor.execute(statement, (moment, PORTION))
        more |= cursor.rowcount == PORTION
    return more


_FORGET_ACTORS = """
    DELETE FROM actor_history WHERE id IN (
        SELECT id FROM actor_history WHERE recorded_at < %s ORDER BY recorded_at LIMIT %s
    )
"""
_FORGET_LISTINGS = """
    DELETE FROM listing_history WHERE id IN (
        SELECT id FROM listing_history WHERE recorded_at < %s ORDER BY recorded_at LIMIT %s
    )
"""
