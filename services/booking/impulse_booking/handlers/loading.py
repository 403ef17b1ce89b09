"""What commands on the places of sessions need: loaded for a whole batch, sessions locked first.

Whoever changes a booking holds its session, so one decides on its places at a time, whichever
replica and partition the command came by.
"""

from collections.abc import Iterator
from uuid import UUID

from impulse_booking.domain.bookings import Booking
from impulse_booking.domain.eligibility import Applicant, KnownActor
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session
from impulse_booking.handlers.asking import goes_on_as, read_people
from impulse_booking.store.bookings import (
    Party,
    bookings,
    found_by,
    lock_open,
    read_parties,
    sessions_of,
)
from impulse_booking.store.people import actors, read_actors
from impulse_booking.store.programme import offers, sessions
from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.booking.advice import RecordAdvice
from impulse_contracts.booking.bookings import (
    CancelBooking,
    CheckEligibility,
    DecideApplication,
    DeclinePlace,
    EndOffer,
    OfferPlace,
    RecordAttendance,
    RequestBooking,
    TakePlace,
    Wish,
)
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    DrawLots,
    EndWaiting,
    RescheduleSession,
)

ON_BOOKINGS = (
    CancelBooking,
    TakePlace,
    DeclinePlace,
    OfferPlace,
    DecideApplication,
    RecordAttendance,
    RecordAdvice,
    EndOffer,
)
ON_SESSIONS = (RescheduleSession, ChangeCapacity, CancelSession, DrawLots, EndWaiting)
handlers = Handlers()


@handlers.load(RequestBooking, CheckEligibility, *ON_BOOKINGS, *ON_SESSIONS)
def load_places(tx: Transaction, messages: Messages) -> None:
    """Locks the sessions, and reads their offers, bookings, and who asks."""
    data = [message.data for message in messages]
    named = {each.booking_id for each in data if isinstance(each, (RequestBooking, *ON_BOOKINGS))}
    of_session = {each.session_id for each in data if isinstance(each, (Wish, *ON_SESSIONS))}
    of_booking = {each.booking_id for each in data if isinstance(each, ON_BOOKINGS)}
    moved = sessions_of(tx, of_booking) if of_booking else set()
    moved |= {each.session_id for each in data if isinstance(each, ON_SESSIONS)}
    sessions.lock(tx, of_session | moved)
    bookings.lock(tx, named)
    # Of one that another replica has just made, the session is known only now.
    moved |= {each.session_id for each in bookings.loaded(tx, lambda b: b.booking_id in of_booking)}
    sessions.lock(tx, moved)
    read_actors(tx, {booking.actor_id for booking in bookings.loaded(tx, lambda _: True)})
    known = sessions.loaded(tx, lambda _: True)
    # Of a session that is full, who waits matters only when a place becomes free.
    moved |= {each.session_id for each in known if each.waiting and each.free > 0}
    lock_open(tx, moved)
    offers.read(tx, {session.programme_offer_id for session in known})
    read_people(tx, messages)


@handlers.load(RequestBooking, CheckEligibility)
def load_parties(tx: Transaction, messages: Messages) -> None:
    """Reads the organisations, what they and their people have booked, and those sessions."""
    wishes = [message.data for message in messages]
    read_actors(tx, {wish.actor_id for wish in wishes})
    parties = [party for wish in wishes for party in _parties(tx, wish)]
    read_parties(tx, parties)
    missed = bookings.loaded(tx, lambda each: each.state is BookingState.NO_SHOW)
    named = {person for wish in wishes for person in wish.attendees}
    elsewhere = bookings.loaded(tx, lambda each: not named.isdisjoint(each.attendees))
    sessions.read(tx, {booking.session_id for booking in (*missed, *elsewhere)})


def applicant_of(tx: Transaction, wish: Wish, actor: KnownActor) -> Applicant:
    """Who asks, with all that is booked by now, in this batch too."""
    own = _named(tx, "actor", {actor.actor_id, wish.actor_id})
    of_people = _named(tx, "person", set(wish.attendees))
    missed = (each for each in own if each.state is BookingState.NO_SHOW)
    times = {each.session_id for each in (*missed, *of_people)}
    held = {key: session for key in times if (session := sessions.get(tx, key))}
    return Applicant(actor, own, of_people, held)


def offer_of(tx: Transaction, session: Session) -> ProgrammeOffer:
    """The offer of a session, as it is now."""
    return offers.require(tx, session.programme_offer_id)


def with_session(tx: Transaction, booking_id: UUID) -> tuple[Booking, Session, ProgrammeOffer]:
    """A booking, its session and offer. Refuses with `not_found`."""
    booking = bookings.require(tx, booking_id)
    session = sessions.require(tx, booking.session_id)
    return booking, session, offer_of(tx, session)


def queue_of(tx: Transaction, session: Session) -> list[Booking]:
    """Those who wait for a place."""
    return bookings.naming(tx, found_by, (BookingState.WAITLISTED, session.session_id))


def _parties(tx: Transaction, wish: Wish) -> Iterator[Party]:
    """The organisation that asks, and the one that it was merged into."""
    session = sessions.get(tx, wish.session_id)
    offer = offers.get(tx, session.programme_offer_id) if session else None
    actor = actors.get(tx, wish.actor_id)
    if session is None or offer is None or actor is None:
        return
    for actor_id in {actor.actor_id, goes_on_as(tx, actor.actor_id)}:
        yield Party(
            session.session_id,
            actor_id,
            offer.programme_offer_id,
            offer.bookings_per_organisation is not None,
            offer.prerequisites,
            wish.attendees,
        )


def _named(tx: Transaction, what: str, ids: set[UUID]) -> list[Booking]:
    found = {
        booking.booking_id: booking
        for each in ids
        for booking in bookings.naming(tx, found_by, (what, each))
    }
    return list(found.values())
