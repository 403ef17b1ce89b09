"""Who is told when somebody wants to act for an actor, is invited, or takes an office over."""

from itertools import permutations
from uuid import UUID

import pytest

from impulse_chassis.testing import START, Node, World
from impulse_contracts.codes import Language, MessageState, PersonRole
from impulse_contracts.notifications import MessageFact
from impulse_contracts.registry.people import (
    ClaimConfirmed,
    ClaimExpired,
    ClaimRefused,
    MembershipClaimed,
    MembershipInvited,
    MembershipStep,
    OfficeTakenOver,
)
from impulse_notifications.app import service
from impulse_notifications.domain.notice import step_of
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_ACTOR,
    actor,
    both_sides,
    membership,
    person,
    say_all,
)

ASKING, BROKER = UUID(int=21), UUID(int=22)


@pytest.fixture
def world(engine_of):
    """Two actors with a contact each, and a broker."""
    world = World([Node(service, engine_of(service))])
    say_all(world, *both_sides(), person(BROKER, Language.EN))
    say_all(world, membership(BROKER, UUID(int=3), roles=(PersonRole.BROKER,)))
    return world


def step(fact: type[MembershipStep], about: UUID = NEED_ACTOR) -> MembershipStep:
    return fact(version=1, person_id=ASKING, about=about)


def told(world) -> set[tuple[UUID, str, str]]:
    return {
        (said.data.person_id, said.data.template, str(said.data.channel))
        for said in world.heard(MessageFact)
    }


def by_both(person_id: UUID, template: str) -> set[tuple[UUID, str, str]]:
    return {(person_id, template, "email"), (person_id, template, "in_app")}


def test_of_a_claim_the_known_contacts_and_brokers_are_told(world):
    say_all(world, person(ASKING), step(MembershipClaimed))
    assert told(world) == by_both(NEED_PERSON, "claim_made") | by_both(BROKER, "claim_made")
    inbox = [said.data for said in world.heard(MessageFact) if said.data.text]
    assert {said.language for said in inbox} == {Language.DE, Language.EN}
    assert all("Beispielperson" not in said.text for said in inbox)


def test_where_nobody_is_known_brokers_are(world):
    nobody = UUID(int=4)
    say_all(world, actor(nobody, "Beispiel ohne Menschen"), step(MembershipClaimed, nobody))
    assert told(world) == by_both(BROKER, "claim_made")


@pytest.mark.parametrize(
    ("fact", "template"),
    [
        (ClaimConfirmed, "claim_confirmed"),
        (ClaimRefused, "claim_refused"),
        (ClaimExpired, "claim_expired"),
        (MembershipInvited, "invited"),
        (OfficeTakenOver, "office_taken_over"),
    ],
)
def test_of_other_steps_the_person_alone_is_told(world, fact, template):
    say_all(world, person(ASKING), step(fact))
    assert told(world) == by_both(ASKING, template)


def test_that_a_claim_is_confirmed_leads_on_to_the_listing_because_of_which_it_was_made():
    plain = ClaimConfirmed(version=1, person_id=ASKING, about=NEED_ACTOR)
    wanting = plain.model_copy(update={"listing_id": UUID(int=99)})
    paths = [step_of(each, "cause", START, START).matter.path for each in (plain, wanting)]
    assert paths == [f"/organisations/{NEED_ACTOR}", f"/listings/{UUID(int=99)}/ask"]


@pytest.mark.parametrize("order", list(permutations(range(2))))
def test_an_invited_person_is_told_once_whoever_comes_first(world, order):
    facts = [person(ASKING), step(MembershipInvited, OFFER_ACTOR)]
    for index in order:
        say_all(world, facts[index])
    say_all(world, person(ASKING, version=2))
    assert told(world) == by_both(ASKING, "invited")
    queued = [e for e in world.heard(MessageFact) if e.data.state is MessageState.QUEUED]
    assert len(queued) == 1


def test_a_step_that_comes_again_is_not_told_again(world):
    world.say(person(ASKING))
    for _ in range(2):
        world.say(step(MembershipClaimed), message_id="the same", source="urn:impulse:registry")
        world.settle()
    assert len(world.heard(MessageFact)) == 4


def test_who_claimed_is_not_told_of_their_own_claim_once_they_are_a_member(world):
    say_all(world, person(ASKING), step(MembershipClaimed))
    here = membership(ASKING, NEED_ACTOR, roles=(PersonRole.ADMIN,)).memberships
    confirmed = ClaimConfirmed(version=2, person_id=ASKING, about=NEED_ACTOR, memberships=here)
    say_all(world, confirmed)
    assert {each for each in told(world) if each[0] == ASKING} == by_both(ASKING, "claim_confirmed")
