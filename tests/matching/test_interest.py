"""Somebody shows interest in a listing: a proposal that their own side has said yes to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from impulse_contracts.codes import DeclineReason, Direction, PersonRole
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpressInterest,
    ProposalFact,
    ReleaseProposal,
)
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Membership, MembershipGranted
from impulse_contracts.rulesets import ActivateRuleSet
from impulse_matching.app import service
from impulse_matching.domain import proposals
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.rules import shipped
from tests.fixtures.services import Engines
from tests.matching.given import HAMM, changed, need, offer
from tests.matching.test_handlers import Matching
from tests.matching.test_life import newest, say

PERSON = uuid4()
WANTED, GIVEN = (
    need("Streichen"),
    offer("Malern", place=HAMM.model_copy(update={"max_distance_km": 5})),
)
"""Too far apart to be suggested."""
PAIR = proposals.proposal_id(WANTED.listing_id, GIVEN.listing_id)


@pytest.fixture
def matching(engine_of: Engines) -> Matching:
    """One service with two listings and a contact of the offer's actor."""
    engine: Engine = engine_of(service)
    matching = Matching(engine)
    membership = Membership(actor_id=GIVEN.state.actor_id, roles=(PersonRole.CONTACT,))
    matching.world.say(MembershipGranted(person_id=PERSON, version=1, memberships=(membership,)))
    matching.publish(WANTED, GIVEN)
    matching.settle()
    assert not matching.states()
    return matching


def express(
    matching: Matching,
    wanted: Listing = WANTED,
    given: Listing | None = GIVEN,
    actor_id: UUID = GIVEN.state.actor_id,
    who: UUID | None = PERSON,
    **more: Any,
) -> Any:
    command = ExpressInterest(
        interest_id=uuid4(),
        need_id=wanted.listing_id,
        offer_id=given.listing_id if given else None,
        actor_id=actor_id,
        **more,
    )
    return say(matching, command, who)


@pytest.mark.parametrize("given", [GIVEN, None])
def test_interest_opens_a_proposal_that_the_asker_has_accepted(
    matching: Matching, given: Listing | None
) -> None:
    outcome = express(matching, given=given, note="Wir kommen gern.")
    assert (outcome.reason, outcome.aggregate_id, outcome.version) == (None, str(PAIR), 2)
    assert matching.states() == {PAIR: ["suggested", "accepted_by_offer"]}
    fact = newest(matching, PAIR)
    assert (fact.origin, fact.note) == ("requested", "Wir kommen gern.")
    assert fact.released_at is not None
    assert [each.criterion for each in fact.blockers] == ["too_far"], "shown, not hidden"
    say(matching, AcceptProposal(proposal_id=PAIR, side=Direction.NEED), None)
    assert newest(matching, PAIR).state == "mutually_accepted"


def test_the_needing_side_asks_for_an_offer(matching: Matching) -> None:
    outcome = express(matching, actor_id=WANTED.state.actor_id, who=None)
    assert outcome.reason is None
    assert newest(matching, PAIR).state == "accepted_by_need"


def test_interest_in_what_is_suggested_is_a_yes(matching: Matching) -> None:
    near = offer("Malern nebenan")
    matching.publish(near)
    matching.settle()
    pair = proposals.proposal_id(WANTED.listing_id, near.listing_id)
    outcome = express(matching, given=near, actor_id=near.state.actor_id, who=None, note="Gern.")
    assert outcome.version == 2
    fact = newest(matching, pair)
    assert (fact.origin, fact.state, fact.note) == ("engine", "accepted_by_offer", "Gern.")


def test_who_was_turned_down_does_not_ask_again_for_the_same(matching: Matching) -> None:
    express(matching)
    no = DeclineProposal(proposal_id=PAIR, side=Direction.NEED, reason=DeclineReason.TOO_FAR)
    say(matching, no, None)
    refused = express(matching)
    assert refused.reason is Reason.WRONG_STATE
    assert "abgelehnt" in refused.message.de
    matching.publish(changed(GIVEN, place=HAMM))
    matching.settle()
    assert express(matching).reason is None
    facts: list[ProposalFact] = [each.data for each in matching.world.heard(ProposalFact)]
    assert [each.version for each in facts] == [1, 2, 3, 4, 5]


