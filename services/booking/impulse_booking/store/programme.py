"""Offers of the programme, and their sessions."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session
from impulse_chassis import Repository, Table, Transaction, json_column, moment_column


class ProgrammeOfferRow(Table, table=True):
    """`ProgrammeOffer`."""

    __tablename__ = "programme_offer"
    programme_offer_id: UUID = Field(primary_key=True)
    version: int
    state: str
    title: str
    category: str
    description: str
    event_format: str | None
    topics: list[Any] = json_column()
    provider_actor_id: UUID | None
    capacity_unit: str
    open_to: list[Any] = json_column()
    free_for: list[Any] = json_column()
    areas: list[Any] = json_column()
    evidence_needed: bool
    prerequisites: list[Any] = json_column()
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
    materials: list[Any] = json_column()
    languages: list[Any] = json_column()
    example: bool


class SessionRow(Table, table=True):
    """`Session`."""

    __tablename__ = "session"
    session_id: UUID = Field(primary_key=True)
    version: int
    programme_offer_id: UUID
    title: str
    category: str
    state: str
    starts: datetime = moment_column()
    ends: datetime = moment_column()
    timezone: str
    meetings: list[Any] = json_column()
    place: dict[str, Any] | None = json_column()
    online: bool
    online_link: str | None
    capacity: int
    taken: int
    taken_by: dict[str, Any] = json_column()
    waiting: int
    quotas: list[Any] = json_column()
    opens_at: datetime | None = moment_column()
    closes_at: datetime | None = moment_column()
    sequence: int
    seed: str | None
    adviser_id: UUID | None
    edition_id: UUID | None
    last_number: int
    certificates: int
    example: bool


offers: Repository[ProgrammeOffer, UUID] = Repository(
    ProgrammeOfferRow, ProgrammeOffer, ("Das Programmangebot", "The programme offer")
)
sessions: Repository[Session, UUID] = Repository(SessionRow, Session, ("Der Termin", "The session"))


def lock_ahead(tx: Transaction, programme_offer_ids: Iterable[UUID]) -> list[Session]:
    """Locks the sessions of offers that take place and have not begun."""
    return sessions.select(
        tx,
        "t.programme_offer_id = ANY(%b) AND t.state = 'scheduled' AND t.starts > %b",
        (sorted(programme_offer_ids), tx.now),
    )


def ahead(tx: Transaction, programme_offer_id: UUID) -> list[Session]:
    """The sessions of an offer that take place and have not begun, of those that were loaded."""
    return sessions.loaded(
        tx, lambda each: each.programme_offer_id == programme_offer_id and each.is_ahead(tx.now)
    )
