"""Brokers' decisions on pairs of actors: one organisation, two, or two again."""

from collections.abc import Collection, Iterable
from uuid import UUID

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts.codes import ActorStatus, PairState
from impulse_contracts.registry.duplicates import (
    DuplicateKeptApart,
    DuplicateMerged,
    DuplicateSeparated,
    KeepApart,
    MergeActors,
    UndoMerge,
)
from impulse_contracts.registry.people import MembershipGranted
from impulse_registry.domain import merging as rules
from impulse_registry.domain import moving
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey, hand_key
from impulse_registry.domain.life import day_of
from impulse_registry.domain.listings import moved_to
from impulse_registry.domain.naturalkeys import keys_of
from impulse_registry.domain.pairs import Moved, MovedPerson, Pair, pair, pair_id
from impulse_registry.domain.people import Memberships
from impulse_registry.domain.principals import demand
from impulse_registry.handlers import naming, suspicions
from impulse_registry.handlers.actors import keep
from impulse_registry.handlers.common import principal, read_principals
from impulse_registry.handlers.disclosures import move_disclosures
from impulse_registry.handlers.following import settle_listings
from impulse_registry.handlers.joining import set_timers
from impulse_registry.handlers.keeping_listings import keep as keep_listing
from impulse_registry.handlers.keeping_listings import lock_names_of
from impulse_registry.handlers.people import load_contacts_of, move_contact_of
from impulse_registry.store.actors import actors
from impulse_registry.store.disclosures import lock_disclosures_at
from impulse_registry.store.keys import keys, lock_names, natural_keys
from impulse_registry.store.listings import listings, listings_of, lock_listings
from impulse_registry.store.pairs import pairs
from impulse_registry.store.people import attached_to, lock_attached, memberships
from impulse_registry.store.units import lock_units, units_of

handlers = Handlers()


# -------------------------------------------------------------------------------- loading


@handlers.load(MergeActors)
def load_merges(tx: Transaction, messages: Messages) -> None:
    """The pairs, and all that hangs on both actors."""
    said = [message.data for message in messages]
    pairs.lock(tx, {pair_id(each.survivor_id, each.other_id) for each in said})
    others = suspicions.lock_questions(tx, said)
    _load(tx, messages, {each.survivor_id for each in said} | {each.other_id for each in said})
    actors.read(tx, others)


@handlers.load(UndoMerge)
def load_undone(tx: Transaction, messages: Messages) -> None:
    """The pairs, and all that hangs on both actors."""
    pair_ids = {message.data.pair_id for message in messages}
    pairs.lock(tx, pair_ids)
    found = [known for each in pair_ids if (known := pairs.get(tx, each))]
    pairs.lock(tx, {settled for each in found if each.moved for settled in each.moved.settled})
    _load(tx, messages, {each.actor_a_id for each in found} | {each.actor_b_id for each in found})
    # Whoever left meanwhile is at neither of them any more.
    moved = [person for each in found if each.moved for person in each.moved.people]
    memberships.lock(tx, {each.person_id for each in moved})


@handlers.load(KeepApart)
def load_kept_apart(tx: Transaction, messages: Messages) -> None:
    """The pairs, and who asks."""
    pairs.lock(tx, {message.data.pair_id for message in messages})
    read_principals(tx, messages)


def _load(tx: Transaction, messages: Messages, actor_ids: Collection[UUID]) -> None:
    """All that stands for actors, speaks of them, belongs to them, or that they bear.

    As reports do, this locks names, natural keys and actors in this order.
    """
    names = lock_names(tx, actor_ids)
    keys.lock(tx, {hand_key(actor_id) for actor_id in actor_ids})
    natural_keys.lock(tx, keys_of(each.record for each in names if each.record))
    actors.lock(tx, actor_ids)
    lock_units(tx, actor_ids)
    naming.read_names(tx, actor_ids)
    lock_listings(tx, actor_ids)
    # What a stale actor's listings rest on: they come and go with it.
    lock_names_of(tx, listings.loaded(tx, lambda each: each.actor_id in actor_ids))
    load_contacts_of(tx, names)
    lock_attached(tx, actor_ids)
    lock_disclosures_at(tx, actor_ids)
    read_principals(tx, messages)


# ------------------------------------------------------------------------------- commands


@handlers.on(MergeActors)
def merge_actors(tx: Transaction, command: MergeActors) -> Actor:
    """Lets one actor go on for both, with all that belongs to either."""
    demand(principal(tx).is_staff)
    survivor = actors.require_itself(tx, command.survivor_id)
    other = actors.require_itself(tx, command.other_id)
    rules.check(survivor, other, command.succession)
    # Nobody may have suspected it before: then the pair begins with its decision.
    found = pair(survivor, other, tx.now)
    known = pairs.get(tx, found.pair_id) or found.model_copy(update={"version": 0, "score": 1.0})
    names = naming.names_of(tx, other)
    moved = Moved(
        status=other.status,
        survivor_status=survivor.status,
        names=tuple(each.key for each in names),
        kept=survivor.names,
        listings=tuple(each.listing_id for each in listings_of(tx, other.actor_id)),
        units=tuple(each.actor_id for each in units_of(tx, other.actor_id) if each != survivor),
        people=_move_people(tx, survivor.actor_id, other.actor_id),
        disclosures=move_disclosures(tx, other.actor_id, survivor.actor_id),
    )
    naming.move_names(tx, names, other, survivor.actor_id)
    keep(tx, other, rules.give_way(other, survivor.actor_id))
    standing = _named(tx, (*survivor.names, *moved.names))
    actor = keep(tx, survivor, rules.survive(survivor, other, standing, day_of(tx.now)))
    move_listings(tx, moved.listings, actor)
    settle_listings(tx, actor)
    _move_units(tx, moved.units, actor)
    moved = moved.model_copy(update={"settled": suspicions.settle(tx, other, actor)})
    after = pairs.put(tx, known.merged(actor.actor_id, command.succession, moved, tx.now))
    tx.publish(DuplicateMerged.of(after))
    return actor


