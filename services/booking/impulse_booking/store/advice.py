"""The working hours of advisers, and their slots."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.advice import AdviceHours
from impulse_booking.store.programme import sessions
from impulse_chassis import Repository, Table, Transaction, json_column
from impulse_contracts.booking.advice import LONGEST_PAUSE, OpenSlots


class AdviceHoursRow(Table, table=True):
    """`AdviceHours`."""

    __tablename__ = "advice_hours"
    adviser_id: UUID = Field(primary_key=True)
    version: int
    programme_offer_id: UUID
    weekly: list[Any] = json_column()
    slot_minutes: int
    buffer_minutes: int
    notice_hours: int
    weeks_ahead: int
    blocked: list[date] = json_column()
    online_link: str | None


advice_hours: Repository[AdviceHours, UUID] = Repository(
    AdviceHoursRow, AdviceHours, ("Die Beratungszeiten", "The advice hours")
)


def lock_slots(tx: Transaction, advisers: Iterable[UUID], now: datetime) -> None:
    """Locks the slots of advisers that are ahead, or over so lately that a pause may follow."""
    since = now - timedelta(minutes=LONGEST_PAUSE)
    sessions.select(tx, "t.adviser_id = ANY(%b) AND t.ends > %b", (sorted(advisers), since))


def end_advice(tx: Transaction, persons: Sequence[UUID]) -> None:
    """Sees to it that the slots ahead are called off of those who are forgotten."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT DISTINCT adviser_id FROM session WHERE adviser_id = ANY(%b) AND starts > %b",
        (list(persons), tx.now),
    )
    for (adviser_id,) in cursor.fetchall():
        tx.schedule(OpenSlots(adviser_id=adviser_id), at=tx.now)
