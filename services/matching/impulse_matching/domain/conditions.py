"""What stands against a pair, whatever else fits: the hard conditions, on columns.

Every condition takes the features of needs and of offers, of one row or of many (they broadcast).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

import numpy as np

from impulse_contracts.codes import PlaceMode, Requirement
from impulse_matching.domain import recurring
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.features import EVER_SINCE, Answers, Column, Features, Rows
from impulse_matching.domain.making import DAY, bits, day_number, is_need, squared_chord
from impulse_matching.domain.rules import RuleSet

ONLINE = tuple(PlaceMode).index(PlaceMode.ONLINE)


class Pairs(NamedTuple):
    """Needs and offers that are looked at together, one row each or one against many."""

    need: Features
    offer: Features
    rules: RuleSet
    today: int
    """In days since 1970."""
    of_need: bool
    """Whether the need is the one listing, and the offers are many; else it is the other way."""
    partners: Column
    """With whom the one side has agreed before: numbers of parties."""

    @property
    def one(self) -> Features:
        """The side that is one listing."""
        return self.need if self.of_need else self.offer

    @property
    def many(self) -> Features:
        """The other side."""
        return self.offer if self.of_need else self.need

    def are_partners(self) -> Answers:
        """Whether the two have agreed before."""
        return np.isin(self.many.party, self.partners)

    def with_many(self, many: Features) -> Pairs:
        """The one side against others."""
        return self._replace(offer=many) if self.of_need else self._replace(need=many)


NOBODY: Column = np.zeros(0, dtype=np.uint64)


def pairs(
    one: Features, many: Features, rules: RuleSet, day: date, partners: Column = NOBODY
) -> Pairs:
    """One listing and possible counterparts as they are looked at on a day."""
    of_need = is_need(int(one.market[0]))
    need, offer = (one, many) if of_need else (many, one)
    return Pairs(need, offer, rules, day_number(day), of_need, partners)


def online(of: Pairs) -> Answers:
    """Whether either side works online."""
    return np.asarray((of.need.mode == ONLINE) | (of.offer.mode == ONLINE))


def overlap(of: Pairs) -> Column:
    """For how many minutes both can; negative: the gap between them. Of what recurs, each time."""
    need, offer = of.need, of.offer
    start = np.maximum(need.earliest, offer.earliest).astype(np.int64)
    both = np.asarray(np.minimum(need.latest, offer.latest) - start)
    if len(recurs := recurring_rows(of)):
        hours = recurring.hours(of.one, of.many.some(recurs))
        both[recurs] = np.minimum(both[recurs], hours)
    return both


def recurring_rows(of: Pairs) -> Rows:
    """The pairs of which a side recurs."""
    return np.flatnonzero((of.need.anchor != EVER_SINCE) | (of.offer.anchor != EVER_SINCE))


def duration(of: Pairs) -> Column:
    """How many minutes it takes: the longer of what the sides say; 0 where neither does."""
    return np.maximum(of.need.duration, of.offer.duration)


def squared_chords(of: Pairs) -> Column:
    """How far apart the sides are, as squared chords; NaN where a place is not known."""
    need, offer = of.need, of.offer
    return np.asarray((need.x - offer.x) ** 2 + (need.y - offer.y) ** 2 + (need.z - offer.z) ** 2)


def reach(of: Pairs) -> Column:
    """How far apart a pair may be: the shorter of what the sides say, else the rules' reach."""
    said = np.fmin(of.need.reach, of.offer.reach)
    return np.where(np.isnan(said), np.float32(squared_chord(of.rules.distance.reach_km)), said)


def missing_requirements(of: Pairs) -> Column:
    """What the need asks a team to bring along and an offer that states its own does not."""
    asked = of.need.requirements & np.uint16(bits(Requirement, of.rules.brought_along))
    return np.where(of.offer.requirements == 0, 0, asked & ~of.offer.requirements)


def _too_far(of: Pairs) -> Answers:
    return np.asarray(~online(of) & (squared_chords(of) > reach(of)))


def _not_located(of: Pairs) -> Answers:
    return np.asarray(~online(of) & (np.isnan(of.need.x) | np.isnan(of.offer.x)))


def _past(of: Pairs) -> Answers:
    return np.asarray(np.minimum(of.need.latest, of.offer.latest) < of.today * DAY)


def _apart(of: Pairs) -> Answers:
    start = np.maximum(of.need.earliest, of.offer.earliest)
    end = np.minimum(of.need.latest, of.offer.latest)
    return np.asarray((end < start) | ((end == start) & (duration(of) > 0)))


def _too_short(of: Pairs) -> Answers:
    both, needed = overlap(of), duration(of)
    return np.asarray((both > 0) & (both < of.rules.time.least_share * needed))


def _not_valid(of: Pairs) -> Answers:
    return np.asarray(np.minimum(of.need.valid_until, of.offer.valid_until) < of.today)


def _same_party(of: Pairs) -> Answers:
    return np.asarray(of.need.party == of.offer.party)


def _other_place(of: Pairs) -> Answers:
    answers = np.zeros(len(of.many.mode), dtype=np.bool_)
    for one, other in of.rules.place.opposed:
        first, second = tuple(PlaceMode).index(one), tuple(PlaceMode).index(other)
        answers |= (of.need.mode == first) & (of.offer.mode == second)
        answers |= (of.need.mode == second) & (of.offer.mode == first)
    return answers


def _team_size(of: Pairs) -> Answers:
    said = (of.need.team_max > 0) & (of.offer.team_max > 0)
    apart = (of.offer.team_max < of.need.team_min) | (of.offer.team_min > of.need.team_max)
    return np.asarray(said & apart)


def _requirement_missing(of: Pairs) -> Answers:
    return np.asarray(missing_requirements(of) != 0)


def _never_together(of: Pairs) -> Answers:
    answers = np.zeros(len(of.many.anchor), dtype=np.bool_)
    if len(rows := recurring_rows(of)):
        answers[rows] = recurring.never_together(of.one, of.many.some(rows), of.today)
    return answers


CONDITIONS: dict[Blocker, Callable[[Pairs], Answers]] = {
    Blocker.TOO_FAR: _too_far,
    Blocker.DATES_APART: _apart,
    Blocker.IN_THE_PAST: _past,
    Blocker.NOT_LOCATED: _not_located,
    Blocker.NOT_VALID: _not_valid,
    Blocker.TEAM_SIZE: _team_size,
    Blocker.OTHER_PLACE: _other_place,
    Blocker.REQUIREMENT_MISSING: _requirement_missing,
    Blocker.SAME_PARTY: _same_party,
    Blocker.NEVER_TOGETHER: _never_together,
    Blocker.TOO_SHORT: _too_short,
}
"""Those that are asked of columns, what leaves fewest for the least work first."""


def against(of: Pairs) -> set[Blocker]:
    """What stands against the one pair."""
    return {blocker for blocker, condition in CONDITIONS.items() if condition(of)[0]}
