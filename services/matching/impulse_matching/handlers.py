"""What matching does with listings, and with the answers to its proposals.

No pair is missed with several replicas: a batch with listings takes one advisory lock, brings its
index up to date with what other replicas committed, and scores. Of two listings that arrive at
two replicas at the same time, the one that is scored second finds the other.

Locks are always taken in this order, so that replicas don't wait for each other in a circle: the
scoring lock, capacities of offers by id, proposals by id. Whoever suggests or answers a proposal
holds its offer's capacity; so two needs never win one offer, and nothing is suggested of an
offer that is being promised.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from impulse_chassis import SYSTEM, Handlers, Messages, Received, Refused, Transaction
from impulse_contracts.codes import Direction, ProposalState
from impulse_contracts.markets import MarketPlanned, PlanMarket
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpireProposal,
    ProposalAccepted,
    ProposalDeclined,
    ProposalExpired,
    ProposalFact,
    ProposalInvalidated,
    ProposalMutuallyAccepted,
    ProposalSuggested,
)
from impulse_contracts.reasons import Reason
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
from impulse_contracts.registry.people import Membership
from impulse_contracts.rights import is_staff, may_answer
from impulse_matching import store
from impulse_matching.domain import market, proposals
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.market import MarketPlan
from impulse_matching.domain.plan import plan
from impulse_matching.domain.proposals import OfferCapacity, Proposal
from impulse_matching.settings import Settings
from impulse_matching.view import Batch, View

_FACTS: dict[ProposalState, type[ProposalFact]] = {
    ProposalState.SUGGESTED: ProposalSuggested,
    ProposalState.ACCEPTED_BY_NEED: ProposalAccepted,
    ProposalState.ACCEPTED_BY_OFFER: ProposalAccepted,
    ProposalState.MUTUALLY_ACCEPTED: ProposalMutuallyAccepted,
    ProposalState.DECLINED: ProposalDeclined,
    ProposalState.EXPIRED: ProposalExpired,
    ProposalState.INVALIDATED_BY_OTHER_AGREEMENT: ProposalInvalidated,
    ProposalState.INVALIDATED_BY_WITHDRAWAL: ProposalInvalidated,
    ProposalState.NO_LONGER_FITTING: ProposalInvalidated,
}


LISTING_FACTS: tuple[type[ListingState], ...] = (
    ListingPublished,
    ListingChanged,
    ListingConfirmed,
    ListingReminded,
    ListingMarkedStale,
    ListingClosed,
    ListingWithdrawnFact,
)

handlers = Handlers()


@dataclass
class Participating:
    """The listings of all who take part in the markets of a batch."""

    listings: list[Listing] = field(default_factory=list)


# ------------------------------------------------------------------------------ listings


@handlers.load(*LISTING_FACTS)
def load_listings(tx: Transaction, messages: Sequence[Received[ListingState]]) -> None:
    """Scores the listings of the batch; see the module's docstring."""
    tx.cache(View).score(tx, [message.data for message in messages])


@handlers.on(*LISTING_FACTS)
def listing(tx: Transaction, fact: ListingState) -> None:
    """Keeps a listing's newest state and changes its proposals: suggests, rescores, ends."""
    batch = tx.memo(Batch)
    known = store.listings.get(tx, fact.listing_id)
    if known is not None and known.fact.version >= fact.version:
        return
    known = known or store.KnownListing(listing_id=fact.listing_id, fact=fact)
    store.listings.put(tx, known.evolve(fact=fact))
    if fact.direction == Direction.OFFER and _capacity(tx, fact.listing_id).version == 0:
        store.capacities.put(tx, OfferCapacity(offer_id=fact.listing_id).evolve())
    newest = batch.newest[fact.listing_id]
    if newest.state.version != fact.version:
        return
    existing = {
        proposal.proposal_id: proposal
        for each in batch.pairs[fact.listing_id]
        if (proposal := store.proposals.get(tx, each)) is not None
    }
    for changed in plan(newest, batch.judged[fact.listing_id], existing, tx.now):
        capacity = _capacity(tx, changed.offer_id)
        if changed.state is ProposalState.SUGGESTED and capacity.promised:
            continue
        _keep(tx, existing.get(changed.proposal_id), changed)
        if not changed.is_open:
            _keep_capacity(tx, capacity, proposals.released(capacity, changed))


# --------------------------------------------------------------------------------- markets


@handlers.load(PlanMarket)
def load_markets(tx: Transaction, messages: Sequence[Received[PlanMarket]]) -> None:
    """Reads the listings of all who take part, and who may ask."""
    commands = [message.data for message in messages]
    store.markets.lock(tx, [command.edition_id for command in commands])
    participants = {each for command in commands for each in command.companies}
    participants |= {each for command in commands for each in command.nonprofits}
    tx.memo(Participating).listings = list(map(Listing, store.listings_of(tx, participants)))
    _read_people(tx, messages)


