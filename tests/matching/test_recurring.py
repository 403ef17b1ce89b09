"""What recurs, day by day and hour by hour, in the time of the place."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]

from impulse_contracts.codes import TimeMode
from impulse_contracts.parts import Time
from impulse_matching.domain import occurrences, rules
from impulse_matching.domain.scoring import score
from tests.matching.given import TODAY, need, offer

BERLIN = ZoneInfo("Europe/Berlin")
RULES = rules.shipped()
UNTIL = date(2027, 10, 1)


def at(month: int, day: int, hour: int, minute: int = 0, year: int = 2026) -> datetime:
    """A moment of the clocks in Germany."""
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def weekly(days: str, start: datetime, hours: float, **fields: Any) -> Time:
    return Time(
        mode=TimeMode.RECURRING,
        start=start,
        duration_hours=hours,
        rrule=f"FREQ=WEEKLY;BYDAY={days}",
        **fields,
    )


def fixed(start: datetime, hours: float) -> Time:
    return Time(mode=TimeMode.FIXED, start=start, end=start + timedelta(hours=hours))


def blockers(one: Time, other: Time) -> list[str]:
    """What stands against the pair; it is the same with the times the other way round."""
    judged = [
        score(
            need("A", time=first, valid_until=UNTIL),
            offer("B", time=second, valid_until=UNTIL),
            RULES,
            TODAY,
        )
        for first, second in ((one, other), (other, one))
    ]
    codes = [[blocker.criterion for blocker in each.blockers] for each in judged]
    assert codes[0] == codes[1]
    return codes[0]


TUESDAYS = weekly("TU", at(10, 6, 15), 2)


@pytest.mark.parametrize(
    ("other", "against"),
    [
        (Time(), []),
        (weekly("MO,TU", at(10, 5, 14), 4), []),
        (weekly("WE", at(10, 7, 15), 2), ["never_together"]),
        (weekly("TU", at(10, 6, 17), 2), ["never_together"]),
        (weekly("TU", at(10, 6, 16, 30), 2), ["too_short"]),
        (fixed(at(12, 1, 14), 4), []),
        (fixed(at(12, 2, 14), 4), ["never_together"]),
        (fixed(at(12, 1, 8), 4), ["never_together"]),
        (fixed(at(12, 2, 14), 4).model_copy(update={"flexibility_days": 1}), []),
        (Time(mode=TimeMode.WINDOW, start=at(12, 2, 0), end=at(12, 8, 0)), ["never_together"]),
        (Time(mode=TimeMode.WINDOW, start=at(12, 2, 0), end=at(12, 9, 0)), []),
    ],
)
def test_a_weekly_hour_meets_only_what_falls_on_it(other: Time, against: list[str]) -> None:
    assert blockers(TUESDAYS, other) == against


@pytest.mark.parametrize("end", [None, at(12, 1, 9)])
def test_what_begins_at_a_fixed_hour_and_names_no_end_has_that_day(end: datetime | None) -> None:
    begins = Time(mode=TimeMode.FIXED, start=at(12, 1, 9), end=end)
    assert blockers(begins, Time(duration_hours=4)) == []
    assert blockers(begins, fixed(at(12, 1, 8), 4)) == []
    assert blockers(begins, weekly("TU", at(10, 6, 14), 2)) == []
    assert blockers(begins, weekly("WE", at(10, 7, 14), 2)) == ["never_together"]
    assert blockers(begins, fixed(at(12, 2, 8), 4)) == ["dates_apart"]
    assert blockers(begins, Time(duration_hours=40)) == ["too_short"]


def test_what_begins_late_and_names_no_end_goes_on_over_midnight() -> None:
    late = Time(mode=TimeMode.FIXED, start=at(12, 1, 22))
    assert blockers(late, fixed(at(12, 2, 1), 4)) == []
    assert blockers(late, fixed(at(12, 1, 22), 8)) == []
    assert blockers(late, Time(duration_hours=8)) == []
    assert blockers(late, fixed(at(12, 2, 6), 2)) == ["dates_apart"]
    assert blockers(late, weekly("TU", at(10, 6, 23), 4)) == []
    assert blockers(late, weekly("WE", at(10, 7, 2), 4)) == []
    assert "never_together" in blockers(late, weekly("WE", at(10, 7, 14), 2))
    assert "never_together" in blockers(late, weekly("TU", at(10, 6, 14), 2))


@pytest.mark.parametrize(
    ("rule", "clashing"),
    [
        ("FREQ=HOURLY", []),
        ("FREQ=MINUTELY;BYHOUR=14", [8, 17]),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=14", [9, 17]),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=14;BYMINUTE=30", [9, 17]),
        ("FREQ=WEEKLY;BYDAY=TU;BYHOUR=10,16", [7, 19]),
    ],
)
def test_the_hours_that_a_rule_names_are_not_those_of_its_beginning(
    rule: str, clashing: list[int]
) -> None:
    """Between several hours it may be any: a rule is not taken apart further."""
    names = TUESDAYS.model_copy(update={"start": at(10, 6, 9), "rrule": rule})
    assert blockers(names, fixed(at(12, 1, 14), 2)) == []
    assert blockers(names, weekly("TU", at(10, 6, 14), 2)) == []
    assert blockers(names, fixed(at(9, 1, 14), 2)) != []
    for hour in clashing:
        assert "never_together" in blockers(names, weekly("TU", at(10, 6, hour), 2))


@pytest.mark.parametrize(
    ("until", "against"),
    [
        ("20261201T230000Z", []),
        ("20261201T220000Z", ["never_together"]),
        ("20261201T230000", ["never_together"]),
        ("99991231T235959Z", []),
    ],
)
def test_a_rule_ends_on_a_day_of_the_place(until: str, against: list[str]) -> None:
    nights = weekly("WE", at(11, 25, 0), 8)
    ends = nights.model_copy(update={"rrule": f"{nights.rrule};UNTIL={until}"})
    assert blockers(ends, fixed(at(12, 2, 0), 8)) == against


def test_what_recurred_until_today_is_over() -> None:
    over = TUESDAYS.model_copy(update={"rrule": "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261117"})
    assert blockers(over, Time()) == ["never_together"]


def test_an_hour_stays_the_hour_when_the_clocks_change() -> None:
    """Begun in summer; 15:00 is 13:00 in universal time then, and 14:00 in winter."""
    summer = weekly("SU", at(10, 18, 15), 1)
    assert blockers(summer, fixed(at(11, 29, 15), 1)) == []
    assert blockers(summer, fixed(at(11, 29, 14), 1)) == ["never_together"]
    assert blockers(summer, fixed(at(3, 28, 15, year=2027), 1)) == []
    assert blockers(summer, fixed(at(3, 28, 16, year=2027), 1)) == ["never_together"]


@pytest.mark.parametrize("day", [(3, 28), (10, 31), (6, 9)])
def test_a_whole_day_of_23_24_or_25_hours_has_room_for_its_evening(day: tuple[int, int]) -> None:
    month, number = day
    start = at(month, number, 0, year=2027)
    end = (start.astimezone(BERLIN) + timedelta(days=1)).astimezone(UTC)
    whole = Time(mode=TimeMode.FIXED, start=start, end=end)
    weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[date(2027, month, number).weekday()]
    evening = weekly(weekday, at(10, 5, 21), 2)
    assert set(blockers(whole, evening)) <= {"too_short"}
    other = weekly("MO" if weekday != "MO" else "TU", at(10, 5, 21), 2)
    assert "never_together" in blockers(whole, other)


def test_a_night_shift_meets_the_early_morning_of_the_next_day() -> None:
    nights = weekly("FR", at(10, 2, 18), 8)
    assert blockers(nights, fixed(at(12, 4, 18), 8)) == []
    assert blockers(nights, fixed(at(12, 5, 0), 4)) == ["too_short"]
    assert "never_together" in blockers(nights, fixed(at(12, 4, 0), 4))
    assert blockers(nights, weekly("SA", at(10, 3, 0), 4)) == ["too_short"]
    assert "never_together" in blockers(nights, weekly("FR", at(10, 2, 0), 4))


def test_the_sentence_names_days_and_hours() -> None:
    pair = need("A", time=TUESDAYS, valid_until=UNTIL), offer("B", time=fixed(at(12, 2, 14), 4))
    [blocker] = score(*pair, RULES, TODAY).blockers
    assert blocker.de == (
        "Tage oder Uhrzeiten fallen nie zusammen: gesucht dienstags, 15:00 bis 17:00 Uhr, "
        "angeboten am 02.12.2026, 14:00 bis 18:00 Uhr."
    )
    assert blocker.en == (
        "Days or hours never fall together: wanted on Tuesdays, 15:00 to 17:00, "
        "offered on 2 December 2026, 14:00 to 18:00."
    )


RULE_PARTS = (
    ("FREQ=DAILY", "INTERVAL=3"),
    ("FREQ=WEEKLY", "INTERVAL=2", "BYDAY=MO,TH", "WKST=SU"),
    ("FREQ=WEEKLY", "BYMONTH=1,6"),
    ("FREQ=MONTHLY",),
    ("FREQ=MONTHLY", "BYDAY=1TU,-1FR"),
    ("FREQ=MONTHLY", "BYMONTHDAY=1,15,-1"),
    ("FREQ=MONTHLY", "BYDAY=MO,TU,WE,TH,FR", "BYSETPOS=-1,2"),
    ("FREQ=YEARLY",),
    ("FREQ=YEARLY", "BYMONTH=3,9", "BYDAY=2SA"),
    ("FREQ=YEARLY", "BYDAY=20MO"),
    ("FREQ=YEARLY", "BYYEARDAY=1,100,-1"),
    ("FREQ=YEARLY", "BYWEEKNO=1,20,53", "BYDAY=WE"),
)


@pytest.mark.parametrize("parts", RULE_PARTS)
@pytest.mark.parametrize("end", ["COUNT=30", "UNTIL=20270601"])
def test_days_are_those_of_another_reading_of_the_standard(
    parts: tuple[str, ...], end: str
) -> None:
    rule, chance = ";".join([*parts, end]), random.Random(str(parts))
    for _ in range(3):
        start = date(2025, 1, 1) + timedelta(days=chance.randrange(800))
        first = start + timedelta(days=chance.randrange(-100, 500))
        days = np.flatnonzero(occurrences.days_of(rule, start, first, 448)).tolist()
        begun = datetime.fromisoformat(f"{start}")
        theirs = [each.date() - first for each in rrulestr(rule, dtstart=begun)]
        assert days == [each.days for each in theirs if 0 <= each.days < 448]


def test_weeks_are_counted_by_the_day_on_which_they_begin() -> None:
    """1 January 2026 is a Thursday: the fourth day of its week only where that begins on Monday."""
    for week_start, first in (("MO", date(2025, 12, 30)), ("SU", date(2026, 1, 6))):
        rule = f"FREQ=YEARLY;BYWEEKNO=1;BYDAY=TU;WKST={week_start}"
        days = np.flatnonzero(occurrences.days_of(rule, date(2025, 6, 1), date(2025, 6, 1), 448))
        assert [date(2025, 6, 1) + timedelta(days=int(each)) for each in days] == [first]


def test_no_rule_takes_long() -> None:
    for rule in ("FREQ=SECONDLY;COUNT=99999", "FREQ=DAILY;BYSECOND=0,1,2", "FREQ=MINUTELY"):
        occurrences.days_of(rule, date(1, 1, 1), TODAY, 448)
