"""What becomes of a listing's proposals when it appears, changes or goes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    ListingStatus,
    ProposalState,
    ResourceCategory,
)
from impulse_contracts.parts import TeamSize
from impulse_matching.domain import fairness, proposals, rules
from impulse_matching.domain.choosing import choose
from impulse_matching.domain.index import Index
from impulse_matching.domain.judging import judge
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.plan import plan
from impulse_matching.domain.proposals import OfferCapacity, Proposal
from impulse_matching.domain.scoring import told
from tests.matching.given import NOW, TODAY, changed, need, offer

WAIT = timedelta(days=14)
WANTED = need("Streichen", team_size=TeamSize(min=6, max=12))


class Market:
    """Listings and their proposals, without a database."""

    def __init__(self, *entries: Listing) -> None:
        self.index = Index(rules.shipped())
        self.proposals: dict[UUID, Proposal] = {}
        self.listings: dict[UUID, Listing] = {}
        for entry in entries:
            self.put_in(entry)

    def put_in(self, listing: Listing) -> None:
        """A listing is as it is now, and nobody looks at its proposals."""
        self.listings[listing.listing_id] = listing
        if listing.is_open:
            self.index.put(listing.entry)
        else:
            self.index.remove(listing.listing_id)

    def publish(self, listing: Listing) -> list[Proposal]:
        """A listing is as it is now; returns the proposals that changed."""
        self.put_in(listing)
        of_it = {
            key: proposal
            for key, proposal in self.proposals.items()
            if listing.listing_id in (proposal.need_id, proposal.offer_id)
        }
        known = self.listings
        found = (
            judge(self.index, listing, of_it.values(), known, TODAY).found
            if listing.is_open
            else []
        )
        kept = {
            other
            for each in of_it.values()
            if each.is_open
            for other in (each.need_id, each.offer_id)
        }
        keys = {key: fairness.keys(other.state) for key, other in self.listings.items()}
        judged = [
            told(each, listing, self.listings[each.listing_id], self.index.rules, TODAY)
            for each, _ in choose(found, kept, keys, {}, self.index.rules)
        ]
        result = plan(listing, judged, of_it, NOW)
        self.proposals |= {proposal.proposal_id: proposal for proposal in result}
        return result

    def put(self, proposal: Proposal) -> Proposal:
        self.proposals[proposal.proposal_id] = proposal
        return proposal


def accepted(proposal: Proposal) -> Proposal:
    free = OfferCapacity(offer_id=proposal.offer_id)
    return proposals.accept(proposal, free, Direction.NEED, NOW, WAIT)[0]


def declined(proposal: Proposal) -> Proposal:
    free = OfferCapacity(offer_id=proposal.offer_id)
    return proposals.decline(proposal, free, Direction.OFFER, DeclineReason.TOO_FAR, NOW)[0]


def test_the_best_ten_are_suggested() -> None:
    market = Market(*(offer(f"Angebot {number}") for number in range(15)))
    result = market.publish(WANTED)
    assert [proposal.state for proposal in result] == [ProposalState.SUGGESTED] * 10
    best = market.index.best(WANTED.features, TODAY)
    assert [proposal.offer_id for proposal in result] == [each.listing_id for each in best]


def test_it_is_the_same_proposal_from_either_side() -> None:
    market = Market()
    assert market.publish(offer("Malern")) == []
    [proposal] = market.publish(WANTED)
    assert market.publish(offer("Malern")) == []
    assert market.proposals == {proposal.proposal_id: proposal}


def test_an_unanswered_proposal_gets_the_score_of_now() -> None:
    market = Market(offer("Gärtnern"))
    [before] = market.publish(WANTED)
    [after] = market.publish(changed(WANTED, title="Gärtnern"))
    assert (after.version, after.state) == (2, ProposalState.SUGGESTED)
    assert after.score > before.score


def test_an_unanswered_proposal_beyond_the_best_ten_is_kept_and_rescored() -> None:
    far = offer("Angebot", description="etwas ganz anderes")
    market = Market(far)
    [first] = market.publish(WANTED)
    for number in range(12):
        market.put_in(offer(f"Streichen {number}"))
    result = market.publish(changed(WANTED, description="Ein Angebot, Farbe ist da"))
    assert len(result) == 11
    assert market.proposals[first.proposal_id].version == 2


def test_a_proposal_that_no_longer_fits_ends_with_the_blocker_and_may_come_back() -> None:
    market = Market(offer("Malern", team_size=TeamSize(min=8, max=10)))
    market.publish(WANTED)
    [over] = market.publish(changed(WANTED, team_size=TeamSize(min=1, max=3)))
    assert over.state is ProposalState.NO_LONGER_FITTING
    assert [blocker.criterion for blocker in over.blockers] == ["team_size"]
    [again] = market.publish(changed(WANTED))
    assert (again.state, again.version, again.blockers) == (ProposalState.SUGGESTED, 3, ())


@pytest.mark.parametrize("status", [ListingStatus.CLOSED, ListingStatus.WITHDRAWN])
@pytest.mark.parametrize("answer", [lambda proposal: proposal, accepted])
def test_a_listing_that_goes_takes_its_open_proposals_along(
    status: ListingStatus, answer: Any
) -> None:
    market = Market(offer("Malern"))
    [proposal] = market.publish(WANTED)
    market.put(answer(proposal))
    [over] = market.publish(changed(WANTED, status=status))
    assert over.state is ProposalState.INVALIDATED_BY_WITHDRAWAL
    assert over.answer_until is None
    [again] = market.publish(changed(WANTED))
    assert again.state is ProposalState.SUGGESTED


def test_what_somebody_accepted_survives_a_stale_listing_and_a_change() -> None:
    market = Market(offer("Malern"), offer("Tapezieren"))
    first, _ = market.publish(WANTED)
    market.put(accepted(first))
    [over] = market.publish(changed(WANTED, status=ListingStatus.STALE))
    assert over.proposal_id != first.proposal_id
    result = market.publish(changed(WANTED, resource_category=ResourceCategory.MINDS))
    assert result == []


def test_a_declined_pair_stays_away_until_a_side_says_something_else() -> None:
    market = Market(offer("Malern"))
    [proposal] = market.publish(WANTED)
    market.put(declined(proposal))
    assert market.publish(changed(WANTED)) == []
    assert market.publish(changed(WANTED, confirmed_at=NOW + timedelta(hours=1))) == []
    assert market.publish(changed(offer("Malern"))) == []
    [again] = market.publish(changed(offer("Malern"), description="Jetzt auch in Essen"))
    assert (again.state, again.declined_by) == (ProposalState.SUGGESTED, None)


def test_a_declined_pair_makes_room_for_the_next_best() -> None:
    market = Market(*(offer(f"Angebot {number}") for number in range(12)))
    for proposal in market.publish(WANTED)[:2]:
        market.put(declined(proposal))
    result = market.publish(changed(WANTED))
    assert [proposal.version for proposal in result] == [1, 1]


def test_an_agreement_is_never_touched() -> None:
    market = Market(offer("Malern"))
    [proposal] = market.publish(WANTED)
    market.put(proposal.evolve(state=ProposalState.MUTUALLY_ACCEPTED))
    assert market.publish(changed(WANTED, title="Tapezieren")) == []
    assert market.publish(changed(WANTED, status=ListingStatus.WITHDRAWN)) == []
