"""How a listing becomes a record: places as points, times as minutes, codes as bits and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import cos, isfinite, nan, radians, sin
from uuid import UUID
from zlib import crc32
from zoneinfo import ZoneInfo

import numpy as np

from impulse_contracts.codes import (
    Accessibility,
    CvFormat,
    CvMode,
    Direction,
    PlaceMode,
    Requirement,
    ResourceCategory,
    Skill,
    SocietalTopic,
    TimeMode,
    Unit,
)
from impulse_contracts.parts import Time
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.types import Coded
from impulse_matching.domain import occurrences, text, vectors
from impulse_matching.domain.features import (
    ENTRY,
    EVER_SINCE,
    FOR_EVER,
    HORIZON,
    UNSAID,
    Column,
    Entries,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
EARTH_RADIUS_KM = 6371.0088
DAY = 24 * 60
ALL_DAY = (0, 2 * DAY)
"""The hours of what can take place at any: as far as midnight of the next day."""

MAKING = crc32(f"4 {ENTRY.descr} {text.version()}".encode())
"""Names this way of making records. Those that were stored by another one are made again."""

_NEED, _EXAMPLE = 1, 2
_SHIFT = 8 * 60
"""So long at the least has what begins at a fixed hour and names no end, over midnight too."""
_LONGEST_HOURS = 100_000
_FIRST, _LAST = -30_000_000, 4_000_000_000
"""Beyond these minutes the calendar has no days, or nearly none."""


def entry(state: ListingState, party: UUID, vector: text.TextVector) -> Entries:
    """The record of a listing whose direction and category are known: an array of one."""
    place, team, given = state.place, state.team_size, state.quantity
    x, y, z = point(place.latitude, place.longitude)
    quantity = given if given and given.unit in tuple(Unit) else None
    earliest, latest, duration = bounds(state.time)
    anchor, days = _occurrences(state)
    opens, closes = _hours(state.time)
    grams = vectors.cut(vector)
    row = (
        MAKING,
        market(state),
        *halves(state.listing_id),
        state.version,
        party_number(party),
        x,
        y,
        z,
        nan if place.max_distance_km is None else squared_chord(place.max_distance_km),
        _place_of(PlaceMode, place.mode) if place.mode_stated else UNSAID,
        earliest,
        latest,
        duration,
        opens,
        closes,
        *_days(state.time, earliest, latest),
        anchor,
        days,
        day_number(state.confirmed_at.date()),
        FOR_EVER if state.valid_until is None else day_number(state.valid_until),
        UNSAID if team is None else min(team.min, 32_000),
        UNSAID if team is None else min(team.max, 32_000),
        quantity.value if quantity else nan,
        _place_of(Unit, quantity.unit) if quantity else UNSAID,
        bits(SocietalTopic, state.topics),
        bits(Skill, state.skills),
        bits(Requirement, state.requirements),
        bits(ResourceCategory, [offer.resource_category for offer in state.counter_offers]),
        bits(Accessibility, state.accessibility),
        (_place_of(CvFormat, state.cv_format) + 1) << 4 | _place_of(CvMode, state.cv_mode) + 1,
        grams.grams,
        grams.weights,
        grams.length,
    )
    return np.array([row], dtype=ENTRY)


def market(state: ListingState) -> int:
    """Where a listing stands: only those of the opposite direction and else the same can match."""
    category = _place_of(ResourceCategory, state.resource_category)
    return 4 * category + _EXAMPLE * state.example + _NEED * (state.direction == Direction.NEED)


def opposite(market: int) -> int:
    """The market in which the counterparts of a market's listings stand."""
    return market ^ _NEED


def is_need(market: int) -> bool:
    """Whether a market is one of needs."""
    return bool(market & _NEED)


def halves(listing_id: UUID) -> tuple[int, int]:
    """An id as two numbers of 64 bits."""
    return listing_id.int >> 64, listing_id.int & (1 << 64) - 1


def entries(stored: Sequence[tuple[bytes, UUID]]) -> Entries:
    """Records as they were stored, with those who stand behind the listings now."""
    made = np.frombuffer(b"".join(record for record, _ in stored), dtype=ENTRY).copy()
    made["party"] = party_numbers(party for _, party in stored)
    return made


def of_party(record: Entries, party: UUID) -> bytes:
    """A record to be stored, with this party behind it."""
    stored = record.copy()
    stored["party"] = party_number(party)
    return stored.tobytes()


def party_numbers(parties: Iterable[UUID]) -> Column:
    """Numbers of organisations, as `party` in a record."""
    return np.array([party_number(each) for each in parties], dtype=np.uint64)


def party_number(party: UUID) -> int:
    """A number for an organisation: both halves of its id, as the one alone may be its maker's."""
    high, low = halves(party)
    return high ^ low


def bits(codes: type[Coded], members: Iterable[object]) -> int:
    """A set of codes as a bit mask, in the order of their declaration, without unknown ones."""
    places = _places(codes)
    return sum(1 << places[each] for each in {str(each) for each in members} & places.keys())


def day_number(day: date) -> int:
    """Days since 1970."""
    return (day - EPOCH.date()).days


