"""The working hours of advisers, and their slots."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.advice import AdviceHours
from impulse_booking.store.programme import sessions
from impulse_chassis import Repository, Table, Transaction, json_column


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
    """Locks the slots of advisers that are ahead."""
    sessions.select(tx, "t.adviser_id = ANY(%b) AND t.starts > %b", (sorted(advisers), now))
