"""Bookings of sessions: asked for, waited for, offered, confirmed, attended.

The record key of a command is the id of the session, whose one writer decides on its places; who
does not know it takes the booking's, and is not sure to be heard in order with the rest.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from impulse_contracts import topics
from impulse_contracts.booking.codes import (
    BookingState,
    CancelledBy,
    Presence,
)
from impulse_contracts.faults import Broken
from impulse_contracts.message import Command, Fact, Part, Timer
from impulse_contracts.parts import OnBehalf, ReportedOnBehalf
from impulse_contracts.reasons import Reason
from impulse_contracts.types import Flag, Moment, Open, OptionalName, Whole

MOST_PERSONS = 200
"""So many people one booking brings at most."""


class Wish(Part):
    """Who wants to take part in which session, and how many they are."""

    session_id: UUID
    actor_id: UUID
    party_size: Annotated[Whole, Field(ge=1, le=MOST_PERSONS)] | None = None
    """How many people come; unset: as many as are named, or one."""
    attendees: Annotated[tuple[UUID, ...], Field(max_length=MOST_PERSONS)] = ()
    """Who comes, by person id."""

    @model_validator(mode="after")
    def _counts_match(self) -> Self:
        if len(set(self.attendees)) < len(self.attendees):
            raise Broken("attendees: nennen jemanden zweimal", "attendees: name somebody twice")
        if self.party_size is not None and len(self.attendees) > self.party_size:
            raise Broken(
                "attendees: sind mehr, als party_size sagt",
                "attendees: are more than party_size says",
            )
        return self

    @property
    def persons(self) -> int:
        """How many people come."""
        return self.party_size or max(1, len(self.attendees))


class RequestBooking(
    Wish,
    Command,
    ce_type="impulse.booking.request_booking.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """Ask for a place, for an organisation or some of its people."""

    booking_id: UUID
    priority: Annotated[Whole, Field(ge=0, le=9)] = 0
    """For brokers: who has a higher one is offered a place before others who wait."""
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the organisation said it to them. It shows as such."""


