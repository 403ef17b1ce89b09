"""Aggregates in PostgreSQL: the identity map, the second lock, and what is written."""

import json
import threading
from functools import partial
from uuid import UUID

import pytest

from impulse_chassis import Refused
from impulse_chassis.database import Trouble, classify
from impulse_chassis.inbox import Conflict
from impulse_chassis.testing import START
from impulse_chassis.transaction import Transaction
from impulse_contracts.reasons import Reason
from tests.chassis.lending import Book, books
from tests.chassis.records import rows
from tests.fixtures.statements import counting

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def stored(engine):
    """One and Two, at version 1."""
    write(engine, lambda tx: [put(tx, key, f"reader {key.int}") for key in (ONE, TWO)])
    return engine


def write(engine, work):
    with engine.begin() as connection:
        tx = Transaction(connection, "lending", START)
        result = work(tx)
        tx.flush()
    return result


def put(tx, key, reader):
    books.lock(tx, [key])
    book = books.get(tx, key) or Book(book_id=key)
    return books.put(tx, book.evolve(reader=reader))


def everything(engine):
    return rows(engine, "SELECT book_id, version, reader FROM book ORDER BY book_id")


def test_what_is_put_is_stored(stored):
    assert everything(stored) == [(ONE, 1, "reader 1"), (TWO, 1, "reader 2")]
    write(stored, lambda tx: put(tx, ONE, None))
    assert everything(stored)[0] == (ONE, 2, None)


def test_handlers_see_what_others_in_the_batch_have_put(stored):
    def work(tx):
        for number in range(10):
            put(tx, ONE, f"reader {number}")
        return books.require(tx, ONE)

    assert write(stored, work) == Book(book_id=ONE, version=11, reader="reader 9")
    assert everything(stored)[0] == (ONE, 11, "reader 9")


def test_any_number_of_rows_costs_the_same(stored):
    def count(number):
        keys = [UUID(int=1000 * number + each) for each in range(number)]

        def work(tx):
            books.lock(tx, keys)
            for key in keys:
                books.put(tx, Book(book_id=key).evolve(reader="x"))

        with counting(stored) as counted:
            write(stored, work)
        return counted.total

    assert count(2) == count(200) == 2


def test_what_was_not_loaded_is_a_mistake_of_the_loader(stored):
    def work(tx):
        with pytest.raises(LookupError, match=f"book {ONE} was not loaded"):
            books.get(tx, ONE)
        with pytest.raises(LookupError, match="was not loaded"):
            books.put(tx, Book(book_id=ONE).evolve())
        with pytest.raises(LookupError):
            books.remove(tx, ONE)

    write(stored, work)


def test_require_refuses_what_does_not_exist(stored):
    def work(tx):
        books.read(tx, [THREE])
        assert books.get(tx, THREE) is None
        with pytest.raises(Refused) as refused:
            books.require(tx, THREE)
        assert refused.value.reason is Reason.NOT_FOUND
        assert refused.value.details == {"subject": ("Das Buch", "The book")}

    write(stored, work)


def test_only_the_next_version_can_be_put(stored):
    def work(tx):
        books.lock(tx, [ONE])
        for version in (0, 1, 3):
            with pytest.raises(ValueError, match="is at 1"):
                books.put(tx, Book(book_id=ONE, version=version))

    write(stored, work)


def test_removed_rows_are_gone_and_new_ones_never_come(stored):
    def work(tx):
        put(tx, THREE, "never seen")
        books.remove(tx, THREE)
        books.lock(tx, [ONE])
        books.remove(tx, ONE)
        assert books.get(tx, ONE) is None
        assert [book.book_id for book in books.select(tx, "TRUE")] == [TWO]

    write(stored, work)
    assert everything(stored) == [(TWO, 1, "reader 2")]


def test_a_query_sees_what_the_transaction_has_put(stored):
    def work(tx):
        put(tx, ONE, "another")
        found = books.select(tx, "t.reader LIKE %s", ("reader%",))
        assert [book.reader for book in found] == ["another", "reader 2"]
        assert [book.book_id for book in books.loaded(tx, lambda book: True)] == [ONE, TWO]
        assert books.loaded(tx, lambda book: book.version == 2) == [books.get(tx, ONE)]

    write(stored, work)


