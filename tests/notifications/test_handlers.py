"""Notifications as a whole, up to the queue: facts and people in, facts about messages out."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import permutations
from uuid import uuid4

import pytest

from impulse_chassis.testing import START, Log, Node, World
from impulse_contracts import topics
from impulse_contracts.booking.cooperations import CooperationDueSoon, CooperationOverdue
from impulse_contracts.codes import Channel, Language, MessageState, PersonRole
from impulse_contracts.matching import (
    ProposalDeclined,
    ProposalExpired,
    ProposalInvalidated,
    ProposalMutuallyAccepted,
    ProposalReleased,
    ProposalRescored,
    ProposalSuggested,
)
from impulse_contracts.notifications import (
    MessageFact,
    MessageQueued,
    MessageSent,
    MessageSuppressed,
)
from impulse_contracts.outcomes import Outcome, OutcomeAccepted
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import (
    MembershipsEnded,
)
from impulse_notifications.app import service
from impulse_notifications.domain.message import Template
from tests.fixtures.statements import record_of
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_ACTOR,
    OFFER_PERSON,
    accepted,
    both_sides,
    link,
    membership,
    opened,
    person,
    say_all,
)


@pytest.fixture
def world(engine_of):
    return World([Node(service, engine_of(service))])


def told(world):
    """Who was told what, how."""
    return sorted(
        (fact.data.person_id, fact.data.template, str(fact.data.channel))
        for fact in world.heard(MessageFact)
    )


def test_an_acceptance_reaches_the_other_side_by_mail_and_in_the_inbox(world):
    say_all(world, *both_sides())
    cause = world.say(accepted())
    world.settle()

    [mail] = world.heard(MessageQueued)
    [inbox] = world.heard(MessageSent)
    for heard, channel in ((mail, Channel.EMAIL), (inbox, Channel.IN_APP)):
        assert heard.data.person_id == OFFER_PERSON
        assert heard.data.template == Template.PROPOSAL_ACCEPTED
        assert heard.data.language is Language.EN
        assert (heard.data.channel, heard.data.version) == (channel, 1)
        assert (heard.data.cause_id, heard.attributes.causation_id) == (cause, cause)
    assert (mail.data.title, mail.data.text, mail.data.sent_at) == (None, None, None)
    assert "Malerteam für einen Aktionstag" in inbox.data.title
    assert "8 December 2026" in inbox.data.text
    assert inbox.data.sent_at == START


@pytest.mark.parametrize(
    ("fact", "template"),
    [
        (opened(), Template.COOPERATION_OPENED),
        (CooperationDueSoon(**opened().model_dump()), Template.COOPERATION_DUE_SOON),
        (CooperationOverdue(**opened().model_dump()), Template.COOPERATION_OVERDUE),
        (ProposalReleased(**accepted(state="sent").model_dump()), Template.PROPOSAL_RELEASED),
        (ProposalExpired(**accepted().model_dump()), Template.PROPOSAL_EXPIRED),
    ],
)
def test_both_sides_are_told(world, fact, template):
    say_all(world, *both_sides(), fact)
    both = [(each, template) for each in (NEED_PERSON, OFFER_PERSON)]
    assert told(world) == [(*each, channel) for each in both for channel in ("email", "in_app")]


@pytest.mark.parametrize(
    ("kind", "changes", "persons"),
    [
        (ProposalDeclined, {"state": "declined", "declined_by": "need"}, [OFFER_PERSON]),
        (ProposalInvalidated, {"state": "invalidated_by_other_agreement"}, [NEED_PERSON]),
        (
            ProposalInvalidated,
            {"state": "invalidated_by_withdrawal"},
            [NEED_PERSON, OFFER_PERSON],
        ),
        (ProposalInvalidated, {"state": "no_longer_fitting", "released_at": None}, []),
        (ProposalDeclined, {"declined_by": "need", "released_at": None}, []),
        (ProposalSuggested, {"state": "suggested", "released_at": None}, []),
        (ProposalRescored, {"state": "sent"}, []),
    ],
)
def test_who_was_asked_is_told_that_it_is_over(world, kind, changes, persons):
    values = {**accepted().model_dump(), "released_at": START, **changes}
    say_all(world, *both_sides(), kind.model_validate(values))
    both = [(each, Template.PROPOSAL_OVER) for each in persons]
    assert told(world) == [(*each, channel) for each in both for channel in ("email", "in_app")]


def test_that_both_accepted_is_told_by_the_cooperation(world):
    say_all(world, *both_sides(), ProposalMutuallyAccepted(**accepted().model_dump()))
    assert not world.heard(MessageFact)


def test_no_fact_holds_a_name_or_an_address(world):
    say_all(world, *both_sides(), accepted(), opened(), link(NEED_PERSON))
    records = world.log.of(topics.MESSAGES.name)
    assert len(records) == 7
    for record in records:
        for secret in (b"Beispiel", b"@", b"geheim"):
            assert secret not in record.value


def test_a_fact_is_told_once_whatever_is_repeated(world):
    say_all(world, *both_sides())
    world.say(opened(), message_id="cause")
    world.settle()
    before = told(world)
    world.say(opened(), message_id="cause")
    # The same fact once the inbox has forgotten it.
    world.say(opened(), message_id="cause", source="urn:impulse:booking")
    world.settle()
    say_all(world, *both_sides())
    assert told(world) == before


PIECES = {
    "person": person(NEED_PERSON),
    "membership": membership(NEED_PERSON, NEED_ACTOR),
    "fact": opened(),
}


@pytest.mark.parametrize("order", list(permutations(PIECES)))
@pytest.mark.parametrize("together", [True, False])
def test_the_order_in_which_topics_are_read_does_not_matter(world, order, together):
    for name in order:
        world.say(PIECES[name])
        if not together:
            world.settle()
            world.advance(timedelta(minutes=5))
    world.settle()
    assert [fact[0] for fact in told(world)] == [NEED_PERSON] * 2


def test_two_replicas_miss_nobody(engine_of):
    """Fact, person and membership at the same moment, each at another replica."""
    engine = engine_of(service)
    world = World([Node(service, engine) for _ in range(3)])
    with ThreadPoolExecutor(3) as replicas:
        for _ in range(20):
            actor_id, person_id = uuid4(), uuid4()
            pieces = (
                person(person_id),
                membership(person_id, actor_id),
                opened(need_actor_id=actor_id, offer_actor_id=uuid4()),
            )
            log = Log()
            records = [[record_of(piece, log)] for piece in pieces]
            list(replicas.map(lambda node, each: node.process(each, START), world.nodes, records))
    world.relay(world.nodes[0])
    assert len(told(world)) == 40


def test_every_contact_who_becomes_known_within_the_hour_is_told_once(world):
    say_all(world, *both_sides(), opened())
    assert len(told(world)) == 4
    world.advance(timedelta(minutes=59))
    second, late = uuid4(), uuid4()
    say_all(world, person(second), membership(second, NEED_ACTOR))
    assert [fact for fact in told(world) if fact[0] == second]
    assert len(told(world)) == 6
    world.advance(timedelta(minutes=1))
    say_all(world, person(late), membership(late, NEED_ACTOR))
    assert len(told(world)) == 6


def test_an_actor_without_contacts_is_not_told_and_that_is_no_fault(world):
    say_all(world, *both_sides(), opened(need_actor_id=uuid4()))
    assert {fact[0] for fact in told(world)} == {OFFER_PERSON}
    world.advance(timedelta(days=1))
    assert not world.log.of(topics.DEAD_LETTERS.name)
    assert not world.heard(Outcome)


def test_who_only_looks_on_or_helps_is_not_told(world):
    onlooker, helper, former = uuid4(), uuid4(), uuid4()
    roles = (PersonRole.VIEWER,), (PersonRole.VOLUNTEER,)
    say_all(
        world,
        *(person(each) for each in (onlooker, helper, former)),
        membership(onlooker, NEED_ACTOR, roles=roles[0]),
        membership(helper, NEED_ACTOR, roles=roles[1]),
        membership(former, NEED_ACTOR),
        MembershipsEnded(version=2, person_id=former),
        opened(),
    )
    assert not told(world)


def test_who_stands_on_both_sides_is_told_once(world):
    both = uuid4()
    say_all(world, person(both), membership(both, NEED_ACTOR, OFFER_ACTOR), opened())
    assert [fact[2] for fact in told(world)] == ["email", "in_app"]


def test_an_erased_person_is_told_nothing_more(world):
    say_all(world, *both_sides())
    world.say_raw(topics.PEOPLE.name, str(NEED_PERSON).encode(), None, [])
    world.settle()
    say_all(world, opened())
    assert {fact[0] for fact in told(world)} == {OFFER_PERSON}


def test_what_happened_long_ago_is_not_told(world):
    say_all(world, *both_sides())
    world.say(opened())
    world.advance(timedelta(days=8))
    assert len(world.heard(MessageQueued)) == 0
    assert {heard.data.state for heard in world.heard(MessageFact)} == {MessageState.SUPPRESSED}


# ------------------------------------------------------------------------------- signing in


def test_a_sign_in_link_is_queued_by_mail_only_and_has_an_outcome(world):
    say_all(world, *both_sides())
    command = world.say(link(OFFER_PERSON))
    world.settle()
    [queued] = world.heard(MessageFact)
    assert isinstance(queued.data, MessageQueued)
    assert queued.data.template == Template.SIGN_IN_LINK
    assert (queued.data.channel, queued.data.language) == (Channel.EMAIL, Language.EN)
    [outcome] = world.heard(Outcome)
    assert isinstance(outcome.data, OutcomeAccepted)
    assert outcome.data.command_id == command
    assert outcome.data.aggregate_id == str(queued.data.message_id)


def test_a_link_that_has_expired_is_suppressed(world):
    say_all(world, *both_sides(), link(OFFER_PERSON, expires_at=START))
    [suppressed] = world.heard(MessageFact)
    assert isinstance(suppressed.data, MessageSuppressed)
    assert suppressed.data.detail == "The sign-in link had expired."
    assert isinstance(world.heard(Outcome)[0].data, OutcomeAccepted)


def test_a_link_waits_for_its_person(world):
    someone = uuid4()
    say_all(world, link(someone))
    assert not world.heard(Outcome)
    say_all(world, person(someone))
    assert len(world.heard(MessageQueued)) == 1
    assert isinstance(world.heard(Outcome)[0].data, OutcomeAccepted)


def test_a_link_for_nobody_is_refused(world):
    say_all(world, link(uuid4(), expires_at=START + timedelta(minutes=1)))
    world.advance(timedelta(minutes=2))
    [outcome] = world.heard(Outcome)
    assert outcome.data.reason is Reason.NOT_FOUND
    assert not world.log.of(topics.DEAD_LETTERS.name)
