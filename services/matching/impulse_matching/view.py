"""The listings as one replica sees them: its index, brought up to date and asked for each batch."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from impulse_chassis import Transaction
from impulse_contracts.registry.listings import ListingState
from impulse_matching import metrics
from impulse_matching.domain import fairness, making, rules, scoring
from impulse_matching.domain.choosing import Chosen, choose
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.plan import judge, refused
from impulse_matching.domain.proposals import OPEN, proposal_id
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.scoring import Scored
from impulse_matching.domain.search import Found
from impulse_matching.store.exposures import counted_in, exposures
from impulse_matching.store.listings import (
    Change,
    all_listings,
    carriers,
    changed_listings,
    listings,
    lock_scoring,
    promised_offers,
)
from impulse_matching.store.proposals import Pair, capacities, pairs_of, partners, proposals
from impulse_matching.store.rulesets import rules_since


@dataclass
class Batch:
    """What was found out about the listings of one batch, each as it is at the batch's end."""

    newest: dict[UUID, Listing] = field(default_factory=dict)
    judged: dict[UUID, list[Scored]] = field(default_factory=dict)
    pairs: dict[UUID, set[UUID]] = field(default_factory=dict)
    """The ids of a listing's proposals, those that may be made now included."""


class InForce:
    """The rules that are in force, as one replica knows them; at first those that are shipped."""

    def __init__(self) -> None:
        self._known = 0, rules.shipped()

    @property
    def rules(self) -> RuleSet:
        """Those that were read last."""
        return self._known[1]

    def read(self, tx: Transaction) -> RuleSet:
        """Those of now: one statement, and nothing to be parsed unless they changed."""
        if found := rules_since(tx, self._known[0]):
            self._known = found[0], RuleSet.model_validate(found[1])
        return self.rules


