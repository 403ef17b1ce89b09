"""Ticks: small records that let Kafka compact a topic to which nothing else is written.

Kafka never compacts the segment that it writes to, and starts the next only when a record comes. On
an idle topic a person who was deleted would stay in the log for good. So the owner of a compacted
topic with personal data writes to each of its partitions, several times within the bound.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from aiokafka import AIOKafkaProducer

from impulse_chassis import kafka
from impulse_chassis.envelope import Attributes, render, source_of
from impulse_chassis.settings import ServiceSettings
from impulse_contracts import topics
from impulse_contracts.message import TICK

LONGEST = 60.0
"""Seconds between ticks where the bound is long."""
KEY = "tick"


class Ticks:
    """The ticks of one service, on the topics that it owns.

    `leads` says whether this replica is the one that publishes: one is enough.
    """

    def __init__(self, service: str, settings: ServiceSettings, leads: Callable[[], bool]) -> None:
        self.topics = [topic for topic in topics.ALL if topic.ticked and topic.owner == service]
        self.pause = min(LONGEST, settings.erasure_seconds / 8)
        """Seconds between ticks: a part of the bound for personal data."""
        self._service = service
        self._settings = settings
        self._leads = leads
        self._producer: AIOKafkaProducer | None = None

    async def say(self) -> None:
        """Writes to each partition. Raises KafkaError when the broker does not take it."""
        if not self._leads():
            return
        try:
            producer = await self._started()
            for topic in self.topics:
                await self._say_on(producer, self._settings.topic_prefix + topic.name)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Ends the producer, if there is one."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await producer.stop()

    async def _started(self) -> AIOKafkaProducer:
        if self._producer is None:
            self._producer = kafka.producer(self._settings)
            await self._producer.start()
        return self._producer

    async def _say_on(self, producer: AIOKafkaProducer, topic: str) -> None:
        now = datetime.now(UTC)
        sent = [
            await producer.send(
                topic,
                key=KEY.encode(),
                value=f'{{"at":"{now.isoformat()}"}}'.encode(),
                partition=partition,
                headers=self._headers(now),
            )
            for partition in sorted(await producer.partitions_for(topic))
        ]
        for future in sent:
            await future

    def _headers(self, now: datetime) -> list[tuple[str, bytes]]:
        attributes = Attributes(
            id=str(uuid4()), source=source_of(self._service), type=TICK, time=now, subject=KEY
        )
        return [*render(attributes)]
