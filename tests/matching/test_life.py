"""From suggestion to answer: who sees and answers what when, and how much at once."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from impulse_chassis.testing import START
from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    IntakeChannel,
    PersonRole,
    ProposalState,
)
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ProposalFact,
    ProposalReleased,
    ProposalReminded,
    ProposalRescored,
    ReleaseProposal,
)
from impulse_contracts.parts import ReportedOnBehalf, Time
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Membership, MembershipGranted
from impulse_contracts.rulesets import ActivateRuleSet
from impulse_matching.app import service
from impulse_matching.domain import proposals, rules
from impulse_matching.domain.listing import Listing
from tests.fixtures.services import Engines
from tests.matching.given import changed, need, offer
from tests.matching.test_handlers import GIVEN, NEED, OFFER, PAIR, WANTED, Matching

CONTACT, BROKER = uuid4(), uuid4()
BY_PHONE = ReportedOnBehalf(channel=IntakeChannel.PHONE, on=START.date())


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of matching."""
    return engine_of(service)


@pytest.fixture
def matching(engine: Engine) -> Matching:
    """One service with a proposal of two listings, a contact of the need's actor, and a broker."""
    matching = Matching(engine)
    for person, role in ((CONTACT, PersonRole.CONTACT), (BROKER, PersonRole.BROKER)):
        actor_id = WANTED.state.actor_id if role is PersonRole.CONTACT else uuid4()
        membership = Membership(actor_id=actor_id, roles=(role,))
        matching.world.say(
            MembershipGranted(person_id=person, version=1, memberships=(membership,))
        )
    matching.publish(WANTED, GIVEN)
    matching.settle()
    return matching


def say(matching: Matching, command: Any, who: UUID | None = BROKER) -> Any:
    """The outcome of what somebody says; None: the system."""
    asked = matching.world.say(command, principal=str(who) if who else "system")
    matching.settle()
    return matching.outcome(asked)


def release(matching: Matching, pair: UUID = PAIR, who: UUID | None = BROKER) -> Any:
    return say(matching, ReleaseProposal(proposal_id=pair), who)


def accept(
    matching: Matching, side: Direction = NEED, who: UUID | None = BROKER, **more: Any
) -> Any:
    return say(matching, AcceptProposal(proposal_id=PAIR, side=side, **more), who)


def newest(matching: Matching, pair: UUID = PAIR) -> ProposalFact:
    facts: list[ProposalFact] = [each.data for each in matching.world.heard(ProposalFact)]
    return [each for each in facts if each.proposal_id == pair][-1]


def test_a_side_answers_what_was_released_and_nothing_before(matching: Matching) -> None:
    refused = accept(matching, who=CONTACT)
    assert refused.reason is Reason.NOT_RELEASED
    assert "Zustand „vorgeschlagen“" in refused.message.de
    no = DeclineProposal(proposal_id=PAIR, side=NEED, reason=DeclineReason.OTHER)
    assert say(matching, no, CONTACT).reason is Reason.NOT_RELEASED
    assert release(matching, who=CONTACT).reason is Reason.NOT_ALLOWED
    assert release(matching).version == 2
    [fact] = [each.data for each in matching.world.heard(ProposalReleased)]
    assert (fact.state, fact.released_at) == ("sent", START)
    assert fact.answer_until == START + timedelta(days=14)
    assert accept(matching, who=CONTACT).reason is None
    assert newest(matching).answer_until == START + timedelta(days=14)
    again = release(matching)
    assert again.reason is Reason.WRONG_STATE
    assert "vom Bedarf angenommen" in again.message.de


@pytest.mark.parametrize("who", [None, BROKER])
def test_brokers_and_the_system_answer_before_which_releases_it(
    matching: Matching, who: UUID | None
) -> None:
    matching.world.advance(timedelta(days=2))
    assert accept(matching, who=who).reason is None
    fact = newest(matching)
    assert (fact.state, fact.released_at) == ("accepted_by_need", START + timedelta(days=2))
    assert fact.answer_until == START + timedelta(days=16)


