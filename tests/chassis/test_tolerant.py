"""Records that aiokafka's parser stops at: read all the same, or it is said where they end."""

import asyncio
import inspect
import struct
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import TopicPartition
from aiokafka.consumer import fetcher
from aiokafka.record.default_records import _DefaultRecordBatchBuilderPy, _DefaultRecordBatchPy
from aiokafka.record.legacy_records import LegacyRecordBatchBuilder
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy
from aiokafka.record.util import calc_crc32c
from confluent_kafka import ConsumerGroupTopicPartitions
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import AdminClient, NewTopic

from impulse_chassis import pauses
from impulse_chassis.client import read
from impulse_chassis.consumer import Consumer
from impulse_chassis.processor import Progress
from impulse_chassis.reapplying import erased
from impulse_chassis.tolerant import Unreadable, tolerant
from impulse_contracts import topics
from impulse_topics import provision
from tests.chassis.club import Settings
from tests.chassis.consumers import a_consumer
from tests.fixtures.spoilt import NAME, READ, producer, say

CODECS = ["none", "gzip", "snappy", "lz4", "zstd"]


# --------------------------------------------------------------------------- without a broker


def batch(*names: str, codec: str = "none", first: int = 0) -> bytearray:
    """A batch from the offset `first` on, of a record for each of these names of headers."""
    builder = _DefaultRecordBatchBuilderPy(2, CODECS.index(codec), 0, -1, -1, -1, 1_000_000)
    for number, name in enumerate(names):
        headers = [(name, b"1"), ("null", None)]
        builder.append(number, 1_000 + number, b"key", b"v" * 100, headers)
    found = bytearray(builder.build())
    struct.pack_into(">q", found, 0, first)
    return found


def parsed(raw: bytes | bytearray, start: int = 0) -> list[Any]:
    """The records from the offset `start` on, as aiokafka hands them out."""
    place = TopicPartition("desk", 0)
    batches = fetcher.MemoryRecords(bytes(raw))
    committed = fetcher.READ_COMMITTED
    return list(fetcher.PartitionRecords(place, batches, [], start, None, None, True, committed))


@pytest.mark.parametrize("codec", CODECS)
def test_a_spoilt_name_is_one_that_nobody_knows_and_all_else_is_as_ever(codec):
    good, bad = batch("a", "b", codec=codec), batch("c", NAME, "ü", codec=codec, first=2)
    with pytest.raises(UnicodeDecodeError):
        parsed(bad, start=4)
    with tolerant():
        found = parsed(good + bad)
        assert parsed(good) == found[:2]
        assert parsed(bad, start=4) == found[4:]
    assert parsed(good) == found[:2], "nothing is left of it"
    assert [each.offset for each in found] == [0, 1, 2, 3, 4]
    assert [each.headers[0] for each in found] == [
        (name, b"1") for name in ["a", "b", "c", READ, "ü"]
    ]


@pytest.mark.parametrize("magic", [0, 1])
def test_batches_of_old_producers_are_read_as_ever(magic):
    builder = LegacyRecordBatchBuilder(magic, 0, 1_000)
    builder.append(0, timestamp=1, key=b"key", value=b"value")
    raw = builder.build()
    with tolerant():
        assert parsed(raw) == parsed(raw) != []
        found = parsed(raw)
    assert parsed(raw) == found


def rotten(codec: str, at: int, value: int, crc: bool = True) -> bytearray:
    """A batch from 10 to 12 with one byte changed, of which the checksum knows, or not."""
    found = batch("a", "b", "c", codec=codec, first=10)
    found[at] = value
    if crc:
        struct.pack_into(">I", found, 17, calc_crc32c(bytes(found[21:])))
    return found


@pytest.mark.parametrize(
    "raw",
    [
        rotten("none", 80, 0, crc=False),
        rotten("none", 22, 7),
        rotten("none", 61, 4),
        *(rotten(codec, 61, 0) for codec in CODECS[1:]),
    ],
    ids=["checksum", "unknown codec", "length of a record", *CODECS[1:]],
)
def test_of_what_cannot_be_read_it_is_said_where_it_is(raw):
    with tolerant(), pytest.raises(Unreadable) as caught:
        parsed(batch("a", "b", first=8) + raw, start=8)
    assert (caught.value.first, caught.value.behind) == (10, 13)
    assert str(caught.value)


