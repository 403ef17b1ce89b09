"""What is found out about the listings of one batch: beforehand, then under the scoring lock.

No pair is missed, whatever order two replicas see things in. One at a time puts in force what it
found: it holds the scoring lock until it has committed, so of two listings the one that comes
second is compared with the other. But nearly all the work is done before it waits for the lock:
the counterparts are found and told as if nobody else were there. Under the lock the index is
brought up to date once more, and only what concerns listings that others changed meanwhile is
looked for and told anew. What comes out is the same as if all had been done under the lock; so
replicas work at the same time, and what one after the other does are the writes.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from impulse_chassis import Transaction
from impulse_contracts.registry.listings import ListingState
from impulse_matching import metrics
from impulse_matching.domain import fairness, making, scoring
from impulse_matching.domain.choosing import Chosen, Ledger, choose
from impulse_matching.domain.judging import Earlier, Judged, judge, refused
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import OPEN, proposal_id
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.scoring import Scored
from impulse_matching.domain.search import Found
from impulse_matching.store.exposures import counted_in, exposures, exposures_now
from impulse_matching.store.listings import carriers, listings, lock_scoring
from impulse_matching.store.proposals import Pair, capacities, pairs_of, partners, proposals
from impulse_matching.view import View

_NOBODY = Judged([], [], frozenset())
"""What was found of a listing for which nobody was looked for."""
ReadLedger = Callable[[Transaction, Collection[str]], Ledger]


@dataclass
class Batch:
    """What was found out about the listings of one batch, each as it is at the batch's end."""

    newest: dict[UUID, Listing] = field(default_factory=dict)
    judged: dict[UUID, list[Scored]] = field(default_factory=dict)
    pairs: dict[UUID, set[UUID]] = field(default_factory=dict)
    """The ids of a listing's proposals, those that may be made now included."""
    since: str = ""
    """Up to when others' changes were seen beforehand."""
    rules: RuleSet | None = None
    partners: dict[UUID, set[UUID]] = field(default_factory=dict)
    found: dict[UUID, Judged] = field(default_factory=dict)
    told: dict[tuple[UUID, UUID], "Told"] = field(default_factory=dict)
    known: dict[UUID, Listing] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What was found about a listing and `other`, in words."""

    found: Found
    other: Listing
    scored: Scored


def judge_beforehand(tx: Transaction, facts: Collection[ListingState]) -> None:
    """Judges the pairs of a batch's listings as if no other replica were there. Locks nothing."""
    batch, view = tx.memo(Batch), tx.cache(View)
    batch.newest = _newer(tx, facts)
    batch.partners = partners(tx, {each.state.actor_id for each in batch.newest.values()})
    with view.turn():
        batch.since, _ = view.catch_up(tx)
        _judge(tx, batch, view, exposures_now)


def judge_for_good(tx: Transaction) -> None:
    """Under the scoring lock, makes good what others changed meanwhile, and locks what may change.

    Everything that was committed is seen now, and nobody else commits until this is done.
    """
    batch, view = tx.memo(Batch), tx.cache(View)
    lock_scoring(tx)
    with view.turn():
        _, changed = view.catch_up(tx, batch.since)
        changed -= batch.newest.keys()
        listings.read_again(tx, changed)
        standing = _judge(tx, batch, view, _for_good, changed)
        metrics.INDEXED.set(len(view.index))
        metrics.INDEX_BYTES.set(view.index.memory())
    for listing in batch.newest.values():
        _count(listing)
    offers = {pair.offer_id for pair in standing}
    offers |= {s.offer.listing_id for found in batch.judged.values() for s in found}
    # Needs have no capacity; asking for them too keeps this one statement.
    capacities.lock(tx, offers | batch.newest.keys())
    proposals.lock(tx, {each for pairs in batch.pairs.values() for each in pairs})


def _newer(tx: Transaction, facts: Collection[ListingState]) -> dict[UUID, Listing]:
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


