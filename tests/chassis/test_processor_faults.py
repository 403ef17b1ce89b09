"""What handlers and the world do wrong: nothing is lost, nothing doubled, the others go on."""

from collections import Counter
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from impulse_chassis import Handlers, Refused, Service, Unavailable, deadletters
from impulse_chassis.database import Trouble, classify, connect
from impulse_chassis.inbox import Conflict
from impulse_chassis.processor import CONFLICTS
from impulse_chassis.testing import START, Node, World
from impulse_contracts import topics
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.chassis import club, lending
from tests.chassis.club import AskStrangely, PraiseMember
from tests.chassis.lending import DESK, BookLent, LendBook
from tests.chassis.records import GOOD, record, rows, value
from tests.fixtures.statements import watching


def outcomes(world):
    return {each.data.command_id: each.data for each in world.heard(Outcome)}


def lend(world, reader="somebody", book=None, **more):
    return world.say(LendBook(book_id=book or uuid4(), reader=reader), **more)


# ------------------------------------------------------------------------- what handlers do wrong


@pytest.mark.parametrize("how", ["fail", "refuse late", "wait late", "say too much"])
def test_one_that_fails_among_500_becomes_a_dead_letter_and_the_others_pass(
    how, club_world, club_engine
):
    names = [f"member {number}" for number in range(499)]
    for name in names[:250]:
        club_world.say(AskStrangely(name=name, how="nothing"))
    culprit = club_world.say(AskStrangely(name="culprit", how=how))
    for name in names[250:]:
        club_world.say(AskStrangely(name=name, how="nothing"))
    club_world.settle()
    found = outcomes(club_world)
    assert found.pop(culprit).reason is Reason.HANDLER_ERROR
    assert len(found) == 499
    assert {each.reason for each in found.values()} == {None}
    assert value(club_engine, "SELECT count(*) FROM club_member") == 499
    [letter] = rows(club_engine, "SELECT reason, detail FROM dead_letter")
    assert letter[0] == "handler_error"
    assert "culprit" not in letter[1], "a detail never quotes"
    assert letter[1].endswith("see the log of club")
    [sent] = club_world.log.of(topics.DEAD_LETTERS.name)
    assert b'"name":"culprit"' in sent.value


def test_a_failing_message_is_tried_three_times(club_node, club_engine, monkeypatch):
    tries: Counter[str] = Counter()
    original = club.handlers.handlers[AskStrangely]

    def flaky(tx, command):
        tries[command.name] += 1
        if tries[command.name] < 3:
            raise ZeroDivisionError
        return original(tx, command)

    monkeypatch.setitem(club.handlers.handlers, AskStrangely, flaky)
    world = World([club_node])
    world.say(AskStrangely(name="flaky", how="nothing"))
    world.settle()
    assert tries == {"flaky": 3}
    assert value(club_engine, "SELECT count(*) FROM dead_letter") == 0


def test_a_failing_fact_and_timer_are_dead_letters_without_outcome(club_world, monkeypatch):
    def fail(tx, message):
        raise KeyError

    for message in (BookLent, club.RemindMember):
        monkeypatch.setitem(club.handlers.handlers, message, fail)
    club_world.say(BookLent(book_id=uuid4(), version=1, reader="Ada"))
    club_world.say(club.RemindMember(name="Ada"), source="urn:impulse:club")
    club_world.settle()
    assert len(club_world.log.of(topics.DEAD_LETTERS.name)) == 2
    assert club_world.heard(Outcome) == []


def test_a_refused_fact_is_done_with(club_world, club_engine, monkeypatch):
    def refuse(tx, message):
        raise Refused(Reason.NOT_ALLOWED)

    monkeypatch.setitem(club.handlers.handlers, BookLent, refuse)
    club_world.say(BookLent(book_id=uuid4(), version=1, reader="Ada"))
    club_world.settle()
    assert value(club_engine, "SELECT count(*) FROM inbox") == 1
    assert club_world.log.of(topics.DEAD_LETTERS.name) == []


def test_a_loader_that_fails_on_one_message_costs_only_that(engine):
    handlers = Handlers()

    @handlers.load(LendBook)
    def _(tx, messages):
        if any(message.data.reader == "culprit" for message in messages):
            raise ValueError("no")
        lending.books.lock(tx, {message.data.book_id for message in messages})

    handlers.on(LendBook)(lending.lend_book)
    world = World([Node(Service("lending", lending.Settings, handlers, reads=[DESK]), engine)])
    for number in range(10):
        lend(world, "culprit" if number == 4 else "somebody")
    world.settle()
    assert value(engine, "SELECT count(*) FROM book") == 9
    assert value(engine, "SELECT count(*) FROM dead_letter") == 1


def test_a_dead_letter_that_can_not_be_written_stops_the_service(club_node, monkeypatch):
    """Better to stop than to go past a record that left no trace."""

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(deadletters, "write", broken)
    with pytest.raises(ZeroDivisionError):
        club_node.process([record(club.DESK.name, b"nonsense")], START)


# ---------------------------------------------------------------------- what the world does wrong


def test_somebody_faster_means_again(world, lending_node, engine):
    lend(world)
    tries = []

    def conflict_twice(statement, _):
        if statement.startswith("COPY inbox"):
            tries.append(statement)
            if len(tries) < 3:
                raise Conflict

    with watching(engine, conflict_twice):
        world.settle()
    assert len(tries) == 3
    assert len(world.heard(BookLent)) == 1