class View:
    """The index of one replica, under the rules in force; at first those that are shipped.

    The replica's threads share it: whoever uses it holds the scoring lock (`score`).
    """

    def __init__(self) -> None:
        self.index = Index(rules.shipped())
        self._promised: set[UUID] = set()
        self._since: str | None = None
        self._doubtful: set[UUID] = set()

    def score(self, tx: Transaction, facts: Collection[ListingState]) -> None:
        """Takes the facts of a batch into the index, judges their pairs, and locks what may change.

        A fixed number of statements. Reading again what other replicas wrote is under the scoring
        lock, so everything that was committed is seen. What this batch puts into the index is in
        doubt until the next one finds it in the database, or takes it out again.
        """
        since = lock_scoring(tx)
        self.index.judge_by(tx.cache(InForce).read(tx))
        if self._since is None:
            self._rebuild(tx)
        else:
            for change in changed_listings(tx, self._since, self._doubtful):
                self._take(change)
        self._since, self._doubtful = since, set()
        batch = tx.memo(Batch)
        batch.newest = self._newer(tx, facts)
        for listing_id, listing in batch.newest.items():
            self._doubtful.add(listing_id)
            self._put(listing)
            _count(listing)
        standing = pairs_of(tx, batch.newest)
        self._judge(tx, batch, standing)
        offers = {pair.offer_id for pair in standing}
        offers |= {s.offer.listing_id for found in batch.judged.values() for s in found}
        # Needs have no capacity; asking for them too keeps this one statement.
        metrics.INDEXED.set(len(self.index))
        metrics.INDEX_BYTES.set(self.index.memory())
        capacities.lock(tx, offers | batch.newest.keys())
        ids = {each for pairs in batch.pairs.values() for each in pairs}
        proposals.lock(tx, ids)

    def _rebuild(self, tx: Transaction) -> None:
        """The index becomes what the database says, all at once."""
        self.index = Index(self.index.rules)
        self._promised = promised_offers(tx)
        for changes in all_listings(tx):
            made = [(each.entry, each.party) for each in changes if each.entry and each.party]
            self.index.extend(making.entries(made))
            for change in changes:
                if change.fact:
                    self._put(_listing(change))

    def _take(self, change: Change) -> None:
        """The index becomes what the database says about a listing."""
        if change.promised:
            self._promised.add(change.listing_id)
        else:
            # What came of it was not carried out: it is free again.
            self._promised.discard(change.listing_id)
        if change.promised or not (change.entry or change.fact):
            self.index.remove(change.listing_id)
        elif change.fact:
            self._put(_listing(change))
        elif change.entry and change.party:
            self.index.put(making.entries([(change.entry, change.party)]))

    def _put(self, listing: Listing) -> None:
        if listing.is_open and listing.listing_id not in self._promised:
            self.index.put(listing.entry)
        else:
            self.index.remove(listing.listing_id)

    def _newer(self, tx: Transaction, facts: Collection[ListingState]) -> dict[UUID, Listing]:
        """The newest fact of each listing, where it is newer than what is known."""
        newest: dict[UUID, ListingState] = {}
        for fact in facts:
            before = newest.get(fact.listing_id)
            if before is None or fact.version > before.version:
                newest[fact.listing_id] = fact
        listings.read(tx, newest)
        known = {key: listings.get(tx, key) for key in newest}
        borne = carriers(tx, {fact.actor_id for fact in newest.values()})
        return {
            key: Listing(fact, borne.get(fact.actor_id))
            for key, fact in newest.items()
            if (before_it := known[key]) is None or before_it.fact.version < fact.version
        }

    def _judge(self, tx: Transaction, batch: Batch, standing: Collection[Pair]) -> None:
        of: Mapping[UUID, list[Pair]] = {key: [] for key in batch.newest}
        for pair in standing:
            for side in (pair.need_id, pair.offer_id):
                if side in of:
                    of[side].append(pair)
        listings.read(tx, refused(batch.newest.keys(), standing))
        chosen = self._choose(tx, batch, of, self._find(tx, batch, of))
        others = {each.listing_id for pairs in chosen.values() for each, _ in pairs}
        listings.read(tx, others - batch.newest.keys())
        for key, listing in batch.newest.items():
            batch.judged[key] = judged = [
                replace(
                    scoring.told(each, listing, other, self.index.rules, tx.now.date()),
                    adjustment=adjustment,
                )
                for each, adjustment in chosen[key]
                if (other := _current(tx, batch, each.listing_id))
            ]
            batch.pairs[key] = {pair.proposal_id for pair in of[key]} | {
                proposal_id(scored.need.listing_id, scored.offer.listing_id) for scored in judged
            }

    def _choose(
        self,
        tx: Transaction,
        batch: Batch,
        of: Mapping[UUID, Collection[Pair]],
        found: Mapping[UUID, list[Found]],
    ) -> dict[UUID, list[Chosen]]:
        """Which of the counterparts found are suggested, by the exposure of before this batch.

        Locks what the ledger of exposure says of them and of the batch's listings.
        """
        keys = counted_in(tx, {each.listing_id for pairs in found.values() for each in pairs})
        now = {
            key: fairness.keys(listing.state)
            for key, listing in batch.newest.items()
            if listing.is_open
        }
        before = (known for key in batch.newest if (known := listings.get(tx, key)))
        counted = [*keys.values(), *now.values(), *(each.counted_in for each in before)]
        exposures.lock(tx, {key for each in counted for key in each})
        keys |= now
        ledger = {each.of: each for each in exposures.loaded(tx, lambda _: True)}
        chosen: dict[UUID, list[Chosen]] = {}
        for key, pairs in found.items():
            kept = {side for pair in of[key] if pair.state in OPEN for side in pair[1:3]}
            chosen[key] = choose(pairs, kept, keys, ledger, self.index.rules)
        return chosen

    def _find(
        self, tx: Transaction, batch: Batch, of: Mapping[UUID, list[Pair]]
    ) -> dict[UUID, list[Found]]:
        """The best counterparts of each listing, and those it was proposed to before."""
        agreed = partners(tx, {each.state.actor_id for each in batch.newest.values()})
        found: dict[UUID, list[Found]] = {key: [] for key in batch.newest}
        for key, listing in batch.newest.items():
            if listing.is_open and key not in self._promised:
                said_no = refused({key}, of[key])
                found[key] = judge(
                    self.index,
                    listing,
                    of[key],
                    {each: now for each in said_no if (now := _current(tx, batch, each))},
                    tx.now.date(),
                    partners=making.party_numbers(agreed.get(listing.state.actor_id, ())),
                )
        return found


def _count(listing: Listing) -> None:
    """Says to the operator what can't be matched, or not by distance."""
    if listing.fault:
        metrics.LEFT_OUT.labels(str(listing.fault)).inc()
    elif listing.is_open and not listing.state.place.is_located:
        metrics.NOT_LOCATED.inc()


def _listing(change: Change) -> Listing:
    fact = ListingState.model_validate_json(change.fact or "")
    return Listing(fact, change.party)


def _current(tx: Transaction, batch: Batch, listing_id: UUID) -> Listing | None:
    """A listing as the index has it: as it is at the batch's end."""
    if newest := batch.newest.get(listing_id):
        return newest
    known = listings.get(tx, listing_id)
    return Listing(known.fact) if known else None
