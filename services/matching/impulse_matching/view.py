"""The listings as one replica sees them: its index, brought up to date and asked for each batch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from impulse_chassis import Transaction
from impulse_contracts.registry.listings import ListingState
from impulse_matching import store
from impulse_matching.domain import rules
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.plan import judge
from impulse_matching.domain.proposals import proposal_id
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.scoring import Scored


@dataclass
class Batch:
    """What was found out about the listings of one batch, each as it is at the batch's end."""

    newest: dict[UUID, Listing] = field(default_factory=dict)
    judged: dict[UUID, list[Scored]] = field(default_factory=dict)
    pairs: dict[UUID, set[UUID]] = field(default_factory=dict)
    """The ids of a listing's proposals, those that may be made now included."""


def rules_in_force(tx: Transaction) -> RuleSet:
    """The rules that are in force, at first those that are shipped: one statement."""
    found = store.rules_in_force(tx)
    return RuleSet.model_validate(found) if found else rules.shipped()


class View:
    """The index of one replica, under the rules in force; at first those that are shipped.

    The replica's threads share it: whoever uses it holds the scoring lock (`score`).
    """

    def __init__(self) -> None:
        self.index = Index(rules.shipped())
        self._promised: set[UUID] = set()
        self._since = "0"
        self._doubtful: set[UUID] = set()

    def score(self, tx: Transaction, facts: Collection[ListingState]) -> None:
        """Takes the facts of a batch into the index, judges their pairs, and locks what may change.

        A fixed number of statements. Reading again what other replicas wrote is under the scoring
        lock, so everything that was committed is seen. What this batch puts into the index is in
        doubt until the next one finds it in the database, or takes it out again.
        """
        since = store.lock_scoring(tx)
        self.index.rules = rules_in_force(tx)
        for change in store.changed_listings(tx, self._since, self._doubtful):
            self._take(change)
        self._since, self._doubtful = since, set()
        batch = tx.memo(Batch)
        batch.newest = self._newer(tx, facts)
        for listing_id, listing in batch.newest.items():
            self._doubtful.add(listing_id)
            self._put(listing)
        standing = store.pairs_of(tx, batch.newest)
        self._judge(tx, batch, standing)
        offers = {pair.offer_id for pair in standing}
        offers |= {s.offer.listing_id for found in batch.judged.values() for s in found}
        # Needs have no capacity; asking for them too keeps this one statement.
        store.capacities.lock(tx, offers | batch.newest.keys())
        ids = {each for pairs in batch.pairs.values() for each in pairs}
        store.proposals.lock(tx, ids)

    def _take(self, change: store.Change) -> None:
        """The index becomes what the database says about a listing."""
        if change.promised:
            self._promised.add(change.listing_id)
        indexed = self.index.get(change.listing_id)
        if change.fact is None or change.promised:
            self.index.remove(change.listing_id)
        elif indexed is None or indexed.state.version != change.fact_version:
            self.index.put(Listing(ListingState.model_validate_json(change.fact)))

    def _put(self, listing: Listing) -> None:
        if listing.listing_id in self._promised:
            self.index.remove(listing.listing_id)
        else:
            self.index.put(listing)

    def _newer(self, tx: Transaction, facts: Collection[ListingState]) -> dict[UUID, Listing]:
        """The newest fact of each listing, where it is newer than what is known."""
        newest: dict[UUID, ListingState] = {}
        for fact in facts:
            before = newest.get(fact.listing_id)
            if before is None or fact.version > before.version:
                newest[fact.listing_id] = fact
        store.listings.read(tx, newest)
        known = {key: store.listings.get(tx, key) for key in newest}
        return {
            key: Listing(fact)
            for key, fact in newest.items()
            if (before_it := known[key]) is None or before_it.fact.version < fact.version
        }

    def _judge(self, tx: Transaction, batch: Batch, standing: Collection[store.Pair]) -> None:
        of: Mapping[UUID, list[store.Pair]] = {key: [] for key in batch.newest}
        for pair in standing:
            for side in (pair.need_id, pair.offer_id):
                if side in of:
                    of[side].append(pair)
        for key, listing in batch.newest.items():
            pairs = of[key]
            if listing.is_open and key not in self._promised:
                found = judge(self.index, listing, pairs, tx.now.date())
            else:
                found = []
            batch.judged[key] = found
            batch.pairs[key] = {pair.proposal_id for pair in pairs} | {
                proposal_id(scored.need.listing_id, scored.offer.listing_id) for scored in found
            }
