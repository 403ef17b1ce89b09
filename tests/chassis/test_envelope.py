"""Records and what they say: both modes, every fault, and no bytes whatever that raise."""

import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import UUID, uuid4

import pytest
from cloudevents.core.bindings.kafka import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from hypothesis import example, given
from hypothesis import strategies as st

from impulse_chassis.envelope import (
    SYSTEM,
    Attributes,
    Bad,
    Received,
    StoredRecord,
    Tombstone,
    Unwanted,
    inbox_key,
    parse,
    parse_time,
    record_key,
    render,
    stable_uuid,
)
from impulse_chassis.testing import START
from impulse_contracts import topics
from impulse_contracts.message import MESSAGES, Message
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from tests.chassis.club import MEMBERS, MemberCounted
from tests.chassis.lending import DESK, BookLent, LendBook
from tests.chassis.records import record

REPORTS = topics.ACTOR_REPORTS
WANTED: dict[str, type[Message]] = {
    each.ce_type: each for each in (LendBook, MemberCounted, ActorReported)
}
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
BOOK = uuid4()
LEND = json.dumps({"book_id": str(BOOK), "reader": "somebody"}).encode()
ACTOR = {
    "external_id": "4711",
    "kind": "nonprofit",
    "legal_name": "Beispiel Förderverein e.V.",
    "seat": {"postcode": "45144"},
    "observed_at": "2026-11-20T08:15:00+01:00",
}


def read(each, topic=DESK, now=START):
    return parse(each, topic, now, WANTED)


def bad(each, topic=DESK, now=START):
    with pytest.raises(Bad) as raised:
        read(each, topic, now)
    return raised.value


def lend(value=LEND, **changes):
    return record(DESK.name, value, **{"ce_type": LendBook.ce_type, **changes})


def structured(**changes):
    event = {
        "specversion": "1.0",
        "id": "17",
        "source": "https://partner.example",
        "type": ActorReported.ce_type,
        "time": "2026-11-24T09:00:00Z",
        "datacontenttype": "application/json",
        "data": ACTOR,
        **changes,
    }
    value = json.dumps({name: each for name, each in event.items() if each is not ...})
    return raw_structured(value.encode())


def raw_structured(value, content_type=b"application/cloudevents+json; charset=utf-8"):
    return record(REPORTS.name, value, headers=[("content-type", content_type)])


# ------------------------------------------------------------------------------ binary mode


def test_binary_mode():
    found = read(
        lend(
            ce_subject="a subject",
            ce_correlationid="c",
            ce_causationid="d",
            ce_principal="p",
            ce_onbehalfof="o",
            traceparent=TRACE,
            ce_unknown="is ignored",
            other=b"\xff is ignored",
        )
    )
    assert isinstance(found, Received)
    assert found.data == LendBook(book_id=BOOK, reader="somebody")
    assert found.attributes == Attributes(
        id="17",
        source="https://partner.example",
        type=LendBook.ce_type,
        time=START,
        subject="a subject",
        correlation_id="c",
        causation_id="d",
        principal="p",
        on_behalf_of="o",
        traceparent=TRACE,
    )
    assert found.inbox_key == inbox_key("https://partner.example", "17")


