"""The relay: outbox -> Kafka, in order, by one leader a service.

What Kafka acknowledged is deleted; what it refuses for good is parked. A crash in between sends a
message twice with the same id, which every reader takes once.

A leader whose session with the database is lost does not know it while it sends. So a leader starts
its producer before it makes sure that it leads, and Kafka refuses what a producer started earlier
still sends: nothing of an old leader comes after what a new one wrote, such as a tombstone.

A topic that isn't there, or may not be written to, holds up no other: all of its messages are left
out together until it can be used, and then go out in their order.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psycopg
import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import (
    CorruptRecordException,
    InvalidTimestampError,
    InvalidTopicError,
    KafkaError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    TopicAuthorizationFailedError,
    UnknownError,
)

from impulse_chassis import metrics, outbox
from impulse_chassis.outbox import OutboxRow
from impulse_chassis.partitions import partition_of

log = structlog.get_logger(__name__)

IDLE = 0.5
"""Seconds after which an idle relay looks by itself; a commit of its own process wakes it."""
FOLLOW = 1.0
"""Seconds after which a replica that isn't the leader tries to become it."""
AGAIN = 5.0
"""Seconds after which a topic that could not be used is tried again; what is written to the others
meanwhile doesn't wait for that."""

_TRIES = 3
_FINAL = (
    CorruptRecordException,
    InvalidTimestampError,
    InvalidTopicError,
    MessageSizeTooLargeError,
    RecordListTooLargeError,
    UnknownError,
)
"""What Kafka will not take however often it is sent; aiokafka calls codes that it doesn't know,
such as that of a record without a key on a compacted topic, `UnknownError`."""

_LOCK = "SELECT pg_try_advisory_lock(hashtext('impulse.relay'))"


