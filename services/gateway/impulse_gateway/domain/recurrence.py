"""Recurrence rules in words, and those that a form offers."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from impulse_contracts import recurrence

WEEKDAYS = {
    "MO": ("montags", "Mondays"),
    "TU": ("dienstags", "Tuesdays"),
    "WE": ("mittwochs", "Wednesdays"),
    "TH": ("donnerstags", "Thursdays"),
    "FR": ("freitags", "Fridays"),
    "SA": ("samstags", "Saturdays"),
    "SU": ("sonntags", "Sundays"),
}
_DAYS = {
    "MO": ("Montag", "Monday"),
    "TU": ("Dienstag", "Tuesday"),
    "WE": ("Mittwoch", "Wednesday"),
    "TH": ("Donnerstag", "Thursday"),
    "FR": ("Freitag", "Friday"),
    "SA": ("Samstag", "Saturday"),
    "SU": ("Sonntag", "Sunday"),
}
_MONTHS = (
    *(("Januar", "January"), ("Februar", "February"), ("März", "March"), ("April", "April")),
    *(("Mai", "May"), ("Juni", "June"), ("Juli", "July"), ("August", "August")),
    *(("September", "September"), ("Oktober", "October"), ("November", "November")),
    ("Dezember", "December"),
)
_OFTEN = {
    "YEARLY": ("jedes Jahr", "every year", "Jahre", "years"),
    "MONTHLY": ("jeden Monat", "every month", "Monate", "months"),
    "WEEKLY": ("jede Woche", "every week", "Wochen", "weeks"),
    "DAILY": ("täglich", "daily", "Tage", "days"),
    "HOURLY": ("stündlich", "hourly", "Stunden", "hours"),
    "MINUTELY": ("jede Minute", "every minute", "Minuten", "minutes"),
    "SECONDLY": ("jede Sekunde", "every second", "Sekunden", "seconds"),
}
OFFERED = (
    "FREQ=DAILY",
    *(f"FREQ=WEEKLY;BYDAY={day}" for day in WEEKDAYS),
    *(f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}" for day in WEEKDAYS),
    "FREQ=MONTHLY",
)
"""The rules to choose from; others come in by reports and by the API."""


class _Said(NamedTuple):
    de: str
    en: str


def spoken(rule: str) -> tuple[str, str] | None:
    """A rule in German and English, every part of it; None for what is no rule of RFC 5545."""
    parts = recurrence.parts(rule)
    if parts is None:
        return None
    said = [_often(parts), *(say(parts[name]) for name, say in _PARTS.items() if name in parts)]
    return " ".join(each.de for each in said), " ".join(each.en for each in said)


def _often(parts: dict[str, str]) -> _Said:
    de, en, units_de, units_en = _OFTEN[parts["FREQ"]]
    number = parts.get("INTERVAL", "1")
    if number == "1":
        return _Said(de, en)
    two = number == "2"
    return _Said(
        f"alle {'zwei' if two else number} {units_de}",
        f"every {'two' if two else number} {units_en}",
    )


def _days(value: str) -> _Said:
    days = value.split(",")
    if all(day in WEEKDAYS for day in days):
        de, en = zip(*(WEEKDAYS[day] for day in days), strict=True)
        return _Said(_and(de, "und"), f"on {_and(en, 'and')}")
    said = [_numbered_day(day) for day in days]
    return _Said(_and([each.de for each in said], "und"), _and([each.en for each in said], "and"))


def _numbered_day(day: str) -> _Said:
    number, name = day[:-2], _DAYS[day[-2:]]
    if not number:
        return _Said(f"an jedem {name[0]}", f"on every {name[1]}")
    de, en = _nth(int(number), "en")
    return _Said(f"am {de} {name[0]}", f"on the {en} {name[1]}")


def _counted(de: str, en: str) -> Callable[[str], _Said]:
    """How days or weeks are said that are counted, also from the end."""

    def say(value: str) -> _Said:
        german, english = zip(*(_nth(int(each), "en") for each in value.split(",")), strict=True)
        return _Said(f"am {_and(german, 'und')} {de}", f"on the {_and(english, 'and')} {en}")

    return say


def _months(value: str) -> _Said:
    de, en = zip(*(_MONTHS[int(each) - 1] for each in value.split(",")), strict=True)
    return _Said(f"im {_and(de, 'und')}", f"in {_and(en, 'and')}")


def _weeks(value: str) -> _Said:
    german, english = zip(*(_nth(int(each), "en") for each in value.split(",")), strict=True)
    return _Said(
        f"in der {_and(german, 'und')} Kalenderwoche", f"in the {_and(english, 'and')} week"
    )


def _positions(value: str) -> _Said:
    german, english = zip(*(_nth(int(each), "e") for each in value.split(",")), strict=True)
    return _Said(
        f"(davon jeweils der {_and(german, 'und')} Termin)",
        f"(of these the {_and(english, 'and')} one each time)",
    )


def _clock(de: str, en: str) -> Callable[[str], _Said]:
    def say(value: str) -> _Said:
        numbers = value.split(",")
        return _Said(f"{de} {_and(numbers, 'und')}", f"{en} {_and(numbers, 'and')}")

    return say


def _until(value: str) -> _Said:
    day = date.fromisoformat(value[:8])
    de, en = _MONTHS[day.month - 1]
    return _Said(f"bis {day.day}. {de} {day.year}", f"until {day.day} {en} {day.year}")


def _count(value: str) -> _Said:
    one = value == "1"
    return _Said("einmal" if one else f"{value}-mal", "once" if one else f"{value} times")


def _week_start(value: str) -> _Said:
    de, en = _DAYS[value]
    return _Said(f"(Wochen ab {de})", f"(weeks from {en})")


_PARTS: dict[str, Callable[[str], _Said]] = {
    "BYDAY": _days,
    "BYMONTHDAY": _counted("Tag des Monats", "day of the month"),
    "BYYEARDAY": _counted("Tag des Jahres", "day of the year"),
    "BYWEEKNO": _weeks,
    "BYMONTH": _months,
    "BYHOUR": _clock("zur Stunde", "at hour"),
    "BYMINUTE": _clock("zur Minute", "at minute"),
    "BYSECOND": _clock("zur Sekunde", "at second"),
    "BYSETPOS": _positions,
    "UNTIL": _until,
    "COUNT": _count,
    "WKST": _week_start,
}
"""The parts in the order in which they are said."""


_FROM_THE_END = {2: "vorletzt", 3: "drittletzt", 4: "viertletzt", 5: "fünftletzt"}


def _nth(number: int, ending: str) -> tuple[str, str]:
    """A number that counts, from the end where it is negative: 2nd, last, last but one."""
    if number == -1:
        return f"letzt{ending}", "last"
    if number < 0:
        counted = _FROM_THE_END.get(-number, f"{-number}.-letzt")
        return f"{counted}{ending}", f"{_ordinal(-number)} last"
    return f"{number}.", _ordinal(number)


def _ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def _and(several: "list[str] | tuple[str, ...]", word: str) -> str:
    *first, last = several
    return f"{', '.join(first)} {word} {last}" if first else last
