"""Whether something that recurs ever falls together with the other side, by days and hours.

A night shift belongs to the day on which it begins; so where both sides keep hours, the evening of
one may be the early morning of the other, a day later.
"""

from __future__ import annotations

import numpy as np

from impulse_matching.domain.features import EVER_SINCE, HORIZON, Answers, Column, Features
from impulse_matching.domain.making import DAY

_AHEAD = 4 * HORIZON
"""Of so many days from today on the one side's occurrences are laid out."""
_SHIFTS = (0, 1, -1)


def hours(one: Features, many: Features) -> Column:
    """For how many minutes of a day both can; at most 0: never."""
    return np.asarray(np.max([_common(one, many, shift) for shift in _SHIFTS], axis=0))


def never_together(one: Features, many: Features, today: int) -> Answers:
    """Whether no day from today on suits both. For pairs of which at least one side recurs."""
    never = np.ones(len(many.anchor), dtype=np.bool_)
    for shift in _SHIFTS:
        rows = np.flatnonzero(never & (_common(one, many, shift) > 0))
        if len(rows):
            never[rows] = ~_on_one_day(_laid_out(one, today + shift), many.some(rows), today)
    return never


def _common(one: Features, other: Features, shift: int) -> Column:
    """The minutes that both have where `one` is moved by so many days."""
    moved = np.int32(shift * DAY)
    common = np.minimum(one.closes + moved, other.closes) - np.maximum(
        one.opens + moved, other.opens
    )
    if shift:
        both_keep_hours = (one.closes - one.opens <= DAY) & (other.closes - other.opens <= DAY)
        return np.where(both_keep_hours, common, 0)
    return np.asarray(common)


def _laid_out(one: Features, first: int) -> Answers:
    """On which of the `_AHEAD` days from `first` on `one` can begin."""
    day = first + np.arange(_AHEAD)
    on = np.asarray((day >= one.first_day) & (day <= one.last_day))
    if one.anchor[0] != EVER_SINCE:
        begin = int(one.anchor[0]) - first
        known = np.unpackbits(one.days[0], bitorder="little").astype(np.bool_)
        occurs = np.zeros(_AHEAD, dtype=np.bool_)
        start, end = max(0, begin), min(_AHEAD, begin + HORIZON)
        if start < end:
            occurs[start:end] = known[start - begin : end - begin]
        on &= occurs
    return on


def _on_one_day(on: Answers, many: Features, today: int) -> Answers:
    """Whether any of the days that are `on`, from today, is one of theirs."""
    first, last = (
        np.clip(day.astype(np.int64) - today, 0, _AHEAD - 1)
        for day in (many.first_day, many.last_day)
    )
    until = np.concatenate([[0], np.cumsum(on)])
    found = np.asarray(until[last + 1] > until[first])
    recurs = np.flatnonzero(found & (many.anchor != EVER_SINCE))
    if len(recurs):
        # Days that nobody looks at are put around, so that every window lies within.
        around = np.zeros(HORIZON, dtype=np.bool_)
        padded = np.concatenate([around, on, around])
        windows = np.lib.stride_tricks.sliding_window_view(padded, HORIZON)
        begin = np.clip(many.anchor[recurs] - today, -HORIZON, _AHEAD) + HORIZON
        days = np.unpackbits(many.days[recurs], axis=1, bitorder="little").astype(np.bool_)
        found[recurs] = (windows[begin] & days).any(axis=1)
    return found
