"""The `cloudevents` package of PyPI and our envelope understand each other, in both modes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings import kafka as current
from cloudevents.core.bindings.kafka import KafkaMessage
from cloudevents.core.v1.event import CloudEvent
from cloudevents.v1.http import CloudEvent as OldCloudEvent
from cloudevents.v1.kafka import conversion as old

from impulse_chassis.envelope import Attributes, Bad, Received, StoredRecord, inbox_key, render
from impulse_chassis.parsing import parse
from impulse_contracts import topics
from impulse_contracts.message import MESSAGES, Message
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from impulse_contracts.schemas import examples

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SOURCE = "https://ehrenamt.beispielstadt.example/api"
CE_ID = "0d4e9b63-8f21-4a7c-b5e6-3c9a1d7f2b58"
[ACTOR] = [data for name, _, data in examples() if name == f"{ActorReported.ce_type}.json"]
WANTED: dict[str, type[Message]] = {ActorReported.ce_type: ActorReported}


def attributes(**more: str) -> dict[str, Any]:
    return {
        "id": CE_ID,
        "source": SOURCE,
        "type": ActorReported.ce_type,
        "specversion": "1.0",
        "subject": "4711",
        "correlationid": "sync-2026-11-20",
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        **more,
    }


def event(data: object = ACTOR, **more: str) -> CloudEvent:
    time = {"time": datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)}
    return CloudEvent(attributes={**attributes(**more), **time}, data=data)  # type: ignore[arg-type]


def old_event(data: object = ACTOR, **more: str) -> OldCloudEvent:
    return OldCloudEvent({**attributes(**more), "time": "2026-11-20T08:15:30Z"}, data)


def received(headers: dict[str, bytes], value: bytes | str) -> Received[ActorReported]:
    raw = value if isinstance(value, bytes) else value.encode()
    record = StoredRecord(
        topic=topics.ACTOR_REPORTS.name,
        partition=0,
        offset=0,
        timestamp=0,
        key=f"{SOURCE}|4711".encode(),
        value=raw,
        headers=list(headers.items()),
    )
    message = parse(record, topics.ACTOR_REPORTS, NOW, WANTED)
    assert isinstance(message, Received)
    return message


def understood(message: Received[ActorReported]) -> None:
    """The message is the actor of the example, with all its attributes."""
    assert message.data == ActorReported.model_validate_json(json.dumps(ACTOR))
    assert message.inbox_key == inbox_key(SOURCE, CE_ID)
    found = message.attributes
    assert (found.id, found.source, found.type) == (CE_ID, SOURCE, ActorReported.ce_type)
    assert found.time == datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)
    assert (found.subject, found.correlation_id) == ("4711", "sync-2026-11-20")


CONTENT_TYPE = pytest.mark.parametrize(
    "more",
    [
        {},
        {"datacontenttype": "application/json"},
        {"datacontenttype": "application/json; charset=utf-8"},
        {"dataschema": "https://ehrenamt.beispielstadt.example/actor.json", "partitionkey": "1"},
    ],
    ids=["as it is", "JSON", "JSON in UTF-8", "with more attributes"],
)


@CONTENT_TYPE
def test_binary_mode_is_understood(more):
    message = current.to_binary_event(event(**more))
    understood(received(message.headers, message.value))


@CONTENT_TYPE
def test_structured_mode_is_understood(more):
    message = current.to_structured_event(event(**more))
    understood(received(message.headers, message.value))


def test_binary_mode_of_the_old_interface_is_understood():
    message = old.to_binary(old_event(datacontenttype="application/json"))
    understood(received(message.headers, message.value))


@CONTENT_TYPE
def test_structured_mode_of_the_old_interface_is_understood(more):
    """It says the content type of the data, or none, instead of application/cloudevents+json."""
    message = old.to_structured(old_event(**more))
    understood(received(message.headers, message.value))


def test_data_that_is_bytes_is_understood_in_structured_mode():
    """Then the JSON format carries it as `data_base64`."""
    message = current.to_structured_event(event(json.dumps(ACTOR).encode()))
    assert "data_base64" in json.loads(message.value)
    understood(received(message.headers, message.value))


def test_both_modes_are_the_same_message():
    binary = current.to_binary_event(event())
    structured = current.to_structured_event(event())
    one = received(binary.headers, binary.value)
    other = received(structured.headers, structured.value)
    assert (one.inbox_key, one.attributes, one.data) == (
        other.inbox_key,
        other.attributes,
        other.data,
    )


@pytest.mark.parametrize("fault", ["data", "base64", "no data"])
def test_broken_data_in_structured_mode_breaks_the_contract(fault):
    message = current.to_structured_event(event())
    content = json.loads(message.value)
    data = content.pop("data")
    if fault == "data":
        content["data"] = {**data, "legal_name": " "}
    elif fault == "base64":
        content["data_base64"] = "*"
    with pytest.raises(Bad) as caught:
        received(message.headers, json.dumps(content))
    assert caught.value.reason is Reason.CONTRACT_VIOLATION
    assert caught.value.attributes is not None
    assert caught.value.attributes.id == CE_ID


def test_version_0_3_is_refused():
    message = current.to_binary_event(event())
    with pytest.raises(Bad) as caught:
        received({**message.headers, "ce_specversion": b"0.3"}, message.value)
    assert caught.value.reason is Reason.BAD_HEADER


def rendered(ce_type: str) -> KafkaMessage:
    """A message of ours, as the relay sends it."""
    [data] = [data for name, _, data in examples() if name == f"{ce_type}.json"]
    message = MESSAGES[ce_type].model_validate_json(json.dumps(data))
    headers = render(
        Attributes(
            id=CE_ID,
            source="https://impulse.example/registry",
            type=ce_type,
            time=datetime(2026, 11, 20, 8, 15, 30, 123456, tzinfo=UTC),
            subject=message.key,
            causation_id="a-cause",
            principal="system",
            traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        )
    )
    return KafkaMessage(
        headers=dict(headers), key=message.key, value=message.model_dump_json().encode()
    )


OURS = pytest.mark.parametrize(
    "ce_type", ["impulse.registry.actor.registered.v1", "impulse.outcome.refused.v1"]
)


@OURS
def test_what_we_send_is_a_cloudevent(ce_type):
    message = rendered(ce_type)
    found = current.from_kafka_event(message)
    assert (found.get_id(), found.get_type()) == (CE_ID, ce_type)
    assert found.get_source() == "https://impulse.example/registry"
    assert found.get_time() == datetime(2026, 11, 20, 8, 15, 30, 123456, tzinfo=UTC)
    assert found.get_datacontenttype() == "application/json"
    assert found.get_extension("causationid") == "a-cause"
    assert found.get_extension("principal") == "system"
    assert found.get_data() == json.loads(message.value)


@OURS
def test_what_we_send_is_a_cloudevent_to_the_old_interface_too(ce_type):
    message = rendered(ce_type)
    found = old.from_binary(
        old.KafkaMessage(headers=message.headers, key=message.key, value=message.value)
    )
    assert (found["id"], found["type"]) == (CE_ID, ce_type)
    assert found["source"] == "https://impulse.example/registry"
    assert found.get_data() == json.loads(message.value)
