"""Values in words, German and English: numbers, days, spans, hours, lists."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from impulse_contracts.parts import TeamSize
from impulse_contracts.types import Coded
from impulse_matching.domain.features import EVER_SINCE, FOR_EVER
from impulse_matching.domain.making import BERLIN, DAY, EPOCH

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = {
    "montags": "Mondays", "dienstags": "Tuesdays", "mittwochs": "Wednesdays",
    "donnerstags": "Thursdays", "freitags": "Fridays", "samstags": "Saturdays",
    "sonntags": "Sundays",
}  # fmt: skip
_FIRST_DAY, _LAST_DAY = (date(2, 1, 1) - EPOCH.date()).days, (date(9999, 1, 1) - EPOCH.date()).days


class Sentence(NamedTuple):
    """The same in both languages."""

    de: str
    en: str


def code(of: Coded | str) -> Sentence:
    """A code by its labels."""
    return Sentence(of.de, of.en) if isinstance(of, Coded) else Sentence("unbekannt", "unknown")


def codes(of: Sequence[Coded]) -> Sentence:
    """Codes by their labels."""
    return Sentence(
        listed([each.de for each in of], "und"), listed([each.en for each in of], "and")
    )


def team(size: TeamSize) -> Sentence:
    """How many persons."""
    if size.min == size.max:
        return Sentence(str(size.min), str(size.min))
    return Sentence(f"{size.min} bis {size.max}", f"{size.min} to {size.max}")


def number(value: float) -> Sentence:
    """With one decimal at most: 4,2 in German, 4.2 in English."""
    plain = f"{value:.1f}".removesuffix(".0")
    return Sentence(plain.replace(".", ","), plain)


@lru_cache(maxsize=1 << 12)
def local_day(minute: int) -> date:
    """The day in Germany at a minute; those outside of the calendar are its first or last year."""
    within = min(max(minute, _FIRST_DAY * DAY), _LAST_DAY * DAY)
    return (EPOCH + timedelta(minutes=within)).astimezone(BERLIN).date()


@lru_cache(maxsize=1 << 12)
def day(of: date) -> Sentence:
    """A day."""
    return Sentence(f"{of:%d.%m.%Y}", f"{of.day} {_MONTHS[of.month - 1]} {of.year}")


def span(start: int, end: int) -> Sentence:
    """From when to when, by days; one end may be open."""
    first = None if start == EVER_SINCE else day(local_day(start))
    last = None if end == FOR_EVER else day(local_day(end))
    if first and last:
        if first == last:
            return Sentence(f"am {first.de}", f"on {first.en}")
        return Sentence(f"vom {first.de} bis {last.de}", f"from {first.en} to {last.en}")
    if first:
        return Sentence(f"ab {first.de}", f"from {first.en} on")
    if last:
        return Sentence(f"bis {last.de}", f"until {last.en}")
    return Sentence("jederzeit", "at any time")


def weekdays(numbers: Collection[int]) -> Sentence:
    """On which weekdays, 0 for Monday."""
    if len(numbers) in (0, 7):
        return Sentence("an wechselnden Tagen", "on changing days")
    chosen = [word for place, word in enumerate(_WEEKDAYS) if place in numbers]
    return Sentence(
        listed(chosen, "und"), f"on {listed([_WEEKDAYS[each] for each in chosen], 'and')}"
    )


def hours(opens: int, closes: int) -> Sentence:
    """Between which hours of a day."""
    if closes - opens > DAY:
        return Sentence("zu jeder Uhrzeit", "at any hour")
    first, last = (f"{of % DAY // 60:02}:{of % 60:02}" for of in (opens, closes))
    return Sentence(f"{first} bis {last} Uhr", f"{first} to {last}")


def listed(words: Sequence[str], last: str) -> str:
    """A, B and C."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
