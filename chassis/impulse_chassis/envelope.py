"""A record and what it says: CloudEvents 1.0 over Kafka. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from impulse_contracts.message import Message
from impulse_contracts.reasons import Reason
from impulse_contracts.topics import Topic

SYSTEM = "system"
"""The `ce_principal` of the CLI, of timers and of trusted services; any other is a person's id."""

Headers = Sequence[tuple[str, bytes | None]]
Words = tuple[str, str]
"""What is wrong, in German and in English."""
M = TypeVar("M", bound=Message)
_ATTRIBUTES_BYTES = 4096


class Record(Protocol):
    """What a log delivers: the fields of aiokafka's ConsumerRecord that we use."""

    @property
    def topic(self) -> str: ...
    @property
    def partition(self) -> int: ...
    @property
    def offset(self) -> int: ...
    @property
    def timestamp(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes | None: ...
    @property
    def headers(self) -> Headers: ...


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record that was kept: parked in the database, or made by a test."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    attempt: int = 1
    """2, 3, ... where an operator tries a dead letter again."""


def attempt_of(record: Record) -> int:
    """The how manieth time a record is handled; what comes from the log is handled first."""
    return record.attempt if isinstance(record, StoredRecord) else 1


@dataclass(slots=True)
class Attributes:
    """The CloudEvents attributes of a message, and our extensions."""

    id: str
    source: str
    type: str
    time: datetime | None = None
    subject: str | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    principal: str | None = None
    on_behalf_of: str | None = None
    traceparent: str | None = None
    attempt: int = 1

    @property
    def person_id(self) -> UUID | None:
        """The person who asks; None for the system, and for what is no person's id."""
        try:
            return UUID(self.principal) if self.principal and self.principal != SYSTEM else None
        except ValueError:
            return None


@dataclass(slots=True)
class Received(Generic[M]):
    """A message that arrived: its attributes, its validated data, and the record it came in."""

    attributes: Attributes
    data: M
    record: Record
    inbox_key: UUID


@dataclass(slots=True)
class Bad(Exception):
    """A record that can't be understood, why, and as much of its identity as can be read."""

    reason: Reason
    words: Words
    record: Record
    inbox_key: UUID
    attributes: Attributes | None = None

    @property
    def detail(self) -> str:
        """What is wrong, in English: for operators."""
        return self.words[1]


@dataclass(slots=True)
class Tombstone:
    """A record without a value on a topic where that deletes a key."""

    record: Record
    topic: Topic
    inbox_key: UUID


def stable_uuid(*parts: str) -> UUID:
    """A UUID (version 8, RFC 9562) that is always the same for the same parts."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    digest = bytearray(hashlib.blake2b(text, digest_size=16).digest())
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


def source_of(service: str) -> str:
    """The `ce_source` of what a service says."""
    return f"urn:impulse:{service}"


def inbox_key(source: str, message_id: str, attempt: int = 1) -> UUID:
    """The key under which a message is remembered as handled: of source, id and attempt."""
    return stable_uuid("message", source, message_id, str(attempt))


def record_key(record: Record) -> UUID:
    """The inbox key of a record that has no identity of its own: its place in the log."""
    # The timestamp is there because a node that lost its tail gives offsets out again.
    place = f"{record.topic}/{record.partition}/{record.offset}/{record.timestamp}"
    return stable_uuid("record", place, str(attempt_of(record)))


def render(attributes: Attributes) -> list[tuple[str, bytes]]:
    """The headers of a message in binary mode."""
    pairs = (
        ("ce_specversion", "1.0"),
        ("ce_id", attributes.id),
        ("ce_source", attributes.source),
        ("ce_type", attributes.type),
        ("ce_time", (attributes.time or datetime.now(UTC)).isoformat()),
        ("ce_subject", attributes.subject),
        ("ce_correlationid", attributes.correlation_id),
        ("ce_causationid", attributes.causation_id),
        ("ce_principal", attributes.principal),
        ("ce_onbehalfof", attributes.on_behalf_of),
        ("traceparent", attributes.traceparent),
        ("content-type", "application/json"),
    )
    return [(name, value.encode()) for name, value in pairs if value is not None]


@dataclass(slots=True)
class Outgoing:
    """A record on its way out: a row of the outbox."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers | Attributes = ()
    """Headers as they are, or the attributes of a message of ours, from which they are made."""

    def size(self) -> int:
        """Bytes of key, value and headers together; attributes are short and counted for more."""
        headers = (
            _ATTRIBUTES_BYTES
            if isinstance(self.headers, Attributes)
            else sum(len(name) + len(value or b"") for name, value in self.headers)
        )
        return len(self.key or b"") + len(self.value or b"") + headers
