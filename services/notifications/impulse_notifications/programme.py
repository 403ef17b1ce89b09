"""Telling people of their bookings, and reminding them of the sessions they have a place in.

Sessions and bookings come on different topics, in any order: a booking waits for its session. What
happened to a booking is told by the times that the session has now; who was told other times before
is told the new ones with the session.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from impulse_chassis import Handlers, Messages, Received, Transaction, WaitFor
from impulse_contracts.booking.bookings import BookingFact, BookingTransferred
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.programme import (
    CapacityChanged,
    LotsDrawn,
    PlacesChanged,
    SessionCancelled,
    SessionChanged,
    SessionFact,
    SessionRescheduled,
    SessionScheduled,
)
from impulse_contracts.notifications import RemindOfSession
from impulse_notifications.domain.bookings import TEMPLATES, of_reminder, of_reschedule, of_step
from impulse_notifications.domain.notice import Notice
from impulse_notifications.domain.programme import KnownBooking, KnownSession, heard
from impulse_notifications.store import lock_audience
from impulse_notifications.store.programme import bookings, lock_to_tell, sessions
from impulse_notifications.telling import load_told, tell_all

SESSIONS: tuple[type[SessionFact], ...] = (
    SessionScheduled,
    SessionRescheduled,
    SessionChanged,
    SessionCancelled,
    CapacityChanged,
    LotsDrawn,
    PlacesChanged,
)
"""Each says when the session is: of those that came before, the log may keep none."""

handlers = Handlers()


@handlers.load(*SESSIONS, *TEMPLATES, RemindOfSession)
def load_programme(tx: Transaction, received: Messages) -> None:
    """Loads the sessions as they are now, the bookings, and whoever is told of them."""
    lock_audience(tx, change=False)
    steps = [message for message in received if isinstance(message.data, BookingFact)]
    due = {each.data.session_id for each in received if isinstance(each.data, RemindOfSession)}
    # For update: a place that is given while the session moves is told the new times.
    sessions.lock(tx, {message.data.session_id for message in received})
    bookings.lock(tx, {message.data.booking_id for message in steps})
    lock_to_tell(tx, sessions.loaded(tx, lambda _: True), due)
    after = {each.booking_id: each for each in bookings.loaded(tx, _has_place)}
    said: list[Notice] = []
    for step in steps:
        known = sessions.get(tx, step.data.session_id)
        booking = known and heard(step.data, bookings.get(tx, step.data.booking_id), known)
        if known and booking:
            after[booking.booking_id] = booking
            said += _of_step(tx, step, booking, known)
    for booking in after.values():
        known = sessions.require(tx, booking.session_id)
        said += of_reschedule(booking, known, tx.now, tx.now)
        if known.session_id in due:
            said += of_reminder(booking, known, tx.now)
    load_told(tx, said)


def _of_step(
    tx: Transaction, step: Received[Any], booking: KnownBooking, known: KnownSession
) -> Iterable[Notice]:
    attributes = step.attributes
    happened_at = attributes.time or tx.now
    return of_step(step.data, booking, known, attributes.id, happened_at, tx.now)


@handlers.on(*SESSIONS)
def session(tx: Transaction, fact: SessionFact) -> None:
    """A session is known, or is at other times: who has a place and was told others is told.

    Whoever gets a place on the last day is told with it, and not reminded.
    """
    known = sessions.require(tx, fact.session_id)
    tx.resolve(_session_key(fact.session_id))
    if not known.is_ahead(tx.now):
        return
    if tx.now < known.remind_at:
        # Of a session that moved, the reminder of its former times says so and is not heeded.
        timer = RemindOfSession(session_id=known.session_id, sequence=known.sequence)
        tx.schedule(timer, at=known.remind_at, name=str(known.sequence))
    for booking in with_place(tx, known.session_id):
        said = of_reschedule(booking, known, tx.attributes.time or tx.now, tx.now)
        if said:
            bookings.put(tx, booking.evolve(sequence=known.sequence))
            tell_all(tx, said)


@handlers.on(*TEMPLATES)
def booking(tx: Transaction, fact: BookingFact) -> None:
    """Something happened to a booking: whoever comes is told, or their organisation.

    Waits for the session. What is older than what is known is not told any more.
    """
    known = sessions.get(tx, fact.session_id)
    if known is None:
        raise WaitFor(_session_key(fact.session_id), sessions.subject)
    after = heard(fact, bookings.get(tx, fact.booking_id), known)
    if after is None:
        return
    bookings.put(tx, after)
    assert tx.received is not None
    tell_all(tx, _of_step(tx, tx.received, after, known))


@handlers.load(BookingTransferred)
def load_transferred(tx: Transaction, received: Messages) -> None:
    """Loads the bookings."""
    bookings.lock(tx, {message.data.booking_id for message in received})


@handlers.on(BookingTransferred)
def transferred(tx: Transaction, fact: BookingTransferred) -> None:
    """Another organisation goes on: its people are told of what comes."""
    known = bookings.get(tx, fact.booking_id)
    if known is not None and known.said < fact.version:
        bookings.put(tx, known.evolve(actor_id=fact.actor_id, said=fact.version))


@handlers.on(RemindOfSession)
def remind(tx: Transaction, timer: RemindOfSession) -> None:
    """Reminds who has a place; never of other times than the session has, and never too late."""
    known = sessions.get(tx, timer.session_id)
    if known is None or known.sequence != timer.sequence or not known.is_ahead(tx.now):
        return
    for booking in with_place(tx, known.session_id):
        tell_all(tx, of_reminder(booking, known, tx.now))


def _has_place(booking: KnownBooking) -> bool:
    return booking.state == BookingState.CONFIRMED


def _by_session(booking: KnownBooking) -> tuple[UUID, ...]:
    return (booking.session_id,) if _has_place(booking) else ()


def with_place(tx: Transaction, session_id: UUID) -> list[KnownBooking]:
    """The bookings of a session, as far as loaded, that have a place."""
    return bookings.naming(tx, _by_session, session_id)


def _session_key(session_id: UUID) -> str:
    return f"session/{session_id}"
