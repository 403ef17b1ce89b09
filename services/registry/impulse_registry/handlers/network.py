"""Commands on the network of intermediaries, and who is in charge when it changes."""

from uuid import UUID

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.partner import ActorReported
from impulse_contracts.registry.actors import ChangeActor, RegisterActor
from impulse_contracts.registry.duplicates import SeparateName
from impulse_contracts.registry.listings import ListingHandedOver
from impulse_contracts.registry.network import (
    ActorAdmissionEnded,
    ActorAdmitted,
    ActorHandedOver,
    ActorInChargeChanged,
    ActorServiceAreaChanged,
    AdmitIntermediary,
    EndAdmission,
    FollowIntermediary,
    HandOverActor,
    HandOverListing,
    SetServiceArea,
)
from impulse_registry.domain import network as rules
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.listings import Listing
from impulse_registry.domain.network import Network
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import principal, read_principals, standing_id
from impulse_registry.handlers.keeping import say
from impulse_registry.store.actors import actors
from impulse_registry.store.listings import listings, lock_handed_over
from impulse_registry.store.network import PORTION, known, lock_portions, read_network

handlers = Handlers()
first = Handlers()
"""The lock on the network is taken before any row: who follows a change of it takes both, too."""


# ------------------------------------------------------------------------------- commands


@handlers.load(AdmitIntermediary, EndAdmission, SetServiceArea, HandOverActor)
def load_commands(tx: Transaction, messages: Messages) -> None:
    """The actors, and who asks."""
    actors.lock(tx, {message.data.actor_id for message in messages})
    read_principals(tx, messages)


@handlers.load(HandOverActor, HandOverListing)
def load_targets(tx: Transaction, messages: Messages) -> None:
    """The intermediaries that are to be in charge: the ids of those that were merged go on."""
    actors.read(tx, {message.data.to for message in messages if message.data.to})


@handlers.load(HandOverListing)
def load_listings(tx: Transaction, messages: Messages) -> None:
    """The listings, and who asks."""
    listings.lock(tx, {message.data.listing_id for message in messages})
    read_principals(tx, messages)


@handlers.load(FollowIntermediary)
def load_portions(tx: Transaction, messages: Messages) -> None:
    """The next actors that each intermediary concerns, and what it was handed."""
    lock_portions(tx, [(each.data.intermediary_id, each.data.after) for each in messages])
    lock_handed_over(tx, {each.data.intermediary_id for each in messages})


@first.load(FollowIntermediary)
def load_network_to_follow(tx: Transaction, messages: Messages) -> None:
    """The network; a first portion waits for those who still place actors in the one before."""
    read_network(tx, alone=any(message.data.after is None for message in messages))


@first.load(
    *(ActorReported, RegisterActor, ChangeActor, SeparateName, HandOverActor, HandOverListing)
)
def load_network(tx: Transaction, _: Messages) -> None:
    """The network, in which actors are placed."""
    read_network(tx)


@handlers.on(AdmitIntermediary)
def admit_intermediary(tx: Transaction, command: AdmitIntermediary) -> Actor:
    """Admits an actor to the network."""
    demand(principal(tx).is_operator)
    before = actors.require(tx, command.actor_id)
    return say(tx, before, rules.admit(before, command.service_area, tx.now), ActorAdmitted)


@handlers.on(EndAdmission)
def end_admission(tx: Transaction, command: EndAdmission) -> Actor:
    """Takes an intermediary out of the network."""
    demand(principal(tx).is_operator)
    before = actors.require(tx, command.actor_id)
    return say(tx, before, rules.end_admission(before), ActorAdmissionEnded)


@handlers.on(SetServiceArea)
def set_service_area(tx: Transaction, command: SetServiceArea) -> Actor:
    """Says where an intermediary helps."""
    demand(principal(tx).is_operator)
    before = actors.require(tx, command.actor_id)
    return say(tx, before, rules.set_area(before, command.service_area), ActorServiceAreaChanged)


@handlers.on(HandOverActor)
def hand_over_actor(tx: Transaction, command: HandOverActor) -> Actor:
    """Puts an intermediary in charge of an actor."""
    demand(principal(tx).is_staff)
    before = actors.require(tx, command.actor_id)
    after = rules.hand_over(before, _target(tx, command.to), _network(tx), tx.now)
    return say(tx, before, after, ActorHandedOver)


@handlers.on(HandOverListing)
def hand_over_listing(tx: Transaction, command: HandOverListing) -> Listing:
    """Puts an intermediary in charge of a listing."""
    demand(principal(tx).is_staff)
    before = listings.require(tx, command.listing_id)
    target = _target(tx, command.to)
    return _keep(tx, rules.hand_over_listing(before, target, _network(tx), tx.now))


# --------------------------------------------------------------------------- what follows


@handlers.on(FollowIntermediary)
def follow_intermediary(tx: Transaction, timer: FollowIntermediary) -> None:
    """Sees who is in charge of the next portion of actors, and says so of those that changed.

    Listings that were handed to one that left the network are in their actor's hands again.
    """
    if timer.intermediary_id not in _network(tx):
        left = timer.intermediary_id
        for listing in listings.loaded(tx, lambda each: each.in_charge == left):
            _keep(tx, rules.given_back(listing, tx.now))
    portion = known(tx).portions[(timer.intermediary_id, timer.after)]
    for actor_id in portion:
        before = actors.require(tx, actor_id)
        after = rules.follow(before, _network(tx), tx.now)
        if after is not None:
            say(tx, before, after, ActorInChargeChanged)
    if len(portion) == PORTION:
        following = FollowIntermediary(intermediary_id=timer.intermediary_id, after=portion[-1])
        # By its own name: a chain that begins anew meanwhile must not lose this one, nor be lost.
        tx.schedule(following, at=tx.now, name=str(following.after))


def _target(tx: Transaction, to: UUID | None) -> UUID | None:
    return standing_id(tx, to) if to else None


def _keep(tx: Transaction, listing: Listing) -> Listing:
    listings.put(tx, listing)
    tx.publish(ListingHandedOver.of(listing))
    return listing


def _network(tx: Transaction) -> Network:
    found = known(tx).network
    assert found is not None, "the loader reads the network"
    return found
