"""The tables of the programme as booking publishes it, and the queries of its handlers."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.purposes import TERMS, Purpose
from impulse_notifications.domain.programme import KnownBooking, KnownOffer, KnownSession


class OfferRow(Table, table=True):
    """`KnownOffer`."""

    __tablename__ = "programme_offer"
    programme_offer_id: UUID = Field(primary_key=True)
    version: int
    title: str
    provider_actor_id: UUID | None


class SessionRow(Table, table=True):
    """`KnownSession`."""

    __tablename__ = "session"
    session_id: UUID = Field(primary_key=True)
    version: int
    state: str
    title: str
    starts: datetime = moment_column()
    ends: datetime = moment_column()
    timezone: str
    meetings: list[Any] = json_column()
    place: dict[str, Any] | None = json_column()
    sequence: int


class BookingRow(Table, table=True):
    """`KnownBooking`."""

    __tablename__ = "booking"
    booking_id: UUID = Field(primary_key=True)
    version: int
    session_id: UUID
    actor_id: UUID
    attendees: list[Any] = json_column()
    state: str
    said: int
    online_link: str | None
    sequence: int | None


offers: Repository[KnownOffer, UUID] = Repository(
    OfferRow, KnownOffer, ("Das Angebot", "The offer")
)
sessions: Repository[KnownSession, UUID] = Repository(
    SessionRow, KnownSession, ("Der Termin", "The session")
)
bookings: Repository[KnownBooking, UUID] = Repository(BookingRow, KnownBooking)


def lock_to_tell(tx: Transaction, moved: Iterable[KnownSession], due: Collection[UUID]) -> None:
    """Loads, for update, who has a place and is to be told of the session: one statement.

    Those are whoever was told other times than a session that may have `moved` has now, and all
    who are reminded of one that is `due`.
    """
    times = sorted((session.session_id, session.sequence) for session in moved)
    bookings.select(
        tx,
        """
        t.state = %b AND (t.session_id = ANY(%b) OR EXISTS (
            SELECT FROM unnest(%b::uuid[], %b::int[]) AS now (session_id, sequence)
            WHERE now.session_id = t.session_id AND t.sequence < now.sequence
        ))
        """,
        (
            str(BookingState.CONFIRMED),
            sorted(due),
            [session_id for session_id, _ in times],
            [sequence for _, sequence in times],
        ),
    )


def forget_bookings(tx: Transaction, limit: int = 500) -> None:
    """Deletes bookings of sessions that are so long over that messages on them are gone, too."""
    days = TERMS[Purpose.MESSAGES].days
    tx.cursor().execute(
        """
        DELETE FROM booking WHERE booking_id IN (
            SELECT booking_id FROM booking JOIN session AS s USING (session_id)
            WHERE s.ends < %s - %s * interval '1 day'
            LIMIT %s FOR UPDATE OF booking SKIP LOCKED
        )
        """,
        (tx.now, days, limit),
    )
