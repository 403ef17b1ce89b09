"""What was said of actors and does not stand: replaced by something later, or late itself."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Ledger, Table, Transaction, json_column, moment_column
from impulse_registry.domain.records import Record


class HistoryRow(Table, table=True):
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


_history = Ledger(HistoryRow)


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
    _history.add(
        tx,
        actor_id=actor_id,
        name=name,
        observed_at=observed_at,
        recorded_at=tx.now,
        applied=applied,
        record=record.model_dump(mode="json"),
    )