def _judge(
    tx: Transaction,
    batch: Batch,
    view: View,
    ledger_of: ReadLedger,
    changed: Collection[UUID] = (),
) -> list[Pair]:
    """Finds, chooses and tells, without what was found out before; returns the standing pairs."""
    if batch.rules is not view.index.rules:
        batch.rules = view.index.rules
        batch.found, batch.told = {}, {}
    for listing in batch.newest.values():
        view.try_out(listing)
    standing = pairs_of(tx, batch.newest)
    of: Mapping[UUID, list[Pair]] = {key: [] for key in batch.newest}
    for pair in standing:
        for side in (pair.need_id, pair.offer_id):
            if side in of:
                of[side].append(pair)
    listings.read(tx, refused(batch.newest.keys(), standing))
    batch.found = {
        key: _found(tx, batch, view, listing, of[key], changed)
        for key, listing in batch.newest.items()
    }
    chosen = _choose(tx, batch, of, ledger_of)
    others = {each.listing_id for pairs in chosen.values() for each, _ in pairs}
    listings.read(tx, others - batch.newest.keys())
    for key, listing in batch.newest.items():
        batch.judged[key] = judged = [
            replace(_tell(tx, batch, listing, each, other), adjustment=adjustment)
            for each, adjustment in chosen[key]
            if (other := _current(tx, batch, each.listing_id))
        ]
        batch.pairs[key] = {pair.proposal_id for pair in of[key]} | {
            proposal_id(scored.need.listing_id, scored.offer.listing_id) for scored in judged
        }
    return standing


def _found(
    tx: Transaction,
    batch: Batch,
    view: View,
    listing: Listing,
    existing: Collection[Pair],
    changed: Collection[UUID],
) -> Judged:
    """The best counterparts of a listing, and those it was proposed to before."""
    key = listing.listing_id
    if not listing.is_open or key in view.promised:
        return _NOBODY
    said_no = refused({key}, existing)
    before = batch.found.get(key)
    return judge(
        view.index,
        listing,
        existing,
        {each: now for each in said_no if (now := _current(tx, batch, each))},
        tx.now.date(),
        partners=making.party_numbers(batch.partners.get(listing.state.actor_id, ())),
        earlier=Earlier(before, changed) if before and before is not _NOBODY else None,
    )


def _choose(
    tx: Transaction, batch: Batch, of: Mapping[UUID, Collection[Pair]], ledger_of: ReadLedger
) -> dict[UUID, list[Chosen]]:
    """Which of the counterparts found are suggested, by the exposure of before this batch."""
    found = {key: judged.found for key, judged in batch.found.items()}
    keys = counted_in(tx, {each.listing_id for pairs in found.values() for each in pairs})
    now = {
        key: fairness.keys(listing.state)
        for key, listing in batch.newest.items()
        if listing.is_open
    }
    before = (known for key in batch.newest if (known := listings.get(tx, key)))
    counted = [*keys.values(), *now.values(), *(each.counted_in for each in before)]
    ledger = ledger_of(tx, {key for each in counted for key in each})
    keys |= now
    assert batch.rules is not None
    chosen: dict[UUID, list[Chosen]] = {}
    for key, pairs in found.items():
        kept = {side for pair in of[key] if pair.state in OPEN for side in pair[1:3]}
        chosen[key] = choose(pairs, kept, keys, ledger, batch.rules)
    return chosen


def _for_good(tx: Transaction, keys: Iterable[str]) -> Ledger:
    """Entries of the ledger of exposure: who changes any holds the scoring lock, as this does."""
    exposures.read(tx, keys)
    return {each.of: each for each in exposures.loaded(tx, lambda _: True)}


def _tell(tx: Transaction, batch: Batch, listing: Listing, found: Found, other: Listing) -> Scored:
    """What was found about two listings, in words; those of before where nothing is new."""
    pair = listing.listing_id, other.listing_id
    before = batch.told.get(pair)
    if before is None or before.found != found or before.other is not other:
        assert batch.rules is not None
        scored = scoring.told(found, listing, other, batch.rules, tx.now.date())
        before = batch.told[pair] = Told(found, other, scored)
    return before.scored


def _current(tx: Transaction, batch: Batch, listing_id: UUID) -> Listing | None:
    """A listing as the index has it: as it is at the batch's end."""
    if newest := batch.newest.get(listing_id):
        return newest
    known = listings.get(tx, listing_id)
    if known is None:
        return None
    current = batch.known.get(listing_id)
    if current is None or current.state is not known.fact:
        current = batch.known[listing_id] = Listing(known.fact)
    return current


def _count(listing: Listing) -> None:
    """Says to the operator what can't be matched, or not by distance."""
    if listing.fault:
        metrics.LEFT_OUT.labels(str(listing.fault)).inc()
    elif listing.is_open and not listing.state.place.is_located:
        metrics.NOT_LOCATED.inc()
