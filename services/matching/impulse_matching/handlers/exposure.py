"""Counting who was suggested how often, while the scoring lock is held."""

from collections import Counter
from collections.abc import Iterable, Mapping
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
    _add(tx, dict.fromkeys(before.counted_in, -shown), -1)
    _add(tx, dict.fromkeys(after.counted_in, shown), 1)


def count_suggestions(tx: Transaction, made: Iterable[Proposal]) -> None:
    """Pairs that are suggested for the first time count for both of their listings, once."""
    shown: Counter[str] = Counter()
    for proposal in made:
        for side in _sides(proposal):
            known = listings.get(tx, side)
            shown.update(known.counted_in if known else ())
    _add(tx, shown, 0)


def _sides(proposal: Proposal) -> tuple[UUID, UUID]:
    return proposal.need_id, proposal.offer_id


def _add(tx: Transaction, shown: Mapping[str, int], opened: int) -> None:
    for key, more in shown.items():
        before = exposures.get(tx, key) or Exposure(of=key)
        after = before.evolve(open=before.open + opened, shown=before.shown + more)
        if after.open:
            exposures.put(tx, after)
        else:
            exposures.remove(tx, key)