class CheckEligibility(
    Wish,
    Command,
    ce_type="impulse.booking.check_eligibility.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """May they? The outcome is that of a booking, and nothing is booked."""


class CancelBooking(
    Command,
    ce_type="impulse.booking.cancel_booking.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """Give a place or a turn in the waiting list back."""

    booking_id: UUID
    by: CancelledBy
    reason: OptionalName | None = None
    on_behalf: ReportedOnBehalf | None = None


class TakePlace(
    Command,
    ce_type="impulse.booking.take_place.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """Take the place that was offered."""

    booking_id: UUID
    on_behalf: ReportedOnBehalf | None = None


class DeclinePlace(
    Command,
    ce_type="impulse.booking.decline_place.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """Do without the place that was offered; it goes to the next."""

    booking_id: UUID
    on_behalf: ReportedOnBehalf | None = None


class OfferPlace(
    Command,
    ce_type="impulse.booking.offer_place.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """For the programme: offer a free place to one who waits, also shortly before the start."""

    booking_id: UUID


class DecideApplication(
    Command,
    ce_type="impulse.booking.decide_application.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """For the programme: accept an application, or decline it."""

    booking_id: UUID
    accepted: Flag
    reason: OptionalName | None = None


class Attended(Part):
    """Whether somebody was there, at one of the meetings."""

    meeting: Annotated[Whole, Field(ge=0, le=59)] = 0
    """Which meeting of a course, counted from 0."""
    person_id: UUID | None = None
    """Who; unset: the party as a whole."""
    presence: Open[Presence]


class ReportedAttended(Attended):
    """Whether somebody was there, at one of the meetings."""

    presence: Presence


class RecordAttendance(
    Command,
    ce_type="impulse.booking.record_attendance.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """For the programme: who was there. What is said again replaces what was said before."""

    booking_id: UUID
    attendance: Annotated[tuple[ReportedAttended, ...], Field(min_length=1, max_length=1_000)]


class EndOffer(
    Timer,
    ce_type="impulse.booking.end_offer.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """The time to take an offered place is over."""

    booking_id: UUID


class Certificate(Part):
    """That somebody took part. Without a person: the organisation's."""

    number: str
    person_id: UUID | None = None
    issued_at: Moment


class AdviceRecord(Part):
    """What came of a talk."""

    topic_of_talk: str
    outcome: str
    next_step: str | None = None


class BookingFact(Fact, topic=topics.BOOKINGS, key="booking_id"):
    """A booking: who wants to take part in what, and how far that is.

    `session_version` is the session's version after the fact: it orders all facts of a session.
    """

    booking_id: UUID
    session_id: UUID
    session_version: int
    programme_offer_id: UUID
    actor_id: UUID
    party_size: int
    attendees: tuple[UUID, ...] = ()
    state: Open[BookingState]
    reason: Open[Reason] | None = None
    """Why it is not confirmed, as a code of the documented list."""
    note: str | None = None
    """What was said when it was cancelled or declined."""
    free_of_charge: bool
    priority: int = 0
    requested_at: Moment
    booked_by: UUID | None = None
    on_behalf: OnBehalf | None = None
    waiting_number: int | None = None
    """Who waits is in the order of priority, then of this number."""
    place_in_list: int | None = None
    """Where in the waiting list it began to wait, at worst: priority comes before the number."""
    offered_until: Moment | None = None
    skipped: int = 0
    """How often others were given a place before, for a reason that was told."""
    cancelled_late: bool = False
    online_link: str | None = None
    """Where it meets, if it meets online and the booking is confirmed."""
    attendance: tuple[Attended, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    advice: AdviceRecord | None = None
    formerly: tuple[UUID, ...] = ()
    """As which organisations it was asked for and passed on, where another one goes on for them."""
    example: bool = False


class BookingRequested(BookingFact, ce_type="impulse.booking.booking.requested.v1"):
    """Somebody asked for a place that is given by review or lot."""


class BookingConfirmed(BookingFact, ce_type="impulse.booking.booking.confirmed.v1"):
    """Somebody has a place."""


class BookingWaitlisted(BookingFact, ce_type="impulse.booking.booking.waitlisted.v1"):
    """Somebody waits for a place."""


class BookingSkipped(BookingFact, ce_type="impulse.booking.booking.skipped.v1"):
    """A place went to others, as it was too few for this party or meant for others: `reason`."""


class PlaceOffered(BookingFact, ce_type="impulse.booking.booking.place_offered.v1"):
    """A place became free and is held for somebody who waits."""


class BookingDeclined(BookingFact, ce_type="impulse.booking.booking.declined.v1"):
    """An application was declined, or an offered place was."""


class BookingExpired(BookingFact, ce_type="impulse.booking.booking.expired.v1"):
    """An offered place was not taken in time, or the session started while somebody waited."""


class BookingCancelled(BookingFact, ce_type="impulse.booking.booking.cancelled.v1"):
    """A booking was cancelled, by the organisation or by the programme."""


class AttendanceRecorded(BookingFact, ce_type="impulse.booking.booking.attendance_recorded.v1"):
    """It was written down who was there."""


class BookingAttended(BookingFact, ce_type="impulse.booking.booking.attended.v1"):
    """They took part; certificates are numbered."""


class AdviceRecorded(BookingFact, ce_type="impulse.booking.booking.advice_recorded.v1"):
    """A talk took place; what came of it was written down."""


class BookingTransferred(BookingFact, ce_type="impulse.booking.booking.transferred.v1"):
    """Another organisation goes on for the one that booked, or no longer does."""


class BookingNoShow(BookingFact, ce_type="impulse.booking.booking.no_show.v1"):
    """They did not come, and did not say so."""
