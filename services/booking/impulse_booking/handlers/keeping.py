"""Keeping what was decided on bookings, and saying it."""

from collections.abc import Iterable

from impulse_booking.domain.bookings import Change
from impulse_booking.store.bookings import bookings
from impulse_booking.store.programme import sessions
from impulse_chassis import Transaction
from impulse_contracts.booking.bookings import BookingWaitlisted, EndOffer
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.programme import PlacesChanged


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
