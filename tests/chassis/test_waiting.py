"""Messages that wait for something: woken by whoever brings it, caught by a sweep, given up."""

import threading
from datetime import timedelta
from uuid import uuid4

import pytest

from impulse_chassis import Handlers, Service
from impulse_chassis.testing import START, Node, World
from impulse_chassis.transaction import Transaction
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.chassis import club
from tests.chassis.club import MemberCounted, PraiseMember, handlers, members
from tests.chassis.lending import BookLent
from tests.chassis.records import rows, value
from tests.fixtures.statements import counting

PATIENCE = timedelta(seconds=600)


@pytest.fixture
def world(club_node):
    return World([club_node])


def praise(world, name="Ada", **more):
    return world.say(PraiseMember(name=name), **more)


def lend(world, name="Ada"):
    return world.say(BookLent(book_id=uuid4(), reader=name, version=1))


def outcomes(world):
    return [each.data for each in world.heard(Outcome)]


def waiting(world):
    return value(world.nodes[0].engine, "SELECT count(*) FROM waiting")


def test_it_waits_without_holding_up_anything_and_goes_on_when_woken(world):
    command = praise(world)
    world.settle()
    assert (waiting(world), outcomes(world)) == (1, [])
    lend(world)
    world.settle()
    [outcome] = outcomes(world)
    assert (outcome.command_id, outcome.reason) == (command, None)
    assert [each.data.praised for each in world.heard(MemberCounted)] == [0, 1]
    assert waiting(world) == 0


def test_what_comes_later_in_the_same_batch_is_not_waited_for_in_vain(world, club_node):
    """Not even for the three seconds until the sweep."""
    praise(world)
    lend(world)
    records = sorted(club_node.pending(world.log), key=lambda each: each.topic, reverse=True)
    progress = club_node.processor.process(records, world.now)
    assert progress.woken
    club_node.committed.update(progress.offsets)
    world.settle()
    assert [outcome.reason for outcome in outcomes(world)] == [None]


def test_the_whole_message_waits_with_its_attributes(world):
    praise(world, principal="someone")
    world.settle()
    seen = []
    original = handlers.handlers[PraiseMember]

    def spy(tx, command):
        seen.append((tx.attributes.principal, tx.received.record.offset))
        return original(tx, command)

    handlers.handlers[PraiseMember] = spy
    try:
        lend(world)
        world.settle()
    finally:
        handlers.handlers[PraiseMember] = original
    assert seen == [("someone", 0)]


def test_after_a_time_it_is_given_up_and_said_in_words(world):
    command = praise(world)
    world.settle()
    world.advance(PATIENCE - timedelta(seconds=1))
    assert outcomes(world) == []
    world.advance(timedelta(seconds=1))
    [outcome] = outcomes(world)
    assert (outcome.command_id, outcome.reason) == (command, Reason.WAITED_TOO_LONG)
    assert outcome.message.de == "Das Mitglied ist auch nach der Wartezeit nicht bekannt."
    assert outcome.message.en == "The member is still not known after the waiting time."
    letters = rows(world.nodes[0].engine, "SELECT reason, detail FROM dead_letter")
    assert letters == [("waited_too_long", "The member is still not known after the waiting time")]
    lend(world)
    world.settle()
    assert [each.data.praised for each in world.heard(MemberCounted)] == [0]


def test_duplicates_that_come_meanwhile_neither_count_nor_prolong(world):
    command = praise(world, message_id="17")
    world.settle()
    for _ in range(3):
        world.now += timedelta(seconds=100)
        praise(world, message_id="17")
        praise(world, message_id="17")
        world.settle()
    assert waiting(world) == 1
    assert rows(world.nodes[0].engine, "SELECT deadline FROM waiting") == [(START + PATIENCE,)]
    lend(world)
    world.settle()
    assert [each.data.praised for each in world.heard(MemberCounted)] == [0, 1]
    [first, *others] = world.heard(Outcome)
    assert (first.data.command_id, first.data.reason) == (command, None)
    assert {each.attributes.id for each in others} <= {first.attributes.id}


def test_a_duplicate_may_be_faster_than_the_sweep(world):
    praise(world, message_id="17")
    world.settle()
    lend(world)
    world.settle()
    praise(world, message_id="17")
    world.settle()
    assert [each.data.praised for each in world.heard(MemberCounted)] == [0, 1]
    assert len({each.attributes.id for each in world.heard(Outcome)}) == 1
    assert waiting(world) == 0


def test_a_duplicate_is_handled_before_the_sweep_comes(club_node, club_engine):
    world = World([club_node])
    praise(world, message_id="17")
    world.settle()
    lend(world)
    praise(world, message_id="17")
    records = club_node.pending(world.log)
    assert [record.topic for record in records] == ["test.books", "test.club.commands"]
    club_node.committed.update(club_node.process(records, world.now))
    assert value(club_engine, "SELECT praised FROM club_member") == 1
    world.settle()
    assert value(club_engine, "SELECT praised FROM club_member") == 1
    assert waiting(world) == 0