def test_what_is_recorded_for_a_side_shows_as_such(matching: Matching) -> None:
    release(matching)
    assert accept(matching, who=CONTACT, on_behalf=BY_PHONE).reason is Reason.NOT_ALLOWED
    late = BY_PHONE.model_copy(update={"on": (START + timedelta(days=1)).date()})
    assert accept(matching, on_behalf=late).reason is Reason.DATE_IN_FUTURE
    accept(matching, on_behalf=BY_PHONE)
    no = DeclineProposal(
        proposal_id=PAIR, side=OFFER, reason=DeclineReason.OTHER, on_behalf=BY_PHONE
    )
    say(matching, no)
    fact = newest(matching)
    said = [(each.side, each.accepted, each.on_behalf) for each in fact.answers]
    assert [each[:2] for each in said] == [("need", True), ("offer", False)]
    assert {(each.channel, each.on) for *_, each in said if each} == {("phone", START.date())}
    headers = dict(matching.world.heard(ProposalFact)[-1].record.headers)
    assert headers["ce_onbehalfof"] == str(GIVEN.state.actor_id).encode()


def test_what_was_released_and_nobody_answers_expires(matching: Matching) -> None:
    release(matching)
    matching.world.advance(timedelta(days=13, hours=23))
    assert newest(matching).state == "sent"
    matching.world.advance(timedelta(hours=2))
    assert matching.states() == {PAIR: ["suggested", "sent", "sent", "expired"]}


def test_what_does_not_show_is_not_said_and_nobody_is_asked_again_because_of_it(
    matching: Matching,
) -> None:
    release(matching)
    longer = changed(WANTED, valid_until=START.date() + timedelta(days=300))
    matching.publish(longer)
    matching.settle()
    assert matching.states() == {PAIR: ["suggested", "sent"]}
    matching.world.advance(timedelta(days=15))
    matching.publish(changed(longer))
    matching.settle()
    assert matching.states()[PAIR][-1] == "expired"
    matching.publish(changed(longer, version=4, title="Streichen am Abend"))
    matching.settle()
    assert matching.states()[PAIR][-1] == "suggested"


@pytest.mark.parametrize(
    ("answers", "reminded_as"),
    [
        ([], "sent"),
        ([AcceptProposal(proposal_id=PAIR, side=NEED)], "accepted_by_need"),
        ([AcceptProposal(proposal_id=PAIR, side=each) for each in (NEED, OFFER)], None),
        ([DeclineProposal(proposal_id=PAIR, side=NEED, reason=DeclineReason.OTHER)], None),
    ],
)
def test_a_missing_answer_is_reminded_of_once_and_none_that_was_given(
    matching: Matching, answers: list[Any], reminded_as: str | None
) -> None:
    def reminders() -> list[str]:
        return [str(each.data.state) for each in matching.world.heard(ProposalReminded)]

    release(matching)
    matching.world.advance(timedelta(days=10))
    for answer in answers:
        assert say(matching, answer).reason is None
    matching.world.advance(timedelta(hours=23))
    assert reminders() == []
    matching.world.advance(timedelta(hours=2))
    told = [reminded_as] if reminded_as else []
    assert reminders() == told
    matching.world.advance(timedelta(days=20))
    assert reminders() == told
    assert newest(matching).state == ("expired" if told else matching.states()[PAIR][-1])
    assert newest(matching).version == len(matching.states()[PAIR])


def test_three_are_released_at_once(matching: Matching) -> None:
    offers = [GIVEN, *(offer(f"Malern {number}") for number in range(4))]
    matching.publish(*offers[1:])
    matching.settle()
    pairs = [proposals.proposal_id(WANTED.listing_id, each.listing_id) for each in offers]
    outcomes = [release(matching, each) for each in pairs[:4]]
    assert [each.reason for each in outcomes[:3]] == [None] * 3
    assert outcomes[3].reason is Reason.TOO_MANY_RELEASED
    assert "„Streichen“ sind schon drei" in outcomes[3].message.de
    accept(matching)
    assert release(matching, pairs[3]).reason is None, "one is answered"
    for command in (ReleaseProposal(proposal_id=each) for each in (pairs[4], pairs[4])):
        assert say(matching, command).reason is Reason.TOO_MANY_RELEASED


