"""A record and what it says: CloudEvents 1.0 over Kafka, in binary and in structured mode. Pure."""

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from pydantic import ValidationError

from impulse_contracts import topics
from impulse_contracts.faults import in_words
from impulse_contracts.message import MESSAGES, Message
from impulse_contracts.reasons import Reason
from impulse_contracts.topics import Topic

MAX_AHEAD = timedelta(hours=24)
STRUCTURED = "application/cloudevents+json"
SYSTEM = "system"
"""The `ce_principal` of the CLI, of timers and of trusted services; any other is a person's id."""

Headers = Sequence[tuple[str, bytes | None]]
Words = tuple[str, str]
"""What is wrong, in German and in English."""
M = TypeVar("M", bound=Message)


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


def stable_uuid(*parts: str) -> UUID:
    """A UUID (version 8, RFC 9562) that is always the same for the same parts."""
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    digest = bytearray(hashlib.blake2b(text, digest_size=16).digest())
    digest[6] = digest[6] & 0x0F | 0x80
    digest[8] = digest[8] & 0x3F | 0x80
    return UUID(bytes=bytes(digest))


def inbox_key(source: str, message_id: str, attempt: int = 1) -> UUID:
    """The key under which a message is remembered as handled: of source, id and attempt."""
    return stable_uuid("message", source, message_id, str(attempt))


def record_key(record: Record) -> UUID:
    """The inbox key of a record that has no identity of its own: its place in the log."""
    # The timestamp is there because a node that lost its tail gives offsets out again.
    place = f"{record.topic}/{record.partition}/{record.offset}/{record.timestamp}"
    return stable_uuid("record", place, str(attempt_of(record)))


class Unwanted(Exception):
    """A message that this reader has no use for: an unknown fact, a tick."""


def parse(
    record: Record, topic: Topic, now: datetime, wanted: Mapping[str, type[Message]]
) -> Received[Any] | Tombstone:
    """Reads a record of `topic`; `wanted` are the messages that the reader handles, by type.

    Raises `Bad` for what must become a dead letter, `Unwanted` for what is to be skipped.
    """
    headers, problem = _decoded(record.headers)
    content_type = headers.get("content-type", "application/json").lower()
    says_structured = content_type.startswith(STRUCTURED)
    attributes = None
    if not says_structured:
        traceparent = headers.get("traceparent") or headers.get("ce_traceparent")
        attributes, fault = _attributes(headers, "ce_", traceparent, attempt_of(record))
        if problem is None and not content_type.startswith("application/json"):
            problem = _must_be("content-type", "application/json")
        problem = problem or fault
    if record.value is None:
        if topic.tombstones:
            return Tombstone(record, topic)
        words = ("hier ist ein Wert nötig", "a value is needed here")
        raise _bad(record, attributes, Reason.UNEXPECTED_TOMBSTONE, words)
    if says_structured or (attributes is None and _looks_structured(record, topic)):
        return _structured(record, topic, now, wanted)
    if not topic.incoming and (attributes is None or attributes.type not in wanted):
        raise Unwanted
    if problem:
        raise _bad(record, attributes, Reason.BAD_HEADER, problem)
    assert attributes is not None, "without an identity there is a problem"
    message = _message_class(record, topic, attributes, wanted)
    try:
        data = message.model_validate_json(record.value)
    except ValidationError as error:
        raise _invalid(record, attributes, error, record.value) from None
    return _received(record, attributes, data, now)


def _bad(record: Record, attributes: Attributes | None, reason: Reason, words: Words) -> Bad:
    key = (
        inbox_key(attributes.source, attributes.id, attributes.attempt)
        if attributes
        else record_key(record)
    )
    return Bad(reason, words, record, key, attributes)


def _message_class(
    record: Record, topic: Topic, attributes: Attributes, wanted: Mapping[str, type[Message]]
) -> type[Message]:
    message = wanted.get(attributes.type)
    if message is not None and message.topic is topic:
        return message
    known, shown = MESSAGES.get(attributes.type), _shown(attributes.type)
    if known is None:
        words = (f"die Art ist nicht bekannt: {shown}", f"the type is not known: {shown}")
    elif known.topic is not topic:
        place = known.topic.name
        words = (f"{shown} gehört auf {place}", f"{shown} belongs on {place}")
    else:
        words = (f"{shown} ist nicht für diesen Dienst", f"{shown} is not for this service")
    raise _bad(record, attributes, Reason.UNKNOWN_TYPE, words)


