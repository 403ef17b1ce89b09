"""Places that are not given in the order of requests: by review of applications, or by lot."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from impulse_booking.domain.bookings import Booking, Change, move, require
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session
from impulse_booking.domain.texts import NOTE, demand_no_contact
from impulse_booking.domain.waiting import admit, passed_over
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking import bookings as facts
from impulse_contracts.booking.codes import BookingState, SelectionMode
from impulse_contracts.reasons import Reason


def decide(
    session: Session,
    offer: ProgrammeOffer,
    queue: Iterable[Booking],
    booking: Booking,
    accepted: bool,
    note: str | None,
) -> Change:
    """An application is accepted or declined.

    One that is accepted when no place is left, or while others wait who were accepted before,
    waits for one. Refuses with `wrong_state` what was decided before, with `full` or
    `quota_full_for_group` where there is no waiting list.
    """
    require(booking, {BookingState.REQUESTED})
    if not accepted:
        demand_no_contact(note, NOTE)
        return move(session, booking, BookingState.DECLINED, facts.BookingDeclined, note=note)
    return admit(session, offer, queue, booking)


def draw(
    session: Session,
    offer: ProgrammeOffer,
    queue: Iterable[Booking],
    applications: Iterable[Booking],
    seed: str,
) -> list[Change]:
    """Draws lots: places in the order of `lot`, then the waiting list in the same order.

    The session after the last change has the seed. Refuses with `wrong_state` what was drawn
    before, or is not given by lot.
    """
    if session.seed is not None or offer.selection_mode is not SelectionMode.LOTTERY:
        raise Refused(Reason.WRONG_STATE, state=(offer.selection_mode.de, offer.selection_mode.en))
    changes: list[Change] = []
    waiting = list(queue)
    passed: list[Booking] = []
    for booking in sorted(applications, key=lambda each: lot(seed, each.booking_id)):
        change = _drawn(session, offer, waiting, booking)
        changes.append(change)
        session = change.session
        if change.booking.state is BookingState.WAITLISTED:
            waiting.append(change.booking)
        elif change.booking.state is BookingState.CONFIRMED:
            passed = list(waiting)
    return changes + passed_over(session, passed)


def lot(seed: str, booking_id: UUID) -> str:
    """The lot of a booking; the smallest comes first. Anyone can recompute it."""
    return hashlib.sha256(f"{seed}/{booking_id}".encode()).hexdigest()


def _drawn(
    session: Session, offer: ProgrammeOffer, waiting: Iterable[Booking], booking: Booking
) -> Change:
    try:
        return admit(session, offer, waiting, booking)
    except Refused as none_left:
        reason = none_left.reason
    return move(session, booking, BookingState.DECLINED, facts.BookingDeclined, reason=reason)
