"""On which days something recurs: recurrence rules of RFC 5545 (3.3.10), read in days.

All days of a span are tested at once, so that no rule takes long, however often it recurs; what
happens more than once on a day counts once. Days are those of the place, so an occurrence keeps its
hour when the clocks change.
"""

from __future__ import annotations

from datetime import MAXYEAR, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from impulse_contracts import recurrence

Days = NDArray[np.bool_]
_Numbers = NDArray[np.int64]

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_EPOCH = date(1970, 1, 1)
_ZONE = ZoneInfo("Europe/Berlin")
_NO_DAYS, _YEAR = timedelta(0), timedelta(days=366)
_COUNTED_BACK = timedelta(days=20 * 366)
"""How long ago a rule may have begun whose occurrences are counted."""


def days_of(rule: str, start: date, first: date, length: int) -> Days:
    """For each of `length` days from `first` on whether something that began on `start` recurs.

    Raises ValueError where the rule is none.
    """
    parts = recurrence.parts(rule)
    if parts is None:
        raise ValueError(rule)
    # What is counted is looked at from its beginning on, and every period as a whole.
    begin = min(first, max(start, first - _COUNTED_BACK)) if "COUNT" in parts else first
    before, ahead = (begin - _YEAR, 2 * _YEAR) if "BYSETPOS" in parts else (begin, _NO_DAYS)
    calendar = _Calendar(before, (first - before + ahead).days + length)
    period, often = _periods(calendar, parts, start)
    on = (period % often == 0) & _chosen(calendar, parts, start)
    if "BYSETPOS" in parts:
        on &= _at_positions(on, period, _numbers(parts["BYSETPOS"]))
    on &= calendar.day >= max(_number(start), _number(begin))
    if "COUNT" in parts:
        on &= np.cumsum(on) <= int(parts["COUNT"])
    if "UNTIL" in parts:
        on &= calendar.day <= _number(_last_day(parts["UNTIL"]))
    skipped = (first - before).days
    return np.asarray(on[skipped : skipped + length])