def test_what_is_used_of_aiokafka_is_there():
    """Pins the internals that `tolerant` stands on, whose change no other test would show."""
    assert fetcher.MemoryRecords is MemoryRecords
    assert "MemoryRecords(part_data[-1])" in inspect.getsource(fetcher.Fetcher._proc_fetch_request)
    assert "del self._records[tp]" in inspect.getsource(fetcher.Fetcher.seek_to)
    assert "_next_slice" in inspect.getsource(_MemoryRecordsPy.next_batch)
    assert '].decode("utf-8")' in inspect.getsource(_DefaultRecordBatchPy._read_msg)
    assert "self._buffer = bytearray" in inspect.getsource(_DefaultRecordBatchPy._maybe_uncompress)


# ----------------------------------------------------------------------------- with a broker


class Reading:
    """A consumer that notes what it reads from two partitions, and what is paused."""

    def __init__(self, kafka: Any) -> None:
        self.kafka = kafka
        self.service = "test"
        self.topic = kafka.unique("reading")
        self.topics = {self.topic: None}
        self.seen: dict[int, list[Any]] = {0: [], 1: []}
        self.pauses: dict[tuple[str, int], str] = {}
        self.admin = AdminClient({"bootstrap.servers": kafka.bootstrap})
        for future in self.admin.create_topics([NewTopic(self.topic, 2, 1)]).values():
            future.result()

    def process(self, records: Sequence[Any], now: object) -> Progress:
        progress = Progress()
        for each in records:
            self.seen[each.partition].append(each)
            progress.offsets[each.topic, each.partition] = each.offset + 1
        return progress

    def offsets(self, partition: int) -> list[int]:
        return [each.offset for each in self.seen[partition]]

    async def say(self, sender: Any, count: int, partition: int = 0, *names: str) -> None:
        """One batch, the middle one of which has headers of these names."""
        found = sender.create_batch()
        for number in range(count):
            more = [(name, b"1") for name in names] if number == count // 2 else []
            value = b"value %d " % number * 10
            found.append(key=None, value=value, timestamp=None, headers=[("good", b"1"), *more])
        await (await sender.send_batch(found, self.topic, partition=partition))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Consumer]:
        consumer = a_consumer(
            self,
            bootstrap_servers=self.kafka.bootstrap,
            group=self.topic,
            batch_size=7,
            paused=lambda: self.pauses,
            pause=self.pauses.__setitem__,
        )
        await consumer.start()
        try:
            yield consumer
        finally:
            await consumer.stop()


async def until(look: Callable[[], Any], seconds: float = 120) -> None:
    async with asyncio.timeout(seconds):
        while not look():
            await asyncio.sleep(0.05)


@pytest.fixture
def reading(kafka):
    return Reading(kafka)


@pytest.mark.parametrize("codec", [None, *CODECS[1:]])
async def test_a_record_with_a_spoilt_name_passes_and_so_do_all_around_it(reading, codec):
    async with producer(reading.kafka.bootstrap, compression_type=codec) as sender:
        for number in range(3):
            await reading.say(sender, 21, 0, *[NAME] * (number % 2))
            await reading.say(sender, 21, 1)
        async with reading.running():
            await until(lambda: len(reading.seen[0]) == len(reading.seen[1]) == 63)
            await reading.say(sender, 1, 0, NAME)
            await reading.say(sender, 1, 1)
            await until(lambda: len(reading.seen[0]) == len(reading.seen[1]) == 64)
    assert reading.offsets(0) == reading.offsets(1) == [*range(64)]
    spoilt = [each.offset for each in reading.seen[0] if (READ, b"1") in each.headers]
    assert spoilt == [21 + 10, 63]
    assert all(each.headers[0] == ("good", b"1") for each in reading.seen[0])
    assert not reading.pauses


