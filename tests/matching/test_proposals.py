"""The life of a proposal, and that an offer is promised once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import DeclineReason, Direction, ProposalState
from impulse_contracts.matching import ProposalSuggested
from impulse_contracts.reasons import Reason
from impulse_matching.domain import proposals, rules
from impulse_matching.domain.proposals import OfferCapacity, Proposal
from impulse_matching.domain.scoring import score
from tests.matching.given import NOW, TODAY, changed, need, offer

NEED, OFFER = Direction.NEED, Direction.OFFER
WAIT = timedelta(days=14)
LATER = NOW + timedelta(days=1)
OPEN_STATES = sorted(proposals.OPEN)


def suggested(need_title: str = "Streichen", offer_title: str = "Malern") -> Proposal:
    pair = need(need_title), offer(offer_title)
    return proposals.suggest(score(*pair, rules.shipped(), TODAY), NOW)


def free(proposal: Proposal) -> OfferCapacity:
    return OfferCapacity(offer_id=proposal.offer_id)


def refusal(decide: Any, *arguments: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        decide(*arguments)
    return refused.value


def test_a_suggestion_is_the_pair_and_all_that_explains_it() -> None:
    wanted, offered = need("Streichen", topics=["social_cohesion", "later"]), offer("Malern")
    scored = score(wanted, offered, rules.shipped(), TODAY)
    proposal = proposals.suggest(scored, NOW)
    fact = ProposalSuggested.of(proposal)
    assert ProposalSuggested.model_validate_json(fact.model_dump_json()) == fact
    assert (fact.version, fact.state, fact.score) == (1, "suggested", scored.score)
    assert fact.proposal_id == proposals.proposal_id(wanted.listing_id, offered.listing_id)
    assert fact.contributions == scored.contributions
    assert fact.inputs_hash == scored.inputs_hash
    assert fact.topics == ("social_cohesion",)


def test_the_id_of_a_pair_never_changes() -> None:
    assert str(proposals.proposal_id(UUID(int=1), UUID(int=2))) == (
        "e61e1cc0-0575-53b5-9726-1c9c966674f0"
    )


@pytest.mark.parametrize(("first", "second"), [(NEED, OFFER), (OFFER, NEED)])
def test_both_accept_in_any_order(first: Direction, second: Direction) -> None:
    proposal = suggested()
    one, reserved = proposals.accept(proposal, free(proposal), first, NOW, WAIT)
    assert one.state == f"accepted_by_{first}"
    assert one.answer_until == NOW + WAIT
    assert (reserved.reserved_for, reserved.promised) == (proposal.proposal_id, False)
    both, promised = proposals.accept(one, reserved, second, LATER, WAIT)
    assert both.state is ProposalState.MUTUALLY_ACCEPTED
    assert both.answer_until is None
    assert (promised.reserved_for, promised.promised) == (proposal.proposal_id, True)
    assert (both.version, promised.version) == (3, 2)


def test_one_side_accepts_once() -> None:
    proposal = suggested()
    one, reserved = proposals.accept(proposal, free(proposal), NEED, NOW, WAIT)
    refused = refusal(proposals.accept, one, reserved, NEED, NOW, WAIT)
    assert refused.reason is Reason.WRONG_STATE
    assert refused.reason.text("de", **refused.details) == (
        "Das geht im Zustand „vom Bedarf angenommen“ nicht."
    )


@pytest.mark.parametrize("side", Direction)
def test_a_reserved_offer_is_taken(side: Direction) -> None:
    first, second = suggested("Streichen"), suggested("Tapezieren")
    _, reserved = proposals.accept(first, free(first), NEED, NOW, WAIT)
    assert refusal(proposals.accept, second, reserved, side, NOW, WAIT).reason is Reason.OFFER_TAKEN


@pytest.mark.parametrize("side", Direction)
def test_declining_frees_the_offer(side: Direction) -> None:
    proposal = suggested()
    one, reserved = proposals.accept(proposal, free(proposal), NEED, NOW, WAIT)
    declined, freed = proposals.decline(one, reserved, side, DeclineReason.TOO_FAR, NOW)
    assert declined.state is ProposalState.DECLINED
    assert (declined.declined_by, declined.decline_reason) == (side, DeclineReason.TOO_FAR)
    assert declined.answer_until is None
    assert freed.reserved_for is None


def test_declining_one_leaves_the_reservation_of_another() -> None:
    first, second = suggested("Streichen"), suggested("Tapezieren")
    _, reserved = proposals.accept(first, free(first), NEED, NOW, WAIT)
    _, still = proposals.decline(second, reserved, OFFER, DeclineReason.OTHER, NOW)
    assert still is reserved


def test_an_answer_that_does_not_come_frees_the_offer() -> None:
    proposal = suggested()
    one, reserved = proposals.accept(proposal, free(proposal), OFFER, NOW, WAIT)
    assert proposals.expire(one, reserved, NOW + WAIT - timedelta(seconds=1)) == (one, reserved)
    expired, freed = proposals.expire(one, reserved, NOW + WAIT)
    assert expired.state is ProposalState.EXPIRED
    assert freed.reserved_for is None


def test_a_late_timer_changes_nothing() -> None:
    proposal = suggested()
    one, reserved = proposals.accept(proposal, free(proposal), OFFER, NOW, WAIT)
    both = proposals.accept(one, reserved, NEED, NOW, WAIT)
    assert proposals.expire(*both, NOW + 2 * WAIT) == both
    assert proposals.expire(proposal, free(proposal), NOW + 2 * WAIT) == (proposal, free(proposal))


@pytest.mark.parametrize("state", [state for state in ProposalState if state not in OPEN_STATES])
def test_what_is_closed_is_not_answered(state: ProposalState) -> None:
    proposal = suggested().evolve(state=state)
    for refused in (
        refusal(proposals.accept, proposal, free(proposal), NEED, NOW, WAIT),
        refusal(proposals.decline, proposal, free(proposal), NEED, DeclineReason.OTHER, NOW),
    ):
        assert refused.reason is Reason.WRONG_STATE
        assert refused.details["state"] == (state.de, state.en)


def test_rescoring_changes_what_is_shown_and_nothing_else() -> None:
    wanted, offered = need("Streichen"), offer("Gärtnern")
    proposal = proposals.suggest(score(wanted, offered, rules.shipped(), TODAY), NOW)
    same = score(wanted, offered, rules.shipped(), TODAY + timedelta(days=1))
    assert proposals.rescore(proposal, same, LATER) is proposal
    other = score(changed(wanted, title="Gärtnern"), offered, rules.shipped(), TODAY)
    rescored = proposals.rescore(proposal, other, LATER)
    assert (rescored.version, rescored.state) == (2, ProposalState.SUGGESTED)
    assert (rescored.need_title, rescored.suggested_at) == ("Gärtnern", NOW)
    assert rescored.score > proposal.score


class TwoNeedsAndMoreForOneOffer(RuleBasedStateMachine):
    """Several proposals of one offer, released and answered in any order: it is promised once at
    most, and never is too much asked at once."""

    @initialize()
    def begin(self) -> None:
        self.proposals = [suggested(title) for title in "ABCDE"]
        self.capacity = free(self.proposals[0])
        self.now = NOW
        self.winner: UUID | None = None

    def put(self, number: int, after: Proposal) -> None:
        before = self.proposals[number]
        assert after is before or after.version == before.version + 1
        self.proposals[number] = after

    def decide(self, number: int, decision: Any, *arguments: Any) -> None:
        try:
            after, self.capacity = decision(self.proposals[number], self.capacity, *arguments)
        except Refused:
            return
        self.put(number, after)
        if after.state is ProposalState.MUTUALLY_ACCEPTED:
            assert self.winner in (None, after.proposal_id)
            self.winner = after.proposal_id

    @rule(number=st.integers(0, 4), side=st.sampled_from(Direction))
    def accept(self, number: int, side: Direction) -> None:
        self.decide(number, proposals.accept, side, self.now, WAIT)

    @rule(number=st.integers(0, 4))
    def release(self, number: int) -> None:
        waiting = proposals.unanswered(self.proposals)
        try:
            after = proposals.release(
                self.proposals[number], self.capacity, waiting, self.now, WAIT
            )
        except Refused:
            return
        assert after.answer_until == self.now + WAIT
        self.put(number, after)

    @rule(number=st.integers(0, 4), side=st.sampled_from(Direction))
    def decline(self, number: int, side: Direction) -> None:
        self.decide(number, proposals.decline, side, DeclineReason.OTHER, self.now)

    @rule(number=st.integers(0, 4), days=st.integers(0, 20))
    def expire(self, number: int, days: int) -> None:
        self.now += timedelta(days=days)
        self.decide(number, proposals.expire, self.now)

    @rule(number=st.integers(0, 4))
    def withdraw(self, number: int) -> None:
        proposal = self.proposals[number]
        if proposal.is_open:
            over = proposals.invalidate(proposal, ProposalState.INVALIDATED_BY_WITHDRAWAL)
            self.put(number, over)
            self.capacity = proposals.released(self.capacity, over)

    @rule(number=st.integers(0, 4))
    def suggest_again(self, number: int) -> None:
        proposal = self.proposals[number]
        if not proposal.is_open and proposal.state is not ProposalState.MUTUALLY_ACCEPTED:
            pair = need(proposal.need_title), offer(proposal.offer_title)
            scored = score(*pair, rules.shipped(), TODAY)
            self.put(number, proposals.suggest(scored, self.now, earlier=proposal))

    @invariant()
    def no_listing_is_asked_too_much(self) -> None:
        assert max(proposals.unanswered(self.proposals).values(), default=0) <= 3
        for each in self.proposals:
            seen = each.state is ProposalState.SENT or bool(each.answers)
            assert (each.answer_until is None) or seen

    @invariant()
    def one_at_most_has_the_offer(self) -> None:
        states = [proposal.state for proposal in self.proposals]
        assert states.count(ProposalState.MUTUALLY_ACCEPTED) <= 1
        accepted = [
            proposal.proposal_id
            for proposal in self.proposals
            if proposal.state
            in (
                ProposalState.ACCEPTED_BY_NEED,
                ProposalState.ACCEPTED_BY_OFFER,
                ProposalState.MUTUALLY_ACCEPTED,
            )
        ]
        assert accepted == ([self.capacity.reserved_for] if self.capacity.reserved_for else [])
        assert self.capacity.promised is (ProposalState.MUTUALLY_ACCEPTED in states)


TestTwoNeedsAndMoreForOneOffer = TwoNeedsAndMoreForOneOffer.TestCase
TestTwoNeedsAndMoreForOneOffer.settings = settings(max_examples=50, stateful_step_count=30)