def _shown(text: str) -> str:
    return text if len(text) <= 100 else text[:100] + "..."


def _received(
    record: Record, attributes: Attributes, data: Message, now: datetime
) -> Received[Any]:
    limit = now + MAX_AHEAD
    ahead = [name for name in data.not_ahead if getattr(data, name) > limit]
    if attributes.time is not None and attributes.time > limit:
        ahead.insert(0, "ce_time")
    if ahead:
        words = (
            f"{ahead[0]}: liegt mehr als 24 Stunden nach dem Empfang",
            f"{ahead[0]}: is more than 24 hours ahead of its receipt",
        )
        raise _bad(record, attributes, Reason.CONTRACT_VIOLATION, words)
    key = inbox_key(attributes.source, attributes.id, attributes.attempt)
    return Received(attributes, data, record, key)


def _invalid(record: Record, attributes: Attributes, error: ValidationError, value: bytes) -> Bad:
    """Which field, what was wrong; never the value, a dead letter's detail is no place for data."""
    first = error.errors(include_url=False, include_input=False)
    if first and first[0]["type"] == "json_invalid":
        try:
            json.loads(value.decode(), parse_int=str)
        except (ValueError, RecursionError) as not_json:
            return _bad(record, attributes, Reason.NOT_JSON, _where_not_json(not_json))
        words = (
            "ein Text enthält ein halbes Zeichen (Surrogat) oder eine Zahl ist zu groß",
            "a text holds an unpaired surrogate or a number is out of range",
        )
        return _bad(record, attributes, Reason.CONTRACT_VIOLATION, words)
    german, english = [], []
    for fault in first[:3]:
        place = ".".join(str(part) for part in fault["loc"]) or "value"
        de, en = in_words(fault)
        german.append(f"{place} {de}")
        english.append(f"{place} {en}")
    if len(first) > 3:
        german.append(f"und {len(first) - 3} weitere")
        english.append(f"and {len(first) - 3} more")
    words = ("; ".join(german), "; ".join(english))
    return _bad(record, attributes, Reason.CONTRACT_VIOLATION, words)


def _where_not_json(error: ValueError | RecursionError) -> Words:
    if isinstance(error, json.JSONDecodeError):
        line, column = error.lineno, error.colno
        return (
            f"Zeile {line}, Zeichen {column} ist nicht lesbar",
            f"line {line}, character {column} can't be read",
        )
    if isinstance(error, UnicodeDecodeError):
        return f"Byte {error.start + 1} ist kein UTF-8", f"byte {error.start + 1} is not UTF-8"
    return "zu tief verschachtelt", "nested too deeply"


# ------------------------------------------------------------------------------ binary mode


def _decoded(headers: Headers) -> tuple[dict[str, str], Words | None]:
    """The headers that are UTF-8, and what is wrong where one that we read is not."""
    try:
        return {name: raw.decode() for name, raw in headers if raw is not None}, None
    except UnicodeDecodeError:
        pass
    found: dict[str, str] = {}
    problem = None
    for name, raw in headers:
        try:
            if raw is not None:
                found[name] = raw.decode()
        except UnicodeDecodeError:
            if name.startswith("ce_") or name in ("content-type", "traceparent"):
                problem = (f"{name} ist kein UTF-8", f"{name} is not UTF-8")
    return found, problem


