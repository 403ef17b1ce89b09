"""Of a relay's leaders only the newest is heard: what an old one still sends, Kafka refuses."""

import asyncio
from contextlib import asynccontextmanager

import psycopg
import pytest
from aiokafka import AIOKafkaConsumer

from impulse_chassis import outbox
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

    relay = Relay("lending", connect, producer, topic_prefix=prefix)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        await relay.stop()
        await asyncio.wait_for(task, 30)


def say(engine, value):
    with engine.begin() as connection:
        cursor = connection.connection.driver_connection.cursor()
        outbox.write(cursor, [Outgoing(topics.PEOPLE.name, PERSON, value, [])])


def waiting(engine):
    with engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM outbox").scalar_one()


async def said(kafka, prefix):
    """The values on the topic, in order of the log."""
    consumer = AIOKafkaConsumer(
        prefix + topics.PEOPLE.name, bootstrap_servers=kafka.bootstrap, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        found = await consumer.getmany(timeout_ms=5000)
        return [record.value for records in found.values() for record in records]
    finally:
        await consumer.stop()


async def until(condition, seconds=30):
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