@handlers.on(UndoMerge)
def undo_merge(tx: Transaction, command: UndoMerge) -> Actor:
    """Gives both actors back what was said of each, and what belonged to each.

    What came since under a name goes with that name. Of two merges in a row the later one is
    undone first.
    """
    demand(principal(tx).is_staff)
    known = pairs.require(tx, command.pair_id)
    known.require(PairState.MERGED)
    moved = known.moved
    assert moved is not None and known.survivor_id is not None
    survivor = actors.require_itself(tx, known.survivor_id)
    rules.check_unmerged(survivor)
    other = actors.require_itself(tx, known.other_id)
    since = rules.joined_since(moved, _named(tx, survivor.names))
    names = (*moved.names, *(each.key for each in since))
    naming.move_names(tx, _named(tx, names), survivor, other.actor_id)
    left = [name for name in survivor.names if name not in names]
    was_stale = moved.survivor_status is ActorStatus.STALE
    stale_since = known.decided_at if was_stale else None
    today = day_of(tx.now)
    alone = rules.let_go(survivor, other, _named(tx, left), today, stale_since)
    actor = keep(tx, survivor, alone)
    named = _named(tx, names)
    back = rules.stand_again(other, named, moved.status, survivor.evidence, today)
    back = keep(tx, other, back)
    for name in since:
        move_contact_of(tx, name, actor.actor_id, back.actor_id)
    new = [
        each.listing_id
        for each in listings_of(tx, actor.actor_id)
        if rules.is_of(each, back, actor)
    ]
    move_listings(tx, dict.fromkeys((*moved.listings, *new)), back)
    for each in (actor, back):
        settle_listings(tx, each)
    _move_units(tx, moved.units, back)
    _part_people(tx, moved, actor.actor_id, back.actor_id)
    move_disclosures(tx, actor.actor_id, back.actor_id, moved.disclosures)
    suspicions.reopen(tx, moved.settled)
    tx.publish(DuplicateSeparated.of(pairs.put(tx, known.separated(tx.now))))
    return actor


@handlers.on(KeepApart)
def keep_apart(tx: Transaction, command: KeepApart) -> Pair:
    """Notes that two actors are two organisations."""
    demand(principal(tx).is_staff)
    after = pairs.put(tx, pairs.require(tx, command.pair_id).kept_apart(tx.now))
    tx.publish(DuplicateKeptApart.of(after))
    return after


# ------------------------------------------------------------------------------- the parts


def _named(tx: Transaction, names: Iterable[str]) -> list[IdentityKey]:
    return [found for name in names if (found := keys.get(tx, name)) is not None]


def move_listings(tx: Transaction, listing_ids: Iterable[UUID], taker: Actor) -> None:
    """Makes listings another actor's."""
    for listing_id in listing_ids:
        listing = listings.get(tx, listing_id)
        if listing is not None and listing.actor_id != taker.actor_id:
            keep_listing(tx, listing, moved_to(listing, taker))


def _move_units(tx: Transaction, actor_ids: Iterable[UUID], taker: Actor) -> None:
    for actor_id in actor_ids:
        unit = actors.require_itself(tx, actor_id)
        keep(tx, unit, unit.evolve(carrier_actor_id=taker.actor_id))


def _move_people(tx: Transaction, survivor_id: UUID, other_id: UUID) -> tuple[MovedPerson, ...]:
    """Makes the people of one actor those of the other; returns what they were before."""
    moved = []
    for held in attached_to(tx, other_id):
        joined = moving.join(held, survivor_id, other_id)
        if joined is not None:
            moved.append(joined)
            _grant(tx, moving.joined(held, joined, survivor_id, other_id), survivor_id, other_id)
    return tuple(moved)


def _part_people(tx: Transaction, moved: Moved, survivor_id: UUID, other_id: UUID) -> None:
    for each in moved.people:
        held = memberships.get(tx, each.person_id)
        parted = moving.parted(held, each, survivor_id, other_id) if held else None
        if parted is not None:
            _grant(tx, parted, survivor_id, other_id)


def _grant(tx: Transaction, after: Memberships, *actor_ids: UUID) -> None:
    memberships.put(tx, after)
    tx.publish(MembershipGranted.of(after))
    for actor_id in actor_ids:
        set_timers(tx, after, actor_id)
