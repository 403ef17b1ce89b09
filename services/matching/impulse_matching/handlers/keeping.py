"""Keeping what becomes of proposals and capacities, and saying so."""

from datetime import datetime
from uuid import UUID

from impulse_chassis import Refused, Transaction
from impulse_contracts.codes import ProposalState
from impulse_contracts.matching import (
    ExpireProposal,
    ProposalAccepted,
    ProposalDeclined,
    ProposalExpired,
    ProposalFact,
    ProposalInvalidated,
    ProposalMutuallyAccepted,
    ProposalReleased,
    ProposalRescored,
    ProposalSuggested,
    ProposalTransferred,
    ReleaseSuggestions,
    RemindProposal,
)
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason
from impulse_matching.domain import proposals as decide
from impulse_matching.domain.making import BERLIN
from impulse_matching.domain.proposals import OfferCapacity, Proposal
from impulse_matching.domain.rules import Release
from impulse_matching.settings import Settings
from impulse_matching.store.earlier import forget_unused
from impulse_matching.store.proposals import capacities, proposals
from impulse_matching.view import InForce

_FACTS: dict[ProposalState, type[ProposalFact]] = {
    ProposalState.SUGGESTED: ProposalSuggested,
    ProposalState.SENT: ProposalReleased,
    ProposalState.ACCEPTED_BY_NEED: ProposalAccepted,
    ProposalState.ACCEPTED_BY_OFFER: ProposalAccepted,
    ProposalState.MUTUALLY_ACCEPTED: ProposalMutuallyAccepted,
    ProposalState.DECLINED: ProposalDeclined,
    ProposalState.EXPIRED: ProposalExpired,
    ProposalState.INVALIDATED_BY_OTHER_AGREEMENT: ProposalInvalidated,
    ProposalState.INVALIDATED_BY_WITHDRAWAL: ProposalInvalidated,
    ProposalState.NO_LONGER_FITTING: ProposalInvalidated,
}


def keep(tx: Transaction, before: Proposal | None, after: Proposal) -> None:
    """Keeps a proposal's next version, says so, and sets or takes away its timers."""
    proposals.put(tx, after)
    if before is not None and before.inputs != after.inputs:
        forget_unused(tx, before.need_id, before.offer_id)
    was = before.state if before else None
    released_before = was is after.state is ProposalState.SENT
    fact = ProposalRescored if released_before else _FACTS[after.state]
    tx.publish(fact.of(after), on_behalf_of=_on_behalf_of(before, after))
    until = before.answer_until if before else None
    if after.answer_until is not None and after.answer_until != until:
        _schedule(tx, after, after.answer_until)
    elif until is not None and after.answer_until is None:
        for timer in (ExpireProposal, RemindProposal):
            tx.unschedule(timer, after.need_id, name=str(after.proposal_id))
    if was is not after.state and after.state is ProposalState.SUGGESTED:
        _release_more(tx, after.need_id)
    elif was is not after.state and was is ProposalState.SENT:
        _release_more(tx, after.need_id, after.offer_id)


def _schedule(tx: Transaction, proposal: Proposal, until: datetime) -> None:
    """Sets the timers of a proposal that can be answered until then."""
    settings: Settings = tx.settings
    ids = {"proposal_id": proposal.proposal_id, "need_id": proposal.need_id}
    name = str(proposal.proposal_id)
    tx.schedule(ExpireProposal(**ids), at=until, name=name)
    if (soon := until - settings.reminder_time) > tx.now:
        tx.schedule(RemindProposal(**ids), at=soon, name=name)


def keep_transferred(tx: Transaction, proposal: Proposal) -> None:
    """Keeps a proposal of which another actor is a side now, and says so: nobody answered it."""
    proposals.put(tx, proposal)
    tx.publish(ProposalTransferred.of(proposal))


def _on_behalf_of(before: Proposal | None, after: Proposal) -> str | None:
    """The actor for whom somebody else gave the newest answer, if this version brought one."""
    newest = after.answers[-1] if after.answers else None
    if newest is None or newest.on_behalf is None or (before and before.answers == after.answers):
        return None
    return str(after.actor_of(newest.side))


def _release_more(tx: Transaction, *listing_ids: UUID) -> None:
    """Where suggestions are released by themselves, these listings may have room for the next.

    Of what is new the needs choose, the best first; of what has room again both.
    """
    if tx.cache(InForce).rules.release is Release.AUTOMATIC:
        for listing_id in listing_ids:
            tx.schedule(ReleaseSuggestions(listing_id=listing_id), at=tx.now)


def keep_acceptance(
    tx: Transaction,
    before: Proposal,
    after: Proposal,
    capacity: OfferCapacity,
    reserved: OfferCapacity,
) -> None:
    """Keeps a yes; if it is the second, the offer's other proposals are over."""
    keep(tx, before, after)
    keep_capacity(tx, capacity, reserved)
    if reserved.promised:
        for rival in proposals.loaded(
            tx, lambda each: each.offer_id == after.offer_id and each.is_open
        ):
            over = ProposalState.INVALIDATED_BY_OTHER_AGREEMENT
            keep(tx, rival, decide.invalidate(rival, over))


def waits_for(listing_id: UUID) -> str:
    """The key under which messages wait for a listing that is not known yet."""
    return f"listing/{listing_id}"


def require_past(tx: Transaction, said: OnBehalf | None) -> None:
    """Refuses with `date_in_future` that somebody was told what they are to be told later."""
    if said is not None and said.on > tx.now.astimezone(BERLIN).date():
        raise Refused(Reason.DATE_IN_FUTURE)


def capacity_of(tx: Transaction, offer_id: UUID) -> OfferCapacity:
    """The capacity of an offer, also of one that was never kept."""
    return capacities.get(tx, offer_id) or OfferCapacity(offer_id=offer_id)


def keep_capacity(tx: Transaction, before: OfferCapacity, after: OfferCapacity) -> None:
    """Keeps a capacity, if it changed."""
    if after is not before:
        capacities.put(tx, after)
