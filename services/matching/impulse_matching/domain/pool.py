"""The open listings of one direction, category and kind (example or real), in columns."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import numpy as np

from impulse_matching.domain.features import ENTRY, Column, Entries, Features, Rows

_FIELDS = ENTRY.names or ()
_FEWEST, _GROWTH = 16, 1.2


class Pool:
    """Rows of columns without gaps; which row a listing is in changes when others go."""

    def __init__(self) -> None:
        self._columns: dict[str, Column] = {}
        self._row: dict[int, int] = {}
        self._features: Features | None = None
        self._room(_FEWEST)

    def __len__(self) -> int:
        return len(self._row)

    def __contains__(self, listing_id: UUID) -> bool:
        return listing_id.int in self._row

    def features(self) -> Features:
        """Those of all listings; a view, valid until the next change."""
        if self._features is None:
            size = len(self._row)
            columns = {name: column[:size] for name, column in self._columns.items()}
            self._features = Features(columns)
        return self._features

    def rows(self, ids: Collection[UUID]) -> Rows:
        """In which rows listings are, as far as they are here."""
        return np.array(
            [self._row[each.int] for each in ids if each.int in self._row], dtype=np.intp
        )

    def put(self, entry: Entries) -> None:
        """Adds a listing, or replaces what it was."""
        key = int(entry["high"][0]) << 64 | int(entry["low"][0])
        row = self._row.setdefault(key, len(self._row))
        self._features = None
        if row == len(self._columns["market"]):
            self._room(len(self._row))
        for column, value in zip(self._columns.values(), entry[0].item(), strict=True):
            column[row] = value

    def extend(self, entries: Entries) -> None:
        """Adds many listings that are not here yet."""
        first, size = len(self._row), len(entries)
        self._features = None
        if first + size > len(self._columns["market"]):
            self._room(first + size)
        for name, column in self._columns.items():
            column[first : first + size] = entries[name]
        keys = zip(entries["high"].tolist(), entries["low"].tolist(), strict=True)
        self._row.update(
            (high << 64 | low, first + place) for place, (high, low) in enumerate(keys)
        )

    def remove(self, listing_id: UUID) -> None:
        """Takes a listing out; the last row moves to where it was."""
        row, last = self._row.pop(listing_id.int), len(self._row)
        self._features = None
        if row != last:
            for column in self._columns.values():
                column[row] = column[last]
            moved = int(self._columns["high"][row]) << 64 | int(self._columns["low"][row])
            self._row[moved] = row

    def memory(self) -> int:
        """The bytes of the columns."""
        return sum(column.nbytes for column in self._columns.values())

    def _room(self, size: int) -> None:
        """Makes room for so many listings and some more."""
        wider = max(_FEWEST, int(size * _GROWTH))
        for name in _FIELDS:
            field = ENTRY[name]
            column = np.zeros((wider, *field.shape), dtype=field.base)
            if name in self._columns:
                before = self._columns[name][:wider]
                column[: len(before)] = before
            self._columns[name] = column


def ids_of(features: Features) -> list[UUID]:
    """The ids of listings."""
    halves = zip(features.high.tolist(), features.low.tolist(), strict=True)
    return [UUID(int=high << 64 | low) for high, low in halves]
