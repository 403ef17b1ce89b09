"""Recurrence rules as RFC 5545 (3.3.10) writes them: `FREQ=WEEKLY;BYDAY=TU`."""

import re
from collections.abc import Callable
from datetime import datetime

FREQUENCIES = ("SECONDLY", "MINUTELY", "HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS = "MO|TU|WE|TH|FR|SA|SU"


def _numbers(low: int, high: int, *, signed: bool = False) -> Callable[[str], bool]:
    """A check for a list of numbers; signed ones count from the end too, and none is 0."""
    pattern = re.compile(r"[+-]?\d{1,3}" if signed else r"\d{1,3}", re.ASCII)

    def check(value: str) -> bool:
        return all(
            pattern.fullmatch(each) is not None and low <= abs(int(each)) <= high
            for each in value.split(",")
        )

    return check


def _like(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: compiled.fullmatch(value) is not None


def _is_until(value: str) -> bool:
    """Whether it is a day, or a moment of the local or of universal time."""
    if re.fullmatch(r"\d{8}(T\d{6}Z?)?", value, re.ASCII) is None:
        return False
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


_WEEKDAY = rf"([+-]?([1-9]|[1-4]\d|5[0-3]))?({_DAYS})"
_PARTS: dict[str, Callable[[str], bool]] = {
    "FREQ": lambda value: value in FREQUENCIES,
    "UNTIL": _is_until,
    "COUNT": _like(r"[1-9]\d{0,4}"),
    "INTERVAL": _like(r"[1-9]\d{0,3}"),
    "BYSECOND": _numbers(0, 60),
    "BYMINUTE": _numbers(0, 59),
    "BYHOUR": _numbers(0, 23),
    "BYDAY": _like(rf"{_WEEKDAY}(,{_WEEKDAY})*"),
    "BYMONTHDAY": _numbers(1, 31, signed=True),
    "BYYEARDAY": _numbers(1, 366, signed=True),
    "BYWEEKNO": _numbers(1, 53, signed=True),
    "BYMONTH": _numbers(1, 12),
    "BYSETPOS": _numbers(1, 366, signed=True),
    "WKST": _like(_DAYS),
}


def parts(rule: str) -> dict[str, str] | None:
    """The parts of a recurrence rule by name; None where it is not one.

    FREQ is there, no part twice, UNTIL and COUNT not both; a day with a number only where a month
    or a year recurs; BYSETPOS only beside another BY part; BYWEEKNO only in a year.
    """
    found: dict[str, str] = {}
    for part in rule.upper().removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        if name in found or name not in _PARTS or not _PARTS[name](value):
            return None
        found[name] = value
    return found if _agree(found) else None


def has_end(rule: str) -> bool:
    """Whether a rule itself says when it is over."""
    return bool({"UNTIL", "COUNT"} & (parts(rule) or {}).keys())


def _agree(found: dict[str, str]) -> bool:
    """Whether parts that are each well formed go together."""
    frequency = found.get("FREQ")
    if frequency is None or {"UNTIL", "COUNT"} <= found.keys():
        return False
    numbered = any(sign in found.get("BYDAY", "") for sign in "0123456789")
    if numbered and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in found):
        return False
    if "BYWEEKNO" in found and frequency != "YEARLY":
        return False
    if "BYYEARDAY" in found and frequency in ("DAILY", "WEEKLY", "MONTHLY"):
        return False
    if "BYMONTHDAY" in found and frequency == "WEEKLY":
        return False
    return "BYSETPOS" not in found or any(
        name.startswith("BY") and name != "BYSETPOS" for name in found
    )