def test_what_is_rendered_is_read_again():
    attributes = Attributes("ä-1", "urn:x", LendBook.ce_type, START, "s", "c", "d", "p", "o", TRACE)
    found = read(record(DESK.name, LEND, headers=render(attributes)))
    assert isinstance(found, Received)
    assert found.attributes == attributes


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"ce_id": None}, "ce_id"),
        ({"ce_id": ""}, "ce_id"),
        ({"ce_id": "  "}, "ce_id"),
        ({"ce_id": "x" * 201}, "ce_id"),
        ({"ce_id": "a\0b"}, "ce_id"),
        ({"ce_id": b"\xff"}, "ce_id"),
        ({"ce_source": None}, "ce_source"),
        ({"ce_source": "a\nb"}, "ce_source"),
        ({"ce_source": "x" * 201}, "ce_source"),
        ({"ce_type": ""}, "ce_type"),
        ({"ce_type": None}, "ce_type"),
        ({"ce_type": "x" * 201}, "ce_type"),
        ({"ce_specversion": None}, "ce_specversion"),
        ({"ce_specversion": "0.3"}, "ce_specversion"),
        ({"ce_time": "yesterday"}, "ce_time"),
        ({"ce_time": "2026-11-24T09:00:00"}, "ce_time"),
        ({"ce_time": "20261124T090000Z"}, "ce_time"),
        ({"ce_time": "2026-W48-2T09:00:00Z"}, "ce_time"),
        ({"ce_time": b"\xff"}, "ce_time"),
        ({"ce_subject": b"\xc3\x28"}, "ce_subject"),
        ({"ce_subject": "x" * 1001}, "ce_subject"),
        ({"ce_correlationid": "a\0b"}, "ce_correlationid"),
        ({"ce_correlationid": "x" * 201}, "ce_correlationid"),
        ({"ce_causationid": "x" * 201}, "ce_causationid"),
        ({"ce_principal": "x" * 201}, "ce_principal"),
        ({"ce_principal": "a\0"}, "ce_principal"),
        ({"ce_onbehalfof": "x" * 201}, "ce_onbehalfof"),
        ({"content_type": "text/plain"}, "content-type"),
        ({"content_type": b"\xff"}, "content-type"),
    ],
)
def test_a_bad_header_is_named(changes, names):
    found = bad(lend(**changes))
    assert (found.reason, names in found.detail) == (Reason.BAD_HEADER, True), found.detail
    identified = not {"ce_id", "ce_source"} & changes.keys()
    assert (found.attributes is not None) is identified
    if identified:
        assert found.inbox_key == inbox_key("https://partner.example", "17")
    else:
        assert found.inbox_key == record_key(found.record)


def test_a_header_without_a_value_counts_as_absent_or_bad():
    headers = [("ce_id", b"1"), ("ce_source", b"s"), ("ce_type", None), ("x", None)]
    found = bad(record(DESK.name, LEND, headers=headers))
    assert found.reason is Reason.BAD_HEADER
    assert "ce_type" in found.detail
    event = raw_structured(structured().value)
    read(record(REPORTS.name, event.value, headers=[*event.headers, ("x", None)]), REPORTS)


def test_a_useless_traceparent_is_ignored():
    found = read(lend(traceparent="x" * 100_000))
    assert found.attributes.traceparent is None


def test_what_a_missing_time_and_content_type_mean():
    found = read(lend(ce_time=None, content_type=None))
    assert found.attributes.time is None


def test_content_types_are_compared_without_case():
    read(lend(content_type="Application/JSON; charset=utf-8"))


def test_header_names_may_come_twice():
    headers = [*lend().headers, ("ce_id", b"18")]
    assert read(record(DESK.name, LEND, headers=headers)).attributes.id == "18"


def test_the_attempt_is_part_of_the_identity():
    first = lend()
    again = read(replace(first, attempt=2))
    assert again.attributes.attempt == 2
    assert again.inbox_key != read(first).inbox_key


def test_nobody_outside_can_say_that_it_is_another_attempt():
    assert read(lend(impulse_attempt="2")).attributes.attempt == 1


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", Reason.NOT_JSON),
        (b"{", Reason.NOT_JSON),
        (b"\xff", Reason.NOT_JSON),
        (b'{"book_id": "\xff"}', Reason.NOT_JSON),
        (LEND.decode().encode("utf-16"), Reason.NOT_JSON),
        (b"\xef\xbb\xbf" + LEND, Reason.NOT_JSON),
        (b"[" * 100_000, Reason.NOT_JSON),
        (b"[]", Reason.CONTRACT_VIOLATION),
        (b"null", Reason.CONTRACT_VIOLATION),
        (b"7", Reason.CONTRACT_VIOLATION),
        (b"{}", Reason.CONTRACT_VIOLATION),
        (b'{"book_id": 7, "reader": "x"}', Reason.CONTRACT_VIOLATION),
        (LEND.replace(b"somebody", b"\\ud800"), Reason.CONTRACT_VIOLATION),
        (LEND.replace(b'"somebody"', b"1e999"), Reason.CONTRACT_VIOLATION),
        (LEND.replace(b'"somebody"', b"9" * 5000), Reason.CONTRACT_VIOLATION),
        (LEND.replace(b'"somebody"', b"NaN"), None),
    ],
)
def test_a_bad_value(value, reason):
    found = bad(lend(value))
    assert reason in (None, found.reason), found.detail
    assert found.attributes is not None


