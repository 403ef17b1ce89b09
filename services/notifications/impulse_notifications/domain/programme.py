"""What is known of the programme: its offers, its sessions, and who has a place in which.

A booking names its session only; when and where that is the session itself says, and it may say
something else tomorrow.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.codes import BookingState, SessionState
from impulse_contracts.booking.programme import Meeting, SessionPlace
from impulse_contracts.reasons import Reason
from impulse_contracts.types import Open

AHEAD = timedelta(days=1)
"""So long before a session starts those who have a place are reminded of it."""


class KnownOffer(Aggregate, key="programme_offer_id"):
    """An offer of the programme. Fields as in `ProgrammeOfferFact`."""

    programme_offer_id: UUID
    title: str
    provider_actor_id: UUID | None = None


class KnownSession(Aggregate, key="session_id"):
    """A session. Fields as in `SessionFact`."""

    session_id: UUID
    state: Open[SessionState]
    title: str
    starts: datetime
    ends: datetime
    timezone: str
    meetings: tuple[Meeting, ...] = ()
    place: SessionPlace | None = None
    sequence: int = 0

    @property
    def remind_at(self) -> datetime:
        """When those who have a place are reminded."""
        return self.starts - AHEAD

    def is_ahead(self, now: datetime) -> bool:
        """Whether it takes place and has not begun."""
        return self.state == SessionState.SCHEDULED and now < self.starts


class KnownBooking(Aggregate, key="booking_id"):
    """A booking as it was said last. Fields as in `BookingFact`."""

    booking_id: UUID
    session_id: UUID
    actor_id: UUID
    attendees: tuple[UUID, ...] = ()
    state: Open[BookingState]
    said: int
    """The version of the fact that said so."""
    online_link: str | None = None
    sequence: int | None = None
    """The SEQUENCE of the calendar entry that they have; None if they have none."""

    @property
    def told(self) -> tuple[UUID, ...]:
        """Who is told: the people who are named, or else the organisation's."""
        return self.attendees or (self.actor_id,)


def heard(
    fact: BookingFact, known: KnownBooking | None, session: KnownSession
) -> KnownBooking | None:
    """The booking as `fact` says it is; None for what is no news.

    A place that is given comes with a calendar entry; it stays known what entry they had.
    """
    if known is not None and known.said >= fact.version:
        return None
    confirmed = fact.state == BookingState.CONFIRMED
    return KnownBooking(
        version=known.version + 1 if known else 1,
        booking_id=fact.booking_id,
        session_id=fact.session_id,
        actor_id=fact.actor_id,
        attendees=fact.attendees,
        state=fact.state,
        said=fact.version,
        online_link=fact.online_link,
        sequence=session.sequence if confirmed else known.sequence if known else None,
    )


class Appointment(BaseModel):
    """A booking and its session, as a message tells of them."""

    model_config = ConfigDict(frozen=True)

    booking_id: UUID
    title: str
    starts: datetime
    ends: datetime
    timezone: str = "Europe/Berlin"
    meetings: tuple[Meeting, ...] = ()
    venue: str = ""
    """House, postcode and city in one line."""
    online_link: str | None = None
    sequence: int | None = None
    """The SEQUENCE of its entry in people's calendars; None if it has none."""
    place_in_list: int | None = None
    offered_until: datetime | None = None
    own_doing: bool = False
    """Whether the organisation itself cancelled or did without."""
    reason: Open[Reason] | None = None
    note: str | None = None
    certificates: tuple[str, ...] = ()
    until: datetime | None = None
    """From then on it is too late to tell."""


class Help(BaseModel):
    """A request for support, as a message tells of it."""

    model_config = ConfigDict(frozen=True)

    title: str
    wish: str = ""
    helper_id: UUID | None = None
    """Who takes care of it; their name is looked up when an e-mail is sent."""
    until: date | None = None
    hours: float | None = None
    result: str | None = None
    reason: str | None = None
