"""An offer or a need as matching sees it: what the registry published, ready to be compared."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from math import cos, inf, nan, radians, sin
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from impulse_contracts.codes import (
    MONEY_BEARING,
    Direction,
    ListingStatus,
    PlaceMode,
    Requirement,
    ResourceCategory,
    SocietalTopic,
    TimeMode,
    Unit,
    Visibility,
)
from impulse_contracts.parts import Time
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.types import Coded
from impulse_matching.domain import text
from impulse_matching.domain.words import spelled

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = tuple(Unit)
SEEN = (Visibility.PUBLIC, Visibility.NETWORK)
"""To whom a listing must be visible to be matched."""
ASIDE = {"version", "status", "sources", "on_behalf", "confirmed_at", "confirm_by"}
"""Fields of a listing that are not what it says."""
UNSAID = {"cv_format", "cv_mode", "cc_instrument", "worktime_basis", "costs", "visibility"}
"""Fields that count as content only where they say something: they came after the first hashes."""

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


class Features(NamedTuple):
    """Columns of what can be compared by calculation: one row a listing, all of equal length.

    Rules are written once on columns and hold for a single pair (one row each) and for one
    listing against many. Times are hours, days are days since 1970; NaN is "not said"; sets of
    codes are bit masks.
    """

    actor: Codes
    earliest: Floats
    latest: Floats
    """The hours between which it can take place, flexibility included; infinite where open."""
    duration: Floats
    online: Codes
    x: Floats
    y: Floats
    z: Floats
    """The place as a point on a sphere of radius 1; NaN where it is not located."""
    reach: Floats
    team_min: Floats
    team_max: Floats
    quantity: Floats
    unit: Codes
    topics: Codes
    requirements: Codes
    in_return: Codes
    """Categories of counter-performance: what a need gives, what an offer wishes for."""
    confirmed: Floats
    valid_until: Floats


@dataclass(frozen=True)
class Listing:
    """A listing's newest state; what is derived from it is made once."""

    state: ListingState

    @property
    def listing_id(self) -> UUID:
        """Under which id the registry keeps it."""
        return self.state.listing_id

    @property
    def is_need(self) -> bool:
        """Whether it asks for something; else it gives."""
        return self.state.direction == Direction.NEED

    @property
    def is_open(self) -> bool:
        """Whether it can be matched at all: open, and of a direction and category that we know.

        What only brokers see is theirs to match: a proposal would show it to the other side. Where
        money flows nothing is brokered.
        """
        return (
            self.state.status is ListingStatus.OPEN
            and self.state.visibility in SEEN
            and self.state.cc_instrument not in MONEY_BEARING
            and self.state.direction in tuple(Direction)
            and self.state.resource_category in tuple(ResourceCategory)
        )

    @property
    def market(self) -> tuple[str, str, bool]:
        """Where it stands: only listings of the opposite direction and else the same can match."""
        return (
            str(self.state.direction),
            str(self.state.resource_category),
            self.state.example,
        )

    @property
    def opposite(self) -> tuple[str, str, bool]:
        """The market in which its counterparts stand."""
        _, category, example = self.market
        return str(Direction.OFFER if self.is_need else Direction.NEED), category, example

    @cached_property
    def words(self) -> str:
        """Title, description, and its skills and target groups in words."""
        codes = (*self.state.skills, *self.state.target_groups)
        return "\n".join([self.state.title, self.state.description, *map(spelled, codes)])

    @cached_property
    def vector(self) -> text.TextVector:
        """Its words as a vector; the title counts twice."""
        return text.vector(f"{self.state.title}\n{self.words}")

    @cached_property
    def content_hash(self) -> str:
        """Changes with what the listing says, not with its version, confirmations or sources."""
        content = self.state.model_dump(
            mode="json",
            exclude=ASIDE,
        )
        for name in UNSAID:
            if content[name] == ListingState.model_fields[name].default:
                del content[name]
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False)
        return hashlib.blake2b(canonical.encode(), digest_size=16).hexdigest()

    @cached_property
    def features(self) -> Features:
        """The listing as columns of one row."""
        state, place = self.state, self.state.place
        earliest, latest, duration = _span(state.time)
        x, y, z = _point(place.latitude, place.longitude)
        quantity = state.quantity if state.quantity and state.quantity.unit in UNITS else None
        row = (
            int(state.actor_id) & (1 << 63) - 1,
            earliest,
            latest,
            duration,
            place.mode is PlaceMode.ONLINE,
            x,
            y,
            z,
            nan if place.max_distance_km is None else place.max_distance_km,
            state.team_size.min if state.team_size else nan,
            state.team_size.max if state.team_size else nan,
            quantity.value if quantity else nan,
            UNITS.index(quantity.unit) if quantity else -1,
            bits(SocietalTopic, state.topics),
            bits(Requirement, state.requirements),
            bits(ResourceCategory, [offer.resource_category for offer in state.counter_offers]),
            hours(state.confirmed_at) // 24,
            inf if state.valid_until is None else days(state.valid_until),
        )
        return Features._make(
            np.array([value], dtype=kind) for value, kind in zip(row, COLUMN_TYPES, strict=True)
        )


_CODE_COLUMNS = {"actor", "online", "unit", "topics", "requirements", "in_return"}
COLUMN_TYPES: tuple[type[np.int64] | type[np.float64], ...] = tuple(
    np.int64 if name in _CODE_COLUMNS else np.float64 for name in Features._fields
)
"""The type of each column of `Features`, in their order."""


def bits(codes: type[Coded], members: Iterable[Coded]) -> int:
    """A set of codes as a bit mask, in the order of their declaration, without unknown ones."""
    chosen = set(members)
    return sum(1 << place for place, code in enumerate(codes) if code in chosen)


def days(day: date) -> float:
    """Days since 1970."""
    return float((day - EPOCH.date()).days)


def hours(moment: datetime) -> float:
    """Hours since 1970."""
    return (moment - EPOCH) / timedelta(hours=1)


def _span(time: Time) -> tuple[float, float, float]:
    """Earliest start and latest end in hours since 1970, and how long it takes (NaN: not said)."""
    earliest = -inf if time.start is None else hours(time.start)
    latest = inf if time.end is None else hours(time.end)
    duration = nan if time.duration_hours is None else time.duration_hours
    if time.mode is TimeMode.FIXED and time.start is not None:
        if time.end is None:
            latest = earliest + (time.duration_hours or 0)
        elif time.duration_hours is None:
            duration = latest - earliest
    slack = 24 * time.flexibility_days
    return earliest - slack, latest + slack, duration


def _point(latitude: float | None, longitude: float | None) -> tuple[float, float, float]:
    if latitude is None or longitude is None:
        return nan, nan, nan
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)
