"""What handlers read from and write to: said things, their ids and attributes, and when."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest

from impulse_chassis.envelope import Attributes, Received, inbox_key
from impulse_chassis.outbox import TooLarge, dump_headers, load_headers
from impulse_chassis.testing import START, Node, World
from impulse_chassis.transaction import Transaction
from impulse_contracts.message import DELETED
from tests.chassis import lending
from tests.chassis.club import MEMBERS, AskStrangely
from tests.chassis.lending import BookLent, LendBook, ReturnOverdue
from tests.chassis.records import record, rows

FACT = BookLent(book_id=uuid4(), reader="somebody", version=3)


@pytest.fixture
def tx(engine):
    with engine.begin() as connection:
        yield Transaction(connection, "lending", START)


def test_a_transaction_and_a_replica_remember_one_object_of_each_type(tx):
    later = Transaction(tx.connection, "lending", START, cache=tx.cache)
    assert tx.memo(Counter) is tx.memo(Counter)
    assert tx.memo(Counter) is not tx.memo(dict)
    assert later.memo(Counter) is not tx.memo(Counter)
    assert later.cache(Counter) is tx.cache(Counter)


def test_handlers_find_the_settings_of_their_service(engine, monkeypatch):
    found = []
    monkeypatch.setitem(
        lending.handlers.handlers, LendBook, lambda tx, command: found.append(tx.settings)
    )
    given = lending.Settings.defaults(batch_size=7)
    for node in (Node(lending.service, engine), Node(lending.service, engine, given)):
        world = World([node])
        world.say(LendBook(book_id=uuid4(), reader="somebody"))
        world.settle()
    assert [settings.batch_size for settings in found] == [1000, 7]


def received(message_id="17", **more):
    attributes = Attributes(message_id, "urn:partner", "test.x.v1", **more)
    key = inbox_key("urn:partner", message_id)
    return Received(attributes, FACT, record("t", b""), key)


def headers(outgoing):
    found = load_headers(dump_headers(outgoing.headers))
    return {name: (value or b"").decode() for name, value in found}


def test_a_fact_says_who_when_and_why(tx):
    tx.begin_message(received(traceparent="00-trace"))
    ce_id = tx.publish(FACT)
    [outgoing] = tx.outgoing
    assert (outgoing.topic, outgoing.key) == ("test.books", str(FACT.book_id).encode())
    assert BookLent.model_validate_json(outgoing.value) == FACT
    assert headers(outgoing) == {
        "ce_specversion": "1.0",
        "ce_id": ce_id,
        "ce_source": "urn:impulse:lending",
        "ce_type": "test.lending.book.lent.v1",
        "ce_time": START.isoformat(),
        "ce_subject": str(FACT.book_id),
        "ce_correlationid": "17",
        "ce_causationid": "17",
        "traceparent": "00-trace",
        "content-type": "application/json",
    }


def test_the_correlation_is_handed_on(tx):
    tx.begin_message(received(correlation_id="the first of all"))
    tx.publish(FACT)
    assert headers(tx.outgoing[0])["ce_correlationid"] == "the first of all"
    assert headers(tx.outgoing[0])["ce_causationid"] == "17"


def test_the_same_message_says_things_with_the_same_ids(tx):
    tx.begin_message(received())
    first = [tx.publish(FACT), tx.publish(FACT)]
    tx.begin_message(received())
    again = [tx.publish(FACT), tx.publish(FACT)]
    tx.begin_message(received("18"))
    other = [tx.publish(FACT), tx.publish(FACT)]
    assert first == again
    assert len({*first, *other}) == 4


def test_a_tombstone_has_an_id_that_no_fact_has(tx):
    """Handled anew after a restore, a message may delete where it said a fact before."""

    def id_of(say):
        tx.begin_message(received())
        say()
        return headers(tx.outgoing[-1])["ce_id"]

    deleted = id_of(lambda: tx.delete(MEMBERS.name, "a"))
    assert deleted == id_of(lambda: tx.delete(MEMBERS.name, "a"))
    assert deleted != id_of(lambda: tx.delete(MEMBERS.name, "b"))
    assert deleted != id_of(lambda: tx.publish(FACT))


def test_outside_of_handlers_ids_are_new_or_chosen(tx):
    assert tx.publish(FACT) != tx.publish(FACT)
    assert tx.publish(FACT, message_id="mine", key="k", principal="p", on_behalf_of="o") == "mine"
    said = headers(tx.outgoing[-1])
    assert (said["ce_principal"], said["ce_onbehalfof"]) == ("p", "o")
    assert (said["ce_correlationid"], "ce_causationid" in said) == ("mine", False)
    assert tx.outgoing[-1].key == b"k"
    with pytest.raises(LookupError, match="no message"):
        _ = tx.attributes


def test_what_kafka_would_refuse_is_refused_at_once(tx):
    with pytest.raises(TooLarge, match=r"2\d{6} bytes are too many for test.club.commands"):
        tx.publish(AskStrangely(name="x", how="x" * 2_000_000))
    assert not tx.outgoing


def test_nothing_is_written_before_the_flush_and_all_in_order_after_it(engine):
    with engine.begin() as connection:
        tx = Transaction(connection, "lending", START)
        tx.publish(FACT, message_id="1")
        tx.delete(MEMBERS.name, "gone")
        tx.publish(FACT, message_id="2")
        tx.schedule(ReturnOverdue(book_id=FACT.book_id), at=START + timedelta(days=1))
        assert connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar() == 0
        tx.flush()
    found = rows(engine, "SELECT topic, key, value, headers FROM outbox ORDER BY id")
    said = [dict(load_headers(row[3])) for row in found]
    assert [said[0]["ce_id"], said[2]["ce_id"]] == [b"1", b"2"]
    assert found[1][:3] == (MEMBERS.name, b"gone", None)
    assert (said[1]["ce_type"], said[1]["ce_subject"]) == (DELETED.encode(), b"gone")
    assert said[1]["ce_id"]
    assert rows(engine, "SELECT due FROM timer") == [(START + timedelta(days=1),)]


def test_changes_are_counted(tx):
    assert tx.changes == 0
    tx.publish(FACT)
    tx.delete(MEMBERS.name, "gone")
    tx.schedule(ReturnOverdue(book_id=FACT.book_id), at=START)
    tx.unschedule(ReturnOverdue, FACT.book_id)
    assert tx.changes == 4
    tx.resolve("member/x")
    assert tx.changes == 4, "to wake those who wait takes nothing away from a refusal"
