"""How a listing's next states are kept: with the next check, and the actor's life."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from impulse_chassis import Transaction
from impulse_contracts.codes import ListingStatus
from impulse_contracts.registry.life import ActorConfirmed
from impulse_contracts.registry.listings import CheckListing, ListingState
from impulse_registry.domain import freshness, identity
from impulse_registry.domain import listings as rules
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.freshness import Patience
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.life import IN_SIGHT, sign_of_life
from impulse_registry.domain.listings import VISIBLE, Listing
from impulse_registry.handlers.common import listing_key
from impulse_registry.handlers.keeping import say
from impulse_registry.settings import Settings
from impulse_registry.store.history import remember_listing
from impulse_registry.store.keys import keys
from impulse_registry.store.listings import listings, listings_of


def patience(tx: Transaction) -> Patience:
    """How long a listing stands that nobody confirms."""
    settings: Settings = tx.settings
    return settings.patience


def plan_check(tx: Transaction, listing: Listing, *heard: IdentityKey) -> None:
    """Sets the timer for the next time that the clock changes the listing, or takes it away."""
    at = freshness.next_check(listing, heard, patience(tx))
    if at is None:
        tx.unschedule(CheckListing, listing.listing_id)
    else:
        tx.schedule(CheckListing(listing_id=listing.listing_id), at=at)


def keep(
    tx: Transaction,
    before: Listing | None,
    *states: Listing,
    fact: type[ListingState] | None = None,
) -> Listing:
    """Keeps and publishes the states that follow on `before`; returns the one that stands.

    `fact` is their kind where the states do not tell it.
    """
    for after in states:
        if before is not None and rules.says_other(before, after):
            name, said, at = rules.said_by(before), rules.said_in(before), before.confirmed_at
            remember_listing(tx, before.listing_id, name, said, at, applied=True)
        listings.put(tx, after)
        kind = fact or rules.fact_of(before, after)
        on_behalf_of = str(after.actor_id) if after.on_behalf else None
        tx.publish(kind.of(after), on_behalf_of=on_behalf_of)
        before = after
    assert before is not None
    return before


def take_back(tx: Transaction, before: Listing | None, withdrawn: Listing) -> Listing:
    """Keeps and publishes a withdrawn listing; time does nothing to it any more."""
    tx.unschedule(CheckListing, withdrawn.listing_id)
    return keep(tx, before, withdrawn)


def withdraw_listings_of(tx: Transaction, actor_id: UUID, source: str | None = None) -> None:
    """Takes back the visible listings of an actor that was archived.

    With `source`, those that only this partner reported: it does not know the actor any more.
    """
    for listing in listings_of(tx, actor_id):
        theirs = source is None or {each.source for each in listing.sources} == {source}
        if theirs and listing.status in VISIBLE:
            take_back(tx, listing, rules.withdraw_with_actor(listing))


def living(tx: Transaction, actor: Actor, at: datetime) -> Actor:
    """The actor in sight if it was stale: who speaks of its listings says that it is there."""
    return sign_of_life(actor, at, tx.now, patience(tx)) or actor


def wake(tx: Transaction, before: Actor, alive: Actor, but: UUID | None = None) -> None:
    """Keeps that an actor is in sight again, if it is, and its listings as `follow_actor` does."""
    if alive is not before:
        follow_actor(tx, before, say(tx, before, alive, ActorConfirmed), but)


def follow_actor(tx: Transaction, before: Actor, after: Actor, but: UUID | None = None) -> None:
    """Takes an actor's listings out of sight with it, and back in sight as far as they still stand.

    Those are meant that the loader has loaded; of `but` something else is said just now.
    """
    was, now = before.status in IN_SIGHT, after.status in IN_SIGHT
    if was == now or after.is_archived or after.is_merged:
        return
    for listing in listings_of(tx, after.actor_id):
        heard = heard_of(tx, listing)
        if was and listing.status is ListingStatus.OPEN:
            status = ListingStatus.STALE
        elif now and listing.status is ListingStatus.STALE:
            confirmed_at = freshness.last_confirmed(listing, heard)
            status = freshness.status_at(tx.now, listing.valid_until, confirmed_at, patience(tx))
        else:
            continue
        if status is not listing.status and listing.listing_id != but:
            changed = listing.evolve(status=status, confirm_by=None)
            plan_check(tx, keep(tx, listing, changed), *heard)


def lock_names_of(tx: Transaction, found: Iterable[Listing]) -> None:
    """Locks what was heard under the names of listings: when they were confirmed last."""
    names = {
        identity.listing_key(source.source, source.external_id)
        for listing in found
        for source in listing.sources
    }
    keys.lock(tx, names)


def last_confirmed(tx: Transaction, listing: Listing) -> datetime:
    """When a listing was last confirmed, also by reports that said nothing new."""
    return freshness.last_confirmed(listing, heard_of(tx, listing))


def heard_of(tx: Transaction, listing: Listing) -> list[IdentityKey]:
    """What was heard under the names of a listing; loaded by `lock_names_of`."""
    return [listing_key(tx, each.source, each.external_id) for each in listing.sources]