def test_three_are_released_at_once_for_the_offer_too_in_one_batch(matching: Matching) -> None:
    needs = [need(f"Streichen {number}") for number in range(5)]
    matching.publish(*needs)
    matching.settle()
    for each in needs:
        pair = proposals.proposal_id(each.listing_id, GIVEN.listing_id)
        matching.world.say(ReleaseProposal(proposal_id=pair))
    matching.settle()
    states = [went[-1] for went in matching.states().values()]
    assert (states.count("sent"), states.count("suggested")) == (3, 3)


def test_what_is_reserved_for_another_need_is_not_released(matching: Matching) -> None:
    rival = need("Tapezieren")
    matching.publish(rival)
    matching.settle()
    accept(matching)
    pair = proposals.proposal_id(rival.listing_id, GIVEN.listing_id)
    assert release(matching, pair).reason is Reason.OFFER_TAKEN


def test_what_was_released_is_told_anew_but_not_released_again(matching: Matching) -> None:
    release(matching)
    matching.publish(changed(WANTED, title="Malern"))
    matching.settle()
    assert len(matching.world.heard(ProposalReleased)) == 1
    [told] = matching.world.heard(ProposalRescored)
    assert (told.data.state, told.data.need_title) == ("sent", "Malern")


def test_a_declined_date_comes_back_with_another_date_alone(matching: Matching) -> None:
    no = DeclineProposal(proposal_id=PAIR, side=OFFER, reason=DeclineReason.DATE_NOT_POSSIBLE)
    say(matching, no)
    matching.publish(changed(WANTED, title="Wände streichen"))
    matching.settle()
    assert newest(matching).state == "declined"
    matching.publish(changed(changed(WANTED), time=Time(start=START + timedelta(days=30))))
    matching.settle()
    fact = newest(matching)
    assert (fact.state, fact.released_at, fact.answers) == ("suggested", None, ())


def _released(matching: Matching, title: str) -> list[str]:
    found = {each.data.key: each.data for each in matching.world.heard(ProposalFact)}
    return sorted(
        each.offer_title
        for each in found.values()
        if each.need_title == title and each.state == ProposalState.SENT
    )


def test_by_the_rule_set_the_best_are_released_by_themselves(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    automatic = rules.shipped().model_copy(update={"release": rules.Release.AUTOMATIC})
    monkeypatch.setattr(rules, "shipped", lambda: automatic)
    matching = Matching(engine)
    words = ["Wände streichen", "Wände malen", "Umzug", "Kochen", "Gartenarbeit"]
    wanted = need("Wände streichen und malen")
    offers: list[Listing] = [offer(each) for each in words]
    matching.publish(*offers)
    matching.settle()
    matching.publish(wanted)
    matching.settle()
    ranks = {
        each.data.offer_title: (-each.data.score, each.data.proposal_id)
        for each in matching.world.heard(ProposalFact)
        if each.data.need_id == wanted.listing_id
    }
    best = sorted(ranks, key=lambda title: ranks[title])
    assert _released(matching, wanted.state.title) == sorted(best[:3])
    first = offers[words.index(best[0])]
    pair = proposals.proposal_id(wanted.listing_id, first.listing_id)
    no = DeclineProposal(proposal_id=pair, side=NEED, reason=DeclineReason.OTHER)
    say(matching, no, None)
    assert len(_released(matching, wanted.state.title)) == 3, "the next one"
    matching.world.advance(timedelta(days=15))
    assert len(_released(matching, wanted.state.title)) == 1, "three had no answer; one is left"


def test_a_replica_that_scored_nothing_yet_releases_by_the_rules_in_force(engine: Engine) -> None:
    before = Matching(engine)
    document = rules.shipped().model_dump(mode="json")
    document |= {"version": "automatic-1", "release": "automatic"}
    say(before, ActivateRuleSet(ruleset_version="automatic-1", rules=document), None)
    before.publish(*(offer(f"Malern {number}") for number in range(5)), WANTED)
    before.settle()
    sent = [each.data.proposal_id for each in before.world.heard(ProposalReleased)]
    assert len(sent) == 3
    started = Matching(engine)
    no = DeclineProposal(proposal_id=sent[0], side=NEED, reason=DeclineReason.OTHER)
    say(started, no, None)
    assert len(list(started.world.heard(ProposalReleased))) == 1
