"""Durable timers: replaced, taken away, fired once, each with an id that never changes."""

import threading
from datetime import timedelta
from uuid import UUID

from impulse_chassis import timers
from impulse_chassis.outbox import load_headers
from impulse_chassis.testing import START, World
from impulse_chassis.transaction import Transaction
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.chassis.club import MemberCounted, RemindMember
from tests.chassis.lending import BookLent, LendBook, ReturnOverdue
from tests.chassis.records import rows, value
from tests.fixtures.statements import counting

ONE, TWO = UUID(int=1), UUID(int=2)
HOUR = timedelta(hours=1)


def change(engine, work):
    with engine.begin() as connection:
        tx = Transaction(connection, "lending", START)
        work(tx)
        tx.flush()


def fire(engine, now, limit=500):
    with engine.begin() as connection:
        cursor = connection.connection.driver_connection.cursor()
        return timers.fire(cursor, "lending", now, limit)


def said(engine):
    found = rows(engine, "SELECT topic, key, value, headers FROM outbox ORDER BY id")
    return [(topic, key, body, dict(load_headers(text))) for topic, key, body, text in found]


def schedule(engine, at=START + HOUR, book=ONE, name=""):
    change(engine, lambda tx: tx.schedule(ReturnOverdue(book_id=book), at=at, name=name))


def test_a_timer_comes_due_and_says_its_message_once(engine):
    schedule(engine)
    assert fire(engine, START + HOUR - timedelta(microseconds=1)) == 0
    assert fire(engine, START + HOUR) == 1
    assert fire(engine, START + 2 * HOUR) == 0
    [(topic, key, body, headers)] = said(engine)
    assert (topic, key) == ("test.lending.commands", str(ONE).encode())
    assert ReturnOverdue.model_validate_json(body).book_id == ONE
    assert headers["ce_source"] == b"urn:impulse:lending"
    assert headers["ce_principal"] == b"system"
    assert headers["ce_type"] == b"test.lending.return_overdue.v1"


def test_scheduling_again_replaces(engine):
    schedule(engine)
    schedule(engine, START + 3 * HOUR)
    assert fire(engine, START + 2 * HOUR) == 0
    assert fire(engine, START + 3 * HOUR) == 1


def test_names_tell_timers_of_one_thing_apart(engine):
    for name in ("first", "second"):
        schedule(engine, name=name)
    schedule(engine, book=TWO)
    assert fire(engine, START + HOUR) == 3
    assert len({headers["ce_id"] for _, _, _, headers in said(engine)}) == 3


def test_a_timer_can_be_taken_away(engine):
    schedule(engine)
    schedule(engine, name="other")
    change(engine, lambda tx: tx.unschedule(ReturnOverdue, ONE))
    assert fire(engine, START + HOUR) == 1
    change(engine, lambda tx: tx.unschedule(ReturnOverdue, ONE, "was never there"))


def test_the_last_word_of_a_batch_stands(engine):
    def work(tx):
        tx.schedule(ReturnOverdue(book_id=ONE), at=START + HOUR)
        tx.unschedule(ReturnOverdue, ONE)
        tx.unschedule(ReturnOverdue, TWO)
        tx.schedule(ReturnOverdue(book_id=TWO), at=START + HOUR)
        tx.schedule(ReturnOverdue(book_id=TWO), at=START + 2 * HOUR)

    change(engine, work)
    assert rows(engine, "SELECT key, due FROM timer") == [(str(TWO), START + 2 * HOUR)]


def test_a_timer_may_be_set_again_for_a_moment_at_which_it_fired(engine):
    for _ in range(2):
        schedule(engine)
        fire(engine, START + HOUR)
    first, second = (headers["ce_id"] for _, _, _, headers in said(engine))
    assert first != second, "or the second would be taken for the first, sent twice"


def test_a_timer_of_another_release_waits_for_that_release(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO timer VALUES ('unknown', 'k', '', now(), '{}')")
    schedule(engine)
    assert fire(engine, START + 24 * 365 * HOUR) == 1
    assert value(engine, "SELECT ce_type FROM timer") == "unknown"


def test_they_fire_in_the_order_of_their_times_a_part_at_a_time(engine):
    for number in (3, 1, 2):
        schedule(engine, START + number * HOUR, UUID(int=number))
    assert fire(engine, START + 9 * HOUR, limit=2) == 2
    assert fire(engine, START + 9 * HOUR, limit=2) == 1
    assert [key.decode()[-1] for _, key, _, _ in said(engine)] == ["1", "2", "3"]


def test_two_replicas_fire_a_timer_once(engine):
    for number in range(20):
        schedule(engine, book=UUID(int=number))
    fired = []
    barrier = threading.Barrier(2)

    def replica():
        for _ in range(10):
            barrier.wait(10)
            fired.append(fire(engine, START + HOUR, limit=3))

    threads = [threading.Thread(target=replica) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(fired) == 20
    assert value(engine, "SELECT count(DISTINCT key) FROM outbox") == 20


def test_a_replica_leaves_what_another_is_firing(engine):
    schedule(engine)
    schedule(engine, START + HOUR, TWO)
    with engine.begin() as connection:
        cursor = connection.connection.driver_connection.cursor()
        assert timers.fire(cursor, "lending", START + HOUR, 1) == 1
        assert fire(engine, START + HOUR) == 1, "the other one, without waiting"
    assert value(engine, "SELECT count(*) FROM outbox") == 2


def test_any_number_costs_the_same(engine):
    def count(number):
        def work(tx):
            for each in range(number):
                tx.schedule(ReturnOverdue(book_id=UUID(int=each)), at=START)
                tx.unschedule(ReturnOverdue, UUID(int=1000 + each))

        with counting(engine) as counted:
            change(engine, work)
            fire(engine, START)
        return counted.total

    assert count(3) == count(300) == 4


def test_a_timer_takes_the_one_way_in_and_has_no_outcome(lending_node, club_node):
    world = World([lending_node, club_node])
    world.say(LendBook(book_id=ONE, reader="somebody"))
    world.settle()
    world.advance(timedelta(days=27))
    assert [each.data.reader for each in world.heard(BookLent)] == ["somebody"]
    assert [each.data.reminded for each in world.heard(MemberCounted)] == [0, 1]
    world.advance(timedelta(days=1))
    assert [each.data.reader for each in world.heard(BookLent)] == ["somebody", None]
    assert len(world.heard(RemindMember)) == len(world.heard(ReturnOverdue)) == 1
    assert len(world.heard(Outcome)) == 1, "that of the command alone"


def test_only_the_service_itself_says_its_timers(lending_node, engine):
    world = World([lending_node])
    world.say(LendBook(book_id=ONE, reader="somebody"))
    world.say(ReturnOverdue(book_id=ONE), source="https://partner.example", message_id="17")
    world.settle()
    assert [each.data.reader for each in world.heard(BookLent)] == ["somebody"], "not taken back"
    assert value(engine, "SELECT reason FROM dead_letter") == "unknown_type"
    [refused] = [each.data for each in world.heard(Outcome) if each.data.reason]
    assert (refused.command_id, refused.reason) == ("17", Reason.UNKNOWN_TYPE)
    assert refused.message.de.endswith(
        "test.lending.return_overdue.v1 sagt nur der Dienst lending selbst"
    )
    assert refused.message.en.endswith(
        "only the service lending itself says test.lending.return_overdue.v1"
    )
