"""What matching does with listings; how they are scored says `impulse_matching.batch`."""

from collections.abc import Sequence

from impulse_chassis import Handlers, Messages, Received, Transaction
from impulse_contracts.codes import Direction, ProposalState
from impulse_contracts.registry.listings import (
    ListingChanged,
    ListingClosed,
    ListingConfirmed,
    ListingMarkedStale,
    ListingPublished,
    ListingReminded,
    ListingState,
    ListingWithdrawnFact,
)
from impulse_matching.batch import Batch, judge_beforehand, judge_for_good
from impulse_matching.domain import fairness
from impulse_matching.domain import proposals as decide
from impulse_matching.domain.plan import follow, plan
from impulse_matching.domain.proposals import OfferCapacity
from impulse_matching.handlers.exposure import count_listing, count_suggestions
from impulse_matching.handlers.keeping import (
    capacity_of,
    keep,
    keep_capacity,
    keep_transferred,
    waits_for,
)
from impulse_matching.store.earlier import keep_earlier
from impulse_matching.store.listings import KnownListing, listings, made
from impulse_matching.store.proposals import capacities, proposals

LISTING_FACTS: tuple[type[ListingState], ...] = (
    ListingPublished,
    ListingChanged,
    ListingConfirmed,
    ListingReminded,
    ListingMarkedStale,
    ListingClosed,
    ListingWithdrawnFact,
)

first = Handlers()
"""What is done before anything is locked; see `impulse_matching.handlers`."""
handlers = Handlers()


@first.load(*LISTING_FACTS)
def score(tx: Transaction, messages: Sequence[Received[ListingState]]) -> None:
    """Judges the pairs of the batch's listings, nearly always as they will be."""
    judge_beforehand(tx, [message.data for message in messages])


@handlers.load(*LISTING_FACTS)
def score_for_good(tx: Transaction, _: Messages) -> None:
    """Judges them as they are now that nobody else scores, and locks what may change."""
    judge_for_good(tx)


@handlers.on(*LISTING_FACTS)
def listing(tx: Transaction, fact: ListingState) -> None:
    """Keeps a listing's newest state and suggests, rescores, transfers and ends its proposals."""
    batch = tx.memo(Batch)
    known = listings.get(tx, fact.listing_id)
    newest = batch.newest.get(fact.listing_id)
    if newest is None or newest.state.version != fact.version:
        return
    if known is not None and known.fact.version >= fact.version:
        return
    if known is None:
        tx.resolve(waits_for(fact.listing_id))
    before = known or KnownListing(listing_id=fact.listing_id, fact=fact)
    after = before.evolve(
        fact=fact, counted_in=fairness.keys(fact) if newest.is_open else (), **made(newest)
    )
    listings.put(tx, after)
    count_listing(tx, before, after)
    if fact.direction == Direction.OFFER and capacity_of(tx, fact.listing_id).version == 0:
        capacities.put(tx, OfferCapacity(offer_id=fact.listing_id).evolve())
    existing = {
        proposal.proposal_id: proposal
        for each in batch.pairs[fact.listing_id]
        if (proposal := proposals.get(tx, each)) is not None
    }
    for followed in follow(newest, existing):
        keep_transferred(tx, followed)
        existing[followed.proposal_id] = followed
    shown = []
    for changed in plan(newest, batch.judged[fact.listing_id], existing, tx.now):
        capacity = capacity_of(tx, changed.offer_id)
        if changed.state is ProposalState.SUGGESTED and capacity.promised:
            continue
        earlier = existing.get(changed.proposal_id)
        keep(tx, earlier, changed)
        if changed.exposed and not (earlier and earlier.exposed):
            shown.append(changed)
        existing[changed.proposal_id] = changed
        if not changed.is_open:
            keep_capacity(tx, capacity, decide.released(capacity, changed))
    count_suggestions(tx, shown)
    if known and any(
        each.rests_on(fact.listing_id, known.fact.version) for each in existing.values()
    ):
        keep_earlier(tx, known.fact)