def test_what_two_replicas_missed_of_each_other_the_sweep_catches(club_engine):
    """One parks a message while the other, not seeing it yet, brings what it waits for."""
    replicas = [Node(club.service, club_engine) for _ in range(2)]
    parked, go_on = threading.Event(), threading.Event()
    world = World(replicas)
    praise(world)
    [record] = replicas[0].pending(world.log)
    original = handlers.handlers[PraiseMember]

    def slow(tx, command):
        parked.set()
        assert go_on.wait(10)
        return original(tx, command)

    handlers.handlers[PraiseMember] = slow
    thread = threading.Thread(target=replicas[0].process, args=([record], world.now))
    try:
        thread.start()
        assert parked.wait(10)
        lend(world)
        [fact] = [each for each in replicas[1].pending(world.log) if each is not record]
        replicas[1].process([fact], world.now)
    finally:
        go_on.set()
        thread.join(10)
        handlers.handlers[PraiseMember] = original
    assert rows(club_engine, "SELECT next_try FROM waiting") == [(START + timedelta(seconds=3),)]
    for node in replicas:
        node.committed = {(each.topic, each.partition): each.offset + 1 for each in (record, fact)}
    world.settle()
    assert outcomes(world) == []
    world.advance(timedelta(seconds=3))
    assert [outcome.reason for outcome in outcomes(world)] == [None]
    assert value(club_engine, "SELECT praised FROM club_member") == 1


def test_two_sweeps_at_once_try_a_message_once(club_engine):
    replicas = [Node(club.service, club_engine) for _ in range(2)]
    world = World(replicas[:1])
    for number in range(30):
        praise(world, f"member {number}")
    world.settle()
    for number in range(30):
        lend(world, f"member {number}")
    records = replicas[0].pending(world.log)
    replicas[0].process(records, world.now)
    barrier = threading.Barrier(2)

    def sweep(node):
        barrier.wait(10)
        node.processor.sweep(world.now)

    threads = [threading.Thread(target=sweep, args=(node,)) for node in replicas]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert rows(club_engine, "SELECT DISTINCT praised FROM club_member") == [(1,)]
    assert value(club_engine, "SELECT count(*) FROM waiting") == 0
    sent = value(club_engine, "SELECT count(*) FROM outbox WHERE topic = 'impulse.outcomes'")
    assert sent == 30


def test_any_number_costs_the_same(club_node, club_engine):
    def count(number, begin):
        world = World([Node(club.service, club_engine)])
        names = [f"member {begin + each}" for each in range(number)]
        for name in names:
            praise(world, name)
        with counting(club_engine) as parking:
            world.nodes[0].process(world.nodes[0].pending(world.log), world.now)
        for name in names:
            lend(world, name)
        facts = [each for each in world.nodes[0].pending(world.log) if each.topic == "test.books"]
        world.nodes[0].process(facts, world.now)
        with counting(club_engine) as sweeping:
            world.nodes[0].processor.sweep(world.now)
        return parking.total, sweeping.total

    assert count(50, 0) == count(500, 1000)


def test_what_nobody_here_handles_any_more_becomes_a_dead_letter(club_engine):
    """A later release of the service may not know what an earlier one has parked."""
    world = World([Node(club.service, club_engine)])
    praise(world)
    world.settle()
    node = Node(club.service, club_engine)
    handlers = Handlers()
    node.processor = Service("club", club.Settings, handlers, reads=[club.DESK]).processor(
        club_engine
    )
    node.processor.sweep(START + timedelta(seconds=5))
    assert rows(club_engine, "SELECT reason FROM dead_letter") == [("unknown_type",)]
    assert value(club_engine, "SELECT count(*) FROM waiting") == 0


def test_what_no_topic_of_ours_carries_any_more_becomes_a_dead_letter(club_engine):
    world = World([Node(club.service, club_engine)])
    praise(world)
    world.settle()
    node = Node(club.service, club_engine)
    node.processor.topics = {}
    node.processor.sweep(START + timedelta(seconds=5))
    assert rows(club_engine, "SELECT reason FROM dead_letter") == [("unknown_type",)]
    assert value(club_engine, "SELECT count(*) FROM waiting") == 0


def test_whoever_waits_for_the_same_is_woken_together(club_engine):
    with club_engine.begin() as connection:
        tx = Transaction(connection, "club", START)
        members.lock(tx, ["Ada"])
        tx.resolve("member/Ada")
        tx.flush()
        assert tx.woken == 0
