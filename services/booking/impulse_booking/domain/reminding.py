"""What comes due about a cooperation, and when: one list that follows from where it is.

About 30 % of agreements are never carried out (docs/domain.md): those whose turn it is are reminded
before a day, and whoever is in charge is told when it has passed. Each reminder is given once, and
none that has become untrue or comes after the fact.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from impulse_booking.domain.cooperation import TO_BE_CARRIED_OUT, Cooperation
from impulse_booking.domain.days import day_of, midnight_of, morning_of
from impulse_contracts.booking.cooperation_codes import ActionKind

DUE_SOON = timedelta(days=30)
"""How long before its last day a cooperation is due soon."""
BEFORE = timedelta(days=3)
"""How long before it is due somebody is reminded of what is next."""
PATIENCE = timedelta(days=3)
"""How long after it was due it is escalated."""
_DAY = timedelta(days=1)


class Alert(StrEnum):
    """What comes due."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ACTION_DUE = "action_due"
    ESCALATED = "escalated"


class Entry(NamedTuple):
    """Something that is said at a time, once for its key, and not any more `until` another one."""

    alert: Alert
    key: str
    at: datetime
    until: datetime | None = None


def agenda(cooperation: Cooperation) -> Iterator[Entry]:
    """All that is to be said of a cooperation as it is, and was not said yet."""
    for entry in (*_last_day(cooperation), *_action(cooperation)):
        if entry.key not in cooperation.reminded:
            yield entry


def due(cooperation: Cooperation, now: datetime) -> list[Entry]:
    """What is to be said at `now`."""
    return [each for each in agenda(cooperation) if each.at <= now and not _is_stale(each, now)]


def next_look(cooperation: Cooperation, now: datetime) -> datetime | None:
    """When to look at the cooperation again; None when nothing is left to say of it."""
    return min((each.at for each in agenda(cooperation) if not _is_stale(each, now)), default=None)


def _is_stale(entry: Entry, now: datetime) -> bool:
    return entry.until is not None and entry.until <= now


def _last_day(cooperation: Cooperation) -> Iterator[Entry]:
    """It is due soon, or overdue; what is due by a day may be done on that day."""
    if cooperation.state not in TO_BE_CARRIED_OUT:
        return
    last = cooperation.redeem_by
    over = midnight_of(last + _DAY)
    yield Entry(Alert.DUE_SOON, _key(Alert.DUE_SOON, last), morning_of(last - DUE_SOON), over)
    yield Entry(Alert.OVERDUE, _key(Alert.OVERDUE, last), morning_of(last + _DAY))


def _action(cooperation: Cooperation) -> Iterator[Entry]:
    action = cooperation.next_action
    if action is None:
        return
    what = f"{action.kind}/{action.responsible}"
    if action.kind == ActionKind.OTHER:
        what += f"/{len(cooperation.steps)}"
    # Nobody is reminded on the day on which it was said.
    newest = cooperation.steps[-1].at if cooperation.steps else cooperation.opened_at
    soon = max(morning_of(action.due - BEFORE), morning_of(day_of(newest) + _DAY))
    over = midnight_of(action.due + _DAY)
    late = morning_of(action.due + PATIENCE)
    yield Entry(Alert.ACTION_DUE, _key(Alert.ACTION_DUE, action.due, what), soon, over)
    yield Entry(Alert.ESCALATED, _key(Alert.ESCALATED, action.due, what), late)


def _key(alert: Alert, day: date, what: str = "") -> str:
    return "/".join(each for each in (alert, str(day), what) if each)
