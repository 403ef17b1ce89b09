"""The form of advice hours: what was entered, and what is wrong with it."""

import re
from datetime import date, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from impulse_contracts import faults
from impulse_contracts.booking.advice import AdviceHoursFact, SetAdviceHours
from impulse_contracts.reasons import Reason
from impulse_gateway.web import numbers
from impulse_gateway.web.listing_form import Entered, Fault, one

NUMBERS = ("slot_minutes", "buffer_minutes", "notice_hours", "weeks_ahead")
WEEK = range(7)

_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?"
_HOURS = re.compile(rf"{_CLOCK}\s*(?:-|–|bis|to)\s*{_CLOCK}(?: Uhr)?")
_DAY = r"(\d{1,2})\.(\d{1,2})\.(\d{4})"
_DAYS = re.compile(rf"{_DAY}(?:\s*(?:-|–|bis|to)\s*{_DAY})?")
_LONGEST = 400


def beginning() -> dict[str, list[str]]:
    """The form of who gives advice for the first time."""
    return {name: [str(SetAdviceHours.model_fields[name].get_default())] for name in NUMBERS}


def of_hours(hours: AdviceHoursFact) -> dict[str, list[str]]:
    """The hours as they stand in the form; days on which there are none as spans."""
    values = {name: [str(getattr(hours, name))] for name in NUMBERS}
    for day in WEEK:
        own = [each for each in hours.weekly if each.weekday == day]
        values[f"day_{day}"] = [", ".join(f"{each.begins}–{each.ends}" for each in own)]
    values["blocked"] = ["\n".join(_spans(sorted(hours.blocked)))]
    if hours.online:
        values["keeps_link"] = ["1"]
    return values


def command(
    values: Entered, adviser_id: UUID, programme_offer_id: UUID
) -> tuple[SetAdviceHours | None, list[Fault]]:
    """What was entered as a command, or what is wrong with it."""
    found: list[Fault] = []
    link = one(values, "online_link")
    data: dict[str, Any] = {
        "adviser_id": adviser_id,
        "programme_offer_id": programme_offer_id,
        "weekly": [each for day in WEEK for each in _hours(values, day, found)],
        "blocked": _blocked(values, found),
        "online_link": link or None,
        "keeps_link": "keeps_link" in values and not link,
    }
    for name in NUMBERS:
        written = one(values, name)
        data[name] = numbers.whole(written)
    if found:
        return None, found
    try:
        return SetAdviceHours.model_validate(data), []
    except ValidationError as errors:
        wrong: dict[str, Fault] = {}
        for error in errors.errors():
            field = _field_of(error["loc"], data)
            wrong.setdefault(field, Fault(field, *faults.in_words(error)))
        return None, list(wrong.values())


def _hours(values: Entered, day: int, found: list[Fault]) -> list[dict[str, Any]]:
    """The hours of a day of the week, as 9–12, 13:30–17."""
    several: list[dict[str, Any]] = []
    for part in filter(None, map(str.strip, re.split("[,;\n]", one(values, f"day_{day}")))):
        said = _HOURS.fullmatch(part)
        if said is None:
            found.append(
                Fault(
                    f"day_{day}",
                    f"„{part[:40]}“: bitte wie 9–12 oder 13:30–17:00",
                    f"“{part[:40]}”: please like 9–12 or 13:30–17:00",
                )
            )
            continue
        begins, ends = (f"{int(said[n]):02}:{said[n + 1] or '00'}" for n in (1, 3))
        if begins >= ends:
            reason = Reason.ENDS_BEFORE_IT_BEGINS
            found.append(Fault(f"day_{day}", reason.de, reason.en))
        elif any(begins < each["ends"] and each["begins"] < ends for each in several):
            found.append(Fault(f"day_{day}", "Zeiten überschneiden sich", "hours overlap"))
        several.append({"weekday": day, "begins": begins, "ends": ends})
    return several


def _blocked(values: Entered, found: list[Fault]) -> list[date]:
    """The days without advice, one or a span of them a line."""
    days: set[date] = set()
    for line in filter(None, map(str.strip, re.split("[,;\n]", one(values, "blocked")))):
        said = _DAYS.fullmatch(line)
        try:
            if said is None:
                raise ValueError
            first = date(int(said[3]), int(said[2]), int(said[1]))
            last = date(int(said[6]), int(said[5]), int(said[4])) if said[4] else first
            if not timedelta(0) <= last - first < timedelta(days=_LONGEST):
                raise ValueError
        except ValueError:
            found.append(
                Fault(
                    "blocked",
                    f"„{line[:40]}“: bitte wie 24.12.2026 oder 24.12.2026–02.01.2027",
                    f"“{line[:40]}”: please like 24.12.2026 or 24.12.2026–02.01.2027",
                )
            )
            continue
        days |= {first + timedelta(days=n) for n in range((last - first).days + 1)}
    return sorted(days)


def _spans(days: list[date]) -> list[str]:
    """Days in a row as one line each."""
    lines = []
    for _, run in groupby(enumerate(days), key=lambda each: each[1].toordinal() - each[0]):
        row = [f"{day:%d.%m.%Y}" for _, day in run]
        lines.append(row[0] if len(row) == 1 else f"{row[0]}–{row[-1]}")
    return lines


def _field_of(place: tuple[int | str, ...], data: dict[str, Any]) -> str:
    """The field of the form in which a fault of the contract is found."""
    if place[0] == "weekly" and len(place) > 1:
        return f"day_{data['weekly'][int(place[1])]['weekday']}"
    return str(place[0])
