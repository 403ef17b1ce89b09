"""What people are told of bookings: of each step one message, and a reminder a day before.

Who is named as coming is told, each of them; where nobody is, the people of the organisation. That
a place is offered both are told: who comes need not be who may take it for the organisation.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from impulse_contracts.booking.bookings import (
    BookingAttended,
    BookingCancelled,
    BookingConfirmed,
    BookingDeclined,
    BookingExpired,
    BookingFact,
    BookingSkipped,
    BookingWaitlisted,
    PlaceOffered,
)
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.codes import Direction
from impulse_notifications.domain.message import Matter, Template
from impulse_notifications.domain.notice import Notice, standing
from impulse_notifications.domain.programme import Appointment, KnownBooking, KnownSession

TEMPLATES: dict[type[BookingFact], Template] = {
    BookingConfirmed: Template.BOOKING_CONFIRMED,
    BookingWaitlisted: Template.BOOKING_WAITLISTED,
    BookingSkipped: Template.BOOKING_SKIPPED,
    PlaceOffered: Template.PLACE_OFFERED,
    BookingExpired: Template.BOOKING_EXPIRED,
    BookingDeclined: Template.BOOKING_DECLINED,
    BookingCancelled: Template.BOOKING_CANCELLED,
    BookingAttended: Template.BOOKING_ATTENDED,
}
"""What the steps of a booking say."""
_BEFORE_IT_STARTS = frozenset(
    {
        Template.BOOKING_CONFIRMED,
        Template.BOOKING_WAITLISTED,
        Template.BOOKING_SKIPPED,
        Template.BOOKING_CANCELLED,
        Template.SESSION_RESCHEDULED,
        Template.SESSION_SOON,
    }
)
"""Worth telling until the session starts."""


def of_step(
    fact: BookingFact,
    booking: KnownBooking,
    session: KnownSession,
    cause_id: str,
    happened_at: datetime,
    now: datetime,
) -> tuple[Notice, ...]:
    """What `fact`, after which the booking is `booking`, says to whom.

    Of certificates each person is told their own, and the organisation all; that somebody took part
    is said once, however often attendance is corrected.
    """
    template = TEMPLATES[type(fact)]
    if template is Template.BOOKING_ATTENDED:
        return tuple(_attended(fact, booking, session, happened_at, now))
    about = {
        "sequence": _sequence(template, booking),
        "place_in_list": fact.place_in_list,
        "offered_until": fact.offered_until,
        "own_doing": _is_own_doing(fact),
        "reason": fact.reason,
        "note": fact.note,
    }
    return _to_all(template, booking, session, cause_id, happened_at, now, **about)


def of_reschedule(
    booking: KnownBooking, session: KnownSession, happened_at: datetime, now: datetime
) -> tuple[Notice, ...]:
    """That a session, in which they have a place, is at other times than they were told."""
    if booking.sequence is None or booking.sequence >= session.sequence:
        return ()
    cause_id = f"rescheduled/{booking.booking_id}/{session.sequence}"
    template = Template.SESSION_RESCHEDULED
    sequence = session.sequence
    return _to_all(template, booking, session, cause_id, happened_at, now, sequence=sequence)


def of_reminder(booking: KnownBooking, session: KnownSession, now: datetime) -> tuple[Notice, ...]:
    """That the session starts tomorrow: once for the times that it has now."""
    cause_id = f"soon/{booking.booking_id}/{session.sequence}"
    template = Template.SESSION_SOON
    return _to_all(template, booking, session, cause_id, now, now, sequence=session.sequence)


def _sequence(template: Template, booking: KnownBooking) -> int | None:
    """The SEQUENCE that calendars are told: taking an entry back is its next version."""
    if template is Template.BOOKING_CANCELLED:
        return None if booking.sequence is None else booking.sequence + 1
    return booking.sequence


def _is_own_doing(fact: BookingFact) -> bool:
    if isinstance(fact, BookingDeclined):
        # An application that the programme declines never waited for a place.
        return fact.waiting_number is not None
    return fact.state == BookingState.CANCELLED_BY_BOOKER


def _attended(
    fact: BookingFact,
    booking: KnownBooking,
    session: KnownSession,
    happened_at: datetime,
    now: datetime,
) -> Iterable[Notice]:
    for told in booking.told:
        numbers = tuple(
            each.number
            for each in fact.certificates
            if not booking.attendees or each.person_id in (told, None)
        )
        if numbers:
            about = _appointment(Template.BOOKING_ATTENDED, booking, session, certificates=numbers)
            cause_id = f"attended/{booking.booking_id}/{','.join(numbers)}"
            yield _notice(
                about, Template.BOOKING_ATTENDED, booking, told, cause_id, happened_at, now
            )


def _to_all(
    template: Template,
    booking: KnownBooking,
    session: KnownSession,
    cause_id: str,
    happened_at: datetime,
    now: datetime,
    **about: object,
) -> tuple[Notice, ...]:
    appointment = _appointment(template, booking, session, **about)
    also = {booking.actor_id} if template is Template.PLACE_OFFERED else set()
    return tuple(
        _notice(appointment, template, booking, told, cause_id, happened_at, now)
        for told in dict.fromkeys((*booking.told, *also))
    )


def _notice(
    about: Appointment,
    template: Template,
    booking: KnownBooking,
    told: UUID,
    cause_id: str,
    happened_at: datetime,
    now: datetime,
) -> Notice:
    matter = Matter(
        side=Direction.NEED,
        actor_id=booking.actor_id,
        appointment=about,
        path="/bookings",
    )
    return standing(template, matter, cause_id, happened_at, now, told)


def _appointment(
    template: Template, booking: KnownBooking, session: KnownSession, **about: object
) -> Appointment:
    place = session.place
    town = " ".join(each for each in (place.postcode, place.city) if each) if place else ""
    venue = ", ".join(each for each in (place.venue, town) if each) if place else ""
    offered = about.get("offered_until") if template is Template.PLACE_OFFERED else None
    known: dict[str, object] = {
        "booking_id": booking.booking_id,
        "title": session.title,
        "starts": session.starts,
        "ends": session.ends,
        "timezone": session.timezone,
        "meetings": session.meetings,
        "venue": venue,
        "online_link": booking.online_link,
        "until": session.starts if template in _BEFORE_IT_STARTS else offered,
    }
    return Appointment.model_validate(known | about)
