"""All open listings in memory, in markets, so that a search looks at possible counterparts only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

import numpy as np

from impulse_matching.domain import making, search
from impulse_matching.domain.features import Column, Entries, Features
from impulse_matching.domain.pairs import NOBODY, Pairs, pairs
from impulse_matching.domain.pool import Pool
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.search import Found


class Index:
    """Open listings, updated in place. `rules` judge every search."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._pools: defaultdict[int, Pool] = defaultdict(Pool)

    def judge_by(self, rules: RuleSet) -> None:
        """Other rules judge from now on."""
        self.rules = rules

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
        before, market = self._of(listing_id), self._pools[code]
        if before is not None and before is not market:
            before.remove(listing_id)
        market.put(entry)

    def extend(self, entries: Entries) -> None:
        """Adds many open listings, none of which is indexed yet."""
        for code in np.unique(entries["market"]).tolist():
            self._pools[code].extend(entries[entries["market"] == code])

    def remove(self, listing_id: UUID) -> None:
        """Takes a listing out; nothing happens when it is not there."""
        if market := self._of(listing_id):
            market.remove(listing_id)

    def best(
        self,
        one: Features,
        day: date,
        n: int = 10,
        without: Collection[UUID] = (),
        partners: Column = NOBODY,
        among: Collection[UUID] | None = None,
    ) -> list[Found]:
        """The `n` counterparts with the highest scores on `day`, best first.

        Of all, or `among` some.
        Blocked pairs are not among them, nor the counterparts `without`. Equal scores are in the
        order of the ids. The listing itself need not be indexed. `partners` are the numbers of
        the parties with whom it has agreed before.
        """
        market = self._pools.get(making.opposite(int(one.market[0])))
        if market is None or not len(market):
            return []
        if among is None:
            of = pairs(one, market.features(), self.rules, day, partners)
            return search.best(of, n, market.rows(without))
        rows = market.rows(set(among) - set(without))
        if not len(rows):
            return []
        of = pairs(one, market.features().some(rows), self.rules, day, partners)
        return search.best(of, n, market.rows(()))

    def eligible(self, one: Features, day: date) -> Pairs | None:
        """A listing and the counterparts that nothing stands against; None where it has none."""
        market = self._pools.get(making.opposite(int(one.market[0])))
        if market is None:
            return None
        of = pairs(one, market.features(), self.rules, day)
        return of.some(search.clear(of))

    def judged(
        self, one: Features, others: Collection[UUID], day: date, partners: Column = NOBODY
    ) -> list[Found]:
        """How a listing fits with others, in their order; those not indexed are left out."""
        found: dict[UUID, Found] = {}
        for market in self._pools.values():
            if len(rows := market.rows(others)):
                many = market.features().some(rows)
                of = pairs(one, many, self.rules, day, partners)
                found |= {each.listing_id: each for each in search.judged(of)}
        return [found[each] for each in others if each in found]

    def memory(self) -> int:
        """The bytes of all columns."""
        return sum(market.memory() for market in self._pools.values())

    def _of(self, listing_id: UUID) -> Pool | None:
        return next((each for each in self._pools.values() if listing_id in each), None)
