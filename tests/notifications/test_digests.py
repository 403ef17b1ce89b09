"""What happens to actors without people reaches those who look after them, once a day."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impulse_chassis.testing import START, Node, World
from impulse_contracts.codes import ActorStatus, Channel, Language, PersonRole
from impulse_contracts.notifications import MessageFact, SendDigest
from impulse_contracts.registry.actors import ActorArchived, ActorDetailsChanged
from impulse_contracts.registry.life import (
    ActorConfirmationDue,
    ActorConfirmed,
    ActorEvidenceDueSoon,
    ActorMarkedStale,
)
from impulse_notifications.app import service
from impulse_notifications.domain import digest as rules
from impulse_notifications.domain.message import Template
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    membership,
    of_actor,
    person,
    say_all,
)

AGENCY, OFFICE = UUID(int=3), UUID(int=4)
BROKER, COLLEAGUE, OPERATOR = UUID(int=21), UUID(int=22), UUID(int=23)
DAY = timedelta(days=1)


def lonely(number, kind=ActorMarkedStale, in_charge=AGENCY):
    """A fact about an actor that has no people."""
    actor_id = UUID(int=5000 + number)
    return of_actor(kind, actor_id=actor_id, legal_name=f"Verein {number}", in_charge=in_charge)


@pytest.fixture
def world(engine_of):
    """Two brokers of an agency, one of whom reads English, and the operator."""
    world = World([Node(service, engine_of(service))])
    say_all(
        world,
        *(person(each) for each in (BROKER, OPERATOR)),
        person(COLLEAGUE, Language.EN),
        *(membership(each, AGENCY, roles=(PersonRole.BROKER,)) for each in (BROKER, COLLEAGUE)),
        membership(OPERATOR, OFFICE, roles=(PersonRole.OPERATOR,)),
    )
    return world


def told(world, channel=Channel.IN_APP):
    facts = [heard.data for heard in world.heard(MessageFact)]
    return [each for each in facts if each.channel is channel]


def readers(world, channel=Channel.IN_APP):
    return sorted(each.person_id for each in told(world, channel))


def test_one_mail_and_one_entry_a_day_list_all_of_them(world):
    say_all(world, *(lonely(each) for each in range(3)), lonely(3, ActorEvidenceDueSoon))
    assert not told(world)
    world.advance(DAY)
    say_all(world, lonely(4, ActorConfirmationDue))
    world.advance(DAY)
    world.advance(DAY)
    for channel in (Channel.EMAIL, Channel.IN_APP):
        assert {each.template for each in told(world, channel)} == {Template.DIGEST}
        assert readers(world, channel) == [BROKER, BROKER, COLLEAGUE, COLLEAGUE]
    listed = sorted(each.about for each in told(world) if each.person_id == BROKER)
    assert [set(each) for each in listed] == [
        {UUID(int=5000 + number) for number in range(4)},
        {UUID(int=5004)},
    ]
    assert {each.language for each in told(world)} == {Language.DE, Language.EN}
    assert all(each.about == () for each in told(world, Channel.EMAIL)), "it says so itself"


@pytest.mark.parametrize("in_charge", [None, UUID(int=99)], ids=["nobody", "without brokers"])
def test_the_operator_is_told_where_no_broker_is_in_charge(world, in_charge):
    say_all(world, lonely(1, in_charge=in_charge))
    world.advance(DAY)
    assert readers(world) == [OPERATOR]


def test_who_has_people_is_left_to_them(world):
    say_all(world, person(NEED_PERSON), membership(NEED_PERSON, NEED_ACTOR))
    say_all(world, of_actor(ActorMarkedStale, in_charge=AGENCY))
    assert readers(world) == [NEED_PERSON]
    # They come later than what stands for them, and look after it themselves.
    say_all(world, lonely(1), lonely(2))
    world.advance(timedelta(hours=2))
    late = UUID(int=31)
    say_all(world, person(late), membership(late, UUID(int=5001)))
    world.advance(DAY)
    assert readers(world) == [NEED_PERSON, BROKER, COLLEAGUE]
    assert {each.about for each in told(world)} == {(), (UUID(int=5002),)}


def test_what_is_over_by_then_is_not_listed(world):
    kinds = (ActorConfirmationDue, ActorMarkedStale, ActorEvidenceDueSoon, ActorMarkedStale)
    say_all(world, *(lonely(number, kind) for number, kind in enumerate(kinds)))
    later = {"version": 3, "confirmed_at": START + timedelta(minutes=1)}
    confirmed = [lonely(number, ActorConfirmed) for number in range(3)]
    say_all(
        world,
        *(each.model_copy(update=later) for each in confirmed),
        # This one was only changed: nobody has confirmed it.
        lonely(3, ActorDetailsChanged).model_copy(update={"version": 3}),
    )
    say_all(world, lonely(4, ActorEvidenceDueSoon), lonely(5, ActorConfirmationDue))
    gone = {"version": 3, "status": ActorStatus.ARCHIVED}
    say_all(world, *(lonely(each, ActorArchived).model_copy(update=gone) for each in (4, 5)))
    world.advance(DAY)
    listed = {UUID(int=5002), UUID(int=5003)}
    assert {frozenset(each.about) for each in told(world)} == {frozenset(listed)}


def test_what_is_said_twice_is_listed_once(world):
    fact = lonely(1)
    world.say(fact, message_id="one")
    world.settle()
    world.say(fact, message_id="one", source="urn:impulse:again")
    say_all(world, fact)
    world.advance(DAY)
    assert [each.about for each in told(world)] == [(fact.actor_id,)] * 2


def test_where_nobody_reads_yet_it_waits_as_long_as_it_is_news(engine_of):
    world = World([Node(service, engine_of(service))])
    say_all(world, lonely(1))
    world.advance(3 * DAY)
    say_all(world, lonely(2))
    world.advance(5 * DAY)
    assert not told(world)
    say_all(world, person(OPERATOR), membership(OPERATOR, OFFICE, roles=(PersonRole.OPERATOR,)))
    world.advance(DAY)
    assert [each.about for each in told(world)] == [(UUID(int=5002),)]
    world.advance(10 * DAY)
    assert len(told(world)) == 1


def test_a_fact_and_the_digest_in_one_batch(world):
    for message in (lonely(1), SendDigest(reader_id=AGENCY), SendDigest(reader_id=AGENCY)):
        world.say(message)
    world.settle()
    world.advance(2 * DAY)
    assert readers(world) == [BROKER, COLLEAGUE]


def test_a_digest_lists_so_many_and_counts_the_rest(world):
    say_all(world, *(lonely(each) for each in range(rules.LISTED + 7)))
    world.advance(DAY)
    first = next(each for each in told(world) if each.person_id == BROKER)
    assert len(first.about) == rules.LISTED
    assert str(rules.LISTED + 7) in first.title
    assert "Nicht einzeln genannt: 7." in first.text


@given(st.integers(0, 10 * 365 * 24 * 60))
@settings(max_examples=300)
def test_the_next_digest_is_at_seven_by_the_clock_within_a_day(minutes):
    now = START + timedelta(minutes=minutes)
    at = rules.next_digest(now)
    assert now < at <= now + timedelta(hours=25), "a day in autumn has 25"
    assert (at.hour, at.minute, str(at.tzinfo)) == (7, 0, "Europe/Berlin")
