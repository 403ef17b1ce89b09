"""Bookings of sessions."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.bookings import OPEN, Booking
from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.booking.codes import BookingState


class BookingRow(Table, table=True):
    """`Booking`. The database adds a lock: no session has more places taken than it has."""

    __tablename__ = "booking"
    booking_id: UUID = Field(primary_key=True)
    version: int
    session_id: UUID
    programme_offer_id: UUID
    actor_id: UUID
    party_size: int
    attendees: list[Any] = json_column()
    places: int
    quotas: list[Any] = json_column()
    state: str
    reason: str | None
    note: str | None
    free_of_charge: bool
    priority: int
    requested_at: datetime = moment_column()
    booked_by: UUID | None
    on_behalf: dict[str, Any] | None = json_column()
    waiting_number: int | None
    offered_until: datetime | None = moment_column()
    skipped: int
    cancelled_late: bool
    attendance: list[Any] = json_column()
    certificates: list[Any] = json_column()
    advice: dict[str, Any] | None = json_column()
    example: bool


bookings: Repository[Booking, UUID] = Repository(
    BookingRow, Booking, ("Die Buchung", "The booking")
)


def found_by(booking: Booking) -> Iterator[Hashable]:
    """What a booking is found by: its organisation, its people, and its session by its state."""
    yield "actor", booking.actor_id
    yield booking.state, booking.session_id
    for person_id in booking.attendees:
        yield "person", person_id


def in_state(tx: Transaction, session_id: UUID, *states: BookingState) -> list[Booking]:
    """The bookings of a session in these states, of those that were loaded."""
    return [each for state in states for each in bookings.naming(tx, found_by, (state, session_id))]


def sessions_of(tx: Transaction, booking_ids: Iterable[UUID]) -> set[UUID]:
    """The sessions of bookings, not locked."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT DISTINCT session_id FROM booking WHERE booking_id = ANY(%b)",
        (sorted(set(booking_ids)),),
    )
    return {session_id for (session_id,) in cursor.fetchall()}


def lock_open(tx: Transaction, session_ids: Iterable[UUID]) -> None:
    """Locks the bookings of sessions that wait for something or have a place ahead."""
    bookings.select(
        tx,
        "t.session_id = ANY(%b) AND t.state = ANY(%b)",
        (sorted(session_ids), [str(state) for state in sorted(OPEN)]),
    )


def read_parties(tx: Transaction, actor_ids: Iterable[UUID], people: Sequence[UUID]) -> None:
    """Reads the bookings of organisations, and those that name people."""
    bookings.select(
        tx,
        "t.actor_id = ANY(%b) OR t.attendees @> ANY"
        " (SELECT jsonb_build_array(person) FROM unnest(%b::uuid[]) AS person)",
        (sorted(set(actor_ids)), sorted(set(people))),
        lock="",
    )
