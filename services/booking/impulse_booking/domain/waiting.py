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
) -> list[Change]:
    """A place for the newcomer, or a turn in the waiting list.

    Nobody who waits is passed over silently: not who could have the place, and a group that needs
    more than is free only where the offer says so, with a notice. Refuses with `full` or
    `quota_full_for_group` where there is no waiting list.
    """
    reason = why_not(session, newcomer.places, newcomer.quotas)
    passed: list[Booking] = []
    if reason is None:
        for each in sorted(queue, key=lambda each: each.turn):
            if each.priority < newcomer.priority:
                break
            fails = why_not(session, each.places, each.quotas)
            if fails is Reason.QUOTA_FULL_FOR_GROUP:
                continue
            if fails is None or offer.group_policy is GroupPolicy.HOLD_FOR_GROUP:
                reason = Reason.FULL
                break
            passed.append(each)
    if reason is None:
        change = move(session, newcomer, BookingState.CONFIRMED, facts.BookingConfirmed)
        return [change, *_skipped(change.session, passed)]
    if not offer.waiting_list:
        raise Refused(reason)
    return [
        move(session, newcomer, BookingState.WAITLISTED, facts.BookingWaitlisted, reason=reason)
    ]


def promote(
    session: Session, offer: ProgrammeOffer, queue: Iterable[Booking], now: datetime
) -> list[Change]:
    """Offers the places that are free to those who wait, in their order.

    None by itself when the start is nearer than the offer's `last_offer_hours`.
    """
    if now > session.starts - timedelta(hours=offer.last_offer_hours):
        return []
    changes: list[Change] = []
    passed: list[Booking] = []
    for each in sorted(queue, key=lambda each: each.turn):
        if session.free <= 0:
            break
        fails = why_not(session, each.places, each.quotas)
        if fails is Reason.QUOTA_FULL_FOR_GROUP:
            continue
        if fails is Reason.FULL:
            if offer.group_policy is GroupPolicy.HOLD_FOR_GROUP:
                break
            passed.append(each)
            continue
        changes.append(offer_place(session, offer, each, now))
        changes += _skipped(changes[-1].session, passed)
        session = changes[-1].session
        passed = []
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


def _skipped(session: Session, passed: Iterable[Booking]) -> list[Change]:
    changes = []
    for each in passed:
        session = session.evolve()
        after = each.evolve(skipped=each.skipped + 1, reason=Reason.FULL)
        changes.append(Change(after, session, facts.BookingSkipped))
    return changes
