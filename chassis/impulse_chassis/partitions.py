"""Which partition a key belongs to: as all Kafka clients on the JVM and aiokafka say."""

import random
import struct

_SEED = 0x9747B28C
_M = 0x5BD1E995
_MASK = 0xFFFFFFFF


def murmur2(key: bytes) -> int:
    """The 32-bit MurmurHash2 of Kafka's default partitioner, unsigned.

    A word at a time, where aiokafka's takes a byte: the relay needs one for each record.
    """
    length = len(key)
    value = _SEED ^ length
    for word in struct.unpack_from(f"<{length >> 2}I", key):
        word = word * _M & _MASK
        value = (value * _M & _MASK) ^ ((word ^ word >> 24) * _M & _MASK)
    if length & 3:
        value = (value ^ int.from_bytes(key[length & ~3 :], "little")) * _M & _MASK
    value = (value ^ value >> 13) * _M & _MASK
    return value ^ value >> 15


def partition_of(key: bytes | None, count: int) -> int:
    """The partition of `key` among `count`; any of them for a record without a key."""
    if key is None:
        return random.randrange(count)  # noqa: S311
    return (murmur2(key) & 0x7FFFFFFF) % count