def test_ce_time_and_data_may_be_a_day_ahead():
    day = timedelta(hours=24)
    read(lend(ce_time=(START + day).isoformat()))
    late = bad(lend(ce_time=(START + day + timedelta(seconds=1)).isoformat()))
    assert (late.reason, "24 hours" in late.detail) == (Reason.CONTRACT_VIOLATION, True)
    report = {**ACTOR, "observed_at": "2099-01-01T00:00:00Z"}
    found = bad(
        record(REPORTS.name, json.dumps(report).encode(), ce_type=ActorReported.ce_type), REPORTS
    )
    assert found.reason is Reason.CONTRACT_VIOLATION
    assert found.detail.startswith("observed_at")


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_the_ends_of_the_calendar(time):
    try:
        found = read(lend(ce_time=time))
        assert START - found.attributes.time > timedelta()
    except Bad as problem:
        assert problem.reason is Reason.CONTRACT_VIOLATION


# -------------------------------------------------------------------- wanted, unwanted, unknown


def test_the_type_must_be_known_and_belong_here():
    unknown = bad(lend(ce_type="test.unknown.v1"))
    assert (unknown.reason, "not known" in unknown.detail) == (Reason.UNKNOWN_TYPE, True)
    elsewhere = bad(lend(ce_type=ActorReported.ce_type))
    assert elsewhere.detail == f"{ActorReported.ce_type} belongs on {REPORTS.name}"
    not_ours = bad(record(DESK.name, LEND, ce_type="test.lending.return_overdue.v1"))
    assert "not for this service" in not_ours.detail


def test_unknown_facts_and_ticks_are_skipped():
    for ce_type in ("test.unknown.v1", "impulse.chassis.tick.v1", BookLent.ce_type, None):
        with pytest.raises(Unwanted):
            read(record(MEMBERS.name, b"nonsense", ce_type=ce_type), MEMBERS)


def test_a_known_fact_must_hold():
    found = bad(record(MEMBERS.name, b"{}", ce_type=MemberCounted.ce_type), MEMBERS)
    assert found.reason is Reason.CONTRACT_VIOLATION


def test_tombstones_only_where_they_mean_something():
    found = read(record(MEMBERS.name, None, headers=[]), MEMBERS)
    assert isinstance(found, Tombstone)
    unexpected = bad(lend(None))
    assert unexpected.reason is Reason.UNEXPECTED_TOMBSTONE
    assert unexpected.attributes is not None
    assert bad(
        record(REPORTS.name, None, headers=[("content-type", b"application/cloudevents+json")]),
        REPORTS,
    )


# ---------------------------------------------------------------------------- structured mode


def test_structured_mode_means_the_same_as_binary_mode():
    binary = read(
        record(REPORTS.name, json.dumps(ACTOR).encode(), ce_type=ActorReported.ce_type), REPORTS
    )
    found = read(structured(), REPORTS)
    assert (found.attributes, found.data) == (binary.attributes, binary.data)
    assert found.inbox_key == binary.inbox_key


def test_structured_mode_only_for_reports():
    event = raw_structured(structured().value)
    assert bad(event, DESK).reason is Reason.BAD_HEADER


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
        ({"data": {**ACTOR, "icnpo_group": float("inf")}}, Reason.CONTRACT_VIOLATION, ""),
    ],
)
def test_structured_mode_names_what_is_wrong(changes, reason, names):
    found = bad(structured(**changes), REPORTS)
    assert (found.reason, names in found.detail) == (reason, True), found.detail
    assert "ce_" not in found.detail
    assert (found.attributes is None) is bool({"id", "source"} & changes.keys())


@pytest.mark.parametrize("value", [b"", b"{", b"\xff", b"[]", b"7", b"null", b"[" * 100_000])
def test_structured_nonsense(value):
    assert bad(raw_structured(value), REPORTS).reason in (Reason.NOT_JSON, Reason.BAD_HEADER)


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


# -------------------------------------------------------------------------------- properties

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
