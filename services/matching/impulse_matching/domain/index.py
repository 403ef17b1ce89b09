"""All open listings in memory, and the best counterparts of one.

Listings stand in markets, so that a search looks at possible counterparts only. It asks the
conditions of whole columns first, then of the rows that are left; it adds up all points but those
for the text; and it compares texts only where that can still make a difference. What comes out is
what scoring every pair would find, to the last digit.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

import numpy as np

from impulse_matching.domain import conditions, criteria, making
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.conditions import CONDITIONS, NOBODY, Pairs
from impulse_matching.domain.criteria import ONE, STAGES, Values
from impulse_matching.domain.features import Column, Entries, Features, Rows
from impulse_matching.domain.pool import Pool, id_of
from impulse_matching.domain.rules import Criterion, RuleSet
from impulse_matching.domain.tables import Tables

_ON_WHOLE_COLUMNS = 3
"""So many conditions are cheaper for all rows than for some."""
_FIRST = 256
"""So many texts are compared before the others are held against the best of these."""


class Found(NamedTuple):
    """A counterpart in numbers: the values of what counts, or what stands against it."""

    listing_id: UUID
    values: dict[Criterion, int]
    blockers: frozenset[Blocker] = frozenset()
    partners: bool = False
    """Whether the two have agreed before."""


class Index:
    """Open listings, updated in place. `rules` judge every search."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._pools: dict[int, Pool] = {}
        self._tables = Tables()

    def judge_by(self, rules: RuleSet) -> None:
        """Other rules judge from now on."""
        self.rules, self._tables = rules, Tables()

    def __len__(self) -> int:
        return sum(len(market) for market in self._pools.values())

    def __contains__(self, listing_id: UUID) -> bool:
        return self._of(listing_id) is not None

    def version(self, listing_id: UUID) -> int | None:
        """Which version of a listing is indexed; None when it is not, or no longer."""
        one = self.get(listing_id)
        return None if one is None else int(one.version[0])

    def get(self, listing_id: UUID) -> Features | None:
        """A listing as it is indexed."""
        market = self._of(listing_id)
        return market.features().some(market.rows([listing_id])) if market else None

    def put(self, entry: Entries) -> None:
        """Adds an open listing, or replaces its older state."""
        code = int(entry["market"][0])
        listing_id = UUID(int=int(entry["high"][0]) << 64 | int(entry["low"][0]))
        before, market = self._of(listing_id), self._pools.setdefault(code, Pool())
        if before is not None and before is not market:
            before.remove(listing_id)
        market.put(entry)

    def extend(self, entries: Entries) -> None:
        """Adds many open listings, none of which is indexed yet."""
        for code in np.unique(entries["market"]).tolist():
            market = self._pools.setdefault(code, Pool())
            market.extend(entries[entries["market"] == code])

    def remove(self, listing_id: UUID) -> None:
        """Takes a listing out; nothing happens when it is not there."""
        if market := self._of(listing_id):
            market.remove(listing_id)

    @np.errstate(divide="ignore", invalid="ignore")
    def best(
        self,
        one: Features,
        day: date,
        n: int = 10,
        without: Collection[UUID] = (),
        partners: Column = NOBODY,
    ) -> list[Found]:
        """The `n` counterparts with the highest scores on `day`, best first.

        Blocked pairs are not among them, nor the counterparts `without`. Equal scores are in the
        order of the ids. The listing itself need not be indexed. `partners` are the numbers of
        the parties with whom it has agreed before.
        """
        of = self.eligible(one, day, without, partners)
        return _best(of, n, self._tables) if of else []

    def eligible(
        self,
        one: Features,
        day: date,
        without: Collection[UUID] = (),
        partners: Column = NOBODY,
    ) -> Pairs | None:
        """A listing and the counterparts that nothing stands against; None where it has none."""
        market = self._pools.get(making.opposite(int(one.market[0])))
        if market is None or not len(market):
            return None
        of = conditions.pairs(one, market.features(), self.rules, day, partners)
        of = _unblocked(of, market.rows(without))
        return of if len(of.many.party) else None

    def pair(
        self, one: Features, other: UUID, day: date, partners: Column = NOBODY
    ) -> Found | None:
        """How a listing fits with one that is indexed; None when that is not."""
        features = self.get(other)
        if features is None:
            return None
        return judged(conditions.pairs(one, features, self.rules, day, partners), other)

    def memory(self) -> int:
        """The bytes of all columns."""
        return sum(market.memory() for market in self._pools.values())

    def _of(self, listing_id: UUID) -> Pool | None:
        return next((each for each in self._pools.values() if listing_id in each), None)