async def test_what_a_transaction_took_back_stays_so(reading):
    async with producer(reading.kafka.bootstrap, transactional_id=reading.topic) as sender:
        for number in range(4):
            await sender.begin_transaction()
            await reading.say(sender, 5, 0, NAME)
            await (sender.commit_transaction() if number % 2 else sender.abort_transaction())
    async with producer(reading.kafka.bootstrap) as sender, reading.running():
        await reading.say(sender, 5, 0)
        await until(lambda: len(reading.seen[0]) == 15)
    assert reading.offsets(0) == [*range(6, 11), *range(18, 23), *range(24, 29)]
    assert not reading.pauses


async def test_a_trial_of_a_paused_partition_is_tolerant_too(reading, monkeypatch):
    """An earlier version has paused it because of such a name."""
    monkeypatch.setattr(pauses, "TRIAL_SECONDS", 0.1)
    reading.pauses[reading.topic, 0] = "a record can't be read: UnicodeDecodeError"
    async with producer(reading.kafka.bootstrap) as sender, reading.running():
        await reading.say(sender, 3, 0, NAME)
        await until(lambda: len(reading.seen[0]) == 3)
    assert reading.offsets(0) == [0, 1, 2]


@pytest.mark.parametrize("way", ["offset", "records"])
async def test_a_rotten_batch_pauses_its_partition_and_there_is_a_way_behind_it(reading, way):
    """Tries what docs/operating.md says, by the same requests."""
    place = TopicPartition(reading.topic, 0)
    async with producer(reading.kafka.bootstrap) as sender:
        for _ in range(3):
            await reading.say(sender, 5, 0)
        await reading.say(sender, 5, 1)
        spoil_the_middle(reading.kafka.logs / f"{reading.topic}-0")
        async with reading.running() as consumer:
            await until(lambda: reading.pauses and len(reading.seen[1]) == 5)
            assert reading.offsets(0) == [*range(5)]
            await reading.say(sender, 5, 1)
            await until(lambda: len(reading.seen[1]) == 10)
            assert "offsets 5 to 9" in consumer.paused.faults[place]
            assert "go on at 10" in consumer.paused.faults[place]
            if way == "records":
                [done] = reading.admin.delete_records([Place(reading.topic, 0, 10)]).values()
                done.result()
                reading.pauses.clear()
                await consumer.refresh_paused()
                await until(lambda: len(reading.seen[0]) == 10)
    if way == "offset":
        wanted = ConsumerGroupTopicPartitions(reading.topic, [Place(reading.topic, 0, 10)])
        [done] = reading.admin.alter_consumer_group_offsets([wanted]).values()
        done.result()
        reading.pauses.clear()
        async with reading.running():
            await until(lambda: len(reading.seen[0]) == 10)
    assert reading.offsets(0) == [*range(5), *range(10, 15)]
    assert not reading.pauses


def spoil_the_middle(folder: Path) -> None:
    """Flips a bit in the only segment of a partition, as a disk may."""
    segment = folder / f"{0:020}.log"
    whole = segment.read_bytes()
    middle = len(whole) // 2
    with segment.open("r+b") as file:
        file.seek(middle)
        file.write(bytes([whole[middle] ^ 1]))


async def test_it_is_known_who_was_erased(kafka):
    """A service asks that before it starts: one spoilt name would keep all of them from it."""
    prefix = kafka.unique("erased") + "."
    provision(kafka.bootstrap, erasure_seconds=604_800, prefix=prefix)
    person, topic = uuid4(), prefix + topics.ERASURES.name
    await say(kafka.bootstrap, topic, b"x", b"{}", [(NAME, b"1")])
    await say(kafka.bootstrap, topic, str(person).encode(), b"{}", [])
    settings = Settings.defaults(kafka_bootstrap_servers=kafka.bootstrap, topic_prefix=prefix)
    assert await erased(settings) == {person}
    assert len([record async for record in read(settings, topics.ERASURES)]) == 2
