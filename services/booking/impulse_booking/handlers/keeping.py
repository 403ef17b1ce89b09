"""Keeping what was decided on bookings, and saying it."""

from collections.abc import Iterable
from uuid import UUID

from impulse_booking.domain.bookings import OPEN, Change, cancel_by_provider
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session, cancel
from impulse_booking.store.bookings import bookings, in_state
from impulse_booking.store.programme import offers, sessions
from impulse_chassis import Transaction
from impulse_contracts.booking.bookings import BookingWaitlisted, EndOffer
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.programme import (
    EndWaiting,
    PlacesChanged,
    ProgrammeOfferFact,
    SessionCancelled,
    SessionFact,
)


def keep(tx: Transaction, changes: Iterable[Change]) -> None:
    """Keeps and says what changed, and sets the timer of a place that is held."""
    for change in changes:
        session = sessions.put(tx, change.session)
        booking = bookings.put(tx, change.booking)
        is_confirmed = booking.state is BookingState.CONFIRMED
        begins_to_wait = change.fact is BookingWaitlisted
        tx.publish(
            change.fact.of(
                booking,
                session_version=session.version,
                place_in_list=session.waiting if begins_to_wait else None,
                online_link=session.online_link if is_confirmed else None,
            )
        )
        tx.publish(PlacesChanged.of(session))
        if booking.offered_until is not None and booking.state is BookingState.OFFERED:
            tx.schedule(EndOffer(booking_id=booking.booking_id), at=booking.offered_until)


def keep_offer(
    tx: Transaction, offer: ProgrammeOffer, fact: type[ProgrammeOfferFact]
) -> ProgrammeOffer:
    """Keeps and says what an offer is now; sessions that wait for it go on."""
    tx.publish(fact.of(offers.put(tx, offer)))
    tx.resolve(offer_key(offer.programme_offer_id))
    return offer


def keep_session(tx: Transaction, session: Session, fact: type[SessionFact]) -> Session:
    """Keeps and says what a session is now, and when nobody waits any more; bookings that wait for
    it go on."""
    tx.publish(fact.of(sessions.put(tx, session)))
    tx.schedule(EndWaiting(session_id=session.session_id), at=session.starts)
    tx.resolve(session_key(session.session_id))
    return session


def session_key(session_id: UUID) -> str:
    """What waits for a session waits for this."""
    return f"session/{session_id}"


def offer_key(programme_offer_id: UUID) -> str:
    """What waits for an offer waits for this."""
    return f"programme_offer/{programme_offer_id}"


def call_off(tx: Transaction, before: Session) -> Session:
    """Keeps and says that a session does not take place, with all its bookings."""
    session = sessions.put(tx, cancel(before, tx.now))
    tx.publish(SessionCancelled.of(session))
    for booking in in_state(tx, session.session_id, *sorted(OPEN)):
        change = cancel_by_provider(session, booking, None)
        keep(tx, [change])
        session = change.session
    tx.unschedule(EndWaiting, session.session_id)
    return session
