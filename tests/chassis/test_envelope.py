"""Records and what they say: every fault is named, and nothing that is well is refused."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from impulse_chassis.envelope import (
    Attributes,
    Bad,
    Received,
    Tombstone,
    inbox_key,
    record_key,
    render,
)
from impulse_chassis.parsing import Unwanted
from impulse_chassis.testing import START
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from tests.chassis.club import MEMBERS, MemberCounted
from tests.chassis.envelopes import (
    ACTOR,
    BOOK,
    LEND,
    REPORTS,
    TRACE,
    bad,
    in_both_languages,
    lend,
    raw_structured,
    read,
    structured,
)
from tests.chassis.lending import DESK, BookLent, LendBook
from tests.chassis.records import record

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
    assert found.reason is Reason.BAD_HEADER
    in_both_languages(found, names)
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
        (LEND.replace(b'"somebody"', b"NaN"), Reason.NOT_JSON),
        (LEND.replace(b'"somebody"', b"-Infinity"), Reason.NOT_JSON),
    ],
)
def test_a_bad_value(value, reason):
    found = bad(lend(value))
    assert found.reason is reason, found.detail
    assert found.attributes is not None
    in_both_languages(found)


@pytest.mark.parametrize(
    ("value", "german", "english"),
    [
        (b"{oops", "Zeile 1, Zeichen 2 ist nicht lesbar", "line 1, character 2 can't be read"),
        (b'{\n "a": 1,\n}', "Zeile 3, Zeichen 1 ", "line 3, character 1 "),
        (b'{"a": "\xff"}', "Byte 8 ist kein UTF-8", "byte 8 is not UTF-8"),
        (b"[" * 100_000, "zu tief verschachtelt", "nested too deeply"),
    ],
)
def test_where_it_is_no_json_is_said(value, german, english):
    for found in (bad(lend(value)), bad(raw_structured(value), REPORTS)):
        assert found.reason is Reason.NOT_JSON
        assert (german in found.words[0], english in found.words[1]) == (True, True), found.words


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_a_constant_of_javascript_is_no_json_in_either_mode(name):
    report = json.dumps({**ACTOR, "observed_at": 0}).replace(
        '"observed_at": 0', f'"observed_at": {name}'
    )
    event = json.loads(structured().value)
    found = [
        bad(record(REPORTS.name, report.encode(), ce_type=ActorReported.ce_type), REPORTS),
        bad(raw_structured(json.dumps({**event, "data": json.loads(report)}).encode()), REPORTS),
    ]
    for each in found:
        assert (each.reason, each.detail) == (Reason.NOT_JSON, f"JSON has no {name}")
        assert each.attributes is not None
        in_both_languages(each, name)


def test_a_number_that_is_too_large_is_json_in_either_mode():
    report = json.dumps({**ACTOR, "icnpo_group": 0}).replace(
        '"icnpo_group": 0', '"icnpo_group": 1e400'
    )
    event = json.dumps({**json.loads(structured().value), "data": 0})
    for found in (
        bad(record(REPORTS.name, report.encode(), ce_type=ActorReported.ce_type), REPORTS),
        bad(raw_structured(event.replace('"data": 0', f'"data": {report}').encode()), REPORTS),
    ):
        assert (found.reason, found.detail.split()[0]) == (Reason.CONTRACT_VIOLATION, "icnpo_group")


def test_a_number_that_is_too_long_is_not_called_nested_too_deeply():
    event = json.dumps({**json.loads(structured().value), "data": 0})
    found = bad(
        raw_structured(event.replace('"data": 0', f'"data": {"9" * 5000}').encode()), REPORTS
    )
    assert (found.reason, found.detail) == (Reason.NOT_JSON, "a number has too many digits")
    in_both_languages(found)


def test_ce_time_and_data_may_be_a_day_ahead():
    day = timedelta(hours=24)
    read(lend(ce_time=(START + day).isoformat()))
    late = bad(lend(ce_time=(START + day + timedelta(seconds=1)).isoformat()))
    assert (late.reason, "24 hours" in late.detail) == (Reason.CONTRACT_VIOLATION, True)
    in_both_languages(late, "ce_time")
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
    in_both_languages(elsewhere, REPORTS.name)
    in_both_languages(unknown, "test.unknown.v1")
    not_ours = bad(record(DESK.name, LEND, ce_type="test.lending.return_overdue.v1"))
    assert "not for this service" in not_ours.detail
    in_both_languages(not_ours)


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
