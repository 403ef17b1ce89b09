"""A batch costs a handful of statements: their number never depends on its messages."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from impulse_chassis.testing import START, Log, Node
from tests.chassis import club, lending
from tests.chassis.club import AskStrangely, PraiseMember, RemindMember
from tests.chassis.conftest import emptied
from tests.chassis.lending import DESK, BookLent, LendBook, ReturnOverdue
from tests.chassis.records import record, value
from tests.fixtures.statements import counted, counting, record_of, statements_for, watching


def lend(number, reader="somebody"):
    return [LendBook(book_id=uuid4(), reader=reader) for _ in range(number)]


def test_fresh_commands_cost_six(engine):
    few = counted(lending.service, engine, lend(50))
    many = counted(lending.service, engine, lend(500))
    # Inbox, books locked, books, timers, outbox, inbox.
    assert few.total == many.total == 6, many.statements


@pytest.mark.parametrize("number", [50, 500])
def test_all_that_can_come_in_one_batch_costs_the_same(engine, number):
    """New and known books, refusals, timers, duplicates within and across batches, poison."""
    books = [UUID(int=each) for each in range(number)]
    log = Log()
    before = [record_of(LendBook(book_id=book, reader="a"), log) for book in books[: number // 4]]
    Node(lending.service, engine).process(before, START)
    batch = [
        *before,
        *[record_of(LendBook(book_id=book, reader="b"), log) for book in books],
        *[record_of(ReturnOverdue(book_id=book), log) for book in books[::3]],
        *[record(DESK.name, b"{}", ce_type=LendBook.ce_type, ce_id=f"bad {e}") for e in books[::9]],
    ]
    batch += batch[-number // 2 :]
    count = counted(lending.service, engine, batch)
    assert count.total == 7, count.statements


@pytest.mark.parametrize("message", [BookLent, PraiseMember, RemindMember, AskStrangely])
def test_every_handler_costs_the_same_for_50_and_500(club_engine, message):
    def made(number):
        return [
            {
                BookLent: lambda n: BookLent(book_id=uuid4(), reader=f"m{n}", version=1),
                PraiseMember: lambda n: PraiseMember(name=f"m{n}"),
                RemindMember: lambda n: RemindMember(name=f"m{n}"),
                AskStrangely: lambda n: AskStrangely(name=f"m{n}", how="nothing"),
            }[message](each)
            for each in range(number)
        ]

    totals = []
    for number in (50, 500):
        emptied(club_engine)
        totals.append(
            (
                statements_for(club.service, club_engine, made(number)),  # new, or waiting
                statements_for(club.service, club_engine, made(number)),
            )
        )
    assert totals[0] == totals[1]


def test_timers_and_sweeps_cost_the_same(engine, club_engine):
    def timers(number):
        node = Node(lending.service, emptied(engine))
        log = Log()
        node.process([record_of(each, log) for each in lend(number)], START)
        with counting(engine) as count:
            assert node.processor.fire_timers(START + timedelta(days=28)) == number
        return count.total

    def sweeps(number):
        node = Node(club.service, emptied(club_engine))
        log = Log()
        names = [f"m{each}" for each in range(number)]
        node.process([record_of(PraiseMember(name=name), log) for name in names], START)
        with counting(club_engine) as count:
            node.processor.sweep(START + timedelta(seconds=5))
            node.processor.sweep(START + timedelta(seconds=700))
        assert value(club_engine, "SELECT count(*) FROM dead_letter") == number
        return count.total

    assert timers(50) == timers(500) == 2
    assert sweeps(50) == sweeps(500)


def test_a_handler_that_asks_the_database_is_found_out(engine, monkeypatch):
    """What the count is for."""
    original = lending.handlers.handlers[LendBook]

    def asks(tx, command):
        tx.cursor().execute("SELECT 1")
        return original(tx, command)

    monkeypatch.setitem(lending.handlers.handlers, LendBook, asks)
    few = statements_for(lending.service, engine, lend(50))
    assert statements_for(lending.service, engine, lend(500)) - few == 450


def test_everything_that_reaches_the_database_is_counted(engine):
    with counting(engine) as count, engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
        driver = connection.connection.driver_connection
        driver.execute("CREATE TEMP TABLE counted (n int)")
        driver.cursor().executemany("INSERT INTO counted VALUES (%s)", [(1,), (2,), (3,)])
        with driver.cursor().copy("COPY counted FROM STDIN") as copy:
            copy.write_row((4,))
        list(driver.cursor().stream("SELECT * FROM counted"))
    assert count.total == 7
    assert count.statements[2] == "3 x INSERT INTO counted VALUES (%s)"
    with engine.begin() as connection:
        connection.exec_driver_sql("SELECT 1")
    assert count.total == 7, "not after its time"


def test_a_watcher_can_break_a_statement(engine):
    class Broken(BaseException):
        pass

    def hook(statement, _):
        if statement.startswith("COPY inbox"):
            raise Broken

    log = Log()
    records = [record_of(each, log) for each in lend(3)]
    with watching(engine, hook), pytest.raises(Broken):
        Node(lending.service, engine).process(records, START)
    assert value(engine, "SELECT count(*) FROM book") == 0
    Node(lending.service, engine).process(records, START)
    assert value(engine, "SELECT count(*) FROM book") == 3
