"""The waiting list: who gets a place that is free, and who waits on.

The order is by priority, then by number; whoever is passed over is told so. A place that becomes
free is offered to the next at once, and held until it is taken, declined or the time is over.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from impulse_booking.domain.bookings import Booking, Change, move
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session, why_not
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking import bookings as facts
from impulse_contracts.booking.codes import BookingState, GroupPolicy
from impulse_contracts.reasons import Reason


def admit(
    session: Session, offer: ProgrammeOffer, queue: Iterable[Booking], newcomer: Booking
) -> Change:
    """A place for the newcomer, or a turn in the waiting list, behind those of its priority.

    Refuses with `full` or `quota_full_for_group` where there is no waiting list.
    """
    reason = why_not(session, newcomer.places, newcomer.quotas)
    ahead = ahead_of(newcomer, queue)
    if reason is None and any(_comes_first(session, offer, each) for each in ahead):
        reason = Reason.FULL
    if reason is None:
        return move(session, newcomer, BookingState.CONFIRMED, facts.BookingConfirmed)
    if not offer.waiting_list:
        raise Refused(reason)
    return move(session, newcomer, BookingState.WAITLISTED, facts.BookingWaitlisted, reason=reason)


def promote(
    session: Session, offer: ProgrammeOffer, queue: Iterable[Booking], now: datetime
) -> list[Change]:
    """Offers the places that are free to those who wait, in their order.

    None by itself when the start is nearer than the offer's `last_offer_hours`.
    """
    if now > session.starts - timedelta(hours=offer.last_offer_hours):
        return []
    changes: list[Change] = []
    waiting = sorted(queue, key=lambda each: each.turn)
    last: Booking | None = None
    while session.free > 0:
        first = next((each for each in waiting if _comes_first(session, offer, each)), None)
        if first is None or why_not(session, first.places, first.quotas) is not None:
            break
        waiting.remove(first)
        last = first
        changes.append(offer_place(session, offer, first, now))
        session = changes[-1].session
    return changes + passed_over(session, ahead_of(last, waiting) if last else [])


def ahead_of(booking: Booking, queue: Iterable[Booking]) -> list[Booking]:
    """Those of the queue who wait before the booking, in their order."""
    return sorted((each for each in queue if each.turn < booking.turn), key=lambda each: each.turn)


def passed_over(session: Session, waiting: Iterable[Booking]) -> list[Change]:
    """Tells those who wait that others were given a place before, and why: there were too few for
    their party, or they are meant for others, which is said once."""
    changes = []
    for each in waiting:
        reason = why_not(session, each.places, each.quotas)
        if reason is Reason.FULL or reason is not each.reason:
            session = session.evolve()
            after = each.evolve(skipped=each.skipped + 1, reason=reason)
            changes.append(Change(after, session, facts.BookingSkipped))
    return changes


def offer_place(session: Session, offer: ProgrammeOffer, booking: Booking, now: datetime) -> Change:
    """Holds a place for one who waits, for as long as the offer says, at most until the start.

    Refuses with `full` or `quota_full_for_group`.
    """
    if (reason := why_not(session, booking.places, booking.quotas)) is not None:
        raise Refused(reason)
    until = min(now + timedelta(hours=offer.answer_hours), session.starts)
    return move(
        session, booking, BookingState.OFFERED, facts.PlaceOffered, offered_until=until, reason=None
    )


def _comes_first(session: Session, offer: ProgrammeOffer, waiting: Booking) -> bool:
    """Whether nobody behind them gets a place now: they can have it, or it is held for them.

    None is held for a party for which there would be too few if nobody had booked: they would stay
    empty, and all others wait in vain.
    """
    reason = why_not(session, waiting.places, waiting.quotas)
    if reason is Reason.FULL and offer.group_policy is GroupPolicy.HOLD_FOR_GROUP:
        reason = why_not(session.emptied, waiting.places, waiting.quotas)
    return reason is None
