"""The relay: only its newest leader is heard, and no topic waits for one that can't be used."""

import asyncio
from contextlib import asynccontextmanager
from functools import partial

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import TopicAuthorizationFailedError
from structlog.testing import capture_logs

from impulse_chassis import outbox, relay
from impulse_chassis.envelope import Outgoing
from impulse_chassis.kafka import FencedProducer
from impulse_chassis.relay import Relay
from impulse_contracts import topics
from impulse_topics.provisioning import provision

PERSON = b"5f3c0f0e-0000-4000-8000-000000000001"
FACT, TOMBSTONE = b'{"name": "Beispiel"}', None


class Held(FencedProducer):
    """A producer that sends its first batch only when it is let go."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.holds = asyncio.Event()
        self.go = asyncio.Event()

    async def send_batch(self, *arguments, **options):
        self.holds.set()
        await self.go.wait()
        return await super().send_batch(*arguments, **options)


@pytest.fixture
def prefix(kafka):
    found = kafka.unique("relay") + "."
    provision(kafka.bootstrap, erasure_seconds=604800, topics=[topics.PEOPLE], prefix=found)
    return found


@asynccontextmanager
async def relaying(engine, prefix, producer):
    """A running relay whose producers `producer` makes."""

    def connect():
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, application_name="a leader of the relay")

    found = Relay("lending", connect, producer, topic_prefix=prefix)
    task = asyncio.create_task(found.run())
    try:
        yield found
    finally:
        await found.stop()
        await asyncio.wait_for(task, 120)


def say(engine, *values, topic=topics.PEOPLE, key=PERSON):
    with engine.begin() as connection:
        cursor = connection.connection.driver_connection.cursor()
        outbox.write(cursor, [Outgoing(topic.name, key, value, []) for value in values])


def waiting(engine, topic=None):
    query = "SELECT count(*) FROM outbox WHERE topic = coalesce(%s, topic)"
    with engine.connect() as connection:
        return connection.exec_driver_sql(query, (topic and topic.name,)).scalar_one()


async def said(kafka, prefix, topic=topics.PEOPLE):
    """The values on the topic, in order of the log within each partition."""
    consumer = AIOKafkaConsumer(
        prefix + topic.name, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        found: list[bytes | None] = []
        ends = await consumer.end_offsets(consumer.assignment())
        while [place for place, end in ends.items() if await consumer.position(place) < end]:
            records = await consumer.getmany(timeout_ms=500)
            found += [each.value for part in records.values() for each in part]
        return found
    finally:
        await consumer.stop()


async def until(condition, seconds=120):
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


async def test_a_leader_that_lost_its_session_says_nothing_after_the_new_one(kafka, engine, prefix):
    """It had a person's details in its hands; the new leader said them, and then the tombstone."""
    options = {"bootstrap_servers": kafka.bootstrap}
    slow = []

    def first():
        slow.append(Held(f"{prefix}relay", **options))
        if len(slow) > 1:
            slow[-1].go.set()
        return slow[-1]

    say(engine, FACT)
    async with relaying(engine, prefix, first):
        await until(lambda: slow and slow[0].holds.is_set())
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'a leader of the relay'"
                " AND datname = current_database()"
            )
        say(engine, TOMBSTONE)
        async with relaying(engine, prefix, lambda: FencedProducer(f"{prefix}relay", **options)):
            await until(lambda: waiting(engine) == 0)
            slow[0].go.set()
            await until(lambda: slow[0]._closed)
    assert await said(kafka, prefix) == [FACT, TOMBSTONE]


async def test_the_lead_goes_on_after_a_lost_session(kafka, engine, prefix):
    """Who was refused because another one led is no worse a leader later."""
    options = {"bootstrap_servers": kafka.bootstrap}
    async with relaying(engine, prefix, lambda: FencedProducer(f"{prefix}relay", **options)):
        say(engine, FACT)
        await until(lambda: waiting(engine) == 0)
        other = FencedProducer(f"{prefix}relay", **options)
        await other.start()
        await other.stop()
        say(engine, TOMBSTONE)
        await until(lambda: waiting(engine) == 0)
    assert await said(kafka, prefix) == [FACT, TOMBSTONE]


