"""How records are read where reading fails: nothing is passed over, and nobody waits for long."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import (
    ConsumerStoppedError,
    CorruptRecordException,
    GroupCoordinatorNotAvailableError,
    KafkaError,
    TopicAuthorizationFailedError,
)

from impulse_chassis.consumer import Handled
from impulse_chassis.deadletters import Place
from tests.chassis.consumers import a_consumer
from tests.chassis.records import record

REFUSED = TopicAuthorizationFailedError("desk")
ROTTEN = CorruptRecordException("rotten")


class Fetched:
    """What aiokafka's consumer has fetched: records of partitions, and errors among them.

    As there, what a call took out before it failed is passed over by the next one.
    """

    def __init__(self, *partitions: Sequence[Exception | None]) -> None:
        self.partitions = {number: [*each] for number, each in enumerate(partitions)}
        """By offset: an error, or None for a good record."""
        self.positions = dict.fromkeys(self.partitions, 0)
        self.unanswered: list[int] = []
        """The partitions whose committed offset can't be had the next time."""
        self.paused: set[int] = set()
        self.now = 100.0

    def assignment(self) -> list[TopicPartition]:
        return [TopicPartition("desk", number) for number in sorted(self.partitions, reverse=True)]

    async def committed(self, place: TopicPartition) -> int:
        if place.partition in self.unanswered:
            self.unanswered.remove(place.partition)
            raise GroupCoordinatorNotAvailableError
        return 0

    async def position(self, place: TopicPartition) -> int:
        return self.positions[place.partition]

    def seek(self, place: TopicPartition, offset: int) -> None:
        self.positions[place.partition] = offset

    def pause(self, place: TopicPartition) -> None:
        self.paused.add(place.partition)

    def resume(self, place: TopicPartition) -> None:
        self.paused.discard(place.partition)

    async def getmany(
        self, *places: TopicPartition, timeout_ms: float, max_records: int
    ) -> dict[TopicPartition, list[Any]]:
        found: dict[TopicPartition, list[Any]] = {}
        for place in sorted(places or self.assignment()):
            number = place.partition
            if number in self.paused:
                continue
            taken = []
            for offset in range(self.positions[number], len(self.partitions[number])):
                if max_records == 0:
                    break
                if error := self.partitions[number][offset]:
                    raise error
                taken.append(record("desk", b"", partition=number, offset=offset))
                max_records -= 1
            if taken:
                found[place] = taken
                self.positions[number] += len(taken)
        if not found:
            self.now += timeout_ms / 1000
        return found


class Reader:
    """A consumer of the chassis that reads what was fetched, round by round, and handles it."""

    def __init__(
        self, fetched: Fetched, pause: Callable[[Place, str], None] = print, batch_size: int = 500
    ) -> None:
        self.fetched: Any = fetched
        self.consumer = a_consumer(pause=pause, batch_size=batch_size)
        self.seen: dict[int, list[int]] = {}
        self.raised: list[KafkaError] = []

    async def rounds(self, number: int) -> None:
        """As FastStream does: it goes on after a KafkaError."""
        for _ in range(number):
            try:
                batch = await self.consumer._next_records(self.fetched)
            except KafkaError as error:
                self.raised.append(error)
                continue
            for each in batch:
                self.seen.setdefault(each.partition, []).append(each.offset)
                place = TopicPartition(each.topic, each.partition)
                self.consumer.handled[place] = Handled(each.offset + 1, 0.0)


def away(place: Place, fault: str) -> None:
    raise ConnectionError("the database is away")


@pytest.mark.parametrize(
    ("error", "pause"), [(REFUSED, print), (ROTTEN, away)], ids=["refused", "database away"]
)
async def test_a_partition_that_fails_takes_nothing_of_the_others_along(error, pause):
    fetched = Fetched([None] * 3, [None, error], [None] * 5)
    reader = Reader(fetched, pause)
    await reader.rounds(3)
    fetched.partitions[0] += [None] * 2
    fetched.partitions[2] += [None] * 2
    await reader.rounds(3)
    assert reader.seen == {0: [0, 1, 2, 3, 4], 1: [0], 2: [0, 1, 2, 3, 4, 5, 6]}
    assert reader.raised, "FastStream waits where nothing else is left to do"
    assert reader.consumer.paused.failure(10), "it is told why, though all else is read"
    assert reader.consumer.paused.failure(0) is None, "but not for ever"
    fetched.partitions[1] = [None] * 3
    await reader.rounds(1)
    assert reader.seen[1] == [0, 1, 2]
    assert not fetched.paused


async def test_what_is_in_front_of_a_rotten_record_is_read_and_the_reason_says_where_it_is():
    said: dict[Place, str] = {}
    fetched = Fetched([None] * 3, [None, None, ROTTEN, None])
    reader = Reader(fetched, said.__setitem__)
    await reader.rounds(4)
    assert reader.seen == {0: [0, 1, 2], 1: [0, 1]}
    assert fetched.paused == {1}
    assert "offset 2" in said["desk", 1]
    assert reader.consumer.paused.faults == {TopicPartition("desk", 1): said["desk", 1]}
    assert reader.consumer.paused.failure(10) is None, "a partition that is paused is told as such"


async def test_it_goes_back_before_it_reads_on_even_if_that_fails_at_first():
    fetched = Fetched([None] * 3, [REFUSED])
    reader = Reader(fetched)
    fetched.unanswered = [1, 0, 1]
    await reader.rounds(3)
    assert not reader.seen
    fetched.partitions[1] = [None]
    await reader.rounds(2)
    assert reader.seen == {0: [0, 1, 2], 1: [0]}


async def test_all_partitions_that_are_idle_are_waited_for_together(monkeypatch):
    fetched = Fetched([ROTTEN], *([] for _ in range(30)))
    monkeypatch.setattr("impulse_chassis.pauses.time.monotonic", lambda: fetched.now)
    await Reader(fetched).rounds(1)
    assert fetched.now == pytest.approx(100.5)
    assert fetched.paused == {0}


async def test_the_end_of_the_service_is_no_fault_of_a_partition():
    """A service that is told to stop may be about to read."""
    fetched = Fetched([ConsumerStoppedError()])
    reader = Reader(fetched)
    with pytest.raises(ConsumerStoppedError):
        await reader.rounds(1)
    fetched.partitions[0] = [REFUSED]
    reader.fetched.seek = lambda *_: fetched.partitions.update({0: [ConsumerStoppedError()]})
    await reader.rounds(1)
    assert not fetched.paused


async def test_nobody_starves_where_each_has_more_than_a_batch():
    fetched = Fetched([REFUSED], *([None] * 1000 for _ in range(3)))
    reader = Reader(fetched, batch_size=5)
    await reader.rounds(100)
    assert reader.seen.keys() == {1, 2, 3}
    assert sum(map(len, reader.seen.values())) <= 500, "a batch has its size"
