"""What comes due about a cooperation, and when: one list that follows from where it is.

About 30 % of agreements are never carried out (docs/domain.md): those whose turn it is are reminded
before a day, and whoever is in charge is told when it has passed. Each reminder is given once, and
none that has become untrue or comes after the fact.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import count, groupby, pairwise
from typing import NamedTuple

from impulse_booking.domain.cooperation import TO_BE_CARRIED_OUT, Cooperation
from impulse_booking.domain.days import day_of, midnight_of, months_later, morning_of
from impulse_booking.domain.next_action import left_to_prepare
from impulse_contracts.booking.cooperation_codes import (
    ActionKind,
    CooperationStep,
    PreparationItem,
)
from impulse_contracts.codes import CooperationState

DUE_SOON = timedelta(days=30)
"""How long before its last day a cooperation is due soon."""
BEFORE = timedelta(days=3)
"""How long before it is due somebody is reminded of what is next."""
PATIENCE = timedelta(days=3)
"""How long after it was due it is escalated."""
DAY_BEFORE = timedelta(days=2)
"""How long before they come together both are reminded."""
CHECKED = (3, 6, 12)
"""After how many months it is looked at whether an agreement was carried out."""
AGAIN = timedelta(days=14)
"""How long after that it is escalated again, where still nobody does anything."""
TIMES = 4
"""How often so; and after that every `QUARTER`, for as long as it is open."""
QUARTER = timedelta(days=91)
"""So rarely that nobody stops reading it, and so often that nothing is forgotten."""
_DAY = timedelta(days=1)
_REMINDED_AS_SUCH = (ActionKind.CARRY_OUT, ActionKind.PREPARE)
"""Of the day itself, and of each thing to be prepared, there are reminders of their own."""


class Alert(StrEnum):
    """What comes due."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    ACTION_DUE = "action_due"
    ESCALATED = "escalated"
    ITEMS_DUE = "items_due"
    DAY_SOON = "day_soon"
    STARTS = "starts"
    REDEMPTION = "redemption"


class Entry(NamedTuple):
    """Something that is said at a time, once for its key, and not any more `until` another one."""

    alert: Alert
    key: str
    at: datetime
    until: datetime | None = None
    items: tuple[PreparationItem, ...] = ()
    """What is to be prepared."""
    months: int = 0
    """After how many months it is looked at whether the agreement was carried out."""
    times: int = 1
    """How often it is escalated by then."""


def agenda(cooperation: Cooperation, now: datetime, again: timedelta = AGAIN) -> Iterator[Entry]:
    """All that is to be said of a cooperation as it is, and was not said yet; what is escalated is
    so `again` after that time, and of that all up to the next time after `now`."""
    for entry in (
        *_redemption(cooperation),
        *_dates(cooperation),
        *_items(cooperation),
        *_last_day(cooperation),
        *_action(cooperation, now, again),
    ):
        if entry.key not in cooperation.reminded:
            yield entry


def due(cooperation: Cooperation, now: datetime, again: timedelta = AGAIN) -> list[Entry]:
    """What is to be said at `now`."""
    entries = agenda(cooperation, now, again)
    return [each for each in entries if each.at <= now and not _is_stale(each, now)]


def next_look(cooperation: Cooperation, now: datetime, again: timedelta = AGAIN) -> datetime | None:
    """When to look at the cooperation again; None when nothing is left to say of it."""
    entries = agenda(cooperation, now, again)
    return min((each.at for each in entries if not _is_stale(each, now)), default=None)


def _is_stale(entry: Entry, now: datetime) -> bool:
    return entry.until is not None and entry.until <= now


def _last_day(cooperation: Cooperation) -> Iterator[Entry]:
    """It is due soon, or overdue, also where it rests; what is due by a day may be done on that
    day. Whoever has carried it out, if only partly, is not reminded of that."""
    waits = cooperation.state in TO_BE_CARRIED_OUT | {CooperationState.ON_HOLD}
    if cooperation.redeemed_at is not None or not waits:
        return
    last = cooperation.redeem_by
    over = midnight_of(last + _DAY)
    yield Entry(Alert.DUE_SOON, _key(Alert.DUE_SOON, last), morning_of(last - DUE_SOON), over)
    yield Entry(Alert.OVERDUE, _key(Alert.OVERDUE, last), morning_of(last + _DAY))


