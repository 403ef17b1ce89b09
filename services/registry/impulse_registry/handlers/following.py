"""Listings that are withdrawn with their actor, and come back with it."""

from impulse_chassis import Transaction
from impulse_registry.domain import freshness
from impulse_registry.domain import listings as rules
from impulse_registry.domain.actors import Actor
from impulse_registry.handlers import naming
from impulse_registry.handlers.keeping_listings import (
    heard_of,
    keep,
    patience,
    plan_check,
    withdraw_listings_of,
)
from impulse_registry.store.listings import listings_of


def settle_listings(tx: Transaction, actor: Actor) -> None:
    """Makes of an actor's listings what fits its status, after it, or they, came from elsewhere.

    Those that were withdrawn only because the actor was come back, if a partner that reports them
    knows the actor again. The loader has loaded the listings, and what they and the actor rest on.
    """
    if actor.is_archived:
        withdraw_listings_of(tx, actor.actor_id)
        return
    said = [each.record for each in naming.names_of(tx, actor) if not each.gone]
    partners = {each.source.source for each in said if each and each.source}
    for listing in listings_of(tx, actor.actor_id):
        heard = heard_of(tx, listing)
        confirmed_at = freshness.last_confirmed(listing, heard)
        status = freshness.status_at(tx.now, listing.valid_until, confirmed_at, patience(tx))
        back = rules.settled(listing, actor, heard, partners, status)
        if back is not listing:
            plan_check(tx, keep(tx, listing, back), *heard)
