"""A service as a process on a real broker and a real database."""

import inspect
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from confluent_kafka.admin import AdminClient, NewTopic
from faststream.kafka.subscriber.usecase import BatchSubscriber

from tests.chassis.consumers import a_consumer
from tests.chassis.lending import BOOKS, DESK, BookLent, LendBook
from tests.fixtures.stack import Stack, eventually

MAIN = [sys.executable, str(Path(__file__).with_name("run_lending.py"))]


@pytest.fixture(scope="module")
def stack(kafka, postgres, tmp_path_factory):
    found = Stack(
        kafka, postgres, tmp_path_factory.mktemp("lending"), kafka.unique("lending") + "."
    )
    admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
    for future in admin.create_topics(
        [NewTopic(found.prefix + topic.name, 6, 1) for topic in (DESK, BOOKS)]
    ).values():
        future.result()
    yield found
    found.close()


@pytest.fixture(scope="module")
def lending(stack):
    process = stack.start("lending", command=MAIN)
    process.ready()
    return process


def test_a_command_comes_back_as_fact_and_outcome(stack, lending):
    command = stack.say(LendBook(book_id=uuid4(), reader="somebody"))
    stack.flush()
    [outcome] = eventually(lambda: stack.outcomes().get(command))
    assert outcome.type == "impulse.outcome.accepted.v1"
    answer = json.loads(outcome.value)
    facts = eventually(lambda: [f for f in stack.read(BOOKS.name) if f.type == BookLent.ce_type])
    assert answer["aggregate_id"] in {fact.key for fact in facts}


def test_metrics_and_health_are_served(lending):
    base = f"http://127.0.0.1:{lending.port}"
    assert json.load(urllib.request.urlopen(f"{base}/livez"))["ok"]
    text = urllib.request.urlopen(f"{base}/metrics").read().decode()
    for name in (
        "impulse_events_total",
        "impulse_event_age_seconds",
        "impulse_consumer_lag_seconds",
        "impulse_outbox_oldest_unpublished_age_seconds",
        "impulse_dead_letters_total",
    ):
        assert f"# TYPE {name.removesuffix('_total')}" in text or f"# TYPE {name}" in text


def test_it_stops_gracefully_and_leaves_nothing_behind(stack, lending):
    for _ in range(300):
        stack.say(LendBook(book_id=uuid4(), reader="somebody"))
    stack.flush()
    assert lending.stop() == 0
    lending.start()
    lending.ready()
    eventually(lambda: stack.query("lending", "SELECT count(*) FROM book")[0][0] >= 301)
    eventually(lambda: stack.query("lending", "SELECT count(*) FROM outbox")[0][0] == 0)
    facts = [fact.id for fact in stack.read(BOOKS.name)]
    assert len(facts) == len(set(facts)), "nothing was published twice"


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("IMPULSE_LOG_LEVEL", "LOUD", "one of DEBUG, INFO, WARNING, ERROR"),
        ("IMPULSE_LENDING_LOG_LEVL", "INFO", "the nearest is IMPULSE_LENDING_LOG_LEVEL"),
        ("IMPULSE_DATABASE_URL", "mysql://x", "postgresql://"),
    ],
)
def test_a_wrong_setting_is_named_and_ends_it(setting, value, said, postgres):
    environment = {
        **os.environ,
        "IMPULSE_DATABASE_URL": postgres.url,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        setting: value,
    }
    ended = subprocess.run(MAIN, env=environment, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 2
    assert setting in ended.stderr
    assert said in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_in_use_is_said_with_its_setting(stack):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        stack.settings["IMPULSE_METRICS_PORT"] = str(taken)
        try:
            process = stack.start("lending", "-second", command=MAIN)
            assert process.wait(120) == 1
        finally:
            del stack.settings["IMPULSE_METRICS_PORT"]
    assert "IMPULSE_LENDING_METRICS_PORT" in process.tail()
    assert "Traceback" not in process.tail()


def test_the_subscriber_never_sleeps_and_never_commits_by_itself():
    """Pins what is overridden in FastStream, and the policies that would lose messages."""
    assert "anyio.sleep" in inspect.getsource(BatchSubscriber)
    consumer = a_consumer()
    [only] = consumer.broker.subscribers
    subscriber: Any = only
    assert subscriber.get_msg == consumer._next_records
    assert str(subscriber.ack_policy.name) == "MANUAL"
    assert subscriber.group_id == "g"
    arguments = subscriber._connection_args
    assert arguments["auto_offset_reset"] == "earliest"
    assert arguments["enable_auto_commit"] is False


class OneAfterTheOther:
    """A log to which a record is added every ten milliseconds, on a clock of its own."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        self.taken = 0
        monkeypatch.setattr("impulse_chassis.consumer.time.monotonic", lambda: self.now)
        monkeypatch.setattr("impulse_chassis.consumer.asyncio.sleep", self.sleep)

    async def sleep(self, seconds: float) -> None:
        self.now += seconds

    async def getmany(self, *, timeout_ms: int, max_records: int) -> dict[str, list[int]]:
        there = round((self.now - 100) * 100)
        if there == self.taken:
            self.now += 0.01
            there += 1
        found = range(self.taken, min(there, self.taken + max_records))
        self.taken = found.stop
        return {"a": [*found]}


@pytest.mark.parametrize(
    ("linger", "limit", "sizes"),
    [(0, 500, [1] * 6), (0.05, 500, [1, 5, 5, 5, 5, 5]), (0.05, 1, [1] * 6)],
)
async def test_what_comes_one_by_one_shares_a_batch(linger, limit, sizes, monkeypatch):
    """The first does not wait, and nobody waits behind a full batch."""
    log: Any = OneAfterTheOther(monkeypatch)
    consumer = a_consumer(linger=linger, batch_size=limit)
    batches = [await consumer._next_records(log) for _ in sizes]
    assert [len(batch) for batch in batches] == sizes
    assert [record for batch in batches for record in batch] == [*range(sum(sizes))]


def test_an_event_takes_milliseconds_when_it_is_quiet(stack, lending):
    """No sleep hides in the loop: the quickest of ten is far below FastStream's poll time."""
    times = []
    for _ in range(10):
        book = uuid4()
        began = time.monotonic()
        stack.say(LendBook(book_id=book, reader="somebody"))
        stack.flush()
        known = f"SELECT 1 FROM book WHERE book_id = '{book}'"
        eventually(partial(stack.query, "lending", known), every=0.005)
        times.append(time.monotonic() - began)
    assert min(times) < 0.4
