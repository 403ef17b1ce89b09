"""A record is understood, or it is said why not: binary and structured mode. Pure."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Never
from uuid import UUID

from pydantic import ValidationError

from impulse_chassis.attributes import checked, decoded, must_be
from impulse_chassis.envelope import (
    Attributes,
    Bad,
    Received,
    Record,
    Tombstone,
    Words,
    attempt_of,
    inbox_key,
    record_key,
)
from impulse_contracts import topics
from impulse_contracts.faults import in_words
from impulse_contracts.message import MESSAGES, TICK, Message
from impulse_contracts.reasons import Reason
from impulse_contracts.topics import Topic

MAX_AHEAD = timedelta(hours=24)
STRUCTURED = "application/cloudevents+json"


class Unwanted(Exception):
    """A message that this reader has no use for: an unknown fact, a tick."""


def parse(
    record: Record, topic: Topic, now: datetime, wanted: Mapping[str, type[Message]]
) -> Received[Any] | Tombstone:
    """Reads a record of `topic`; `wanted` are the messages that the reader handles, by type.

    Raises `Bad` for what must become a dead letter, `Unwanted` for what is to be skipped.
    """
    headers, problem = decoded(record.headers)
    content_type = headers.get("content-type", "application/json").lower()
    says_structured = content_type.startswith(STRUCTURED)
    attributes = None
    if not says_structured:
        traceparent = headers.get("traceparent") or headers.get("ce_traceparent")
        attributes, fault = checked(headers, "ce_", traceparent, attempt_of(record))
        if problem is None and not content_type.startswith("application/json"):
            problem = must_be("content-type", "application/json")
        problem = problem or fault
    if attributes is not None and attributes.type == TICK:
        raise Unwanted
    if record.value is None:
        if topic.tombstones:
            return Tombstone(record, topic, _inbox_key(record, attributes))
        words = ("hier ist ein Wert nötig", "a value is needed here")
        raise _bad(record, attributes, Reason.UNEXPECTED_TOMBSTONE, words)
    if says_structured or (attributes is None and _looks_structured(record, topic)):
        return _structured(record, topic, now, wanted)
    if not topic.incoming and (attributes is None or attributes.type not in wanted):
        raise Unwanted
    return _received(record, topic, now, wanted, attributes, problem, record.value)


def _bad(record: Record, attributes: Attributes | None, reason: Reason, words: Words) -> Bad:
    return Bad(reason, words, record, _inbox_key(record, attributes), attributes)


def _inbox_key(record: Record, attributes: Attributes | None) -> UUID:
    if attributes is None:
        return record_key(record)
    return inbox_key(attributes.source, attributes.id, attributes.attempt)


def _message_class(
    record: Record, topic: Topic, attributes: Attributes, wanted: Mapping[str, type[Message]]
) -> type[Message]:
    message = wanted.get(attributes.type)
    if message is not None and message.topic is topic.carries:
        return message
    known, shown = MESSAGES.get(attributes.type), _shown(attributes.type)
    if known is None:
        words = (f"die Art ist nicht bekannt: {shown}", f"the type is not known: {shown}")
    elif known.topic is not topic.carries:
        place = known.topic.name
        words = (f"{shown} gehört auf {place}", f"{shown} belongs on {place}")
    else:
        words = (f"{shown} ist nicht für diesen Dienst", f"{shown} is not for this service")
    raise _bad(record, attributes, Reason.UNKNOWN_TYPE, words)


def _shown(text: str) -> str:
    return text if len(text) <= 100 else text[:100] + "..."


def _received(
    record: Record,
    topic: Topic,
    now: datetime,
    wanted: Mapping[str, type[Message]],
    attributes: Attributes | None,
    problem: Words | None,
    value: bytes,
) -> Received[Any]:
    """The message with these attributes and data; `problem` is what is wrong with the former."""
    if problem:
        raise _bad(record, attributes, Reason.BAD_HEADER, problem)
    assert attributes is not None, "without an identity there is a problem"
    if topic.source and attributes.source != topic.source:
        raise _foreign(record, attributes, topic.source)
    message = _message_class(record, topic, attributes, wanted)
    try:
        data = message.model_validate_json(value)
    except ValidationError as error:
        raise _invalid(record, attributes, error, value) from None
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


def _foreign(record: Record, attributes: Attributes, source: str) -> Bad:
    """What a partner says under another's name on its own topic.

    The partner is answered and not whom it named; and as the message is remembered by its place in
    the log, it stands in the way neither of the other's message with this id nor of its own.
    """
    own = replace(attributes, source=source)
    words = must_be("ce_source", source)
    return Bad(Reason.BAD_HEADER, words, record, record_key(record), own)


def _invalid(record: Record, attributes: Attributes, error: ValidationError, value: bytes) -> Bad:
    """Which field, what was wrong; never the value, a dead letter's detail is no place for data."""
    try:
        # As it was written: of an event's 1e400 its data have made Infinity.
        json.loads((record.value or b"").decode(), parse_int=str, parse_constant=_refuse_constant)
        json.loads(value.decode(), parse_int=str)
    except (ValueError, RecursionError) as not_json:
        return _bad(record, attributes, Reason.NOT_JSON, _where_not_json(not_json))
    first = error.errors(include_url=False)
    if first and first[0]["type"] == "json_invalid":
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


class _Constant(ValueError):
    """NaN or an infinity, which JSON does not have; pydantic and Python read them all the same."""


def _refuse_constant(name: str) -> Never:
    raise _Constant(name)


def _where_not_json(error: ValueError | RecursionError) -> Words:
    if isinstance(error, json.JSONDecodeError):
        line, column = error.lineno, error.colno
        return (
            f"Zeile {line}, Zeichen {column} ist nicht lesbar",
            f"line {line}, character {column} can't be read",
        )
    if isinstance(error, UnicodeDecodeError):
        return f"Byte {error.start + 1} ist kein UTF-8", f"byte {error.start + 1} is not UTF-8"
    if isinstance(error, _Constant):
        return f"{error} gibt es in JSON nicht", f"JSON has no {error}"
    if isinstance(error, RecursionError):
        return "zu tief verschachtelt", "nested too deeply"
    return "eine Zahl hat zu viele Stellen", "a number has too many digits"


def _looks_structured(record: Record, topic: Topic) -> bool:
    """Whether it is an event of a library that writes the content type of the data, or none."""
    return (
        topic.carries is topics.ACTOR_REPORTS
        and b'"specversion"' in (record.value or b"")
        and not any(name.startswith("ce_") for name, _ in record.headers)
    )


def _structured(
    record: Record, topic: Topic, now: datetime, wanted: Mapping[str, type[Message]]
) -> Received[Any]:
    if topic.carries is not topics.ACTOR_REPORTS:
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
    attributes, problem = checked(found, "", found.get("traceparent"), attempt_of(record))
    content_type = found.get("datacontenttype", "application/json").lower()
    if problem is None and not content_type.startswith("application/json"):
        problem = must_be("datacontenttype", "application/json")
    return _received(record, topic, now, wanted, attributes, problem, value)


def _data(event: dict[str, Any]) -> bytes:
    """The data as JSON again, so that it means the same in both modes."""
    encoded = event.get("data_base64")
    if "data" in event or not isinstance(encoded, str):
        return json.dumps(event.get("data")).encode()
    try:
        return b64decode(encoded, validate=True)
    except ValueError:
        return b"null"
