"""Bookings: what becomes of somebody's wish for a place, decided with the session that has it.

Every decision returns what changes, in order: each change is a booking and its session after it,
and the fact that says so. A session's version goes up with each of them, so it orders them all.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from impulse_booking.domain.days import written
from impulse_booking.domain.sessions import Session, with_taken
from impulse_booking.domain.texts import NOTE, demand_no_contact
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking import bookings as facts
from impulse_contracts.booking.bookings import AdviceRecord, Attended, BookingFact, Certificate
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason

HOLDING = frozenset(
    {
        BookingState.OFFERED,
        BookingState.CONFIRMED,
        BookingState.ATTENDED,
        BookingState.NO_SHOW,
    }
)
"""The states in which a booking has its places."""
OPEN = frozenset(
    {
        BookingState.REQUESTED,
        BookingState.WAITLISTED,
        BookingState.OFFERED,
        BookingState.CONFIRMED,
    }
)
"""The states that can be cancelled."""


class Booking(Aggregate, key="booking_id"):
    """A booking. Fields as in `BookingFact`; `places` are those it has or wants, counted by the
    session's `quotas`."""

    booking_id: UUID
    session_id: UUID
    programme_offer_id: UUID
    actor_id: UUID
    party_size: int
    attendees: tuple[UUID, ...]
    places: int
    quotas: tuple[str, ...]
    state: BookingState
    reason: Reason | None = None
    note: str | None = None
    free_of_charge: bool
    priority: int = 0
    requested_at: datetime
    booked_by: UUID | None = None
    on_behalf: OnBehalf | None = None
    waiting_number: int | None = None
    offered_until: datetime | None = None
    skipped: int = 0
    cancelled_late: bool = False
    attendance: tuple[Attended, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    advice: AdviceRecord | None = None
    formerly: tuple[UUID, ...] = ()
    example: bool = False

    @property
    def turn(self) -> tuple[int, float]:
        """Where it stands among those who wait: by priority, then by number; without one, last."""
        return (-self.priority, math.inf if self.waiting_number is None else self.waiting_number)


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a booking, and of its session with it."""

    booking: Booking
    session: Session
    fact: type[BookingFact]


def move(
    session: Session,
    booking: Booking,
    state: BookingState,
    fact: type[BookingFact],
    **values: object,
) -> Change:
    """The booking in another state, and the session with its places taken or free again."""
    had = booking.places if booking.state in HOLDING and booking.version else 0
    has = booking.places if state in HOLDING else 0
    waited = booking.state is BookingState.WAITLISTED and booking.version > 0
    waits = state is BookingState.WAITLISTED
    after = with_taken(session, has - had, booking.quotas, waits - waited)
    if waits and not waited:
        after = after.model_copy(update={"last_number": session.last_number + 1})
        values["waiting_number"] = after.last_number
    if state is not BookingState.OFFERED:
        values.setdefault("offered_until", None)
    return Change(booking.evolve(state=state, **values), after, fact)


def require(booking: Booking, states: Iterable[BookingState]) -> None:
    """Refuses with `wrong_state` unless the booking is in one of `states`."""
    if booking.state not in states:
        raise Refused(Reason.WRONG_STATE, state=(booking.state.de, booking.state.en))


def take(session: Session, booking: Booking, ahead: int, now: datetime) -> Change:
    """The offered place is taken.

    Refuses with `offer_over` when it went on to others, and says which place in the waiting list a
    new wish would have, behind the `ahead` who wait; with `wrong_state` what was not offered.
    """
    until = booking.offered_until
    if booking.state is BookingState.EXPIRED and booking.reason is Reason.OFFER_OVER:
        raise Refused(Reason.OFFER_OVER, detail=_too_late(booking, ahead + 1))
    require(booking, {BookingState.OFFERED})
    if until is not None and now >= min(until, session.starts):
        raise Refused(Reason.OFFER_OVER, detail=_too_late(booking, ahead + 1))
    return move(session, booking, BookingState.CONFIRMED, facts.BookingConfirmed, reason=None)


def decline(session: Session, booking: Booking) -> Change:
    """The offered place is not wanted. Refuses with `wrong_state` what was not offered."""
    require(booking, {BookingState.OFFERED})
    return move(session, booking, BookingState.DECLINED, facts.BookingDeclined)


def expire_offer(session: Session, booking: Booking, now: datetime) -> Change | None:
    """The offered place was not taken in time; None if it was, or there is time left."""
    until = booking.offered_until
    if booking.state is not BookingState.OFFERED or until is None or now < until:
        return None
    return move(
        session,
        booking,
        BookingState.EXPIRED,
        facts.BookingExpired,
        reason=Reason.OFFER_OVER,
        offered_until=until,
    )


def expire_waiting(session: Session, booking: Booking) -> Change:
    """The session starts, and they have no place."""
    return move(session, booking, BookingState.EXPIRED, facts.BookingExpired, reason=Reason.CLOSED)


def cancel_by_booker(
    session: Session, booking: Booking, cancel_hours: int, now: datetime, note: str | None
) -> Change:
    """The organisation gives it back; late, if the start is nearer than `cancel_hours`.

    Refuses with `wrong_state` what is over, with `closed` what has begun, with `contact_in_text`
    contacts in the note.
    """
    require(booking, OPEN)
    if now >= session.starts:
        raise Refused(Reason.CLOSED)
    demand_no_contact(note, NOTE)
    has_place = booking.state is BookingState.CONFIRMED
    late = has_place and now > session.starts - timedelta(hours=cancel_hours)
    return move(
        session,
        booking,
        BookingState.CANCELLED_BY_BOOKER,
        facts.BookingCancelled,
        cancelled_late=late,
        note=note,
        reason=None,
    )


def cancel_by_provider(session: Session, booking: Booking, note: str | None) -> Change:
    """The programme takes it back. Refuses with `wrong_state` what is over, with
    `contact_in_text` contacts in the note."""
    require(booking, OPEN)
    demand_no_contact(note, NOTE)
    return move(
        session,
        booking,
        BookingState.CANCELLED_BY_PROVIDER,
        facts.BookingCancelled,
        note=note,
        reason=None,
    )


def to_be_cancelled(holding: Iterable[Booking], excess: int) -> list[UUID]:
    """Which bookings would have to be cancelled for `excess` places to be free again: those that
    were asked for last."""
    named: list[UUID] = []
    for booking in sorted(holding, key=lambda each: each.requested_at, reverse=True):
        if excess <= 0:
            break
        named.append(booking.booking_id)
        excess -= booking.places
    return named


def _too_late(booking: Booking, place: int) -> tuple[str, str]:
    until = written(booking.offered_until) if booking.offered_until else ""
    return (
        f"Er war bis {until} zu nehmen. Wenn Sie noch einmal anfragen, stehen Sie auf der "
        f"Warteliste auf Platz {place}.",
        f"It had to be taken by {until}. If you ask again, you are number {place} in the waiting "
        "list.",
    )
