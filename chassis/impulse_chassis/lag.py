"""How far a replica is behind, in seconds, and whether it moves: the evidence for its readiness."""

import asyncio
import time
from typing import Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from impulse_chassis import metrics
from impulse_chassis.consumer import Consumer


class Lag:
    """Watches the partitions of a consumer; `look` once a second."""

    def __init__(self, consumer: Consumer, stuck_seconds: float) -> None:
        self._consumer = consumer
        self._stuck_seconds = stuck_seconds
        self._goal: dict[TopicPartition, int] | None = None
        self._moved: dict[TopicPartition, tuple[int, float]] = {}
        self._level_at: dict[TopicPartition, float] = {}
        self.caught_up = False
        """Whether everything that was there at the start is handled; what is paused has a check of
        its own."""
        self.fault: str | None = None
        """Why the broker can't be asked; None while it answers."""
        self.stuck: str | None = None
        """The partition with lag that doesn't move, and for how long; None while all do."""

    async def look(self) -> None:
        """Compares what is handled with the ends of the partitions."""
        try:
            async with asyncio.timeout(5):
                await self._look()
            self.fault = None
        except (KafkaError, TimeoutError, OSError) as error:
            self.fault = f"does not answer: {type(error).__name__}"

    async def _look(self) -> None:
        kafka = self._consumer.kafka
        if kafka is None:
            return
        service = self._consumer.service
        mine = kafka.assignment()
        metrics.ASSIGNED.labels(service).set(len(mine))
        self._forget_others(mine)
        if not mine:
            # More replicas than partitions: this one is a reserve.
            self.caught_up = self.caught_up or self._consumer.rebalanced
            self.stuck = None
            return
        ends = await kafka.end_offsets(mine)
        positions = {place: await self._position(kafka, place) for place in mine}
        if self._goal is None or not self._goal.keys() <= set(mine):
            self._goal = dict(ends)
        self.caught_up = self.caught_up or all(
            positions[place] >= goal or place in self._consumer.paused
            for place, goal in self._goal.items()
        )
        stuck = [self._judge(place, positions[place], ends[place]) for place in mine]
        self.stuck = next(filter(None, stuck), None)

    def _judge(self, place: TopicPartition, position: int, end: int) -> str | None:
        now = time.time()
        lag = max(0, end - position)
        before, since = self._moved.get(place, (-1, now))
        if lag == 0 or position != before:
            since = now
        self._moved[place] = (position, since)
        if lag == 0:
            self._level_at[place] = now
        handled = self._consumer.handled.get(place)
        # The oldest record that waits came after the last handled one, and after lag was last 0.
        oldest = max(self._level_at.get(place, 0.0), handled.timestamp if handled else 0.0)
        labels = (self._consumer.service, place.topic, place.partition)
        metrics.LAG_RECORDS.labels(*labels).set(lag)
        metrics.LAG_SECONDS.labels(*labels).set(
            0 if lag == 0 else max(0.0, now - (oldest or since))
        )
        if now - since > self._stuck_seconds and place not in self._consumer.paused:
            return f"{place.topic}/{place.partition} has not moved for {now - since:.0f} s"
        return None

    def _forget_others(self, mine: set[TopicPartition]) -> None:
        """A partition that went to another replica must not alert here for ever."""
        for place in self._moved.keys() - set(mine):
            labels = (self._consumer.service, place.topic, place.partition)
            metrics.LAG_RECORDS.remove(*map(str, labels))
            metrics.LAG_SECONDS.remove(*map(str, labels))
            del self._moved[place]
            self._level_at.pop(place, None)

    async def _position(self, kafka: Any, place: TopicPartition) -> int:
        """Handled up to here; markers of transactions are passed over when no batch is at hand."""
        handled = self._consumer.handled.get(place)
        if handled is not None and self._consumer.busy:
            return handled.offset
        return int(await kafka.position(place))
