"""The partitions that a replica has paused, as the database says, and when one is tried."""

import asyncio
import math
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    ConsumerStoppedError,
    CorruptRecordException,
    KafkaError,
    RecordTooLargeError,
    UnsupportedCodecError,
)

from impulse_chassis import metrics
from impulse_chassis.deadletters import Place
from impulse_chassis.logs import one_line
from impulse_chassis.tolerant import Unreadable, tolerant

log = structlog.get_logger(__name__)

TRIAL_SECONDS = 30.0
"""How often one record of a paused partition is tried."""
_UNREADABLE = (CorruptRecordException, UnsupportedCodecError, RecordTooLargeError, Unreadable)
"""What comes of the bytes that a broker gives; any other KafkaError is of the broker."""


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
        self._failed_at = -math.inf
        self._failure = ""

    def __contains__(self, place: TopicPartition) -> bool:
        return place in self.faults

    def failure(self, seconds: float) -> str | None:
        """Why a partition that is not paused could not be read in the last `seconds`; else None."""
        return self._failure if time.monotonic() - self._failed_at < seconds else None

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
            "partition paused: mend what the reason says, then `impulse dead-letters resume`",
            topic=place.topic,
            partition=place.partition,
            reason=fault,
        )
        self.faults[place] = fault
        self._tried[place] = time.monotonic()
        consumer.pause(place)
        metrics.PAUSED.labels(self._service, place.topic, place.partition).set(1)

    async def read_around(
        self,
        consumer: AIOKafkaConsumer,
        starts: Mapping[TopicPartition, int],
        timeout_ms: int,
        limit: int,
    ) -> tuple[Any, ...]:
        """Reads partition by partition from `starts` on, and pauses those that can't be read.

        At most `limit` records of all of them. What fails keeps no other partition from being
        read: it is raised, as KafkaError, only where nothing is found: it comes again by itself.
        """
        found: list[Any] = []
        failure: Exception | None = None
        # All are fetched at the same time: who waits for one waits for all.
        deadline = time.monotonic() + timeout_ms / 1000
        places = [place for place in starts if place not in self]
        # None is always the last, for which there is neither time nor room.
        random.shuffle(places)
        with tolerant():
            for place in places:
                room = limit - len(found)
                if room == 0:
                    break
                left_ms = max(0.0, deadline - time.monotonic()) * 1000
                try:
                    found += await self._records(consumer, place, starts[place], left_ms, room)
                except Exception as error:
                    start = starts[place]
                    failure = await self._pause_unreadable(consumer, place, start, error) or failure
        if failure is not None:
            self._failed(one_line(failure))
        if failure is not None and not found:
            # FastStream waits a while after a KafkaError only.
            raise KafkaError(one_line(failure)) from failure
        return tuple(found)

    def _failed(self, failure: str) -> None:
        if self._failure != failure or not self.failure(TRIAL_SECONDS):
            log.warning("partitions can't be read, will try again", reason=failure)
        self._failure, self._failed_at = failure, time.monotonic()

    async def _records(
        self,
        consumer: AIOKafkaConsumer,
        place: TopicPartition,
        start: int,
        timeout_ms: float,
        limit: int,
    ) -> list[Any]:
        """Reads as far as there is something that can be read; raises what fails at `start`."""
        found: list[Any] = []
        try:
            while len(found) < limit:
                # One at a time, since what fails takes along what was read in the same call.
                records = await consumer.getmany(
                    place, timeout_ms=0 if found else timeout_ms, max_records=1
                )
                if not records:
                    break
                found += records[place]
        except Exception:
            consumer.seek(place, found[-1].offset + 1 if found else start)
            if not found:
                raise
        return found

    async def _pause_unreadable(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, start: int, error: Exception
    ) -> Exception | None:
        """Pauses a partition that can't be read from `start` on; hands back what is no such fault.

        So it does with what keeps it from pausing: the database may be away.
        """
        away = isinstance(error, (KafkaError, ConsumerStoppedError))
        if away and not isinstance(error, _UNREADABLE):
            return error
        fault = _in_words(start, error)
        try:
            await asyncio.to_thread(self._write, (place.topic, place.partition), fault)
            self.add(consumer, place, fault)
        except Exception as failure:
            return failure
        return None

    async def read_one(
        self, consumer: AIOKafkaConsumer, place: TopicPartition, timeout_ms: int
    ) -> tuple[Any, ...]:
        """Tries one record of a paused partition."""
        if place not in consumer.assignment():
            return ()
        start = await consumer.position(place)
        try:
            consumer.resume(place)
            # What was fetched before it was paused is not parsed tolerantly.
            consumer.seek(place, start)
            with tolerant():
                return tuple(await self._records(consumer, place, start, timeout_ms, 1))
        except Exception as error:
            log.warning(
                "still not readable",
                topic=place.topic,
                partition=place.partition,
                reason=_in_words(start, error),
            )
            return ()
        finally:
            # It may have been resumed meanwhile, or have gone to another replica.
            if place in self and place in consumer.assignment():
                consumer.pause(place)

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


def _in_words(start: int, error: Exception) -> str:
    """What can't be read, why, and the way out: there is no dead letter to look at."""
    if not isinstance(error, Unreadable):
        return f"can't be read from offset {start} on: {one_line(error)}"
    first = max(start, error.first)
    return (
        f"offsets {first} to {error.behind - 1} can't be read: {error}; "
        f"docs/operating.md says how to go on at {error.behind}"
    )
