"""What can be compared of a listing by calculation: a packed record, and columns of records.

A listing becomes an `ENTRY` once, when it changes; that is what is stored, and what the index
holds, field by field in columns. Conditions and criteria are written once on columns and hold for
a single pair (one row each) and for one listing against many.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

GRAMS = 96
"""Of so many n-grams a text is compared at most, the telling ones."""
HORIZON = 448
"""On how many days from its confirmation on (64 weeks) a recurring listing is looked at."""

EVER_SINCE, FOR_EVER = -(2**31), 2**31 - 1
"""The bounds, in minutes or days since 1970, of what is open in time."""
UNSAID = -1
"""The code of what a listing does not say, and its team size."""

ENTRY = np.dtype(
    [
        ("made", "u4"),
        ("market", "u1"),
        ("high", "u8"),
        ("low", "u8"),
        ("version", "i4"),
        ("party", "u8"),
        ("x", "f4"),
        ("y", "f4"),
        ("z", "f4"),
        ("reach", "f4"),
        ("mode", "i1"),
        ("earliest", "i4"),
        ("latest", "i4"),
        ("duration", "i4"),
        ("opens", "i2"),
        ("closes", "i2"),
        ("first_day", "i4"),
        ("last_day", "i4"),
        ("anchor", "i4"),
        ("days", "u1", HORIZON // 8),
        ("confirmed", "i4"),
        ("valid_until", "i4"),
        ("team_min", "i2"),
        ("team_max", "i2"),
        ("quantity", "f4"),
        ("unit", "i1"),
        ("topics", "u1"),
        ("skills", "u4"),
        ("requirements", "u2"),
        ("in_return", "u1"),
        ("accessibility", "u2"),
        ("kind", "u1"),
        ("grams", "u4", GRAMS),
        ("weights", "u1", GRAMS),
        ("length", "f4"),
    ]
)

Column = NDArray[Any]
Entries = NDArray[np.void]
Rows = NDArray[np.intp]
Floats = NDArray[np.float32]
Answers = NDArray[np.bool_]


class Features:
    """Columns of equal length, or some rows of them, gathered when they are first asked for."""

    made: Column
    """By which making (`listing.MAKING`) the record was made."""
    market: Column
    high: Column
    low: Column
    """The listing's id."""
    version: Column
    """That of the fact it was made from."""
    party: Column
    """Who stands behind it: its actor, or the legal entity that bears that."""
    x: Column
    y: Column
    z: Column
    """The place as a point on a sphere of radius 1; NaN where it is not located."""
    reach: Column
    """How far away the other side may be, as the square of a chord of that sphere; NaN: unsaid."""
    mode: Column
    """In which place mode, by its place in the list of them."""
    earliest: Column
    latest: Column
    """Between which minutes since 1970 it can take place, flexibility included."""
    duration: Column
    """How many minutes it takes; 0: not said."""
    opens: Column
    closes: Column
    """Between which minutes of a day in Germany; past midnight they go on."""
    first_day: Column
    last_day: Column
    """Between which days in Germany, since 1970, it can begin."""
    anchor: Column
    """For what recurs, the day since 1970 with which `days` begin; else `EVER_SINCE`."""
    days: Column
    """On which days it begins, a bit each."""
    confirmed: Column
    valid_until: Column
    """Days since 1970."""
    team_min: Column
    team_max: Column
    quantity: Column
    unit: Column
    topics: Column
    skills: Column
    requirements: Column
    in_return: Column
    """Categories of counter-performance: what a need gives, what an offer wishes for."""
    accessibility: Column
    """Sets of codes are bit masks."""
    kind: Column
    """Format and mode of corporate volunteering: each by its place from 1 on, 0 for not said; the
    format in the upper four bits."""
    grams: Column
    weights: Column
    length: Column
    """What its text is about: n-grams with their weights, and the vector's length."""

    def __init__(self, columns: dict[str, Column], rows: Rows | None = None) -> None:
        self._columns = columns
        self.rows = rows

    def __getattr__(self, name: str) -> Column:
        column = self._columns[name]
        if self.rows is not None:
            column = column.take(self.rows, axis=0)
        setattr(self, name, column)
        return column

    def some(self, rows: Rows) -> Features:
        """Some of these rows."""
        return Features(self._columns, rows if self.rows is None else self.rows[rows])

    @property
    def single(self) -> bool:
        """Whether it is one row only."""
        return len(self.party) == 1


def of_entry(entry: Entries) -> Features:
    """The features of records that were made."""
    return Features({name: np.ascontiguousarray(entry[name]) for name in ENTRY.names or ()})
