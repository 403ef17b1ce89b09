"""Kafka as whoever is no service uses it: says things and waits for the outcomes, reads states.

Joins no group and commits nothing, so that it is in nobody's way.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import uuid4

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from impulse_chassis import kafka
from impulse_chassis.envelope import SYSTEM, Attributes, Outgoing, Words, render, source_of
from impulse_chassis.logs import one_line
from impulse_chassis.settings import KafkaSettings
from impulse_chassis.tolerant import tolerant
from impulse_contracts import topics
from impulse_contracts.message import Command
from impulse_contracts.outcomes import Outcome, OutcomeAccepted, OutcomeRefused
from impulse_contracts.topics import Topic

POLL_SECONDS = 0.2
AHEAD = 500
"""How many messages are on their way at once."""


class ClientSettings(KafkaSettings, service="client"):
    """How a command reaches Kafka: as a service does, or by `IMPULSE_CLIENT_<NAME>`."""


class Unreachable(Exception):
    """Kafka does not answer, or does not have what is needed there."""

    def __init__(self, de: str, en: str) -> None:
        super().__init__(en)
        self.words: Words = (de, en)


async def ask(
    settings: KafkaSettings,
    messages: Mapping[str, Outgoing],
    heard: Callable[[Outcome], None],
    *,
    patience: float,
) -> None:
    """Says messages, given by their `ce_id`, and calls `heard` with the outcome of each, once.

    The ids are to be like no others, such as UUIDs: what is answered is known by its id alone.

    Ends when all are answered, or after `patience` seconds without any news: whoever calls knows
    which are open. Raises `Unreachable`; what was said until then takes effect all the same.
    """
    prefix = settings.topic_prefix
    names = {prefix + message.topic for message in messages.values()}
    waiting = set(messages)
    async with _reading(settings, topics.OUTCOMES, "latest", names) as (consumer, places):
        for place in places:  # Asked now, or it would be the end after our messages.
            await consumer.position(place)
        producer = kafka.producer(settings)
        await producer.start()
        try:
            saying = asyncio.create_task(_say(producer, prefix, list(messages.values())))
            news = time.monotonic()
            while waiting and time.monotonic() - news < patience:
                if saying.done():
                    saying.result()
                else:
                    news = time.monotonic()
                for record in await _some(consumer):
                    outcome = _outcome(record)
                    if outcome and outcome.command_id in waiting:
                        waiting.discard(outcome.command_id)
                        heard(outcome)
                        news = time.monotonic()
            await saying
        finally:
            await producer.stop()


def send(command: Command, *, patience: float) -> Outcome | None:
    """Says one command as an operator does at the command line, by the settings of the environment.

    Its outcome; None where there is none for `patience` seconds, and the command stands. Raises
    `Unreachable`.
    """
    attributes = Attributes(
        id=str(uuid4()),
        source=source_of("cli"),
        type=command.ce_type,
        subject=command.key,
        principal=SYSTEM,
    )
    value = command.model_dump_json().encode()
    record = Outgoing(command.topic.name, command.key.encode(), value, render(attributes))
    heard: list[Outcome] = []
    settings = ClientSettings.from_environment()
    asyncio.run(ask(settings, {attributes.id: record}, heard.append, patience=patience))
    return heard[0] if heard else None


async def read(settings: KafkaSettings, topic: Topic) -> AsyncIterator[ConsumerRecord]:
    """All records that are on a topic now, in the order of each partition.

    Raises `Unreachable`.
    """
    async with _reading(settings, topic, "earliest", set()) as (consumer, places):
        ends = await consumer.end_offsets(places)
        while behind := [place for place in places if await consumer.position(place) < ends[place]]:
            for record in await _some(consumer, *behind):
                yield record


@asynccontextmanager
async def _reading(
    settings: KafkaSettings, topic: Topic, start: str, written: set[str]
) -> AsyncIterator[tuple[AIOKafkaConsumer, list[TopicPartition]]]:
    """A consumer of a topic from its `start`; all that are `written` must be there too."""
    server = settings.kafka_bootstrap_servers
    name = settings.topic_prefix + topic.name
    # Said here, as to seek later would race with the start that the consumer takes by itself.
    consumer = AIOKafkaConsumer(
        name, bootstrap_servers=server, auto_offset_reset=start, **kafka.security(settings)
    )
    try:
        with tolerant():
            await consumer.start()
            if missing := ({name} | written) - await consumer.topics():
                absent = ", ".join(sorted(missing))
                raise Unreachable(
                    f"Auf Kafka ({server}) fehlt {absent}.", f"Kafka at {server} lacks {absent}."
                )
            places = sorted(consumer.assignment())  # Without a group it has all partitions.
            yield consumer, places
    except (KafkaError, OSError) as error:
        raise Unreachable(
            f"Kafka ({server}) antwortet nicht wie erwartet: {one_line(error)}",
            f"Kafka at {server} does not answer as it should: {one_line(error)}",
        ) from error
    finally:
        await consumer.stop()


async def _some(consumer: AIOKafkaConsumer, *places: TopicPartition) -> list[ConsumerRecord]:
    found = await consumer.getmany(*places, timeout_ms=int(POLL_SECONDS * 1000))
    return [record for records in found.values() for record in records]


async def _say(producer: AIOKafkaProducer, prefix: str, messages: Sequence[Outgoing]) -> None:
    for start in range(0, len(messages), AHEAD):
        sent = [
            await producer.send(
                prefix + message.topic,
                key=message.key,
                value=message.value,
                headers=_headers(message),
            )
            for message in messages[start : start + AHEAD]
        ]
        await asyncio.gather(*sent)


def _headers(message: Outgoing) -> list[tuple[str, bytes | None]]:
    told = message.headers
    return [*(render(told) if isinstance(told, Attributes) else told)]


def _outcome(record: ConsumerRecord) -> Outcome | None:
    """The outcome in a record; None for what is none that we know."""
    ce_type = next((value for name, value in record.headers if name == "ce_type"), b"")
    kinds = {kind.ce_type.encode(): kind for kind in (OutcomeAccepted, OutcomeRefused)}
    if ce_type not in kinds or record.value is None:
        return None
    try:
        return kinds[ce_type].model_validate_json(record.value)
    except ValidationError:
        return None
