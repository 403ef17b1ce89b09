"""Keeping what was decided on bookings, and saying it."""

from collections.abc import Iterable

from impulse_booking.domain.bookings import OPEN, Change, cancel_by_provider
from impulse_booking.domain.sessions import Session, cancel
from impulse_booking.store.bookings import bookings, in_state
from impulse_booking.store.programme import sessions
from impulse_chassis import Transaction
from impulse_contracts.booking.bookings import BookingWaitlisted, EndOffer
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.programme import EndWaiting, PlacesChanged, SessionCancelled


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
