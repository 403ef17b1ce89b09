"""The tables that the facts of the programme fill, as those in `tables`."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Held, Table, json_column, moment_column, project
from impulse_contracts.booking.advice import AdviceHoursFact
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.booking.support import SupportFact


class ProgrammeOfferRow(Table, table=True):
    """The newest `ProgrammeOfferFact`."""

    __tablename__ = "programme_offer"
    programme_offer_id: UUID = Field(primary_key=True)
    version: int
    state: str
    title: str
    category: str
    description: str
    event_format: str | None
    topics: Any = json_column()
    provider_actor_id: UUID | None
    capacity_unit: str
    open_to: Any = json_column()
    free_for: Any = json_column()
    areas: Any = json_column()
    evidence_needed: bool
    prerequisites: Any = json_column()
    selection_mode: str
    waiting_list: bool
    group_policy: str
    overlap_policy: str
    overlap_grace_minutes: int
    bookings_per_organisation: int | None
    party_limit: int | None
    answer_hours: int
    last_offer_hours: int
    cancel_hours: int
    no_shows_allowed: int
    materials: Any = json_column()
    languages: Any = json_column()
    example: bool


class ProgrammeSessionRow(Table, table=True):
    """The newest `SessionFact`; the table `session` holds who is signed in."""

    __tablename__ = "programme_session"
    session_id: UUID = Field(primary_key=True)
    version: int
    programme_offer_id: UUID
    title: str
    category: str
    state: str
    starts: datetime = moment_column()
    ends: datetime = moment_column()
    timezone: str
    meetings: Any = json_column()
    place: Any = json_column()
    online: bool
    capacity: int
    taken: int
    waiting: int
    quotas: Any = json_column()
    taken_by: Any = json_column()
    opens_at: datetime | None = moment_column()
    closes_at: datetime | None = moment_column()
    sequence: int
    seed: str | None
    adviser_id: UUID | None
    edition_id: UUID | None
    example: bool


class AdviceHoursRow(Table, table=True):
    """The newest `AdviceHoursFact`."""

    __tablename__ = "advice_hours"
    adviser_id: UUID = Field(primary_key=True)
    version: int
    programme_offer_id: UUID
    weekly: Any = json_column()
    slot_minutes: int
    buffer_minutes: int
    notice_hours: int
    weeks_ahead: int
    blocked: Any = json_column()
    online: bool


class BookingRow(Table, table=True):
    """The newest `BookingFact`."""

    __tablename__ = "booking"
    booking_id: UUID = Field(primary_key=True)
    version: int
    session_id: UUID
    session_version: int
    programme_offer_id: UUID
    actor_id: UUID
    party_size: int
    attendees: Any = json_column()
    state: str
    reason: str | None
    note: str | None
    free_of_charge: bool
    priority: int
    requested_at: datetime = moment_column()
    booked_by: UUID | None
    on_behalf: Any = json_column()
    waiting_number: int | None
    offered_until: datetime | None = moment_column()
    skipped: int
    cancelled_late: bool
    online_link: str | None
    attendance: Any = json_column()
    certificates: Any = json_column()
    advice: Any = json_column()
    example: bool


class SupportRow(Table, table=True):
    """The newest `SupportFact`."""

    __tablename__ = "support_request"
    request_id: UUID = Field(primary_key=True)
    version: int
    programme_offer_id: UUID
    actor_id: UUID
    wish: str
    state: str
    free_of_charge: bool
    requested_at: datetime = moment_column()
    on_behalf: Any = json_column()
    person_id: UUID | None
    until: date | None
    hours: float | None
    result: str | None
    reason: str | None
    example: bool


PROJECTIONS = [
    project(ProgrammeOfferFact, into=ProgrammeOfferRow),
    project(SessionFact, into=ProgrammeSessionRow),
    project(AdviceHoursFact, into=AdviceHoursRow),
    project(BookingFact, into=BookingRow),
    project(SupportFact, into=SupportRow),
]

HELD = (
    # As in booking, who came and who helped stays countable: ids that lead to nobody any more.
    Held(
        "booking",
        "t.booked_by = ANY(%(persons)s) OR t.attendees ?| %(persons)s::text[]",
        kept=True,
    ),
    Held("support_request", kept=True),
    Held("advice_hours", "t.adviser_id = ANY(%(persons)s)"),
    Held("programme_session", "t.adviser_id = ANY(%(persons)s)", kept=True),
)
"""What of the programme names persons, by their ids."""