def test_a_conflict_that_never_ends_counts_as_a_fault(world, engine):
    lend(world, message_id="17")
    tries = []

    def conflict(statement, _):
        if statement.startswith("INSERT INTO") and "book" in statement:
            tries.append(statement)
            raise Conflict

    with watching(engine, conflict):
        world.settle()
    assert len(tries) > CONFLICTS
    assert outcomes(world)["17"].reason is Reason.HANDLER_ERROR


@pytest.mark.parametrize("statement", range(1, 7))
def test_a_database_that_goes_away_leaves_nothing(statement, world, lending_node, engine):
    """At any statement: the batch is not done, and is done in full when it comes again."""
    for number in range(5):
        lend(world, f"reader {number}")
    spoiled = {**GOOD, "ce_type": LendBook.ce_type}
    world.say_raw(DESK.name, b"k", b"{}", [(name, v.encode()) for name, v in spoiled.items()])
    records = lending_node.pending(world.log)
    seen = []

    def away(text, _):
        seen.append(text)
        if len(seen) == statement:
            raise psycopg.OperationalError("terminating connection")

    with watching(engine, away), pytest.raises(Unavailable):
        lending_node.process(records, START)
    for table in ("book", "outbox", "inbox", "timer", "dead_letter"):
        assert value(engine, f"SELECT count(*) FROM {table}") == 0, table
    world.settle()
    assert len(world.heard(BookLent)) == 5
    assert len(world.heard(Outcome)) == 6
    assert len(world.log.of(topics.DEAD_LETTERS.name)) == 1


def test_a_commit_whose_answer_was_lost_is_found_again(world, lending_node, engine, monkeypatch):
    lend(world)
    records = lending_node.pending(world.log)
    commit = engine.dialect.do_commit

    def lost(connection):
        commit(connection)
        raise OperationalError("COMMIT", None, psycopg.OperationalError("connection lost"))

    monkeypatch.setattr(engine.dialect, "do_commit", lost)
    with pytest.raises(Unavailable):
        lending_node.process(records, START)
    monkeypatch.undo()
    lending_node.processor._sleep = lambda _: None
    world.settle()
    assert len(world.heard(BookLent)) == 1
    assert len({each.attributes.id for each in world.heard(Outcome)}) == 1


def test_no_database_at_all_is_unavailable(lending_node):
    url = make_url("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    node = Node(lending.service, connect(url))
    for work in (
        lambda: node.process([record(DESK.name, b"nonsense")], START),
        lambda: node.processor.sweep(START),
        lambda: node.processor.fire_timers(START),
    ):
        with pytest.raises(Unavailable):
            work()


@pytest.mark.parametrize(
    ("error", "trouble"),
    [
        (Conflict(), Trouble.CONFLICT),
        (psycopg.errors.UniqueViolation(), Trouble.CONFLICT),
        (psycopg.errors.DeadlockDetected(), Trouble.CONFLICT),
        (psycopg.errors.SerializationFailure(), Trouble.CONFLICT),
        (psycopg.OperationalError(), Trouble.UNAVAILABLE),
        (psycopg.InterfaceError(), Trouble.UNAVAILABLE),
        (psycopg.errors.AdminShutdown(), Trouble.UNAVAILABLE),
        (psycopg.errors.LockNotAvailable(), Trouble.UNAVAILABLE),
        (psycopg.errors.DiskFull(), Trouble.UNAVAILABLE),
        (psycopg.errors.TooManyConnections(), Trouble.UNAVAILABLE),
        (psycopg.errors.UndefinedTable(), Trouble.UNAVAILABLE),
        (psycopg.errors.InsufficientPrivilege(), Trouble.UNAVAILABLE),
        (psycopg.errors.ReadOnlySqlTransaction(), Trouble.UNAVAILABLE),
        (OperationalError("x", None, psycopg.errors.DeadlockDetected()), Trouble.CONFLICT),
        (OperationalError("x", None, psycopg.OperationalError()), Trouble.UNAVAILABLE),
        (psycopg.errors.NotNullViolation(), Trouble.FAULT),
        (psycopg.errors.NumericValueOutOfRange(), Trouble.FAULT),
        (psycopg.errors.ProgramLimitExceeded(), Trouble.FAULT),
        (psycopg.errors.StatementTooComplex(), Trouble.FAULT),
        (ValueError(), Trouble.FAULT),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else each.name,
)
def test_what_an_error_asks_for(error, trouble):
    assert classify(error) is trouble


def say_with_a_short_subject(world, message):
    headers = [(name, each.encode()) for name, each in GOOD.items()]
    headers.append(("ce_type", message.ce_type.encode()))
    world.say_raw(message.topic.name, b"k", message.model_dump_json().encode(), headers)


def test_a_value_that_no_index_takes_is_a_dead_letter_not_the_end(club_world, club_engine):
    """PostgreSQL calls it operational; waited for, it would hold up its partition for ever."""
    long = "".join(chr(0x4E00 + number * 37 % 20_000) for number in range(5000))
    club_world.say(AskStrangely(name="good", how="nothing"))
    say_with_a_short_subject(club_world, AskStrangely(name=long, how="nothing"))
    club_world.settle()
    found = outcomes(club_world)
    assert found.pop("17").reason is Reason.HANDLER_ERROR
    assert [each.reason for each in found.values()] == [None]


def test_a_nul_that_reaches_the_database_is_a_dead_letter(club_world):
    say_with_a_short_subject(club_world, PraiseMember(name="a\0b"))
    good = club_world.say(AskStrangely(name="good", how="nothing"))
    club_world.settle()
    assert outcomes(club_world)["17"].reason is Reason.HANDLER_ERROR
    assert outcomes(club_world)[good].reason is None
