"""Reports and commands about listings, and what time does to them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from impulse_chassis import Handlers, Messages, Refused, Transaction, WaitFor
from impulse_contracts.codes import ListingStatus
from impulse_contracts.partner import ListingReported, ListingWithdrawn
from impulse_contracts.parts import OnBehalf, Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.life import ActorConfirmed
from impulse_contracts.registry.listings import (
    ChangeListing,
    CheckListing,
    ConfirmListing,
    CopyListing,
    ListingConfirmed,
    ListingState,
    PublishListing,
    WithdrawListing,
)
from impulse_registry.domain import free_text, freshness, identity
from impulse_registry.domain import listings as rules
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.freshness import Patience
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.life import IN_SIGHT, sign_of_life
from impulse_registry.domain.listings import VISIBLE, Listing
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import (
    KEPT,
    LATE,
    NOT_LOCATED,
    actor_key,
    hear,
    listing_key,
    names_in,
    principal,
    read_principals,
    standing_id,
)
from impulse_registry.handlers.keeping import say
from impulse_registry.settings import Settings
from impulse_registry.store.actors import actors, lock_actors_of_listings
from impulse_registry.store.history import remember_listing
from impulse_registry.store.keys import keys
from impulse_registry.store.listings import listings

handlers = Handlers()


# -------------------------------------------------------------------------------- reports


@handlers.load(ListingReported)
def load_reports(tx: Transaction, messages: Messages) -> None:
    """What the reported names stand for, the actors, and the listings."""
    names = names_in(messages)
    holders = names_in(messages, "actor_external_id")
    keys.lock(
        tx,
        {identity.actor_key(*holder) for holder in holders}
        | {identity.listing_key(*name) for name in names},
    )
    actors.lock(tx, {actor_key(tx, *holder).subject_id for holder in holders})
    listings.lock(tx, {listing_key(tx, *name).subject_id for name in names})


@handlers.load(ListingWithdrawn)
def load_withdrawals(tx: Transaction, messages: Messages) -> None:
    """What the withdrawn names stand for, and the listings."""
    names = names_in(messages)
    keys.lock(tx, {identity.listing_key(*name) for name in names})
    listings.lock(tx, {listing_key(tx, *name).subject_id for name in names})


@handlers.on(ListingReported)
def listing_reported(tx: Transaction, report: ListingReported) -> Listing | None:
    """Publishes the listing, or takes on what is new; it is confirmed. Waits for its actor.

    Contacts in its texts are masked; the outcome says so.
    """
    source = Source(source=tx.attributes.source, external_id=report.external_id)
    key = listing_key(tx, source.source, source.external_id)
    before = listings.get(tx, key.subject_id)
    at = report.observed_at
    content, found = free_text.masked(report)
    if rules.is_late(before, key, at):
        said = rules.said_in(content)
        remember_listing(tx, key.subject_id, key.key, said, at, applied=False)
        tx.note(*KEPT)
        return before
    holder = actor_key(tx, source.source, report.actor_external_id)
    actor = actors.get(tx, holder.subject_id)
    if actor is None:
        raise WaitFor(holder.key, actors.subject)
    if key.withdrawn_after(at):
        tx.note(*KEPT)
    if found:
        tx.note(*free_text.note(found))
    status = freshness.status_at(tx.now, report.valid_until, at, patience(tx))
    alive = living(tx, actor, at)
    states = rules.report(before, key, source, content, alive, at, status)
    wake(tx, actor, alive, but=key.subject_id)
    heard = key.reported(at)
    hear(tx, key, heard)
    listing = keep(tx, before, *states)
    if not listing.place.is_located:
        tx.note(*NOT_LOCATED)
    plan_check(tx, listing, heard)
    return listing


@handlers.on(ListingWithdrawn)
def listing_withdrawn(tx: Transaction, withdrawal: ListingWithdrawn) -> Listing | None:
    """Takes the listing back; of one that is unknown it remembers the withdrawal."""
    key = listing_key(tx, tx.attributes.source, withdrawal.external_id)
    before = listings.get(tx, key.subject_id)
    withdrawn = rules.withdraw(before, key, withdrawal.observed_at)
    if rules.is_late(before, key, withdrawal.observed_at):
        tx.note(*LATE)
    hear(tx, key, key.withdrawn(withdrawal.observed_at))
    return take_back(tx, before, withdrawn) if withdrawn else before


# ------------------------------------------------------------------------------- commands


@handlers.load(PublishListing)
def load_new_listings(tx: Transaction, messages: Messages) -> None:
    """The actors of new listings, held so that none is archived meanwhile."""
    actors.lock(tx, {message.data.actor_id for message in messages})
    load_listings(tx, messages)


@handlers.load(ChangeListing, ConfirmListing)
def load_listings_with_actors(tx: Transaction, messages: Messages) -> None:
    """The listings and their actors, held so that none is archived meanwhile."""
    listing_ids = _ids(messages)
    lock_actors_of_listings(tx, listing_ids)
    listings.lock(tx, listing_ids)
    found = (listings.get(tx, listing_id) for listing_id in listing_ids)
    actors.read(tx, {listing.actor_id for listing in found if listing})


@handlers.load(CopyListing)
def load_originals(tx: Transaction, messages: Messages) -> None:
    """The listings to be copied, their actors, and whether the new ones are there already."""
    original_ids = {message.data.original_id for message in messages}
    lock_actors_of_listings(tx, original_ids)
    listings.lock(tx, original_ids | _ids(messages))


@handlers.load(WithdrawListing, CheckListing)
def load_listings(tx: Transaction, messages: Messages) -> None:
    """The listings."""
    listings.lock(tx, _ids(messages))


@handlers.load(PublishListing, ChangeListing, ConfirmListing, CopyListing, WithdrawListing)
def load_principals(tx: Transaction, messages: Messages) -> None:
    """Who asks."""
    read_principals(tx, messages)


@handlers.on(PublishListing)
def publish_listing(tx: Transaction, command: PublishListing) -> Listing:
    """Publishes a listing that no partner reported, or keeps it as a template. Waits for its actor.

    Brokers may record it for the actor. Refuses with `date_in_past` what is over already.
    """
    demand(principal(tx).may_manage(standing_id(tx, command.actor_id)))
    on_behalf = _on_behalf(tx, command.on_behalf, None)
    _require_new(tx, command.listing_id)
    actor = actors.get(tx, command.actor_id)
    if actor is None:
        raise WaitFor(f"actor/{command.actor_id}", actors.subject)
    if not command.template:
        freshness.demand_ahead(command.valid_until, tx.now)
    status = freshness.status_at(tx.now, command.valid_until, tx.now, patience(tx))
    if command.template:
        status = ListingStatus.TEMPLATE
    alive = living(tx, actor, tx.now)
    states = rules.publish(command.listing_id, command, alive, tx.now, status, on_behalf)
    wake(tx, actor, alive)
    listing = keep(tx, None, *states)
    plan_check(tx, listing)
    return listing


@handlers.on(ChangeListing)
def change_listing(tx: Transaction, command: ChangeListing) -> Listing:
    """Replaces what a listing says, and confirms it. Refuses with `date_in_past` what is over."""
    before = _require_allowed(tx, command.listing_id)
    on_behalf = _on_behalf(tx, command.on_behalf, before)
    actor = actors.require(tx, before.actor_id)
    if before.status is not ListingStatus.TEMPLATE:
        freshness.demand_ahead(command.valid_until, tx.now)
    status = freshness.status_at(tx.now, command.valid_until, tx.now, patience(tx))
    alive = living(tx, actor, tx.now)
    changed = rules.change(before, command, alive, tx.now, status, on_behalf)
    wake(tx, actor, alive, but=before.listing_id)
    listing = keep(tx, before, changed)
    plan_check(tx, listing)
    return listing


@handlers.on(ConfirmListing)
def confirm_listing(tx: Transaction, command: ConfirmListing) -> Listing:
    """Takes it that a listing still stands as it is."""
    before = _require_allowed(tx, command.listing_id)
    on_behalf = _on_behalf(tx, command.on_behalf, before)
    actor = actors.require(tx, before.actor_id)
    alive = living(tx, actor, tx.now)
    confirmed = rules.confirm(before, alive, tx.now, on_behalf)
    wake(tx, actor, alive, but=before.listing_id)
    listing = keep(tx, before, confirmed, fact=ListingConfirmed)
    plan_check(tx, listing)
    return listing


@handlers.on(CopyListing)
def copy_listing(tx: Transaction, command: CopyListing) -> Listing:
    """Publishes a new listing that says what another one says, or keeps it as a template."""
    original = _require_allowed(tx, command.original_id)
    _require_new(tx, command.listing_id)
    actor = actors.require(tx, original.actor_id)
    until = None if freshness.is_past(original.valid_until, tx.now) else original.valid_until
    alive = actor if command.template else living(tx, actor, tx.now)
    states = rules.copy(
        original, command.listing_id, alive, tx.now, until=until, template=command.template
    )
    wake(tx, actor, alive)
    listing = keep(tx, None, *states)
    plan_check(tx, listing)
    return listing


@handlers.on(WithdrawListing)
def withdraw_listing(tx: Transaction, command: WithdrawListing) -> Listing:
    """Takes a listing back."""
    before = _require_allowed(tx, command.listing_id)
    return take_back(tx, before, rules.withdraw_by_hand(before, tx.now))


def _require_allowed(tx: Transaction, listing_id: UUID) -> Listing:
    """The listing. Refuses with `not_found`, or `not_allowed` to act for its actor."""
    listing = listings.require(tx, listing_id)
    demand(principal(tx).may_manage(listing.actor_id))
    return listing


def _require_new(tx: Transaction, listing_id: UUID) -> None:
    """Refuses with `already_exists` an id that is taken."""
    if listings.get(tx, listing_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=listings.subject)


def _on_behalf(tx: Transaction, said: OnBehalf | None, before: Listing | None) -> OnBehalf | None:
    """What a listing is marked with that is entered now. Refuses with `not_allowed`.

    Brokers may say that they record something for its actor; the mark stays until the actor's own
    people confirm the listing.
    """
    if not principal(tx).is_staff:
        demand(said is None)
        return None
    if said is not None:
        return OnBehalf.model_construct(None, channel=said.channel, on=said.on)
    return before.on_behalf if before else None


# ----------------------------------------------------------------------------------- time


@handlers.load(CheckListing)
def load_keys_of_listings(tx: Transaction, messages: Messages) -> None:
    """When the listings were reported last."""
    found = (listings.get(tx, listing_id) for listing_id in _ids(messages))
    keys.read(
        tx,
        {
            identity.listing_key(each.source, each.external_id)
            for listing in found
            if listing
            for each in listing.sources
        },
    )


@handlers.on(CheckListing)
def check_listing(tx: Transaction, timer: CheckListing) -> Listing | None:
    """Closes the listing, has its actor reminded or marks it stale, if it is time."""
    before = listings.get(tx, timer.listing_id)
    if before is None or before.status not in VISIBLE:
        return None
    heard = heard_of(tx, before)
    after = freshness.check(before, heard, tx.now, patience(tx))
    if after is not before:
        keep(tx, before, after)
    plan_check(tx, after, *heard)
    return after


def plan_check(tx: Transaction, listing: Listing, *heard: IdentityKey) -> None:
    """Sets the timer for the next time that the clock changes the listing, or takes it away."""
    at = freshness.next_check(listing, heard, patience(tx))
    if at is None:
        tx.unschedule(CheckListing, listing.listing_id)
    else:
        tx.schedule(CheckListing(listing_id=listing.listing_id), at=at)


# ------------------------------------------------------------------------------- the parts


def patience(tx: Transaction) -> Patience:
    """How long a listing stands that nobody confirms."""
    settings: Settings = tx.settings
    return settings.patience


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
    for listing in listings.loaded(
        tx, lambda each: each.actor_id == actor_id and each.status in VISIBLE
    ):
        if source is None or {each.source for each in listing.sources} == {source}:
            take_back(tx, listing, rules.withdraw_with_actor(listing))


def _ids(messages: Messages) -> set[UUID]:
    return {message.data.listing_id for message in messages}


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
    for listing in listings.loaded(tx, lambda each: each.actor_id == after.actor_id):
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
