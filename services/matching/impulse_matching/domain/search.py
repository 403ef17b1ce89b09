"""The best counterparts of a listing among many.

Who is too far away or has no time is left out at once. The others are looked at in the order of a
bound of their scores, so many at a time, until none can reach the `n`th best of those before. What
comes out is what scoring every pair would find, to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from impulse_matching.domain import bound, conditions, criteria
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.conditions import FOR_ALL, FOR_BEST, FOR_FEW, FOR_SOME
from impulse_matching.domain.criteria import DEAR, ONE
from impulse_matching.domain.features import Floats, Rows
from impulse_matching.domain.pairs import Pairs
from impulse_matching.domain.pool import ids_of
from impulse_matching.domain.rules import Criterion, RuleSet

FIRST = 384
"""So many are looked at first; most often nobody else can be among the best."""


class Found(NamedTuple):
    """A counterpart in numbers: the values of what counts, or what stands against it."""

    listing_id: UUID
    values: dict[Criterion, int]
    blockers: frozenset[Blocker] = frozenset()
    partners: bool = False
    """Whether the two have agreed before."""


class _Scored(NamedTuple):
    """Pairs: their rows, a row of values a criterion, and their points."""

    rows: Rows
    values: Floats
    points: Floats

    def some(self, places: Rows) -> _Scored:
        """Some of them."""
        return _Scored(self.rows[places], self.values[:, places], self.points[places])

    def joined(self, other: _Scored) -> _Scored:
        """These, then others."""
        return _Scored(
            np.concatenate([self.rows, other.rows]),
            np.concatenate([self.values, other.values], axis=1),
            np.concatenate([self.points, other.points]),
        )


@np.errstate(divide="ignore", invalid="ignore")
def best(of: Pairs, n: int, without: Rows) -> list[Found]:
    """The `n` counterparts with the highest scores, best first, equal ones in the order of ids."""
    against = conditions.any_of(FOR_ALL, of)
    against[without] = True
    rows = (~against).nonzero()[0]
    most = bound.most(of)[rows]
    first = min(max(FIRST, n), len(rows))
    leading = np.argpartition(most, -first)[-first:] if first else rows
    found = _ranked(of, _in_full(of, _able(of, rows[leading], 0)), n)
    least = int(found.points[-1]) if len(found.points) == n else 0
    most[leading] = -1
    if len(others := (most >= least).nonzero()[0]):
        able = _able(of, rows[others], least)
        if len(able.rows):
            found = _ranked(of, found.joined(_in_full(of, able)), n)
    return _told(of, found)


@np.errstate(divide="ignore", invalid="ignore")
def clear(of: Pairs) -> Rows:
    """Where nothing stands against a pair."""
    rows = np.arange(len(of.many.party))
    for asked in (FOR_ALL, FOR_SOME, FOR_FEW, FOR_BEST):
        rows = rows[~conditions.any_of(asked, of.some(rows))]
    return rows


@np.errstate(divide="ignore", invalid="ignore")
def scores(of: Pairs) -> NDArray[np.int32]:
    """The points of each pair; 0 where something stands against it."""
    points = np.zeros(len(of.many.party), dtype=np.int32)
    counting, rows = list(of.rules.hundredths), clear(of)
    points[rows] = _points(of.rules, counting, criteria.values(of.some(rows), counting))
    return points


@np.errstate(divide="ignore", invalid="ignore")
def judged(of: Pairs) -> list[Found]:
    """Each pair: what stands against it, or else its values."""
    rows, counting = clear(of), list(of.rules.hundredths)
    values = criteria.values(of.some(rows), counting).T.astype(np.int32).tolist()
    fitting = dict(zip(rows.tolist(), values, strict=True))
    told = enumerate(zip(ids_of(of.many), of.are_partners.tolist(), strict=True))
    return [
        Found(other, dict(zip(counting, fitting[row], strict=True)), partners=partners)
        if row in fitting
        else Found(other, {}, conditions.against(of.some(np.array([row]))), partners)
        for row, (other, partners) in told
    ]


def _able(of: Pairs, rows: Rows, least: int) -> _Scored:
    """Those of some rows that can have `least` points: the values and points that are cheap."""
    cheap, dear = _stages(of.rules)
    those = of.some(rows)
    values = criteria.values(those, cheap)
    points = _points(of.rules, cheap, values)
    to_come = ONE * sum(of.rules.hundredths[each] for each in dear)
    able = (points + to_come >= least) & ~conditions.any_of(FOR_SOME, those)
    return _Scored(rows, values, points).some(able.nonzero()[0])


def _in_full(of: Pairs, able: _Scored) -> _Scored:
    """All values and points, of pairs that nothing stands against but, it may be, days that never
    fall together."""
    _, dear = _stages(of.rules)
    those = of.some(able.rows)
    more = criteria.values(those, dear)
    values = np.concatenate([able.values, more])
    points = able.points + _points(of.rules, dear, more)
    fitting = ~conditions.any_of(FOR_FEW, those)
    return _Scored(able.rows, values, points).some(fitting.nonzero()[0])


def _stages(rules: RuleSet) -> tuple[list[Criterion], list[Criterion]]:
    """The criteria that count: what is cheap to work out, and what is dear."""
    cheap = [each for each in rules.hundredths if each not in DEAR]
    return cheap, [each for each in rules.hundredths if each in DEAR]


def _points(rules: RuleSet, criteria: Iterable[Criterion], values: Floats) -> Floats:
    """Whole numbers below 2^24: exact in single precision."""
    weights = [rules.hundredths[each] for each in criteria]
    return np.asarray(np.array(weights, dtype=np.float32) @ values)


def _ranked(of: Pairs, found: _Scored, n: int) -> _Scored:
    """The `n` best, in order. Who never has time together is noticed as late as here."""
    many = of.many.some(found.rows)
    order = np.lexsort((many.low, many.high, -found.points))
    kept = order[:0]
    for start in range(0, len(order), 2 * n):
        some = order[start : start + 2 * n]
        never = conditions.any_of(FOR_BEST, of.some(found.rows[some]))
        kept = np.concatenate([kept, some[~never]])
        if len(kept) >= n:
            break
    return found.some(kept[:n])


def _told(of: Pairs, found: _Scored) -> list[Found]:
    of = of.some(found.rows)
    named = [each for stage in _stages(of.rules) for each in stage]
    values = found.values.T.astype(np.int32).tolist()
    return [
        Found(listing_id, dict(zip(named, each, strict=True)), partners=partners)
        for listing_id, each, partners in zip(
            ids_of(of.many), values, of.are_partners.tolist(), strict=True
        )
    ]
