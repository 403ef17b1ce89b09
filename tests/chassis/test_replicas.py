"""Two replicas of a service on one database, at once: one effect each, in whatever order."""

import random
import threading
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from impulse_chassis import Handlers, Service, transact
from impulse_chassis.processor import Processor
from impulse_chassis.testing import START, Log, Node, World
from impulse_contracts.outcomes import Outcome
from tests.chassis import club, lending
from tests.chassis.club import AskStrangely, MemberCounted, members
from tests.chassis.lending import DESK, BookLent, LendBook, books
from tests.chassis.records import rows, value
from tests.fixtures.statements import record_of


def at_once(*works: Callable[[], object]) -> None:
    """Runs the works in threads that begin together; raises what one of them raised."""
    barrier = threading.Barrier(len(works))
    faults: list[BaseException] = []

    def run(work: Callable[[], object]) -> None:
        try:
            barrier.wait(10)
            work()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    if faults:
        raise faults[0]
    assert not any(thread.is_alive() for thread in threads)


def processors(service, engine, number=2) -> list[Processor]:
    return [service.processor(engine) for _ in range(number)]


def sent(world):
    """Empties the outbox of the first node into the log."""
    world.relay(world.nodes[0])


def test_the_same_messages_to_both(engine):
    """As after a rebalance that one of them has not noticed."""
    log = Log()
    records = [
        record_of(LendBook(book_id=UUID(int=each % 40), reader=f"r{each % 3}"), log)
        for each in range(200)
    ]
    one, two = processors(lending.service, engine)
    for begin in range(0, 200, 50):
        batch = records[begin : begin + 50]
        at_once(partial(one.process, batch, START), partial(two.process, batch, START))
    world = World([Node(lending.service, engine)], log=log)
    sent(world)
    assert value(engine, "SELECT count(*) FROM inbox") == 200
    answers = world.heard(Outcome)
    assert len({each.data.command_id for each in answers}) == 200
    assert len({each.attributes.id for each in answers}) == 200
    for book in range(40):
        key = str(UUID(int=book)).encode()
        versions = [e.data.version for e in world.heard(BookLent) if e.record.key == key]
        assert versions == list(range(1, len(versions) + 1)), "each fact once, in order"
    assert value(engine, "SELECT count(*) FROM dead_letter") == 0


def test_the_same_command_100_times_at_once(engine):
    log = Log()
    records = [
        record_of(LendBook(book_id=UUID(int=1), reader="x"), log, message_id="17")
        for _ in range(100)
    ]
    replicas = processors(lending.service, engine, 4)

    def work(number: int) -> None:
        for each in records[number::4]:
            replicas[number].process([each], START)

    at_once(*(partial(work, number) for number in range(4)))
    world = World([Node(lending.service, engine)], log=log)
    sent(world)
    assert rows(engine, "SELECT version FROM book") == [(1,)]
    assert len(world.heard(BookLent)) == 1
    answers = world.heard(Outcome)
    assert len(answers) == 100
    assert len({(each.attributes.id, each.record.value) for each in answers}) == 1


def test_opposite_orders_of_the_same_rows(club_engine):
    """Rows that both change, in batches that name them in opposite orders."""
    log = Log()
    names = [f"member {number:02}" for number in range(20)]
    forth = [record_of(AskStrangely(name=name, how="nothing"), log) for name in names * 3]
    back = [record_of(AskStrangely(name=name, how="nothing"), log) for name in names[::-1] * 3]
    one, two = processors(club.service, club_engine)
    at_once(
        lambda: [one.process(forth[n : n + 20], START) for n in range(0, 60, 20)],
        lambda: [two.process(back[n : n + 20], START) for n in range(0, 60, 20)],
    )
    assert rows(club_engine, "SELECT DISTINCT version FROM club_member") == [(6,)]
    assert value(club_engine, "SELECT count(*) FROM dead_letter") == 0


def test_deadlocks_are_repeated_until_each_had_its_turn(club_engine):
    """A loader that locks in the order of the messages: PostgreSQL breaks the tie, we go on."""
    handlers = Handlers()

    @handlers.load(AskStrangely)
    def _(tx, messages):
        for message in messages:
            members.lock(tx, [message.data.name])

    handlers.on(AskStrangely)(club.ask_strangely)
    service = Service("club", club.Settings, handlers, reads=[club.DESK])
    log = Log()
    names = ["a", "b"]

    def batches(order):
        return [
            [record_of(AskStrangely(name=name, how="nothing"), log) for name in order]
            for _ in range(8)
        ]

    # Rows must be there to be locked.
    for batch in batches(names)[:1]:
        service.processor(club_engine).process(batch, START)
    forth, back = batches(names), batches(names[::-1])
    one, two = processors(service, club_engine)
    at_once(
        lambda: [one.process(batch, START) for batch in forth],
        lambda: [two.process(batch, START) for batch in back],
    )
    assert rows(club_engine, "SELECT DISTINCT version FROM club_member") == [(17,)]
    assert value(club_engine, "SELECT count(*) FROM dead_letter") == 0


@pytest.mark.parametrize("seed", range(3))
def test_any_split_of_the_partitions_with_some_given_to_both(club_engine, seed):
    chance = random.Random(seed)
    world = World([Node(club.service, club_engine)])
    for number in range(120):
        world.say(BookLent(book_id=UUID(int=number), version=1, reader=f"m{number % 7}"))
    parts: tuple[list[Any], list[Any]] = ([], [])
    for (topic, _), records in sorted(world.log.records.items()):
        if topic == "test.books":
            for part in chance.choice([(0,), (1,), (0, 1)]):
                parts[part].append(records)
    replicas = processors(club.service, club_engine)

    def work(number):
        for records in parts[number]:
            for begin in range(0, len(records), 7):
                replicas[number].process(records[begin : begin + 7], START)

    at_once(lambda: work(0), lambda: work(1))
    sent(world)
    assert value(club_engine, "SELECT sum(borrowed) FROM club_member") == 120
    for name in {f"m{number}" for number in range(7)}:
        versions = [e.data.version for e in world.heard(MemberCounted) if e.data.name == name]
        assert versions == list(range(1, len(versions) + 1))


def test_tasks_and_the_consumer_on_the_same_rows(engine):
    """What `Running.transact` runs repeats as a batch does."""
    log = Log()
    lends = [record_of(LendBook(book_id=UUID(int=n % 5), reader="x"), log) for n in range(40)]
    [one] = processors(lending.service, engine, 1)
    one.process(lends[:5], START)

    def take_back(tx):
        books.read(tx, [UUID(int=n) for n in range(5)])
        for book in books.loaded(tx, lambda book: True):
            books.put(tx, book.evolve(reader=None))

    at_once(
        lambda: [one.process(lends[n : n + 5], START) for n in range(5, 40, 5)],
        lambda: [transact(engine, "lending", take_back) for _ in range(7)],
    )
    assert rows(engine, "SELECT DISTINCT version FROM book") == [(15,)]
    assert DESK.incoming
