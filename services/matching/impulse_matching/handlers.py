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
from datetime import timedelta
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from impulse_chassis import Handlers, Received, Refused, Transaction
from impulse_contracts.codes import Direction, ProposalState
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
from impulse_contracts.registry import (
    ListingChanged,
    ListingClosed,
    ListingMarkedStale,
    ListingPublished,
    ListingState,
    ListingWithdrawnFact,
)
from impulse_matching import store
from impulse_matching.domain import proposals
from impulse_matching.domain.plan import plan
from impulse_matching.domain.proposals import OfferCapacity, Proposal
from impulse_matching.domain.rights import may_answer
from impulse_matching.domain.rules import RuleSet
from impulse_matching.view import View

SYSTEM = "system"
"""The principal of the CLI and of trusted services."""

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


class Matching:
    """The handlers, under one rule set and one time to answer; an index for each database."""

    def __init__(self, rules: RuleSet, answer_time: timedelta) -> None:
        self.rules = rules
        self.answer_time = answer_time
        self.handlers = Handlers()
        self._views: WeakKeyDictionary[Engine, View] = WeakKeyDictionary()
        listing_facts: tuple[type[ListingState], ...] = (
            ListingPublished,
            ListingChanged,
            ListingMarkedStale,
            ListingClosed,
            ListingWithdrawnFact,
        )
        self.handlers.load(*listing_facts)(self.load_listings)
        for fact in listing_facts:
            self.handlers.on(fact)(self.listing)
        self.handlers.load(AcceptProposal, DeclineProposal, ExpireProposal)(self.load_proposals)
        self.handlers.on(AcceptProposal)(self.accept)
        self.handlers.on(DeclineProposal)(self.decline)
        self.handlers.on(ExpireProposal)(self.expire)

    # ------------------------------------------------------------------------------ listings

    def load_listings(self, tx: Transaction, messages: Sequence[Received[ListingState]]) -> None:
        """Scores the listings of the batch; see the module's docstring."""
        self._view(tx).score(tx, [message.data for message in messages])

    def listing(self, tx: Transaction, fact: ListingState) -> None:
        """Keeps a listing's newest state and changes its proposals: suggests, rescores, ends."""
        batch = self._view(tx).batch
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

    # --------------------------------------------------------------------------------- answers

    def load_proposals(
        self,
        tx: Transaction,
        messages: Sequence[Received[Any]],
    ) -> None:
        """Locks capacities and proposals, and reads who is who."""
        ids = sorted({message.data.proposal_id for message in messages})
        offers = store.offers_of(tx, ids)
        store.capacities.lock(tx, offers)
        store.lock_with_rivals(tx, ids, offers)
        people = {_person(message.attributes.principal) for message in messages}
        store.memberships.read(tx, (person for person in people if person is not None))

    def accept(self, tx: Transaction, command: AcceptProposal) -> Proposal:
        """One side says yes; if it is the second, the offer's other proposals are over."""
        before = self._answered(tx, command.proposal_id, command.side)
        capacity = _capacity(tx, before.offer_id)
        after, reserved = proposals.accept(before, capacity, command.side, tx.now, self.answer_time)
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

    def decline(self, tx: Transaction, command: DeclineProposal) -> Proposal:
        """One side says no; the offer is free again."""
        before = self._answered(tx, command.proposal_id, command.side)
        capacity = _capacity(tx, before.offer_id)
        after, freed = proposals.decline(before, capacity, command.side, command.reason)
        _keep(tx, before, after)
        _keep_capacity(tx, capacity, freed)
        return after

    def expire(self, tx: Transaction, timer: ExpireProposal) -> None:
        """The time to answer is over, if nobody has answered."""
        before = store.proposals.require(tx, timer.proposal_id)
        capacity = _capacity(tx, before.offer_id)
        after, freed = proposals.expire(before, capacity, tx.now)
        if after is not before:
            _keep(tx, before, after)
            _keep_capacity(tx, capacity, freed)

    def _answered(self, tx: Transaction, proposal_id: UUID, side: Direction) -> Proposal:
        """The proposal that somebody answers; refuses with `not_found` or `not_allowed`."""
        proposal = store.proposals.require(tx, proposal_id)
        principal = tx.attributes.principal
        if principal == SYSTEM:
            return proposal
        person_id = _person(principal)
        person = store.memberships.get(tx, person_id) if person_id else None
        if person is None or not may_answer(person.memberships, proposal.actor_of(side)):
            raise Refused(Reason.NOT_ALLOWED)
        return proposal

    def _view(self, tx: Transaction) -> View:
        engine = tx.connection.engine
        if engine not in self._views:
            self._views[engine] = View(self.rules)
        return self._views[engine]


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


def _person(principal: str | None) -> UUID | None:
    """The person who asks; None where that is no person's id."""
    try:
        return UUID(principal or "")
    except ValueError:
        return None
