"""Booking as a whole: facts in, facts out, reminders by the clock."""

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError

from impulse_booking.app import service
from impulse_booking.domain.cooperation import cooperation_id
from impulse_booking.settings import Settings
from impulse_chassis.testing import START, Node, World
from impulse_contracts.booking.cooperations import (
    CooperationDueSoon,
    CooperationEscalated,
    CooperationFact,
    CooperationOpened,
    CooperationOverdue,
    CooperationTransferred,
    RemindOfCooperation,
)
from impulse_contracts.codes import CooperationState
from impulse_contracts.matching import (
    ProposalMutuallyAccepted,
    ProposalSuggested,
    ProposalTransferred,
)
from impulse_contracts.outcomes import Outcome
from tests.booking.given import mutually_accepted


@pytest.fixture
def world(engine_of):
    return World([Node(service, engine_of(service))])


def test_a_cooperation_is_opened_once(world):
    proposal = mutually_accepted()
    world.say(proposal, message_id="the-same")
    world.say(proposal, message_id="the-same")
    world.say(proposal)
    world.settle()

    [opened] = world.heard(CooperationOpened)
    assert opened.data.cooperation_id == cooperation_id(proposal.proposal_id)
    assert opened.data.proposal_id == proposal.proposal_id
    assert opened.data.need_title == proposal.need_title
    assert opened.data.topics == proposal.topics
    assert opened.data.example
    assert (opened.data.state, opened.data.version) == (CooperationState.INTRODUCED, 1)
    assert (opened.data.opened_at, opened.data.redeem_by) == (START, date(2027, 11, 24))
    assert opened.attributes.causation_id == "the-same"
    assert not world.heard(Outcome), "a fact has no outcome"


def test_other_proposals_open_nothing(world):
    world.say(ProposalSuggested(**mutually_accepted().model_dump()))
    world.settle()
    assert not world.heard(CooperationFact)


def test_the_time_to_carry_it_out_is_a_setting(engine_of):
    world = World([Node(service, engine_of(service), Settings.defaults(redeem_months=3))])
    world.say(mutually_accepted())
    world.settle()
    assert world.heard(CooperationOpened)[0].data.redeem_by == date(2027, 2, 24)
    with pytest.raises(ValidationError, match="redeem_months"):  # No terms could say so.
        Settings(database_url="postgresql://127.0.0.1/unused", redeem_months=25)


def test_both_reminders_come_when_it_is_time(world):
    world.say(mutually_accepted())
    world.settle()
    world.advance(timedelta(days=334))
    assert not world.heard(CooperationDueSoon)
    world.advance(timedelta(days=1))
    assert len(world.heard(CooperationDueSoon)) == 1
    world.advance(timedelta(days=30))
    assert not world.heard(CooperationOverdue), "the last day is still a day"
    world.advance(timedelta(days=1))
    assert len(world.heard(CooperationOverdue)) == 1
    world.advance(timedelta(days=400))
    assert [type(heard.data) for heard in world.heard(CooperationFact)] == [
        CooperationOpened,
        CooperationEscalated,
        CooperationDueSoon,
        CooperationOverdue,
        CooperationEscalated,
    ]
    assert [heard.data.version for heard in world.heard(CooperationFact)] == [1, 2, 3, 4, 5]
    assert not world.heard(Outcome), "a timer has no outcome"


def test_a_reminder_missed_for_some_days_is_given_once(world):
    world.say(mutually_accepted())
    world.settle()
    world.now += timedelta(days=340)
    world.settle()
    world.settle()
    assert len(world.heard(CooperationDueSoon)) == 1


def test_after_the_last_day_only_overdue_is_said(world):
    world.say(mutually_accepted())
    world.settle()
    world.advance(timedelta(days=500))
    assert [type(heard.data) for heard in world.heard(CooperationFact)] == [
        CooperationOpened,
        CooperationOverdue,
        CooperationEscalated,
    ]


def test_a_reminder_that_is_not_due_says_nothing(world):
    proposal = mutually_accepted()
    world.say(proposal)
    for each in (cooperation_id(proposal.proposal_id), proposal.need_id):
        world.say(RemindOfCooperation(cooperation_id=each), source="urn:impulse:booking")
    world.settle()
    assert len(world.heard(CooperationFact)) == 1
    world.advance(timedelta(days=335))
    assert len(world.heard(CooperationDueSoon)) == 1


def passed_on(proposal: ProposalMutuallyAccepted, need_actor_id: UUID) -> ProposalTransferred:
    values = {**proposal.model_dump(), "need_actor_id": need_actor_id}
    return ProposalTransferred.model_validate({**values, "version": proposal.version + 1})


def test_a_cooperation_follows_its_proposal_to_another_organisation_and_back(world):
    proposal, survivor = mutually_accepted(), uuid4()
    there = passed_on(proposal, survivor)
    world.say(proposal)
    world.say(there)
    world.say(there)
    world.settle()
    [moved] = world.heard(CooperationTransferred)
    assert (moved.data.need_actor_id, moved.data.offer_actor_id, moved.data.state) == (
        survivor,
        proposal.offer_actor_id,
        CooperationState.INTRODUCED,
    )
    world.advance(timedelta(days=335))
    [due_soon] = world.heard(CooperationDueSoon)
    assert due_soon.data.need_actor_id == survivor, "who is there now is reminded, once"
    world.say(passed_on(proposal, proposal.need_actor_id))
    world.settle()
    back = world.heard(CooperationFact)[-1].data
    assert (type(back), back.need_actor_id) == (CooperationTransferred, proposal.need_actor_id)
    versions = [heard.data.version for heard in world.heard(CooperationFact)]
    assert versions == list(range(1, len(versions) + 1))


def test_what_is_accepted_by_one_side_has_no_cooperation_to_follow(world):
    world.say(passed_on(mutually_accepted(), uuid4()))
    world.settle()
    assert not world.heard(CooperationFact)
