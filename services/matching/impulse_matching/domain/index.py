"""All open listings in memory, and the best counterparts of one.

The listings of one direction, category and kind (example or real) stand together in a market, so
that a search looks at possible counterparts only: conditions on whole columns first, then the
few that are left are scored. Fine for some hundred thousand listings in one process.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from heapq import nsmallest
from uuid import UUID

import numpy as np

from impulse_matching.domain import criteria, text
from impulse_matching.domain.listing import COLUMN_TYPES, Features, Floats, Listing
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.scoring import Scored, explain, total


class Index:
    """Open listings, updated in place. `rules` judge every search."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._markets: dict[tuple[str, str, bool], _Market] = {}
        self._where: dict[UUID, _Market] = {}

    def __len__(self) -> int:
        return len(self._where)

    def __contains__(self, listing_id: UUID) -> bool:
        return listing_id in self._where

    def get(self, listing_id: UUID) -> Listing | None:
        """The listing as it is indexed; None when it is not, or no longer."""
        market = self._where.get(listing_id)
        return market.get(listing_id) if market else None

    def put(self, listing: Listing) -> None:
        """Adds a listing or replaces its older state; one that is not open is taken out."""
        self.remove(listing.listing_id)
        if listing.is_open:
            market = self._markets.setdefault(listing.market, _Market())
            market.add(listing)
            self._where[listing.listing_id] = market

    def remove(self, listing_id: UUID) -> None:
        """Takes a listing out; nothing happens when it is not there."""
        if market := self._where.pop(listing_id, None):
            market.remove(listing_id)

    def best(
        self, listing: Listing, day: date, n: int = 10, without: Collection[UUID] = ()
    ) -> list[Scored]:
        """The `n` counterparts with the highest scores on `day`, best first.

        Blocked pairs are not among them, nor the counterparts `without`. Equal scores are in the
        order of the ids. `listing` itself need not be indexed.
        """
        market = self._markets.get(listing.opposite)
        if market is None or not listing.is_open:
            return []
        is_need = listing.is_need
        columns = market.columns()
        sides = (listing.features, columns) if is_need else (columns, listing.features)
        against = np.any(list(criteria.blocked(*sides, self.rules, day).values()), axis=0)
        against[market.rows(without)] = True
        rows = np.flatnonzero(~against)
        if not len(rows):
            return []
        found = Features._make(column[rows] for column in columns)
        sides = (listing.features, found) if is_need else (found, listing.features)
        others = [market.listings[row] for row in rows]
        similarity = text.similarity(listing.vector, [market.vectors[row] for row in rows])
        raw = criteria.raw_values(*sides, similarity, self.rules, day)
        scores = total(raw, self.rules)
        chosen = nsmallest(
            n, _best(scores, n), key=lambda i: (-scores[i], others[i].listing_id.int)
        )
        return [
            explain(
                *((listing, others[i]) if is_need else (others[i], listing)),
                {criterion: float(values[i]) for criterion, values in raw.items()},
                self.rules,
                day,
            )
            for i in chosen
        ]


class _Market:
    """Listings that stand together; features and vectors row by row as in `listings`."""

    def __init__(self) -> None:
        self.listings: list[Listing] = []
        self.vectors: list[text.TextVector] = []
        self._row: dict[UUID, int] = {}
        self._columns = Features._make(np.empty(16, dtype=kind) for kind in COLUMN_TYPES)

    def get(self, listing_id: UUID) -> Listing:
        return self.listings[self._row[listing_id]]

    def columns(self) -> Features:
        """The features of all listings; a view, valid until the next change."""
        return Features._make(column[: len(self.listings)] for column in self._columns)

    def rows(self, ids: Collection[UUID]) -> list[int]:
        return [self._row[each] for each in ids if each in self._row]

    def add(self, listing: Listing) -> None:
        row = len(self.listings)
        if row == len(self._columns.actor):
            self._columns = Features._make(np.resize(column, 2 * row) for column in self._columns)
        self.listings.append(listing)
        self.vectors.append(listing.vector)
        self._write(row, listing)

    def remove(self, listing_id: UUID) -> None:
        """The last row moves to where the listing was."""
        row, last, vector = self._row.pop(listing_id), self.listings.pop(), self.vectors.pop()
        if last.listing_id != listing_id:
            self.listings[row], self.vectors[row] = last, vector
            self._write(row, last)

    def _write(self, row: int, listing: Listing) -> None:
        self._row[listing.listing_id] = row
        for column, value in zip(self._columns, listing.features, strict=True):
            column[row] = value[0]


def _best(scores: Floats, n: int) -> list[int]:
    """The rows with the `n` highest scores, and all that equal the last of them."""
    if n >= len(scores):
        return list(range(len(scores)))
    nth = np.partition(scores, -n)[-n]
    return [int(row) for row in np.flatnonzero(scores >= nth)]
