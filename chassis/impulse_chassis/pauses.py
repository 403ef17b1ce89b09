"""The partitions that a replica has paused, as the database says, and when one is tried."""

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CorruptRecordException, KafkaError, UnsupportedCodecError

from impulse_chassis import metrics
from impulse_chassis.deadletters import Place

log = structlog.get_logger(__name__)

TRIAL_SECONDS = 30.0
"""How often one record of a paused partition is tried."""
_UNREADABLE = (CorruptRecordException, UnsupportedCodecError)


class Pauses:
    """Which partitions are paused here, and why.

    `read` reads the paused partitions from the database, `write` writes one there.
    """

    def __init__(
        self,
        service: str,
        read: Callable[[], Mapping[Place, str]],
        write: Callable[[Place, str], None],
    ) -> None:
        self.faults: dict[TopicPartition, str] = {}
        self._service = service
        self._read = read
        self._write = write
        self._tried: dict[TopicPartition, float] = {}

    def __contains__(self, place: TopicPartition) -> bool:
        return place in self.faults

    def due_trial(self) -> TopicPartition | None:
        """The partition of which a record is to be tried now."""
        now = time.monotonic()
        for place in self.faults:
            if now - self._tried.setdefault(place, now) >= TRIAL_SECONDS:
                self._tried[place] = now
                return place
        return None

    def add(self, consumer: AIOKafkaConsumer, place: TopicPartition, fault: str) -> None:
        """Pauses a partition that the database knows to be paused."""
        log.error(
            "partition paused: look at the dead letters, then `impulse dead-letters resume`",
            topic=place.topic,
            partition=place.partition,
            reason=fault,
        )
        self.faults[place] = fault
        self._tried[place] = time.monotonic()
        consumer.pause(place)
        metrics.PAUSED.labels(self._service, place.topic, place.partition).set(1)

    async def read_around(
        self, consumer: AIOKafkaConsumer, timeout_ms: int, max_records: int | None
    ) -> tuple[Any, ...]:
        """Reads partition by partition, and pauses the one whose records can't even be read."""
        found: list[Any] = []
        for place in sorted(consumer.assignment()):
            if place in self:
                continue
            before = await consumer.position(place)
            try:
                records = await consumer.getmany(
                    place, timeout_ms=timeout_ms, max_records=max_records
                )
                found.extend(records.get(place, ()))
            except Exception as error:
                consumer.seek(place, before)
                if isinstance(error, KafkaError) and not isinstance(error, _UNREADABLE):
                    raise
                fault = f"a record can't be read: {type(error).__name__}"
                await asyncio.to_thread(self._write, (place.topic, place.partition), fault)
                self.add(consumer, place, fault)
        return tuple(found)

    async def read_one(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, timeout_ms: int
    ) -> tuple[Any, ...]:
        """Tries one record of a paused partition."""
        if place not in consumer.assignment():
            return ()
        consumer.resume(place)
        before = await consumer.position(place)
        try:
            records = await consumer.getmany(place, timeout_ms=timeout_ms, max_records=1)
        except Exception:
            log.warning("still not readable", topic=place.topic, partition=place.partition)
            consumer.seek(place, before)
            return ()
        finally:
            # It may have been resumed meanwhile, or have gone to another replica.
            if place in self and place in consumer.assignment():
                consumer.pause(place)
        return tuple(records.get(place, ()))

    async def refresh(self, consumer: AIOKafkaConsumer) -> None:
        """Pauses and resumes partitions as the database says (`impulse dead-letters resume`)."""
        wanted = {
            TopicPartition(*place): fault
            for place, fault in (await asyncio.to_thread(self._read)).items()
        }
        mine = consumer.assignment()
        for place in list(self.faults):
            if place not in wanted or place not in mine:
                del self.faults[place]
                metrics.PAUSED.labels(self._service, place.topic, place.partition).set(0)
                if place in mine:
                    log.info("partition resumed", topic=place.topic, partition=place.partition)
                    consumer.resume(place)
        for place, fault in wanted.items():
            if place in mine and place not in self.faults:
                self.add(consumer, place, fault)

    def forget(self) -> None:
        """Partitions were given out anew: a new assignment forgets what was paused."""
        for place in self.faults:
            metrics.PAUSED.labels(self._service, place.topic, place.partition).set(0)
        self.faults.clear()
