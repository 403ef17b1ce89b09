"""Reports and commands about listings, and what time does to them."""

from uuid import UUID

from impulse_chassis import Handlers, Messages, Refused, Transaction, WaitFor
from impulse_contracts.codes import ListingStatus
from impulse_contracts.partner import ListingReported, ListingWithdrawn
from impulse_contracts.parts import OnBehalf, Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.listings import (
    ChangeListing,
    CheckListing,
    ConfirmListing,
    CopyListing,
    ListingConfirmed,
    PublishListing,
    WithdrawListing,
)
from impulse_registry.domain import free_text, freshness, identity
from impulse_registry.domain import listings as rules
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
from impulse_registry.handlers.keeping_listings import (
    heard_of,
    keep,
    living,
    patience,
    plan_check,
    take_back,
    wake,
)
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


def _ids(messages: Messages) -> set[UUID]:
    return {message.data.listing_id for message in messages}