def _action(cooperation: Cooperation, now: datetime, again: timedelta) -> Iterator[Entry]:
    action = cooperation.next_action
    if action is None:
        return
    what = f"{action.kind}/{action.responsible}"
    if action.kind == ActionKind.OTHER:
        what += f"/{len(cooperation.steps)}"
    soon = _before(cooperation, action.due)
    over = midnight_of(action.due + _DAY)
    if action.item is not None:
        what += f"/{action.item}"
    if action.kind not in _REMINDED_AS_SUCH:
        yield Entry(Alert.ACTION_DUE, _key(Alert.ACTION_DUE, action.due, what), soon, over)
    yield from _escalations(cooperation, action.due, what, now, again)


def _escalations(
    cooperation: Cooperation, due: date, what: str, now: datetime, again: timedelta
) -> Iterator[Entry]:
    """What is late is told; and again, where nobody has done anything since, for as long as it is
    open. Of what was missed only the last is said."""
    key = _key(Alert.ESCALATED, due, what)
    touched = morning_of(day_of(_newest(cooperation)) + again)
    late = morning_of(due + PATIENCE)
    moments = (max(late + _wait(n, again), touched) if n else late for n in count())
    for times, (moment, until) in enumerate(pairwise(moments), start=1):
        named = key if times == 1 else f"{key}/{times}"
        yield Entry(Alert.ESCALATED, named, moment, until, times=times)
        if moment > now and named not in cooperation.reminded:
            return


def _wait(times: int, again: timedelta) -> timedelta:
    """How long after the first time it is told once more, so many times."""
    often = min(times, TIMES - 1)
    return often * again + (times - often) * QUARTER


def _dates(cooperation: Cooperation) -> Iterator[Entry]:
    """They come together soon, also while they draft anew what they agreed on, and then it begins;
    nobody is reminded of what has begun."""
    preparing = cooperation.state is CooperationState.PREPARING
    if not cooperation.dates or not (
        preparing or cooperation.state is CooperationState.NEGOTIATING
    ):
        return
    starts = cooperation.dates[0].starts
    soon = morning_of(day_of(starts) - DAY_BEFORE)
    if preparing:
        yield Entry(Alert.STARTS, f"{Alert.STARTS}/{starts.isoformat()}", starts)
    yield Entry(Alert.DAY_SOON, f"{Alert.DAY_SOON}/{starts.isoformat()}", soon, starts)


def _redemption(cooperation: Cooperation) -> Iterator[Entry]:
    """Whether an agreement was carried out is looked at whatever has become of it: it counts. Of
    months that were over when a broker recorded that both had signed nobody is told."""
    if cooperation.agreed_at is None:
        return
    recorded = _recorded(cooperation)
    for months in CHECKED:
        at = morning_of(months_later(day_of(cooperation.agreed_at), months) + _DAY)
        if at > recorded:
            yield Entry(Alert.REDEMPTION, f"{Alert.REDEMPTION}/{months}", at, months=months)


def _recorded(cooperation: Cooperation) -> datetime:
    """When it was known here that both had signed."""
    signed = (each for each in cooperation.steps if each.step == CooperationStep.SIGNED)
    agreed = (each.at for each in signed if each.state != CooperationState.NEGOTIATING)
    return next(agreed, cooperation.opened_at)


def _items(cooperation: Cooperation) -> Iterator[Entry]:
    """What is left to prepare: one reminder of all that is due on a day, before it begins; and
    another one of what came to that day later."""
    if cooperation.state is not CooperationState.PREPARING or not cooperation.dates:
        return
    starts = cooperation.dates[0].starts
    for day, several in groupby(left_to_prepare(cooperation), key=lambda each: each.due):
        known = _reminded_of(cooperation, day)
        items = tuple(each.item for each in several if each.item not in known)
        if not items:
            continue
        key = _key(Alert.ITEMS_DUE, day, "+".join(items))
        over = min(midnight_of(day + _DAY), starts)
        yield Entry(Alert.ITEMS_DUE, key, _before(cooperation, day), over, items)


def _reminded_of(cooperation: Cooperation, day: date) -> set[str]:
    """Of which things that are due on a day a reminder was given."""
    start = _key(Alert.ITEMS_DUE, day) + "/"
    keys = (key for key in cooperation.reminded if key.startswith(start))
    return {item for key in keys for item in key.removeprefix(start).split("+")}


def _before(cooperation: Cooperation, due: date) -> datetime:
    """When to remind of what is due on a day: some days before, and never on the day on which
    something was said, which whoever said it knows."""
    return max(morning_of(due - BEFORE), morning_of(day_of(_newest(cooperation)) + _DAY))


def _newest(cooperation: Cooperation) -> datetime:
    """When anybody did anything last."""
    return cooperation.steps[-1].at if cooperation.steps else cooperation.opened_at


def _key(alert: Alert, day: date, what: str = "") -> str:
    return "/".join(each for each in (alert, str(day), what) if each)
