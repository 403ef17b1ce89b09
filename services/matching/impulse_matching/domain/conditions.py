"""What stands against a pair, whatever else fits: the hard conditions, on columns.

Every condition takes the features of needs and of offers, of one row or of many (they broadcast).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

from impulse_contracts.codes import PlaceMode, Requirement
from impulse_matching.domain import recurring
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.features import Answers, Column
from impulse_matching.domain.making import DAY, bits, squared_chord
from impulse_matching.domain.pairs import Pairs


def reach(of: Pairs) -> Column:
    """How far apart a pair may be: the shorter of what the sides say, else the rules' reach."""
    reach = np.fmin(of.need.reach, of.offer.reach)
    if (unsaid := np.isnan(reach)).any():
        reach[unsaid] = squared_chord(of.rules.distance.reach_km)
    return np.asarray(reach)


def missing_requirements(of: Pairs) -> Column:
    """What the need asks a team to bring along and an offer that states its own does not."""
    asked = of.need.requirements & _bits(of.rules.brought_along)
    stated = of.offer.requirements != 0
    return np.asarray((asked & ~of.offer.requirements) * stated)


@cache
def _bits(requirements: frozenset[Requirement]) -> np.uint16:
    return np.uint16(bits(Requirement, requirements))


def _too_far(of: Pairs) -> Answers:
    return np.asarray(~of.online & (of.squared_chords > reach(of)))


def _not_located(of: Pairs) -> Answers:
    nowhere = np.isnan(of.many.x) | np.isnan(of.one.x[0])
    return np.asarray(nowhere & ~of.online)


def _past(of: Pairs) -> Answers:
    return np.asarray(of.end < np.int32(of.today * DAY))


def _apart(of: Pairs) -> Answers:
    return np.asarray((of.end < of.start) | ((of.end == of.start) & (of.duration > 0)))


def _too_short(of: Pairs) -> Answers:
    both = of.overlap
    return np.asarray((both > 0) & (both < of.rules.time.least_share * of.duration))


def _not_valid(of: Pairs) -> Answers:
    return np.asarray((of.need.valid_until < of.today) | (of.offer.valid_until < of.today))


def _same_party(of: Pairs) -> Answers:
    return np.asarray(of.need.party == of.offer.party)


def _other_place(of: Pairs) -> Answers:
    answers = _none(of)
    for mode in _opposed(of.rules.place.opposed, int(of.one.mode[0])):
        answers |= of.many.mode == mode
    return answers


@cache
def _opposed(opposed: tuple[tuple[PlaceMode, PlaceMode], ...], mode: int) -> list[int]:
    """The place modes that one is opposed to, by their places in the list of them."""
    modes = tuple(PlaceMode)
    both = [*opposed, *((other, one) for one, other in opposed)]
    return [modes.index(other) for one, other in both if modes.index(one) == mode]


def _team_size(of: Pairs) -> Answers:
    if of.one.team_max[0] <= 0:
        return _none(of)
    apart = (of.offer.team_max < of.need.team_min) | (of.offer.team_min > of.need.team_max)
    return np.asarray(apart & (of.many.team_max > 0))


def _none(of: Pairs) -> Answers:
    return np.zeros(len(of.many.mode), dtype=np.bool_)


def _requirement_missing(of: Pairs) -> Answers:
    return np.asarray(missing_requirements(of) != 0)


def _never_together(of: Pairs) -> Answers:
    answers = _none(of)
    if len(rows := of.recurs):
        many = of.many.some(rows)
        answers[rows] = recurring.never_together(of.one, many, of.common, of.today)
    return answers


Condition = Callable[[Pairs], Answers]
CONDITIONS: dict[Blocker, Condition] = {
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
"""Those that are asked of columns."""
FOR_ALL: tuple[Condition, ...] = (_too_far, _apart, _past)
FOR_FEW: tuple[Condition, ...] = (_too_short,)
FOR_BEST: tuple[Condition, ...] = (_never_together,)
FOR_SOME = tuple(each for each in CONDITIONS.values() if each not in FOR_ALL + FOR_FEW + FOR_BEST)
"""Asked of whole markets is what leaves fewest for the least work; the dearest is asked last."""


def any_of(asked: Iterable[Condition], of: Pairs) -> Answers:
    """Whether any of these conditions stands against each pair."""
    first, *others = (condition(of) for condition in asked)
    for each in others:
        first |= each
    return first


def against(of: Pairs) -> frozenset[Blocker]:
    """What stands against the one pair."""
    return frozenset(blocker for blocker, condition in CONDITIONS.items() if condition(of)[0])