class Denying(FencedProducer):
    """A producer as of a service whose right to write to the topics that end on `denied` is gone.

    It may still see them: else they were not there for it.
    """

    denied: tuple[str, ...] = ()
    refused = 0

    async def send_batch(self, batch, topic, *, partition):
        if topic.endswith(Denying.denied):
            Denying.refused += 1
            raise TopicAuthorizationFailedError(topic)
        return await super().send_batch(batch, topic, partition=partition)


@pytest.fixture
def denying(kafka, prefix, monkeypatch):
    """Makes such producers; where `Denying.denied` is empty they are as any other."""
    monkeypatch.setattr(Denying, "denied", ())
    monkeypatch.setattr(Denying, "refused", 0)
    return lambda: Denying(f"{prefix}relay", bootstrap_servers=kafka.bootstrap)


def lines(logs, topic):
    return [(each["log_level"], each["event"]) for each in logs if each.get("topic") == topic]


BEGINS = ("error", "topic not usable, its messages wait")
GOES_ON = ("info", "topic usable again, its messages go out")
MANY = [b"%04d" % number for number in range(outbox.BATCH + 100)]
"""More than a claim takes."""


@pytest.mark.parametrize("why", ["it is not there", "access to it is denied"])
async def test_no_topic_waits_for_one_that_cant_be_used(
    kafka, engine, prefix, denying, monkeypatch, why
):
    monkeypatch.setattr(relay, "AGAIN", 0.5)
    unusable = topics.ACTORS

    def create():
        provision(kafka.bootstrap, erasure_seconds=604800, topics=[unusable], prefix=prefix)

    if why == "it is not there":
        mend = create
    else:
        await asyncio.to_thread(create)
        Denying.denied = (unusable.name,)
        mend = partial(setattr, Denying, "denied", ())
    say(engine, *MANY, topic=unusable)
    with capture_logs() as logs:
        async with relaying(engine, prefix, denying):
            for fact in (b"first", b"second"):
                say(engine, fact)
                await until(lambda: waiting(engine, topics.PEOPLE) == 0)
            await until(lambda: lines(logs, prefix + unusable.name))
            await asyncio.sleep(3 * relay.AGAIN)
            say(engine, b"last", topic=unusable)
            assert waiting(engine, unusable) == len(MANY) + 1, "none is lost, none goes before"
            assert lines(logs, prefix + unusable.name) == [BEGINS], "once, however often it's tried"
            assert not [each for each in logs if each["event"] == "publishing failed"]
            await asyncio.to_thread(mend)
            await until(lambda: waiting(engine) == 0)
    assert lines(logs, prefix + unusable.name) == [BEGINS, GOES_ON]
    assert await said(kafka, prefix, unusable) == [*MANY, b"last"]
    assert await said(kafka, prefix) == [b"first", b"second"]


async def test_each_of_several_unusable_topics_has_its_turn(
    kafka, engine, prefix, denying, monkeypatch
):
    """More wait for the first than a claim takes: the second is found usable all the same."""
    monkeypatch.setattr(relay, "AGAIN", 0.5)
    first, second = topics.ACTORS, topics.LISTINGS
    both = [first, second]
    provision(kafka.bootstrap, erasure_seconds=604800, topics=both, prefix=prefix)
    Denying.denied = (first.name, second.name)
    say(engine, *MANY, topic=first)
    say(engine, *MANY, topic=second)
    async with relaying(engine, prefix, denying):
        await until(lambda: Denying.refused > 4)
        Denying.denied = (first.name,)
        await until(lambda: waiting(engine, second) == 0)
        assert waiting(engine, first) == len(MANY)
    assert await said(kafka, prefix, second) == MANY