@handlers.on(PlanMarket)
def plan_market(tx: Transaction, command: PlanMarket) -> MarketPlan:
    """Who should talk with whom; brokers and operators plan."""
    if tx.attributes.principal != SYSTEM and not is_staff(_memberships(tx)):
        raise Refused(Reason.NOT_ALLOWED)
    named = {*command.companies, *command.nonprofits}
    planned = market.plan(
        command,
        (each for each in tx.memo(Participating).listings if each.state.actor_id in named),
        tx.cache(View).index.rules,
        tx.now,
        store.markets.get(tx, command.edition_id),
    )
    store.markets.put(tx, planned)
    tx.publish(MarketPlanned.of(planned))
    return planned


# --------------------------------------------------------------------------------- answers


@handlers.load(AcceptProposal, DeclineProposal, ExpireProposal)
def load_proposals(
    tx: Transaction,
    messages: Messages,
) -> None:
    """Locks capacities and proposals, and reads who is who."""
    ids = sorted({message.data.proposal_id for message in messages})
    offers = store.offers_of(tx, ids)
    store.capacities.lock(tx, offers)
    store.lock_with_rivals(tx, ids, offers)
    _read_people(tx, messages)


@handlers.on(AcceptProposal)
def accept(tx: Transaction, command: AcceptProposal) -> Proposal:
    """One side says yes; if it is the second, the offer's other proposals are over."""
    settings: Settings = tx.settings
    before = _answered(tx, command.proposal_id, command.side)
    capacity = _capacity(tx, before.offer_id)
    after, reserved = proposals.accept(before, capacity, command.side, tx.now, settings.answer_time)
    _keep(tx, before, after)
    _keep_capacity(tx, capacity, reserved)
    if after.answer_until is not None:
        expiry = ExpireProposal(proposal_id=after.proposal_id, need_id=after.need_id)
        tx.schedule(expiry, at=after.answer_until, name=str(after.proposal_id))
    if reserved.promised:
        for rival in store.proposals.loaded(
            tx, lambda each: each.offer_id == after.offer_id and each.is_open
        ):
            over = ProposalState.INVALIDATED_BY_OTHER_AGREEMENT
            _keep(tx, rival, proposals.invalidate(rival, over))
    return after


@handlers.on(DeclineProposal)
def decline(tx: Transaction, command: DeclineProposal) -> Proposal:
    """One side says no; the offer is free again."""
    before = _answered(tx, command.proposal_id, command.side)
    capacity = _capacity(tx, before.offer_id)
    after, freed = proposals.decline(before, capacity, command.side, command.reason)
    _keep(tx, before, after)
    _keep_capacity(tx, capacity, freed)
    return after


@handlers.on(ExpireProposal)
def expire(tx: Transaction, timer: ExpireProposal) -> None:
    """The time to answer is over, if nobody has answered."""
    before = store.proposals.require(tx, timer.proposal_id)
    capacity = _capacity(tx, before.offer_id)
    after, freed = proposals.expire(before, capacity, tx.now)
    if after is not before:
        _keep(tx, before, after)
        _keep_capacity(tx, capacity, freed)


def _answered(tx: Transaction, proposal_id: UUID, side: Direction) -> Proposal:
    """The proposal that somebody answers; refuses with `not_found` or `not_allowed`."""
    proposal = store.proposals.require(tx, proposal_id)
    if tx.attributes.principal == SYSTEM:
        return proposal
    if not may_answer(_memberships(tx), proposal.actor_of(side)):
        raise Refused(Reason.NOT_ALLOWED)
    return proposal


def _read_people(tx: Transaction, messages: Messages) -> None:
    """Reads what those are who ask."""
    people = {message.attributes.person_id for message in messages}
    store.memberships.read(tx, (person for person in people if person is not None))


def _memberships(tx: Transaction) -> tuple[Membership, ...]:
    """What the person is who asks; nothing where nobody is known."""
    person_id = tx.attributes.person_id
    person = store.memberships.get(tx, person_id) if person_id else None
    return person.memberships if person else ()


def _keep(tx: Transaction, before: Proposal | None, after: Proposal) -> None:
    """Keeps a proposal's next version, says so, and takes its timer away once nobody is waited
    for."""
    store.proposals.put(tx, after)
    tx.publish(_FACTS[after.state].of(after))
    if before is not None and before.answer_until is not None and after.answer_until is None:
        tx.unschedule(ExpireProposal, after.need_id, name=str(after.proposal_id))


def _capacity(tx: Transaction, offer_id: UUID) -> OfferCapacity:
    return store.capacities.get(tx, offer_id) or OfferCapacity(offer_id=offer_id)


def _keep_capacity(tx: Transaction, before: OfferCapacity, after: OfferCapacity) -> None:
    if after is not before:
        store.capacities.put(tx, after)