def test_an_interest_is_none_of_the_three_that_are_released(matching: Matching) -> None:
    express(matching)
    near = [offer(f"Malern {number}") for number in range(3)]
    matching.publish(*near)
    matching.settle()
    for each in near:
        pair = proposals.proposal_id(WANTED.listing_id, each.listing_id)
        assert say(matching, ReleaseProposal(proposal_id=pair), None).reason is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"who": uuid4()}, Reason.NOT_ALLOWED),
        ({"wanted": GIVEN}, Reason.BLOCKED),
        ({"actor_id": uuid4(), "given": None, "who": None}, Reason.OFFER_NEEDED),
        ({"actor_id": uuid4(), "who": None}, Reason.NOT_ALLOWED),
        ({"note": "Rufen Sie an: 0201 123456"}, Reason.CONTACT_IN_TEXT),
    ],
    ids=["stranger", "same direction", "none", "not theirs", "contact"],
)
def test_what_cannot_be_asked_for(matching: Matching, more: Any, reason: Reason) -> None:
    assert express(matching, **more).reason is reason
    assert not matching.states()


@pytest.mark.parametrize(
    ("kind", "state"), [(need, "accepted_by_need"), (offer, "accepted_by_offer")]
)
def test_an_interest_waits_for_a_listing_that_is_published_for_it(
    matching: Matching, kind: Callable[..., Listing], state: str
) -> None:
    new, other = kind("Neu", actor_id=GIVEN.state.actor_id), offer("Fremdes")
    matching.publish(other)
    matching.settle()
    pair = (new, other) if kind is need else (WANTED, new)
    command = ExpressInterest(
        interest_id=uuid4(),
        need_id=pair[0].listing_id,
        offer_id=pair[1].listing_id,
        actor_id=GIVEN.state.actor_id,
    )
    said = matching.world.say(command, principal=str(PERSON))
    matching.settle()
    assert not [each for each in matching.world.heard(Outcome) if each.data.command_id == said]
    matching.publish(new)
    matching.settle()
    assert matching.outcome(said).reason is None
    assert (
        newest(matching, proposals.proposal_id(command.need_id, pair[1].listing_id)).state == state
    )


def test_what_never_comes_is_not_waited_for_for_ever(matching: Matching) -> None:
    command = ExpressInterest(interest_id=uuid4(), need_id=uuid4(), actor_id=GIVEN.state.actor_id)
    said = matching.world.say(command, principal=str(PERSON))
    matching.settle()
    matching.world.advance(timedelta(minutes=11))
    assert matching.outcome(said).reason is Reason.WAITED_TOO_LONG


def test_of_their_own_offers_a_free_one_is_meant(matching: Matching) -> None:
    other = offer("Noch einmal malern", actor_id=GIVEN.state.actor_id, place=HAMM)
    rival = need("Malern und tapezieren", place=HAMM)
    matching.publish(other, rival)
    matching.settle()
    scores = {each.data.offer_id: each.data.score for each in matching.world.heard(ProposalFact)}
    best, second = sorted((GIVEN, other), key=lambda each: -scores[each.listing_id])
    assert express(matching, given=best).reason is None
    assert express(matching, wanted=rival, given=None).aggregate_id == str(
        proposals.proposal_id(rival.listing_id, second.listing_id)
    )
    assert express(matching, given=None).reason is Reason.WRONG_STATE, "said yes already"
    third = need("Lackieren", place=HAMM)
    matching.publish(third)
    matching.settle()
    assert express(matching, wanted=third, given=None).reason is Reason.OFFER_TAKEN


def test_who_asks_and_has_agreed_before_is_known(matching: Matching) -> None:
    express(matching)
    say(matching, AcceptProposal(proposal_id=PAIR, side=Direction.NEED), None)
    actors = WANTED.state.actor_id, GIVEN.state.actor_id
    again = need("Tapezieren", actor_id=actors[0]), offer("Tapeten", actor_id=actors[1])
    pair = proposals.proposal_id(again[0].listing_id, again[1].listing_id)
    matching.publish(*again)
    matching.settle()
    no = DeclineProposal(proposal_id=pair, side=Direction.OFFER, reason=DeclineReason.OTHER)
    say(matching, no, None)
    assert express(matching, *again).reason is None
    fact = newest(matching, pair)
    relation = next(c for c in fact.contributions if c.criterion == "past_relation")
    assert (relation.raw, relation.en) == (1.0, "Both have agreed before")


def test_a_replica_that_scored_nothing_yet_judges_by_the_rules_in_force(
    matching: Matching, engine_of: Engines
) -> None:
    document = shipped().model_dump(mode="json")
    command = ActivateRuleSet(ruleset_version="x-1", rules={**document, "version": "x-1"})
    matching.world.say(command)
    matching.settle()
    assert express(matching).reason is None
    assert newest(matching, PAIR).ruleset_version == "x-1"


def test_nobody_asks_themselves(matching: Matching) -> None:
    own = need("Eigenes", actor_id=GIVEN.state.actor_id)
    matching.publish(own)
    matching.settle()
    refused = express(matching, wanted=own)
    assert refused.reason is Reason.BLOCKED
    assert "derselben Organisation" in refused.message.de