def minutes(moment: datetime) -> int:
    """Whole minutes since 1970."""
    return max(EVER_SINCE + 1, min((moment - EPOCH) // timedelta(minutes=1), FOR_EVER - 1))


def squared_chord(km: float) -> float:
    """The straight line through the earth between two points so far apart, squared; radius 1."""
    return float((2 * sin(min(km / EARTH_RADIUS_KM, 3.1415926) / 2)) ** 2)


def _place_of(codes: type[Coded], code: object) -> int:
    return _places(codes).get(str(code), UNSAID)


@cache
def _places(codes: type[Coded]) -> dict[str, int]:
    return {str(each): place for place, each in enumerate(codes)}


def point(latitude: float | None, longitude: float | None) -> tuple[float, float, float]:
    """A place on a sphere of radius 1; NaN where it is not located."""
    if latitude is None or longitude is None or not isfinite(latitude + longitude):
        return nan, nan, nan
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


def _length(time: Time) -> int:
    """How many minutes it takes each time; 0: not said."""
    if time.duration_hours is not None:
        return round(60 * min(time.duration_hours, _LONGEST_HOURS))
    if time.mode in (TimeMode.FIXED, TimeMode.RECURRING) and time.start and time.end:
        whole = (time.end - time.start) // timedelta(minutes=1)
        return whole if time.mode is TimeMode.FIXED or whole <= DAY else 0
    return 0


def bounds(time: Time) -> tuple[int, int, int]:
    """Earliest start and latest end in minutes since 1970, and how long it takes."""
    length = _length(time)
    earliest = EVER_SINCE if time.start is None else minutes(time.start)
    latest = FOR_EVER if time.end is None else minutes(time.end)
    if time.mode is TimeMode.FIXED and time.start is not None and latest in (FOR_EVER, earliest):
        latest = earliest + (length or _room(time.start))
    if time.mode is TimeMode.RECURRING and latest <= earliest + DAY:
        # The end is that of the first occurrence.
        latest = FOR_EVER
    slack = time.flexibility_days * DAY
    return (
        earliest if earliest == EVER_SINCE else max(earliest - slack, EVER_SINCE + 1),
        latest if latest == FOR_EVER else min(latest + slack, FOR_EVER - 1),
        length,
    )


def _room(start: datetime) -> int:
    """How long at most may take what begins then and has no end: to the last minute of its day in
    Germany; what begins late, a shift."""
    midnight = minutes(start.astimezone(BERLIN).replace(hour=23, minute=59))
    return max(midnight - minutes(start), _SHIFT)


def _kept(time: Time) -> int:
    """How many minutes of a day it keeps each time; 0: not said."""
    length = _length(time)
    begins_only = time.mode is TimeMode.FIXED and time.end in (None, time.start)
    return _room(time.start) if begins_only and time.start and not length else length


def _days(time: Time, earliest: int, latest: int) -> tuple[int, int]:
    """Between which days it can begin. What is fixed begins when it begins, and ends later."""
    if _hours(time) != ALL_DAY and time.mode is TimeMode.FIXED and latest != FOR_EVER:
        latest -= max(0, _kept(time) - 1)
    return (
        earliest if earliest == EVER_SINCE else _local(earliest),
        latest if latest == FOR_EVER else _local(max(latest - 1, earliest)),
    )


def _local(minute: int) -> int:
    """The day in Germany, since 1970, in which a minute lies."""
    if not _FIRST <= minute < _LAST:
        return minute // DAY
    return day_number((EPOCH + timedelta(minutes=minute)).astimezone(BERLIN).date())


def _hours(time: Time) -> tuple[int, int]:
    """Between which minutes of a day in Germany it takes place; a night shift ends after them."""
    kept = _kept(time)
    bound = time.mode in (TimeMode.FIXED, TimeMode.RECURRING) and time.start is not None
    if not bound or time.start is None or not 0 < kept <= DAY:
        return ALL_DAY
    begin = time.start.astimezone(BERLIN)
    opens = last = 60 * begin.hour + begin.minute
    if time.mode is TimeMode.RECURRING and time.rrule:
        opens, last = occurrences.beginnings(time.rrule, opens)
    closes = last + kept
    # A whole day has 23 hours in spring; of what begins at several hours the gaps count too.
    whole = closes - opens >= DAY - 60 and (opens == 0 or opens != last)
    return ALL_DAY if whole else (opens, closes)


def _occurrences(state: ListingState) -> tuple[int, Column]:
    """For what recurs, the first day that is looked at, and on which days it begins."""
    time = state.time
    if time.mode is not TimeMode.RECURRING or not time.rrule:
        return EVER_SINCE, np.zeros(HORIZON // 8, dtype=np.uint8)
    confirmed = state.confirmed_at.astimezone(BERLIN).date()
    start = time.start.astimezone(BERLIN).date() if time.start else confirmed
    first = max(confirmed, start)
    on = occurrences.days_of(time.rrule, start, first, HORIZON)
    if time.end and bounds(time)[1] != FOR_EVER:
        on[max(0, (time.end.astimezone(BERLIN).date() - first).days + 1) :] = False
    if slack := min(time.flexibility_days, HORIZON // 4):
        on = np.convolve(on, np.ones(2 * slack + 1), "same") > 0
    return day_number(first), np.packbits(on, bitorder="little")
