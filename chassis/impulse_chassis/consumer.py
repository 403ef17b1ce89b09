"""The way in: a FastStream batch subscriber around the processor; nobody else knows FastStream.

One group, all topics of the service, raw records. Offsets are committed after the database's
commit, exactly those that the processor handled. The batch at hand is finished before partitions
are given away: aiokafka rebalances in the background, and two members would handle the same batch.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import chain
from typing import Any, NamedTuple

import psycopg
import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.errors import ConsumerStoppedError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker
from faststream.kafka.message import KafkaMessage
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from impulse_chassis import metrics
from impulse_chassis.database import Unavailable
from impulse_chassis.deadletters import Place
from impulse_chassis.envelope import Record
from impulse_chassis.pauses import Pauses
from impulse_chassis.processor import Processor, Progress

log = structlog.get_logger(__name__)

POLL_MS = 500
LONGEST_BATCH_MS = 60_000
ONE_DAY_MS = 24 * 3600 * 1000


class Handled(NamedTuple):
    """How far a partition is handled: the next offset, and the time of the last record (epoch)."""

    offset: int
    timestamp: float


class Consumer:
    """Feeds the processor from Kafka until stopped.

    A batch begins no sooner than `linger` seconds after the one before, unless that was full.
    `paused` reads the paused partitions from the database, `pause` writes one there; `after` is
    called after each commit.
    """

    def __init__(
        self,
        processor: Processor,
        *,
        bootstrap_servers: str,
        group: str,
        instance: str | None,
        batch_size: int,
        linger: float,
        session_timeout_ms: int,
        security: Mapping[str, Any],
        paused: Callable[[], Mapping[Place, str]],
        pause: Callable[[Place, str], None],
        after: Callable[[Progress], None],
    ) -> None:
        self.processor = processor
        self.service = processor.service
        self._after = after
        self._batch_size = batch_size
        self._linger = linger
        self._not_before = 0.0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="batches")
        self._busy = asyncio.Lock()
        self._giving_away = asyncio.Event()
        self._astray = False
        self.paused = Pauses(self.service, paused, pause)
        self.last_poll = time.monotonic()
        self.trouble: str | None = None
        """Why the batch at hand is not done yet and is tried again; None while all is well."""
        self.rebalanced = False
        """Whether partitions have been given out at all since the start."""
        self.handled: dict[TopicPartition, Handled] = {}
        self.broker = KafkaBroker(
            bootstrap_servers,
            apply_types=False,
            allow_auto_create_topics=False,
            graceful_timeout=30,
            logger=logging.getLogger("faststream"),
            **security,
        )
        self._subscriber = self.broker.subscriber(
            *sorted(processor.topics),
            batch=True,
            max_records=batch_size,
            batch_timeout_ms=POLL_MS,
            fetch_max_wait_ms=500,
            group_id=group,
            group_instance_id=instance,
            auto_offset_reset="earliest",
            ack_policy=AckPolicy.MANUAL,
            parser=_raw,
            decoder=_records,
            listener=_Drain(self),
            session_timeout_ms=session_timeout_ms,
            rebalance_timeout_ms=LONGEST_BATCH_MS,
            # While the database is away nothing is fetched; the group is to be kept all the same.
            max_poll_interval_ms=ONE_DAY_MS,
            max_partition_fetch_bytes=4 * 1024 * 1024,
            # What a partner's transaction took back never happened.
            isolation_level="read_committed",
        )
        self._subscriber(self._handle)
        # FastStream sleeps after an empty poll, up to a whole poll time in which nothing is read.
        self._subscriber.get_msg = self._next_records  # type: ignore[method-assign]

    async def start(self) -> None:
        """Connects and begins to read; raises KafkaError when there is no broker."""
        await self.broker.start()

    async def stop(self) -> None:
        """Finishes the batch at hand, commits it and leaves the group."""
        self._giving_away.set()
        await self.broker.stop()
        self._thread.shutdown()

    @property
    def kafka(self) -> AIOKafkaConsumer | None:
        """The client underneath; None before the start and after the stop."""
        return self._subscriber.consumer

    @property
    def busy(self) -> bool:
        """Whether a batch is being handled."""
        return self._busy.locked()

    @property
    def assignment(self) -> frozenset[TopicPartition]:
        """The partitions that this replica handles."""
        return frozenset(self.kafka.assignment()) if self.kafka else frozenset()

    # ------------------------------------------------------------------------------- reading

    async def _next_records(self, consumer: AIOKafkaConsumer) -> tuple[Any, ...]:
        # Messages that come one by one share a batch, which costs about as much as one of them.
        await asyncio.sleep(max(0.0, self._not_before - time.monotonic()))
        self.last_poll = time.monotonic()
        if self._astray:
            await self._back_to_handled(consumer)
        trial = self.paused.due_trial()
        if trial is not None:
            return await self.paused.read_one(consumer, trial, POLL_MS)
        limit = self._batch_size
        try:
            records = await consumer.getmany(timeout_ms=POLL_MS, max_records=limit)
        except ConsumerStoppedError:
            raise
        except Exception:
            # aiokafka has already passed over what it drained before it failed.
            self._astray = True
            starts = await self._back_to_handled(consumer)
            return await self.paused.read_around(consumer, starts, POLL_MS, limit)
        found = tuple(chain.from_iterable(records.values()))
        if 0 < len(found) < limit:
            self._not_before = time.monotonic() + self._linger
        return found

    async def _back_to_handled(self, consumer: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """Goes back to what is not handled yet, and says where that begins.

        Raises KafkaError; nothing may be read then until it succeeds.
        """
        starts = {}
        for place in consumer.assignment():
            handled = self.handled.get(place)
            # Nothing handled, nothing committed: from 0 on, which leads to the first that is left.
            starts[place] = handled.offset if handled else await consumer.committed(place) or 0
        for place, offset in starts.items():
            consumer.seek(place, offset)
        self._astray = False
        return starts

    async def _handle(self, records: Any) -> None:
        async with self._busy:
            progress = await self._process(records)
            if progress is not None:
                await self._commit(progress)
                for record in records:
                    place = TopicPartition(record.topic, record.partition)
                    offset = progress.offsets[place]
                    self.handled[place] = Handled(offset, record.timestamp / 1000)
        if progress is not None:
            self._after(progress)

    async def _process(self, records: Sequence[Record]) -> Progress | None:
        """Hands records to the processor until the database takes them; None when given away."""
        pause = 0.1
        while not self._giving_away.is_set():
            try:
                progress = await asyncio.get_running_loop().run_in_executor(
                    self._thread, self.processor.process, records, datetime.now(UTC)
                )
                self.trouble = None
                return progress
            except Exception as error:
                # FastStream would swallow it and go on, and the next commit would pass over the
                # batch: whatever it is, the batch is tried again until it is done or given away.
                away = isinstance(error, Unavailable)
                trouble = f"database away: {error}" if away else f"fault: {type(error).__name__}"
                if self.trouble != trouble:
                    log.error("batch not done, will try again", reason=trouble, exc_info=not away)
                self.trouble = trouble
                self.last_poll = time.monotonic()
                pause = min(pause * 2, 3.0)
                try:
                    async with asyncio.timeout(pause):
                        await self._giving_away.wait()
                except TimeoutError:
                    continue
        self._rewind(records)
        return None

    def _rewind(self, records: Sequence[Record]) -> None:
        consumer = self.kafka
        first: dict[TopicPartition, int] = {}
        for record in records:
            first.setdefault(TopicPartition(record.topic, record.partition), record.offset)
        for place, offset in first.items():
            if consumer is not None and place in consumer.assignment():
                consumer.seek(place, offset)

    async def _commit(self, progress: Progress) -> None:
        consumer = self.kafka
        if consumer is None:
            return
        mine = consumer.assignment()
        offsets = {
            TopicPartition(*place): offset
            for place, offset in progress.offsets.items()
            if TopicPartition(*place) in mine
        }
        for place, fault in progress.paused.items():
            partition = TopicPartition(*place)
            if partition in mine:
                consumer.seek(partition, progress.offsets[place])
                self.paused.add(consumer, partition, fault)
        if not offsets:
            return
        try:
            await consumer.commit(offsets)
        except KafkaError as error:
            # Harmless: the records come again and fall out as duplicates.
            metrics.COMMIT_FAILURES.labels(self.service).inc()
            log.warning("offsets not committed", error=type(error).__name__)

    async def refresh_paused(self) -> None:
        """Pauses and resumes partitions as the database says (`impulse dead-letters resume`)."""
        consumer = self.kafka
        if consumer is None:
            return
        if self._busy.locked():
            return  # a batch that waits for the database must not hide from whoever watches
        async with self._busy:
            await self.paused.refresh(consumer)

    # ------------------------------------------------------------------------------ rebalances

    async def drain(self) -> None:
        """Finishes the batch at hand, because its partitions may go to another replica."""
        self._giving_away.set()
        async with self._busy:
            pass

    async def assigned(self) -> None:
        """Partitions were given out anew."""
        metrics.REBALANCES.labels(self.service).inc()
        self.rebalanced = True
        self.handled.clear()
        self.paused.forget()
        try:
            await self.refresh_paused()
        except (DBAPIError, psycopg.Error, PoolTimeout):
            log.warning("paused partitions unknown, the database is away")
        self._giving_away.clear()


class _Drain(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, consumer: Consumer) -> None:
        self._consumer = consumer

    async def on_partitions_revoked(self, revoked: object) -> None:
        await self._consumer.drain()

    async def on_partitions_assigned(self, assigned: object) -> None:
        await self._consumer.assigned()


async def _raw(records: Any) -> KafkaMessage:
    """No header is decoded here: one that isn't UTF-8 must become a dead letter, not vanish."""
    return KafkaMessage(raw_message=records, body=b"", headers={}, consumer=None)  # type: ignore[arg-type]


async def _records(message: Any) -> Any:
    return message.raw_message
