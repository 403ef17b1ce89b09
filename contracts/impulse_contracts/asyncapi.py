"""The AsyncAPI 3.0 document of all topics and messages, for generators and catalogues."""

from collections.abc import Iterator
from typing import Any

from impulse_contracts import topics
from impulse_contracts.message import Message, Timer
from impulse_contracts.reasons import Reason
from impulse_contracts.schemas import ABOUT, Schema, examples, kind, messages, schema_of
from impulse_contracts.topics import Topic

DEAD_LETTER = "dead-letter"
PARTNER_CHANNEL = f"{topics.ACTOR_REPORTS.name}.partner"
ERASURE_SECONDS = 7 * topics.DAY
"""The bound for personal data that the document shows: the default of the setting."""

_BINDING = "0.5.0"


def document() -> Schema:
    """The whole document, ready to be written as JSON."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Impulse",
            "version": "1.0.0",
            "description": (
                "Cooperation between companies and non-profit organisations in the Ruhr area. "
                "Every message is a CloudEvent 1.0 in Kafka's binary mode: attributes are record "
                "headers, the value is the data. docs/publishing-actor-events.md says how a "
                "partner publishes and learns the outcome."
            ),
        },
        "defaultContentType": "application/json",
        "servers": {
            "local": {
                "host": "127.0.0.1:9092",
                "protocol": "kafka",
                "description": "The local stack, `make up`.",
            }
        },
        "channels": _channels(),
        "operations": dict(_operations()),
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def _on(topic: Topic) -> list[type[Message]]:
    return [message for message in messages().values() if message.topic is topic]


def _message_ref(name: str) -> Schema:
    return {"$ref": f"#/components/messages/{name}"}


# -------------------------------------------------------------------------------- channels


def _channels() -> Schema:
    channels = {topic.name: _channel(topic) for topic in topics.ALL}
    channels[PARTNER_CHANNEL] = {
        **_channel(topics.ACTOR_REPORTS),
        "address": f"{topics.ACTOR_REPORTS.name}.{{partner}}",
        "description": "A partner's own topic, which only it may write to, as its own ce_source. "
        + str(channels[topics.ACTOR_REPORTS.name]["description"]),
        "parameters": {"partner": {"description": "The partner's short name."}},
    }
    del channels[PARTNER_CHANNEL]["bindings"]["kafka"]["topic"]
    return channels


def _channel(topic: Topic) -> Schema:
    names = [message.ce_type for message in _on(topic)]
    if topic is topics.DEAD_LETTERS:
        names = [DEAD_LETTER]
    sentences = [f"Key: {topic.key}.", f"Written by {topic.owner}."]
    if topic.personal:
        sentences.append("May hold personal data.")
    if topic.tombstones and topic.compacted:
        sentences.append("A null value deletes its key.")
    if topic.compacted and topic.personal:
        sentences.append("Records of key `tick` are there for compaction: ignore them.")
    return {
        "address": topic.name,
        "description": " ".join(sentences),
        "messages": {name: _message_ref(name) for name in names},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": _configuration(topic),
                "bindingVersion": _BINDING,
            }
        },
    }


def _configuration(topic: Topic) -> Schema:
    """What the Kafka binding has words for; it knows no min.cleanable.dirty.ratio and the like."""
    config = topic.config(ERASURE_SECONDS)
    found: Schema = {"cleanup.policy": config["cleanup.policy"].split(",")}
    for name in ("retention.ms", "delete.retention.ms", "max.message.bytes"):
        if name in config:
            found[name] = int(config[name])
    return found


# ------------------------------------------------------------------------------ operations


def _operations() -> Iterator[tuple[str, Schema]]:
    """Who sends where and who answers. Readers of facts are free to come and go."""
    for topic in topics.ALL:
        asked = [m for m in _on(topic) if not issubclass(m, Timer)]
        timers = [m for m in _on(topic) if issubclass(m, Timer)]
        names = [m.ce_type for m in asked]
        if topic is topics.DEAD_LETTERS:
            names = [DEAD_LETTER]
        if not names and not timers:
            continue
        for writer in topic.owner.split(", "):
            yield _operation(writer, "send", topic, names)
        if topic.incoming:
            service = _service(topic)
            yield _operation(service, "receive", topic, [*names, *(m.ce_type for m in timers)])
            if timers:
                yield _operation(service, "send", topic, [m.ce_type for m in timers])


def _service(topic: Topic) -> str:
    """The service that a topic of commands or reports is for."""
    if topic is topics.ACTOR_REPORTS or topic is topics.PEOPLE_COMMANDS:
        return "registry"
    return topic.name.split(".")[1]


def _operation(who: str, action: str, topic: Topic, names: list[str]) -> tuple[str, Schema]:
    name = f"{who.replace(' ', '-').lower()}-{action}s-{topic.name}"
    channel = f"#/channels/{topic.name}"
    return name, {
        "action": action,
        "channel": {"$ref": channel},
        "summary": f"{who} {action}s on {topic.name}",
        "tags": [{"name": who}],
        "messages": [{"$ref": f"{channel}/messages/{message}"} for message in names],
    }


# -------------------------------------------------------------------------------- messages


def _messages() -> Schema:
    samples: dict[str, list[Any]] = {}
    for name, ce_type, data in examples():
        samples.setdefault(ce_type, []).append({"name": name, "payload": data})
    found = {
        ce_type: _message(message, samples.get(ce_type, []))
        for ce_type, message in messages().items()
    }
    found[DEAD_LETTER] = _dead_letter()
    return found


def _message(message: type[Message], samples: list[Any]) -> Schema:
    schema = schema_of(message)
    return {
        "name": message.ce_type,
        "title": message.__name__,
        "summary": schema["description"],
        "contentType": "application/json",
        "tags": [{"name": kind(message)}],
        "headers": {
            "allOf": [
                {"$ref": "#/components/schemas/CloudEventHeaders"},
                {"type": "object", "properties": {"ce_type": {"const": message.ce_type}}},
            ]
        },
        "payload": {"$ref": f"#/components/schemas/{message.__name__}"},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": message.topic.key},
                "bindingVersion": _BINDING,
            }
        },
        "examples": samples,
    }


def _dead_letter() -> Schema:
    return {
        "name": DEAD_LETTER,
        "title": "DeadLetter",
        "summary": "A record that could not be handled: its own key, bytes and headers, and why.",
        "headers": {"$ref": "#/components/schemas/DeadLetterHeaders"},
        "payload": {"description": "The original value, byte for byte; it may be anything."},
        "bindings": {
            "kafka": {
                "key": {"type": "string", "description": topics.DEAD_LETTERS.key},
                "bindingVersion": _BINDING,
            }
        },
    }


# --------------------------------------------------------------------------------- schemas


def _schemas() -> Schema:
    """All payloads and what they share, each once."""
    found: Schema = {
        "CloudEventHeaders": _cloud_event_headers(),
        "DeadLetterHeaders": _dead_letter_headers(),
    }
    for message in messages().values():
        schema = schema_of(message)
        parts = schema.pop("$defs", {})
        del schema["$schema"], schema[ABOUT]
        for name, part in [*parts.items(), (message.__name__, schema)]:
            shared = _relocated(part)
            if found.setdefault(name, shared) != shared:
                raise ValueError(f"two different schemas are called {name}: rename a class")
    return dict(sorted(found.items()))


def _relocated(node: Any) -> Any:
    if isinstance(node, list):
        return [_relocated(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        name: value.replace("#/$defs/", "#/components/schemas/")
        if name == "$ref"
        else _relocated(value)
        for name, value in node.items()
    }


def _text(description: str, **more: object) -> Schema:
    return {"type": "string", "description": description, **more}


def _cloud_event_headers() -> Schema:
    return {
        "type": "object",
        "description": "CloudEvents 1.0 attributes as record headers, and our extensions.",
        "required": ["ce_specversion", "ce_id", "ce_source", "ce_type"],
        "properties": {
            "ce_specversion": _text("The version of CloudEvents.", const="1.0"),
            "ce_id": _text("Unique within ce_source; the same id is the same message."),
            "ce_source": _text("Who says it: a URI.", format="uri-reference"),
            "ce_type": _text("Which message this is."),
            "ce_time": _text("When it was said, RFC 3339 with offset.", format="date-time"),
            "ce_subject": _text("The aggregate that it is about."),
            "content-type": _text("What the value is.", const="application/json"),
            "ce_correlationid": _text("The same in everything that followed from one message."),
            "ce_causationid": _text("The ce_id of the message that caused this one."),
            "ce_principal": _text("Who asks: a person id, or `system`."),
            "ce_onbehalfof": _text("For whom somebody acts."),
            "traceparent": _text("W3C trace context."),
        },
    }


def _dead_letter_headers() -> Schema:
    # The reasons that a message can have without having reached a rule of the domain.
    faults = list(Reason)[: list(Reason).index(Reason.HANDLER_ERROR) + 1]
    return {
        "type": "object",
        "required": ["dl_reason", "dl_detail", "dl_topic", "dl_partition", "dl_offset"],
        "properties": {
            "dl_reason": _text("What was wrong.", enum=[str(reason) for reason in faults]),
            "dl_detail": _text("One line: which field, what was wrong; never the value."),
            "dl_topic": _text("The topic where the record was."),
            "dl_partition": _text("Its partition."),
            "dl_offset": _text("Its offset."),
            "dl_consumer": _text("Which service could not handle it."),
            "dl_time": _text("When, RFC 3339 with offset.", format="date-time"),
        },
    }