def _attributes(
    found: dict[str, str], prefix: str, traceparent: str | None, attempt: int
) -> tuple[Attributes | None, Words | None]:
    """Attributes from names with a prefix, and the first fault; None without an identity."""
    problem: Words | None = None
    checked: dict[str, str | None] = {}
    for name, limit in _LIMITS.items():
        full = prefix + name
        value = found.get(full)
        checked[name] = None
        if value is None or not value or value.isspace():
            if name in _REQUIRED:
                problem = problem or (f"{full} fehlt", f"{full} is missing")
        elif len(value) <= limit and value.isprintable():
            checked[name] = value
        else:
            problem = problem or (
                f"{full} ist zu lang (höchstens {limit} Zeichen) oder enthält Steuerzeichen",
                f"{full} is too long (at most {limit} characters) or holds control characters",
            )
    if problem is None and checked["specversion"] != "1.0":
        problem = _must_be(f"{prefix}specversion", "1.0")
    time = None
    if (text := found.get(f"{prefix}time")) is not None:
        try:
            time = parse_time(text)
        except ValueError:
            problem = problem or (
                f"{prefix}time ist keine Zeit nach RFC 3339 mit Zeitzone",
                f"{prefix}time is not RFC 3339 with an offset",
            )
    if checked["id"] is None or checked["source"] is None:
        return None, problem
    return (
        Attributes(
            id=checked["id"],
            source=checked["source"],
            type=checked["type"] or "",
            time=time,
            subject=checked["subject"],
            correlation_id=checked["correlationid"],
            causation_id=checked["causationid"],
            principal=checked["principal"],
            on_behalf_of=checked["onbehalfof"],
            traceparent=traceparent
            if traceparent and _TRACEPARENT.fullmatch(traceparent)
            else None,
            attempt=attempt,
        ),
        problem,
    )


def _must_be(name: str, value: str) -> Words:
    return f"{name} muss {value} sein", f"{name} must be {value}"


_REQUIRED = ("id", "source", "type", "specversion")
_LIMITS = {
    **dict.fromkeys(_REQUIRED, 200),
    **dict.fromkeys(("correlationid", "causationid", "principal", "onbehalfof"), 200),
    "subject": 1000,
}
"""How many characters an attribute may have. What answers and facts repeat must be harmless."""
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}", re.ASCII)
_RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)


_ATTRIBUTES_BYTES = 4096


def parse_time(text: str) -> datetime:
    """RFC 3339 with an offset; raises ValueError for anything else."""
    if not _RFC3339.fullmatch(text):
        raise ValueError("not RFC 3339 with an offset")
    return datetime.fromisoformat(text)


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


# -------------------------------------------------------------------------- structured mode


def _looks_structured(record: Record, topic: Topic) -> bool:
    """Whether it is an event of a library that writes the content type of the data, or none."""
    return (
        topic is topics.ACTOR_REPORTS
        and b'"specversion"' in (record.value or b"")
        and not any(name.startswith("ce_") for name, _ in record.headers)
    )


def _structured(
    record: Record, topic: Topic, now: datetime, wanted: Mapping[str, type[Message]]
) -> Received[Any]:
    if topic is not topics.ACTOR_REPORTS:
        words = (
            f"{STRUCTURED} ist auf diesem Topic nicht zulässig",
            f"{STRUCTURED} is not accepted on this topic",
        )
        raise _bad(record, None, Reason.BAD_HEADER, words)
    try:
        event = json.loads((record.value or b"").decode())
        value = _data(event) if isinstance(event, dict) else b""
    except (ValueError, RecursionError) as error:
        raise _bad(record, None, Reason.NOT_JSON, _where_not_json(error)) from None
    if not isinstance(event, dict):
        words = ("das Ereignis muss ein JSON-Objekt sein", "the event must be a JSON object")
        raise _bad(record, None, Reason.BAD_HEADER, words)
    found = {name: value for name, value in event.items() if isinstance(value, str)}
    found.pop("data", None)
    attributes, problem = _attributes(found, "", found.get("traceparent"), attempt_of(record))
    content_type = found.get("datacontenttype", "application/json").lower()
    if problem is None and not content_type.startswith("application/json"):
        problem = _must_be("datacontenttype", "application/json")
    if problem:
        raise _bad(record, attributes, Reason.BAD_HEADER, problem)
    assert attributes is not None, "without an identity there is a problem"
    message = _message_class(record, topic, attributes, wanted)
    try:
        data = message.model_validate_json(value)
    except ValidationError as error:
        raise _invalid(record, attributes, error, value) from None
    return _received(record, attributes, data, now)


def _data(event: dict[str, Any]) -> bytes:
    """The data as JSON again, so that it means the same in both modes."""
    encoded = event.get("data_base64")
    if "data" in event or not isinstance(encoded, str):
        return json.dumps(event.get("data")).encode()
    try:
        return b64decode(encoded, validate=True)
    except ValueError:
        return b"null"


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
