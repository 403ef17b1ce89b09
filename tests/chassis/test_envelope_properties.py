"""No bytes whatever raise anything but what they should; and what else holds of all records."""

import json
from datetime import datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from impulse_chassis.attributes import parse_time
from impulse_chassis.envelope import (
    SYSTEM,
    Attributes,
    Bad,
    Received,
    StoredRecord,
    inbox_key,
    record_key,
    render,
    stable_uuid,
)
from impulse_chassis.parsing import Unwanted, parse
from impulse_contracts.message import MESSAGES
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from tests.chassis.club import MEMBERS
from tests.chassis.envelopes import (
    ACTOR,
    REPORTS,
    read,
    structured,
)
from tests.chassis.lending import DESK, LendBook
from tests.chassis.records import record

HEADERS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "ce_id",
                "ce_source",
                "ce_type",
                "ce_specversion",
                "ce_time",
                "ce_subject",
                "ce_correlationid",
                "ce_principal",
                "content-type",
                "traceparent",
                "impulse_attempt",
                "other",
            ]
        )
        | st.text(max_size=5),
        st.none()
        | st.binary(max_size=8)
        | st.sampled_from(
            [
                b"1.0",
                b"17",
                b"application/json",
                b"application/cloudevents+json",
                ActorReported.ce_type.encode(),
                LendBook.ce_type.encode(),
                b"2026-11-24T09:00:00Z",
            ]
        ),
    ),
    max_size=12,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*ACTOR, "book_id", "id", "data"]), inner, max_size=4)
    ),
    max_leaves=12,
)
VALUES = st.none() | st.binary(max_size=60) | JSON.map(lambda each: json.dumps(each).encode())
TOPICS = st.sampled_from([DESK, MEMBERS, REPORTS])


def accepted(each, topic):
    """What parse may come to: nothing else than these."""
    try:
        return read(each, topic)
    except (Bad, Unwanted) as found:
        return found


@given(HEADERS, VALUES, TOPICS)
@example([("ce_id", None)], b"{}", DESK)
def test_no_bytes_whatever_raise_anything_else(headers, value, topic):
    found = accepted(record(topic.name, value, headers=headers), topic)
    if isinstance(found, Bad):
        assert found.detail.isprintable()
        found.detail.encode()


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "specversion",
                "id",
                "source",
                "type",
                "time",
                "subject",
                "correlationid",
                "principal",
                "traceparent",
                "datacontenttype",
                "data",
                "data_base64",
                "other",
            ]
        ),
        JSON | st.just("application/json"),
    )
)
def test_no_structured_event_whatever_raises_anything_else(changes):
    found = accepted(structured(**changes), REPORTS)
    if isinstance(found, Received | Bad) and found.attributes:
        render(found.attributes)


@given(st.data())
def test_a_detail_never_quotes_the_data(data):
    marker = "Geheimnis"
    report = dict(ACTOR)
    for name in data.draw(
        st.lists(st.sampled_from(sorted(ActorReported.model_fields)), min_size=1)
    ):
        report[name] = data.draw(
            st.sampled_from(
                [marker, [marker], {marker: marker}, {"postcode": [marker]}, marker * 99]
            )
        )
    each = record(REPORTS.name, json.dumps(report).encode(), ce_type=ActorReported.ce_type)
    found = accepted(each, REPORTS)
    assert not isinstance(found, Bad) or marker not in found.detail


OFFSETS = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(timezones=OFFSETS))
def test_times_are_read_as_they_were_written(moment):
    assert parse_time(moment.isoformat()) == moment


def test_stable_uuids():
    assert stable_uuid("a", "b") == stable_uuid("a", "b")
    assert stable_uuid("a", "b") != stable_uuid("ab", "") != stable_uuid("", "ab")
    assert stable_uuid("x").version == 8
    assert inbox_key("a", "b") != inbox_key("b", "a") != inbox_key("b", "a", 2)
    first = StoredRecord("t", 0, 7, 1000, None, None)
    assert record_key(first) != record_key(StoredRecord("t", 0, 7, 1001, None, None)), (
        "an offset that was given out again is another record"
    )


def test_every_message_has_a_way_in():
    """The types of this process, with their topics: parse finds each by its name alone."""
    for name, message in MESSAGES.items():
        each = record(message.topic.name, b"nonsense", ce_type=name)
        with pytest.raises(Bad) as raised:
            parse(each, message.topic, datetime.now(timezone(timedelta(hours=1))), {name: message})
        assert raised.value.reason is Reason.NOT_JSON


@pytest.mark.parametrize(
    ("principal", "person_id"),
    [
        (None, None),
        ("", None),
        (SYSTEM, None),
        ("somebody", None),
        (str(UUID(int=7)), UUID(int=7)),
    ],
)
def test_who_asks_is_a_person_or_not(principal, person_id):
    assert Attributes("1", "urn:s", "t", principal=principal).person_id == person_id
