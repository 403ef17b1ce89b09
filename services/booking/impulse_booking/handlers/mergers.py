"""Organisations that are merged, and separated again: what they booked and asked for goes along.

A booking that another replica makes at the same moment for the one that is merged stays as it is;
whoever asks for it later is taken for the one that goes on (`asking`).
"""

from collections.abc import Sequence

from impulse_booking.domain.bookings import Change
from impulse_booking.domain.mergers import T, given_back, passed_on
from impulse_booking.handlers.cooperations import move_cooperations
from impulse_booking.handlers.keeping import keep
from impulse_booking.store.bookings import bookings, found_by, of_actors
from impulse_booking.store.programme import sessions
from impulse_booking.store.support import asked_by, lock_of_actors, support_requests
from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.bookings import BookingTransferred
from impulse_contracts.booking.support import SupportTransferred
from impulse_contracts.registry.actors import ActorMerged, ActorSeparated, ActorState

handlers = Handlers()


@handlers.load(ActorMerged, ActorSeparated)
def load_moved(tx: Transaction, received: Sequence[Received[ActorState]]) -> None:
    """What the organisations have booked and asked for; sessions first."""
    ids = {message.data.actor_id for message in received}
    found = of_actors(tx, ids)
    sessions.lock(tx, found.values())
    bookings.lock(tx, found)
    lock_of_actors(tx, ids)


@handlers.on(ActorMerged, ActorSeparated)
def moved(tx: Transaction, fact: ActorState) -> None:
    """What somebody booked and asked for, and the cooperations that were entered for them, are of
    the organisation that goes on for them; theirs again when they are separated."""
    name = ("actor" if fact.merged_into else "formerly", fact.actor_id)
    for booking in bookings.naming(tx, found_by, name):
        session = sessions.require(tx, booking.session_id)
        keep(tx, [Change(_after(booking, fact), session.evolve(), BookingTransferred)])
    for support in support_requests.naming(tx, asked_by, name):
        tx.publish(SupportTransferred.of(support_requests.put(tx, _after(support, fact))))
    move_cooperations(tx, fact)


def _after(held: T, fact: ActorState) -> T:
    if fact.merged_into:
        return passed_on(held, fact.merged_into)
    return given_back(held, fact.actor_id)
