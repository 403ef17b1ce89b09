"""Counting who was suggested how often, while the scoring lock is held."""

from collections.abc import Iterable
from uuid import UUID

from impulse_chassis import Transaction
from impulse_matching.domain.fairness import Exposure
from impulse_matching.domain.proposals import Proposal
from impulse_matching.store.exposures import exposures
from impulse_matching.store.listings import KnownListing, listings
from impulse_matching.store.proposals import proposals


def count_listing(tx: Transaction, before: KnownListing, after: KnownListing) -> None:
    """A listing takes its suggestions with it: to another municipality, another actor, or away."""
    if before.counted_in == after.counted_in:
        return
    of_it = proposals.naming(tx, _sides, after.listing_id)
    shown = sum(each.exposed for each in of_it)
    _add(tx, before.counted_in, -1, -shown)
    _add(tx, after.counted_in, 1, shown)


def count_suggestion(tx: Transaction, before: Proposal | None, after: Proposal) -> None:
    """A pair that is suggested for the first time counts for both of its listings, once."""
    if after.exposed and not (before and before.exposed):
        for side in _sides(after):
            known = listings.get(tx, side)
            _add(tx, known.counted_in if known else (), 0, 1)


def _sides(proposal: Proposal) -> tuple[UUID, UUID]:
    return proposal.need_id, proposal.offer_id


def _add(tx: Transaction, keys: Iterable[str], opened: int, shown: int) -> None:
    for key in keys:
        before = exposures.get(tx, key) or Exposure(of=key)
        after = before.evolve(open=before.open + opened, shown=before.shown + shown)
        if after.open:
            exposures.put(tx, after)
        else:
            exposures.remove(tx, key)
