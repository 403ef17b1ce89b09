"""Reading on where aiokafka's parser gives up: at the name of a header that is not UTF-8.

It raises for the whole batch then, whatever offset is sought, while Kafka takes any bytes for a
name: one record of a partner would stop a partition for good.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from aiokafka.consumer import fetcher
from aiokafka.errors import KafkaError
from aiokafka.record.default_records import DefaultRecordBatch, _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords, _MemoryRecordsPy

from impulse_chassis.logs import one_line


class Unreadable(KafkaError):  # type: ignore[misc]
    """A batch that can't be read: why, its first offset, and the one behind it."""

    def __init__(self, why: str, first: int, behind: int) -> None:
        super().__init__(why)
        self.first = first
        self.behind = behind

    def __str__(self) -> str:
        return str(self.args[0])


@contextmanager
def tolerant() -> Iterator[None]:
    """What is fetched meanwhile is parsed in Python, and has a name for every header.

    What is not UTF-8 in a name is written with backslashes, as no header that we know is. A batch
    that can't be read all the same raises `Unreadable` when its turn comes.
    """
    fetcher.MemoryRecords = _Records
    try:
        yield
    finally:
        fetcher.MemoryRecords = MemoryRecords


class _Records(_MemoryRecordsPy):  # type: ignore[misc]
    def next_batch(self) -> Any:
        raw = self._next_slice
        batch = super().next_batch()
        return _Batch(raw) if isinstance(batch, DefaultRecordBatch) else batch


class _Batch(_DefaultRecordBatchPy):  # type: ignore[misc]
    _buffer: bytearray

    def validate_crc(self) -> bool:
        if not super().validate_crc():
            raise Unreadable("the checksum is wrong", self.base_offset, self.next_offset)
        return True

    def __iter__(self) -> Iterator[Any]:
        try:
            super().__iter__()
            self._buffer = _Bytes(self._buffer)
            yield from iter(self.__next__, None)
        except Exception as error:
            raise Unreadable(one_line(error), self.base_offset, self.next_offset) from error


class _Bytes(bytearray):
    """Bytes of which any part is a text."""

    def __getitem__(self, part: Any) -> Any:
        found = super().__getitem__(part)
        return _Bytes(found) if isinstance(part, slice) else found

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return super().decode(encoding, "backslashreplace")
