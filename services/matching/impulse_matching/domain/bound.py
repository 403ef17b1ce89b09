"""At most how many points a pair can get: said of whole markets, in few and cheap steps.

Sets of codes count in full where they share one; what is dear to work out counts in full.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from impulse_matching.domain.criteria import GOALS, ONE
from impulse_matching.domain.features import UNSAID, Answers, Column, Floats
from impulse_matching.domain.making import EARTH_RADIUS_KM
from impulse_matching.domain.pairs import ONLINE, Pairs
from impulse_matching.domain.rules import Criterion, RuleSet

_HALF = ONE / 2
"""The points of a half hundredth. Those of sets of codes are counted in these: they fit a byte."""
_ROUNDED = ONE / 100
"""More than rounding can add to a score."""

Bytes = NDArray[np.uint8]


class Worth(NamedTuple):
    """What a criterion is worth, in half hundredths."""

    full: int
    unknown: int
    """Where a side says nothing."""
    tolerance: float


def most(of: Pairs) -> Floats:
    """For each pair at least its score, whether or not anything stands against it."""
    weights = of.rules.hundredths
    by_code = np.zeros(len(of.many.mode), dtype=np.uint8)
    for criterion, code in CODES.items():
        if criterion in weights:
            by_code += code(of, _worth(of.rules, criterion))
    points = by_code.astype(np.float32)
    for criterion, share in SHARES.items():
        if criterion in weights:
            points += share(of, _worth(of.rules, criterion))
    full = 2 * sum(weights[each] for each in weights if each not in CODES | SHARES)
    points += np.float32(full)
    points *= np.float32(_HALF)
    points += np.float32(_ROUNDED)
    return points


def _worth(rules: RuleSet, criterion: Criterion) -> Worth:
    full = 2 * rules.hundredths[criterion]
    return Worth(full, ceil(rules.unknown * full), rules.tolerance.get(criterion, 0))


def _where(answers: Answers, points: int) -> Bytes:
    return np.asarray(answers.view(np.uint8) * np.uint8(points))


def _any_of(shared: int, theirs: Column, worth: Worth) -> Bytes:
    """In full where they have a code that is `shared`; 0 where they have others only."""
    return _where(theirs & shared != 0, worth.full) + _where(theirs == 0, worth.unknown)


def _skills(of: Pairs, worth: Worth) -> Bytes | int:
    mine = of.one.skills[0]
    return _any_of(mine, of.many.skills, worth) if mine else worth.unknown


def _topics(of: Pairs, worth: Worth) -> Bytes | int:
    mine = of.one.topics[0]
    return _any_of(mine, of.many.topics, worth) if mine else worth.unknown


def _goals(of: Pairs, worth: Worth) -> Bytes | int:
    mine = of.one.topics[0]
    return _any_of(RELATED[mine], of.many.topics, worth) if mine else worth.unknown


def _counter_performance(of: Pairs, worth: Worth) -> Bytes:
    """Who wishes for nothing in particular takes anything; who gives nothing gets no points."""
    mine, theirs = of.one.in_return[0], of.many.in_return
    if mine:
        return _any_of(mine, theirs, worth._replace(unknown=worth.full if of.of_need else 0))
    return _any_of(0 if of.of_need else 0xFF, theirs, worth)


def _format(of: Pairs, worth: Worth) -> Bytes | int:
    """In full where format or mode is the same."""
    mine, theirs = of.one.kind[0], of.many.kind
    said = [np.uint8(part) for part in (0xF0, 0x0F) if mine & part]
    if not said:
        return worth.unknown
    same = theirs & said[0] == mine & said[0]
    if len(said) > 1:
        same |= theirs & said[1] == mine & said[1]
    return _where(same, worth.full) + _where(theirs & sum(said) == 0, worth.unknown)


def _distance(of: Pairs, worth: Worth) -> Floats:
    """By the straight line through the earth, which is never longer than the way."""
    online = of.many.mode == ONLINE
    if of.one.mode[0] == ONLINE:
        return np.where(online, np.float32(worth.full), np.float32(worth.unknown))
    near = np.sqrt(of.squared_chords)
    near *= np.float32(-EARTH_RADIUS_KM / of.rules.distance.half_km)
    np.exp2(near, out=near)
    return _share(near, online | np.isnan(near), worth)


def _team_size(of: Pairs, worth: Worth) -> Floats | int:
    mine, theirs = of.one.team_max[0], of.many.team_max
    return _covered(of, mine, theirs, theirs <= 0, worth) if mine > 0 else worth.unknown


def _quantity(of: Pairs, worth: Worth) -> Floats | int:
    mine, theirs, unit = of.one.quantity[0], of.many.quantity, of.one.unit[0]
    other = of.many.unit != unit
    return _covered(of, mine, theirs, other, worth) if unit != UNSAID else worth.unknown


def _covered(of: Pairs, mine: float, theirs: Column, unknown: Answers, worth: Worth) -> Floats:
    """Which share of what is needed is offered."""
    own = np.float32(mine)
    needed, offered = (own, theirs) if of.of_need else (theirs, own)
    return _share(np.divide(offered, needed, dtype=np.float32), unknown, worth)


def _share(share: Floats, unknown: Answers, worth: Worth) -> Floats:
    """As many points as the share says, unless it is unknown."""
    share *= np.float32(worth.full / (1 - worth.tolerance))
    # Nothing offered where nothing is needed is NaN, and may count in full.
    np.fmin(share, np.float32(worth.full), out=share)
    if unknown.any():
        share[unknown] = worth.unknown
    return share


def _freshness(of: Pairs, worth: Worth) -> Floats:
    rules = of.rules.freshness
    left = of.many.confirmed.astype(np.float32)
    np.minimum(left, np.float32(of.one.confirmed[0]), out=left)
    left -= np.float32(of.today - rules.stale_days)
    left *= np.float32(worth.full / (rules.stale_days - rules.fresh_days) / (1 - worth.tolerance))
    return np.minimum(np.maximum(left, 0, out=left), np.float32(worth.full), out=left)


RELATED = np.array(
    [
        sum(1 << bit for bit in range(len(GOALS).bit_length() - 1) if goals & GOALS[1 << bit])
        for goals in GOALS
    ],
    dtype=np.uint8,
)
"""The topics that share a goal with any of a set of topics."""
CODES: dict[Criterion, Callable[[Pairs, Worth], Bytes | int]] = {
    Criterion.TOPICS: _topics,
    Criterion.GOALS: _goals,
    Criterion.SKILLS: _skills,
    Criterion.COUNTER_PERFORMANCE: _counter_performance,
    Criterion.FORMAT: _format,
}
SHARES: dict[Criterion, Callable[[Pairs, Worth], Floats | int]] = {
    Criterion.DISTANCE: _distance,
    Criterion.TEAM_SIZE: _team_size,
    Criterion.QUANTITY: _quantity,
    Criterion.FRESHNESS: _freshness,
}
