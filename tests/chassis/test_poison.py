"""Records that nobody can handle: each one dead letter, and the good ones all pass."""

from collections import Counter
from uuid import uuid4

import pytest

from impulse_chassis.testing import START, Log, World
from impulse_contracts import topics
from impulse_contracts.message import TICK
from impulse_contracts.outcomes import Outcome
from tests.chassis.lending import DESK, LendBook
from tests.chassis.records import record, value
from tests.fixtures.statements import record_of

POISON = {
    "not JSON": record(DESK.name, b"{", ce_type=LendBook.ce_type, ce_id="p0"),
    "unknown type": record(DESK.name, b"{}", ce_type="test.unknown.v1", ce_id="p1"),
    "contract broken": record(DESK.name, b"{}", ce_type=LendBook.ce_type, ce_id="p2"),
    "tombstone": record(DESK.name, None, ce_type=LendBook.ce_type, ce_id="p3"),
    "header not UTF-8": record(DESK.name, b"{}", ce_type=b"\xff", ce_id="p4"),
    "header without value": record(DESK.name, b"{}", headers=[("ce_id", None), ("x", None)]),
    "no headers": record(DESK.name, b"{}", headers=[]),
    "a megabyte": record(DESK.name, b"x" * 2**20, ce_type=LendBook.ce_type, ce_id="p5"),
    "a megabyte of header": record(DESK.name, b"{}", ce_correlationid="x" * 2**20, ce_id="p6"),
    "NUL": record(DESK.name, b"\0", ce_type=LendBook.ce_type, ce_id="p7", key=b"\0"),
    "surrogate": record(DESK.name, b'{"reader":"\\ud800"}', ce_type=LendBook.ce_type, ce_id="p8"),
    "ahead": record(DESK.name, b"{}", ce_type=LendBook.ce_type, ce_time="2999-01-01T00:00:00Z"),
}


def test_poison_among_good_records(engine, lending_node):
    log = Log()
    good = [record_of(LendBook(book_id=uuid4(), reader="x"), log) for _ in range(20)]
    mixed = [each for pair in zip(good, POISON.values(), strict=False) for each in pair]
    mixed += good[len(POISON) :]
    lending_node.process(mixed, START)
    world = World([lending_node], log=log)
    lending_node.committed.update(dict.fromkeys(log.records, 9999))
    world.settle()
    assert value(engine, "SELECT count(*) FROM book") == 20
    letters = log.of(topics.DEAD_LETTERS.name)
    assert len(letters) == len(POISON)
    by_value = Counter((each.key, each.value) for each in letters)
    assert by_value == Counter((each.key, each.value) for each in POISON.values())
    refused = {
        each.data.command_id: each.data.reason
        for each in world.heard(Outcome)
        if each.data.reason is not None
    }
    assert {name for name in refused if name.startswith("p")} == {f"p{n}" for n in range(9)}


def test_what_reading_it_fails_at(engine, lending_node, monkeypatch):
    """A fault of our own, in a record of any kind: it stops nothing that is behind it."""
    log = Log()
    first, second = (record_of(LendBook(book_id=uuid4(), reader="x"), log) for _ in range(2))
    validate = LendBook.model_validate_json

    def fails_once(value):
        if value == first.value:
            raise TypeError("unhashable type: 'list'")
        return validate(value)

    monkeypatch.setattr(LendBook, "model_validate_json", fails_once)
    lending_node.process([first, second], START)
    assert value(engine, "SELECT string_agg(reason, ' ') FROM dead_letter") == "handler_error"
    assert value(engine, "SELECT count(*) FROM book") == 1


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON.keys())
def test_poison_alone(poison, engine, lending_node):
    for _ in range(2):
        lending_node.process([poison], START)
    assert value(engine, "SELECT count(*) FROM dead_letter") == 1


def test_a_tick_is_ignored(engine, lending_node):
    """It lets Kafka compact: nobody handles it, answers it or buries it."""
    ticks = [record(DESK.name, b"{}", ce_type=TICK, ce_id=f"t{n}", key=b"tick") for n in range(200)]
    progress = lending_node.processor.process(ticks, START)
    assert set(progress.offsets.values()) == {ticks[-1].offset + 1}
    assert not progress.paused
    for table in ("dead_letter", "inbox", "outbox"):
        assert value(engine, f"SELECT count(*) FROM {table}") == 0, table