def beginnings(rule: str, at: int) -> tuple[int, int]:
    """At which minutes of a day something recurs that began `at` one, the first and the last.

    A rule may name hours itself; what recurs within a day does so at any, unless it says more.
    """
    parts = recurrence.parts(rule) or {}
    frequency = parts.get("FREQ")
    hours = [0, 23] if frequency in ("SECONDLY", "MINUTELY", "HOURLY") else [at // 60]
    minutes = [0, 59] if frequency in ("SECONDLY", "MINUTELY") else [at % 60]
    hours = _numbers(parts["BYHOUR"]) if "BYHOUR" in parts else hours
    minutes = _numbers(parts["BYMINUTE"]) if "BYMINUTE" in parts else minutes
    return 60 * min(hours) + min(minutes), 60 * max(hours) + max(minutes)


def _last_day(until: str) -> date:
    """The day of the place in which a rule ends; `Z` marks universal time."""
    moment = datetime.fromisoformat(until)
    if moment.tzinfo is None or moment.year == MAXYEAR:
        return moment.date()
    return moment.astimezone(_ZONE).date()


class _Calendar:
    """Consecutive days, and where each is in its week, month and year."""

    def __init__(self, first: date, length: int) -> None:
        days = np.arange(length) + np.datetime64(first, "D")
        months, years = days.astype("M8[M]"), days.astype("M8[Y]")
        self.day: _Numbers = days.astype(np.int64)
        self.weekday: _Numbers = (self.day + 3) % 7
        self.months: _Numbers = months.astype(np.int64)
        self.month: _Numbers = self.months % 12 + 1
        self.years: _Numbers = years.astype(np.int64)
        self.of_month: _Numbers = (days - months).astype(np.int64) + 1
        self.of_year: _Numbers = (days - years).astype(np.int64) + 1
        self.month_length: _Numbers = _length(months)
        self.year_length: _Numbers = _length(years)


def _length(periods: NDArray[np.datetime64]) -> _Numbers:
    return np.asarray(
        ((periods + 1).astype("M8[D]") - periods.astype("M8[D]")).astype(np.int64), dtype=np.int64
    )


def _periods(calendar: _Calendar, parts: dict[str, str], start: date) -> tuple[_Numbers, int]:
    """In which day, week, month or year each day is, counted from that of `start`; every how many
    of them it recurs."""
    often = int(parts.get("INTERVAL", "1"))
    match parts["FREQ"]:
        case "YEARLY":
            return calendar.years - (start.year - 1970), often
        case "MONTHLY":
            return calendar.months - (12 * (start.year - 1970) + start.month - 1), often
        case "WEEKLY":
            shift = 3 - _WEEKDAYS.index(parts.get("WKST", "MO"))
            return (calendar.day + shift) // 7 - (_number(start) + shift) // 7, often
        case "DAILY":
            return calendar.day - _number(start), often
        case _:
            return calendar.day - _number(start), 1


def _chosen(calendar: _Calendar, parts: dict[str, str], start: date) -> Days:
    """Whether each day is one that the BY parts name; without them, one like `start`."""
    on = np.ones(len(calendar.day), dtype=np.bool_)
    if "BYMONTH" in parts:
        on &= np.isin(calendar.month, _numbers(parts["BYMONTH"]))
    if "BYMONTHDAY" in parts:
        on &= _is_one(calendar.of_month, calendar.month_length, parts["BYMONTHDAY"])
    if "BYYEARDAY" in parts:
        on &= _is_one(calendar.of_year, calendar.year_length, parts["BYYEARDAY"])
    if "BYWEEKNO" in parts:
        on &= _in_weeks(calendar, parts)
    if "BYDAY" in parts:
        in_month = parts["FREQ"] == "MONTHLY" or "BYMONTH" in parts
        on &= _is_weekday(calendar, parts["BYDAY"].split(","), in_month)
    if {"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & parts.keys():
        return on
    match parts["FREQ"]:
        case "YEARLY" if "BYWEEKNO" not in parts:
            month = "BYMONTH" in parts or calendar.month == start.month
            on &= month & (calendar.of_month == start.day)
        case "MONTHLY":
            on &= calendar.of_month == start.day
        case "WEEKLY" | "YEARLY":
            on &= calendar.weekday == start.weekday()
    return on


def _is_one(number: _Numbers, length: _Numbers, wanted: str) -> Days:
    """Whether a day's number is among the wanted, which may count from the end."""
    chosen = _numbers(wanted)
    return np.isin(number, chosen) | np.isin(number - length - 1, chosen)


def _in_weeks(calendar: _Calendar, parts: dict[str, str]) -> Days:
    """Whether a day is in one of the weeks, which belong to the year of their fourth day."""
    begins = _WEEKDAYS.index(parts.get("WKST", "MO"))
    fourth = (calendar.day - (calendar.weekday - begins) % 7 + 3).astype("M8[D]")
    years = fourth.astype("M8[Y]")
    of_year = (fourth - years).astype(np.int64)
    week = of_year // 7 + 1
    last = week + (_length(years) - 1 - of_year) // 7
    return _is_one(week, last, parts["BYWEEKNO"])


def _is_weekday(calendar: _Calendar, wanted: list[str], in_month: bool) -> Days:
    """Whether a day is one of the weekdays, a numbered one of its month or its year."""
    number = calendar.of_month if in_month else calendar.of_year
    length = calendar.month_length if in_month else calendar.year_length
    on = np.zeros(len(number), dtype=np.bool_)
    for each in wanted:
        is_day = calendar.weekday == _WEEKDAYS.index(each[-2:])
        if each[:-2]:
            place = int(each[:-2])
            nth = (number - 1) // 7 + 1 if place > 0 else -((length - number) // 7 + 1)
            is_day &= nth == place
        on |= is_day
    return on


def _at_positions(on: Days, period: _Numbers, wanted: list[int]) -> Days:
    """Whether a day is the nth, or the nth last, of those that are `on` in its period."""
    kept = np.zeros(len(on), dtype=np.bool_)
    chosen = np.flatnonzero(on)
    if len(chosen):
        _, first, size = np.unique(period[chosen], return_index=True, return_counts=True)
        place = np.arange(len(chosen)) - np.repeat(first, size)
        from_end = place - np.repeat(size, size)
        kept[chosen] = np.isin(place + 1, wanted) | np.isin(from_end, wanted)
    return kept


def _numbers(value: str) -> list[int]:
    return [int(each) for each in value.split(",")]


def _number(day: date) -> int:
    return (day - _EPOCH).days