def test_what_somebody_else_wrote_meanwhile_is_a_conflict(stored):
    """The version is the second lock, for rows that were only read."""
    with stored.begin() as connection:
        tx = Transaction(connection, "lending", START)
        books.read(tx, [ONE])
        books.put(tx, books.require(tx, ONE).evolve(reader="the slower one"))
        write(stored, lambda other: put(other, ONE, "the faster one"))
        with pytest.raises(Conflict) as conflict:
            tx.flush()
        assert classify(conflict.value) is Trouble.CONFLICT
        connection.rollback()
    assert everything(stored)[0] == (ONE, 2, "the faster one")


def test_what_somebody_else_created_meanwhile_is_a_conflict(stored):
    with stored.begin() as connection:
        tx = Transaction(connection, "lending", START)
        put(tx, THREE, "the slower one")
        write(stored, lambda other: put(other, THREE, "the faster one"))
        with pytest.raises(Conflict):
            tx.flush()
        connection.rollback()
    assert everything(stored)[2] == (THREE, 1, "the faster one")


def test_what_was_read_can_be_read_again(stored):
    def work(tx):
        books.read(tx, [ONE, TWO, THREE])
        books.put(tx, books.require(tx, TWO).evolve(reader="own"))
        [before] = books.naming(tx, readers, "reader 1")
        for key in (ONE, THREE):
            write(stored, partial(put, key=key, reader="somebody else"))
        assert books.require(tx, ONE) is before
        books.read_again(tx, [ONE, TWO, THREE, UUID(int=4)])
        found = [books.require(tx, key).reader for key in (ONE, TWO, THREE)]
        assert found == ["somebody else", "own", "somebody else"]
        assert books.naming(tx, readers, "reader 1") == []

    write(stored, work)


def test_a_locked_row_is_waited_for(stored):
    entered = threading.Event()

    def later():
        entered.set()
        write(stored, lambda tx: put(tx, ONE, "second"))

    thread = threading.Thread(target=later)
    with stored.begin() as connection:
        tx = Transaction(connection, "lending", START)
        put(tx, ONE, "first")
        thread.start()
        entered.wait(5)
        thread.join(0.2)
        assert thread.is_alive(), "it waits for the lock"
        tx.flush()
    thread.join(5)
    assert everything(stored)[0] == (ONE, 3, "second")


def test_rows_are_locked_in_key_order(stored):
    with counting(stored) as count:
        write(stored, lambda tx: books.lock(tx, [TWO, ONE, THREE]))
    [statement] = count.statements
    assert statement.endswith('ORDER BY t."book_id" FOR UPDATE OF t')


def test_a_jsonb_column_keeps_what_json_can_say(engine):
    """What repositories rely on: jsonb_populate_recordset gives jsonb columns back as they were."""
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        driver.execute("CREATE TABLE shelf (key uuid PRIMARY KEY, parts jsonb, tags jsonb)")
        driver.execute(
            "INSERT INTO shelf SELECT * FROM jsonb_populate_recordset(null::shelf, %s)",
            (json.dumps([{"key": str(ONE), "parts": {"ä": [1, None]}, "tags": None}]),),
        )
        [(text,)] = driver.execute("SELECT row_to_json(t)::text FROM shelf t").fetchall()
        assert text == f'{{"key":"{ONE}","parts":{{"ä": [1, null]}},"tags":null}}'


def readers(book):
    return [book.reader] if book.reader else []


def test_what_an_aggregate_names_is_found_as_it_is_now(stored):
    def of(tx, reader):
        return [book.book_id for book in books.naming(tx, readers, reader)]

    def work(tx):
        books.lock(tx, [ONE])
        assert (of(tx, "reader 1"), of(tx, "reader 2")) == ([ONE], []), "not loaded: not found"
        books.lock(tx, [TWO])
        assert of(tx, "reader 2") == [TWO]
        put(tx, THREE, "reader 1")
        assert of(tx, "reader 1") == [ONE, THREE]
        put(tx, ONE, "reader 2")
        assert (of(tx, "reader 1"), of(tx, "reader 2")) == ([THREE], [ONE, TWO])
        put(tx, TWO, None)
        books.remove(tx, ONE)
        assert of(tx, "reader 2") == []

    write(stored, work)
