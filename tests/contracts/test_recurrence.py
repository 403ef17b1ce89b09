"""Recurrence rules: taken as RFC 5545 has them, so that every calendar can read them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from impulse_contracts.partner import ListingContent
from impulse_contracts.recurrence import FREQUENCIES, parts

START = datetime(2026, 11, 24, tzinfo=UTC)

GOOD = [
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;WKST=MO",
    "FREQ=MONTHLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20271231T230000Z",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1",
    "FREQ=YEARLY;BYMONTH=9;BYMONTHDAY=1,-1",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "freq=daily;count=3",
]
BAD = [
    "",
    "jeden Dienstag",
    "WEEKLY",
    "BYDAY=TU",
    "FREQ=FORTNIGHTLY",
    "FREQ=WEEKLY;",
    "FREQ=WEEKLY;FREQ=DAILY",
    "FREQ=WEEKLY;BYDAY=DI",
    "FREQ=WEEKLY;BYDAY=1MO",
    "FREQ=MONTHLY;BYDAY=0MO",
    "FREQ=MONTHLY;BYDAY=54MO",
    "FREQ=WEEKLY;BYMONTHDAY=3",
    "FREQ=MONTHLY;BYMONTHDAY=32",
    "FREQ=MONTHLY;BYSETPOS=-1",
    "FREQ=DAILY;BYHOUR=24",
    "FREQ=DAILY;INTERVAL=0",
    "FREQ=DAILY;COUNT=2;UNTIL=20270101",
    "FREQ=DAILY;UNTIL=20271301",
    "FREQ=DAILY;UNTIL=20270230",
    "FREQ=DAILY;UNTIL=20271231T250000Z",
    "FREQ=DAILY;UNTIL=morgen",
    "FREQ=DAILY;X-OWN=1",
    "FREQ=DAILY;INTERVAL=٣",
]


@pytest.mark.parametrize("rule", GOOD)
def test_rules_of_the_standard_are_taken(rule):
    assert parts(rule)
    assert rrulestr(rule, dtstart=START)


@pytest.mark.parametrize("rule", BAD)
def test_anything_else_is_not(rule):
    assert parts(rule) is None


NUMBERS = st.integers(-60, 60).map(str)
DAYS = st.sampled_from(["MO", "TU", "SU", "1MO", "-1FR", "60TU", "XX"])
VALUES = st.one_of(
    st.sampled_from([*FREQUENCIES, "20271231", "20271231T000000Z"]),
    st.lists(st.one_of(NUMBERS, DAYS), min_size=1, max_size=3).map(",".join),
)
NAMES = ["INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS", "BYHOUR"]


@given(
    st.sampled_from(FREQUENCIES),
    st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=3),
)
def test_what_we_take_others_can_read(frequency, more):
    rule = ";".join([f"FREQ={frequency}", *(f"{name}={value}" for name, value in more)])
    if parts(rule):
        rrulestr(rule, dtstart=START.replace(tzinfo=None), ignoretz=True)


@pytest.mark.parametrize(
    ("fields", "taken"),
    [
        ({}, False),
        ({"valid_until": "2027-06-30"}, True),
        ({"time": {"end": "2027-06-30T12:00:00Z"}}, True),
        ({"time": {"rrule": "FREQ=WEEKLY;COUNT=8"}}, True),
        ({"time": {"rrule": "FREQ=WEEKLY;UNTIL=20270630"}}, True),
    ],
)
def test_what_recurs_must_have_an_end(fields: dict[str, Any], taken: bool) -> None:
    said = {"direction": "need", "title": "Vorlesen", "resource_category": "hands"}
    recurring = {"mode": "recurring", "rrule": "FREQ=WEEKLY;BYDAY=TU"}
    content = {**said, **fields, "time": recurring | fields.get("time", {})}
    if taken:
        assert ListingContent.model_validate(content).time.rrule
    else:
        with pytest.raises(ValidationError, match=r"time\.rrule needs an end"):
            ListingContent.model_validate(content)