class Relay:
    """Publishes the outbox of one service. `connect` opens a connection in autocommit mode."""

    def __init__(
        self,
        service: str,
        connect: Callable[[], "psycopg.Connection[Any]"],
        make_producer: Callable[[], AIOKafkaProducer],
        topic_prefix: str = "",
    ) -> None:
        self.service = service
        self._connect = connect
        self._make_producer = make_producer
        self._prefix = topic_prefix
        self._connection: psycopg.Connection[Any] | None = None
        self._producer: AIOKafkaProducer | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="relay")
        self._wake = asyncio.Event()
        self._stopping = False
        self._unusable: dict[str, float] = {}  # Topic -> event-loop time of the next trial.
        self.last_step = 0.0
        """Event-loop time of the last step; the liveness of the relay."""

    @property
    def leads(self) -> bool:
        """Whether this replica is the one that publishes."""
        return self._connection is not None

    def wake(self) -> None:
        """Something was committed to the outbox."""
        self._wake.set()

    async def run(self) -> None:
        """Publishes until `stop`; failures are logged and tried again."""
        pause = 0.1
        sent: list[int] = []
        while not self._stopping or sent:
            self.last_step = asyncio.get_running_loop().time()
            try:
                self._wake.clear()
                if not await self._in_thread(self._leads):
                    sent = []
                    await self._rest(FOLLOW)
                    continue
                producer = None if self._stopping else await self._ready_producer()
                rows = await self._in_thread(self._next, sent, self._left_out())
                sent = []
                if not rows:
                    await self._rest(IDLE)
                elif producer is not None:
                    sent = await self._publish(producer, rows)
                    if sent or all(row.topic in self._unusable for row in rows):
                        pause = 0.1
                    else:
                        pause = min(pause * 2, 5.0)
                        await self._rest(pause)
            except (KafkaError, OSError) as error:
                await self._failed(error)
                pause = min(pause * 2, 5.0)
                await self._rest(pause)
            except psycopg.Error as error:
                sent = []
                log.warning("outbox unreachable", error=type(error).__name__)
                await self._in_thread(self._disconnect)
                await self._drop_producer()  # whoever leads now must not be overtaken
                pause = min(pause * 2, 5.0)
                await self._rest(pause)
        await self._drop_producer()
        await self._in_thread(self._disconnect)
        self._thread.shutdown()

    async def stop(self) -> None:
        """Ends `run` after the batch at hand, with what was sent deleted."""
        self._stopping = True
        self._wake.set()

    async def _rest(self, seconds: float) -> None:
        if self._stopping:
            return
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    # ------------------------------------------------------------------- database, in a thread

    def _leads(self) -> bool:
        """Whether this replica leads, for all it knows; it tries to where it didn't.

        Raises psycopg.Error where it led, and can't be sure of it before it starts a producer.
        """
        if self._connection is not None and self._producer is None:
            self._check_lead()
        if self._connection is None:
            connection = self._connect()
            led = connection.execute(_LOCK).fetchone()
            metrics.RELAY_LEADER.labels(self.service).set(1 if led and led[0] else 0)
            if not led or not led[0]:
                connection.close()
                return False
            self._connection = connection
        return True

    def _next(self, sent: Sequence[int], left_out: Sequence[str]) -> list[OutboxRow]:
        """Forgets what was sent and claims the next rows. Raises psycopg.Error: it doesn't lead."""
        assert self._connection is not None
        if not sent:
            return outbox.claim(self._connection, left_out=left_out)
        with self._connection.transaction():
            outbox.forget(self._connection, sent)
            return outbox.claim(self._connection, left_out=left_out)

    def _check_lead(self) -> None:
        """Raises psycopg.Error where the session is lost, and the lead with it."""
        assert self._connection is not None
        self._connection.execute("SELECT")

    def _disconnect(self) -> None:
        metrics.RELAY_LEADER.labels(self.service).set(0)
        self._unusable.clear()  # Who leads meanwhile may find that they can be used.
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    # --------------------------------------------------------------------------------- Kafka

    async def _publish(self, producer: AIOKafkaProducer, rows: Sequence[OutboxRow]) -> list[int]:
        """Sends rows, in order within each partition; returns the ids that Kafka has taken."""
        groups = await self._by_partition(producer, rows)
        results = await asyncio.gather(
            *(self._send(producer, place, group) for place, group in groups.items()),
            return_exceptions=True,
        )
        sent: list[int] = []
        refused: list[tuple[tuple[str, int], list[OutboxRow]]] = []
        for (place, group), result in zip(groups.items(), results, strict=True):
            if not isinstance(result, BaseException):
                sent.extend(row.id for row in group)
                self._goes_on(group[0].topic)
                continue
            if isinstance(result, TopicAuthorizationFailedError):
                self._set_aside(group[0].topic, _name(result))
                await self._drop_producer()
                continue
            await self._failed(result)
            if isinstance(result, _FINAL):
                refused.append((place, group))
        for place, group in refused:
            sent.extend(await self._one_by_one(place, group))
        metrics.PUBLISHED.labels(self.service).inc(len(sent))
        return sent

    async def _ready_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = self._make_producer()
            try:
                await producer.start()
            except BaseException:
                await producer.stop()
                raise
            self._producer = producer
        return self._producer

    async def _by_partition(
        self, producer: AIOKafkaProducer, rows: Sequence[OutboxRow]
    ) -> Mapping[tuple[str, int], list[OutboxRow]]:
        partitions = await self._partitions(producer, {row.topic for row in rows})
        groups: dict[tuple[str, int], list[OutboxRow]] = {}
        for row in rows:
            if row.topic in partitions:
                place = (self._prefix + row.topic, partition_of(row.key, partitions[row.topic]))
                groups.setdefault(place, []).append(row)
        return groups

    async def _partitions(
        self, producer: AIOKafkaProducer, topics: AbstractSet[str]
    ) -> Mapping[str, int]:
        """How many partitions each topic has: without those that aren't there, which are set aside.

        Where no broker answers, those that were not known before are only missing.
        """
        cluster = producer.client.cluster

        def known() -> dict[str, int]:
            found = {each: cluster.partitions_for_topic(self._prefix + each) for each in topics}
            return {each: len(numbers) for each, numbers in found.items() if numbers}

        partitions = known()
        # Asked for all topics, a broker answers at once and creates none; `partitions_for` asks for
        # one, and waits ten seconds for it as for a broker that is away.
        if len(partitions) < len(topics) and await producer.client.set_topics(()):
            partitions = known()
            for topic in topics - partitions.keys():
                self._set_aside(topic, "it isn't there, or this service has no right to it")
        return partitions

    def _left_out(self) -> list[str]:
        """The topics of which the next claim takes nothing: the unusable, but one whose turn it is.

        One at a time, for the messages of a single one may be all that a claim takes.
        """
        now = asyncio.get_running_loop().time()
        turn = min(self._unusable, key=lambda topic: self._unusable[topic], default=None)
        if turn is None or self._unusable[turn] > now:
            return list(self._unusable)
        self._unusable[turn] = now + AGAIN
        return [topic for topic in self._unusable if topic != turn]

    def _set_aside(self, topic: str, why: str) -> None:
        metrics.PUBLISH_FAILURES.labels(self.service).inc()
        if topic not in self._unusable:
            name = self._prefix + topic
            log.error(
                "topic not usable, its messages wait", topic=name, why=why, again_seconds=AGAIN
            )
        self._unusable[topic] = asyncio.get_running_loop().time() + AGAIN

    def _goes_on(self, topic: str) -> None:
        if self._unusable.pop(topic, None) is not None:
            log.info("topic usable again, its messages go out", topic=self._prefix + topic)

    async def _send(
        self, producer: AIOKafkaProducer, place: tuple[str, int], rows: Sequence[OutboxRow]
    ) -> None:
        topic, partition = place
        builder = producer.create_batch()
        for row in rows:
            fields = {"key": row.key, "value": row.value, "headers": row.headers}
            if builder.append(timestamp=None, **fields) is None:
                # One batch at a time: what was not acknowledged must not be overtaken.
                await (await producer.send_batch(builder, topic, partition=partition))
                builder = producer.create_batch()
                builder.append(timestamp=None, **fields)
        await (await producer.send_batch(builder, topic, partition=partition))

    async def _one_by_one(self, place: tuple[str, int], rows: Sequence[OutboxRow]) -> list[int]:
        """Finds the culprit of a refused batch with a new producer, parks it, sends the others."""
        sent: list[int] = []
        for row in rows:
            error = await self._send_alone(place, row)
            if error is None:
                sent.append(row.id)
            elif isinstance(error, _FINAL):
                await self._in_thread(self._park, row.id, error)
            else:
                break
        return sent

    async def _send_alone(self, place: tuple[str, int], row: OutboxRow) -> BaseException | None:
        """Sends one row; the error where it fails three times, each time with a new producer."""
        error: BaseException | None = None
        for attempt in range(_TRIES):
            try:
                await asyncio.sleep(0.2 * attempt)
                producer = await self._ready_producer()
                await self._in_thread(self._check_lead)
                await self._send(producer, place, [row])
                return None
            except (KafkaError, OSError) as failure:
                error = failure
                await self._failed(failure)
        return error

    def _park(self, row_id: int, error: BaseException) -> None:
        assert self._connection is not None
        log.error("message refused by Kafka and parked", outbox_id=row_id, error=_name(error))
        outbox.park(self._connection, row_id, _name(error), datetime.now(UTC))

    async def _failed(self, error: BaseException) -> None:
        # An idempotent producer keeps a gap in its sequence after a refused record and fails for
        # ever (aio-libs/aiokafka issue 1017), so each failure ends it.
        log.warning("publishing failed", error=_name(error))
        metrics.PUBLISH_FAILURES.labels(self.service).inc()
        await self._drop_producer()

    async def _drop_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            try:
                async with asyncio.timeout(5):
                    await producer.stop()
            except (KafkaError, OSError, TimeoutError) as error:
                log.warning("producer did not stop cleanly", error=_name(error))


def _name(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]