@np.errstate(divide="ignore", invalid="ignore")
def scores(of: Pairs) -> Values:
    """The points of each pair; 0 where something stands against it."""
    blocked = np.any([condition(of) for condition in CONDITIONS.values()], axis=0)
    return np.where(blocked, 0, _all_points(of))


@np.errstate(divide="ignore", invalid="ignore")
def judged(of: Pairs, other: UUID) -> Found:
    """One pair: what stands against it, or else its values."""
    partners = bool(of.are_partners()[0])
    if against := conditions.against(of):
        return Found(other, {}, frozenset(against), partners)
    values = criteria.values(of, of.rules.hundredths)
    whole = {criterion: int(each[0]) for criterion, each in values.items()}
    return Found(other, whole, partners=partners)


def _unblocked(of: Pairs, without: Rows) -> Pairs:
    """The pairs that nothing stands against."""
    asked = list(CONDITIONS.values())
    against = asked[0](of)
    for condition in asked[1:_ON_WHOLE_COLUMNS]:
        against |= condition(of)
    against[without] = True
    of = _some(of, np.flatnonzero(~against))
    for condition in asked[_ON_WHOLE_COLUMNS:]:
        against = condition(of)
        if against.any():
            of = _some(of, np.flatnonzero(~against))
    return of


def _some(of: Pairs, rows: Rows) -> Pairs:
    return of.with_many(of.many.some(rows))


def _best(of: Pairs, n: int, tables: Tables) -> list[Found]:
    """The best of pairs that nothing stands against.

    Points are added in stages, the cheap ones first. The `n`th score of those that lead after the
    first is a bound: who cannot reach it with all points that are still to come is left out.
    """
    weights = of.rules.hundredths
    open_points, least = ONE * sum(weights.values()), 0
    points = np.zeros(len(of.many.party), dtype=np.int32)
    for done, stage in enumerate(STAGES, 1):
        points = points + tables.points(of, stage)
        open_points -= ONE * sum(weights.get(each, 0) for each in stage)
        if not least and len(points) > (few := max(_FIRST, n)):
            leading = np.argpartition(points, -few)[-few:]
            ahead = _some(of, leading)
            least = _nth(
                sum((tables.points(ahead, more) for more in STAGES[done:]), points[leading]), n
            )
        rows = np.flatnonzero(points + open_points >= least)
        if len(rows) < len(points):
            of, points = _some(of, rows), points[rows]
    rows = np.flatnonzero(points >= _nth(points, n))
    ids = [id_of(of.many, row) for row in rows.tolist()]
    order = sorted(range(len(rows)), key=lambda i: (-points[rows[i]], ids[i].int))[:n]
    of = _some(of, rows[order])
    values, partners = criteria.values(of, weights), of.are_partners().tolist()
    return [
        Found(
            ids[place],
            {each: int(values[each][rank]) for each in weights},
            partners=partners[rank],
        )
        for rank, place in enumerate(order)
    ]


def _all_points(of: Pairs) -> Values:
    weights = of.rules.hundredths
    return np.asarray(sum(weights[each] * criteria.value(of, each) for each in weights))


def _nth(scores: Values, n: int) -> int:
    """The `n`th highest; the lowest, if there are fewer."""
    if len(scores) <= n:
        return int(scores.min(initial=0))
    return int(np.partition(scores, -n)[-n])
