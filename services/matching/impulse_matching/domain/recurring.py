"""Whether something that recurs ever falls together with the other side, by days and hours.

A night shift belongs to the day on which it begins; so where both sides keep hours, the evening of
one may be the early morning of the other, a day later.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from impulse_matching.domain.features import EVER_SINCE, HORIZON, Answers, Column, Features
from impulse_matching.domain.making import DAY

_AHEAD = 4 * HORIZON
"""So many days from today on are looked at."""
_SHIFTS = (0, 1, -1)


def common(one: Features, many: Features) -> Column:
    """For how many minutes of a day both can, at most 0 for never: a row for each number of days
    (none, one later, one earlier) by which `one` is moved."""
    keeps = one.closes - one.opens <= DAY
    shifts = np.array([[DAY * shift] for shift in _SHIFTS[: 3 if keeps[0] else 1]], dtype=np.int32)
    both = np.minimum(one.closes + shifts, many.closes)
    both -= np.maximum(one.opens + shifts, many.opens)
    both[1:] *= many.closes - many.opens <= DAY
    return both


def never_together(one: Features, many: Features, common: Column, today: int) -> Answers:
    """Whether no day from today on suits both. For pairs of which at least one side recurs, with
    the minutes of a day that they have in `common`."""
    [side] = _sides(one)
    on = [side.days(today + shift) for shift in _SHIFTS[: len(common)]]
    together = [
        any(minutes > 0 and days & theirs for days, minutes in zip(on, each, strict=True))
        for each, theirs in zip(
            common.T.tolist(), (other.days(today) for other in _sides(many)), strict=True
        )
    ]
    return ~np.array(together, dtype=np.bool_)


class _Side(NamedTuple):
    """When one listing can begin."""

    first: int
    last: int
    anchor: int
    occurs: bytes

    def days(self, start: int) -> int:
        """On which of the `_AHEAD` days from `start` on, a bit each."""
        begin, end = max(0, self.first - start), min(_AHEAD, self.last + 1 - start)
        on = (1 << max(0, end)) - (1 << begin) if begin < end else 0
        if self.anchor == EVER_SINCE:
            return on
        known, later = int.from_bytes(self.occurs, "little"), self.anchor - start
        return on & (known << min(later, _AHEAD) if later > 0 else known >> -later)


def _sides(of: Features) -> list[_Side]:
    columns = of.first_day.tolist(), of.last_day.tolist(), of.anchor.tolist()
    return [_Side(*each) for each in zip(*columns, map(bytes, of.days), strict=True)]
