"""CloudEvents in structured mode mean the same as in binary mode, and their faults are named."""

import json
import sys

import pytest
from cloudevents.core.bindings.kafka import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from impulse_chassis.testing import START
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from tests.chassis.envelopes import (
    ACTOR,
    REPORTS,
    bad,
    in_both_languages,
    raw_structured,
    read,
    structured,
)
from tests.chassis.lending import DESK
from tests.chassis.records import record


def test_structured_mode_means_the_same_as_binary_mode():
    binary = read(
        record(REPORTS.name, json.dumps(ACTOR).encode(), ce_type=ActorReported.ce_type), REPORTS
    )
    found = read(structured(), REPORTS)
    assert (found.attributes, found.data) == (binary.attributes, binary.data)
    assert found.inbox_key == binary.inbox_key


def test_structured_mode_only_for_reports():
    event = raw_structured(structured().value)
    found = bad(event, DESK)
    assert found.reason is Reason.BAD_HEADER
    in_both_languages(found)


@pytest.mark.parametrize(
    ("changes", "reason", "names"),
    [
        ({"id": ...}, Reason.BAD_HEADER, "id"),
        ({"id": 17}, Reason.BAD_HEADER, "id"),
        ({"id": "\ud800"}, Reason.BAD_HEADER, "id"),
        ({"source": ""}, Reason.BAD_HEADER, "source"),
        ({"specversion": "2.0"}, Reason.BAD_HEADER, "specversion"),
        ({"type": "x"}, Reason.UNKNOWN_TYPE, "type"),
        ({"type": "\ud800"}, Reason.BAD_HEADER, "type"),
        ({"time": "24.11.2026"}, Reason.BAD_HEADER, "time"),
        ({"time": "\ud800"}, Reason.BAD_HEADER, "time"),
        ({"correlationid": "\ud800"}, Reason.BAD_HEADER, "correlationid"),
        ({"principal": "\ud800"}, Reason.BAD_HEADER, "principal"),
        ({"subject": "\ud800"}, Reason.BAD_HEADER, "subject"),
        ({"datacontenttype": "text/plain"}, Reason.BAD_HEADER, "datacontenttype"),
        ({"data": ...}, Reason.CONTRACT_VIOLATION, "value"),
        ({"data": None}, Reason.CONTRACT_VIOLATION, "value"),
        ({"data": "text"}, Reason.CONTRACT_VIOLATION, "value"),
        ({"data": {**ACTOR, "legal_name": "\ud800"}}, Reason.CONTRACT_VIOLATION, "surrogate"),
        ({"data": {**ACTOR, "legal_name": "a\0"}}, Reason.CONTRACT_VIOLATION, "legal_name"),
        ({"data": {**ACTOR, "icnpo_group": float("inf")}}, Reason.NOT_JSON, "Infinity"),
    ],
)
def test_structured_mode_names_what_is_wrong(changes, reason, names):
    found = bad(structured(**changes), REPORTS)
    assert (found.reason, names in found.detail) == (reason, True), found.detail
    in_both_languages(found, names if reason is Reason.BAD_HEADER else "")
    assert "ce_" not in found.detail
    assert (found.attributes is None) is bool({"id", "source"} & changes.keys())


@pytest.mark.parametrize("value", [b"", b"{", b"\xff", b"[]", b"7", b"null", b"[" * 100_000])
def test_structured_nonsense(value):
    found = bad(raw_structured(value), REPORTS)
    assert found.reason in (Reason.NOT_JSON, Reason.BAD_HEADER)
    in_both_languages(found)


def test_any_depth_of_nesting_in_structured_mode():
    for depth in range(sys.getrecursionlimit() - 120, sys.getrecursionlimit() + 5):
        data = b"[" * depth + b"]" * depth
        value = structured(data="HERE").value.replace(b'"HERE"', data)
        found = bad(raw_structured(value), REPORTS)
        assert found.reason in (Reason.NOT_JSON, Reason.CONTRACT_VIOLATION)


# ------------------------------------------------------- what others' libraries make is understood


@pytest.mark.parametrize("mode", [to_binary_event, to_structured_event])
def test_events_of_the_cloudevents_package(mode):
    event = CloudEvent(
        attributes={
            "id": "17",
            "source": "https://partner.example",
            "type": ActorReported.ce_type,
            "specversion": "1.0",
            "time": START,
            "datacontenttype": "application/json",
        },
        data=ACTOR,
    )
    made = mode(event)
    headers = [
        (name, value if isinstance(value, bytes) else value.encode())
        for name, value in made.headers.items()
    ]
    found = read(record(REPORTS.name, made.value, headers=headers), REPORTS)
    assert (found.attributes.id, found.attributes.time) == ("17", START)
    assert found.data == ActorReported.model_validate(ACTOR)
