"""The form of a session: times as the clocks in Germany show them, and what is wrong with them."""

from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from impulse_contracts import faults
from impulse_contracts.booking.programme import RescheduleSession, ScheduleSession, SessionFact
from impulse_contracts.reasons import Reason
from impulse_gateway.domain import areas
from impulse_gateway.web import local_times, numbers
from impulse_gateway.web.listing_form import BERLIN, Entered, Fault, one

C = TypeVar("C", ScheduleSession, RescheduleSession)

QUOTAS = 2
"""How many quotas the form has room for."""
_QUOTA = ("kind", "district", "reserved", "at_most")
_PLACE = ("postcode", "city", "venue")


def command(
    kind: type[C], values: Entered, fixed: dict[str, Any], now: datetime
) -> tuple[C | None, list[Fault]]:
    """What was entered as a command, or what is wrong with it. A course begins with its first
    meeting and ends with its last."""
    found: list[Fault] = []
    meetings = _meetings(values, found)
    data: dict[str, Any] = {**fixed, "meetings": meetings}
    if meetings:
        data["starts"] = min(each["starts"] for each in meetings)
        data["ends"] = max(each["ends"] for each in meetings)
    else:
        for field in ("starts", "ends"):
            data[field] = local_times.moment(one(values, field), field, found, needed=True)
        if all(isinstance(data[each], datetime) for each in ("starts", "ends")):
            local_times.ordered(data["starts"], data["ends"], "ends", found)
    if isinstance(data["starts"], datetime) and data["starts"] <= now:
        where = "meetings" if meetings else "starts"
        found.append(Fault(where, Reason.TIME_IN_PAST.de, Reason.TIME_IN_PAST.en))
    if kind is ScheduleSession:
        _rest(values, data, found)
    if found:
        return None, found
    try:
        return kind.model_validate(data), []
    except ValidationError as errors:
        wrong: dict[str, Fault] = {}
        for error in errors.errors():
            field = _field_of(error["loc"], _quota_rows(values))
            wrong.setdefault(field, Fault(field, *faults.in_words(error)))
        return None, list(wrong.values())


def of_session(session: SessionFact) -> dict[str, list[str]]:
    """The times of a session as they stand in the form."""
    if session.meetings:
        lines = [local_times.line(each.starts, each.ends) for each in session.meetings]
        return {"meetings": ["\n".join(lines)]}
    return {name: [_local(getattr(session, name))] for name in ("starts", "ends")}


def _rest(values: Entered, data: dict[str, Any], found: list[Fault]) -> None:
    """What a session has besides its times."""
    written = one(values, "capacity")
    data["capacity"] = numbers.whole(written)
    for field in ("opens_at", "closes_at"):
        data[field] = local_times.moment(one(values, field), field, found)
    data["quotas"] = [_quota(values, row) for row in _quota_rows(values)]
    place = {name: one(values, name) for name in _PLACE if one(values, name)}
    accessibility = values.get("accessibility", [])
    if place or accessibility:
        data["place"] = {**place, "accessibility": accessibility}
    data["online_link"] = one(values, "online_link") or None


def _quota_rows(values: Entered) -> list[int]:
    """The rows of the form in which a quota was entered."""
    return [
        row for row in range(QUOTAS) if any(one(values, f"quota_{part}_{row}") for part in _QUOTA)
    ]


def _quota(values: Entered, row: int) -> dict[str, object]:
    """A quota; what was left open is as it is without being said."""
    said: dict[str, object] = {}
    for part in _QUOTA:
        written = one(values, f"quota_{part}_{row}")
        if part == "district":
            written = areas.key(written)
        number = part in ("reserved", "at_most")
        if written:
            said[part] = numbers.whole(written) if number else written
    return said


def _field_of(place: tuple[int | str, ...], rows: list[int]) -> str:
    """The field of the form in which a fault of the contract is found."""
    if place[0] == "quotas" and len(place) > 1:
        part = place[2] if len(place) > 2 else "kind"
        return f"quota_{part}_{rows[int(place[1])]}"
    return str(place[1 if place[0] == "place" and place[1:] else 0])


def _meetings(values: Entered, found: list[Fault]) -> list[dict[str, datetime]]:
    """The meetings of a course, one a line."""
    entered = local_times.spans(one(values, "meetings"), "meetings", found)
    return [{"starts": starts, "ends": ends} for starts, ends in entered]


def _local(moment: datetime) -> str:
    return moment.astimezone(BERLIN).strftime("%Y-%m-%dT%H:%M")
