"""A listing and possible counterparts, one or many, side by side in columns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from impulse_contracts.codes import PlaceMode
from impulse_matching.domain import recurring
from impulse_matching.domain.features import EVER_SINCE, FOR_EVER, Answers, Column, Features, Rows
from impulse_matching.domain.making import day_number, is_need
from impulse_matching.domain.rules import RuleSet

NOBODY: Column = np.zeros(0, dtype=np.uint64)
ONLINE = tuple(PlaceMode).index(PlaceMode.ONLINE)


@dataclass(frozen=True)
class Pairs:
    """Needs and offers that are looked at together, one row each or one against many.

    What several conditions and criteria need is worked out once.
    """

    need: Features
    offer: Features
    rules: RuleSet
    today: int
    """In days since 1970."""
    of_need: bool
    """Whether the need is the one listing, and the offers are many; else it is the other way."""
    partners: Column
    """With whom the one side has agreed before: numbers of parties."""

    @property
    def one(self) -> Features:
        """The side that is one listing."""
        return self.need if self.of_need else self.offer

    @property
    def many(self) -> Features:
        """The other side."""
        return self.offer if self.of_need else self.need

    def some(self, rows: Rows) -> Pairs:
        """The one side against some of the others."""
        many = self.many.some(rows)
        need, offer = (self.need, many) if self.of_need else (many, self.offer)
        return Pairs(need, offer, self.rules, self.today, self.of_need, self.partners)

    @cached_property
    def are_partners(self) -> Answers:
        """Whether the two have agreed before."""
        if not len(self.partners):
            return np.zeros(len(self.many.party), dtype=np.bool_)
        return np.isin(self.many.party, self.partners)

    @cached_property
    def online(self) -> Answers:
        """Whether either side works online."""
        if self.one.mode[0] == ONLINE:
            return np.ones(len(self.many.mode), dtype=np.bool_)
        return np.asarray(self.many.mode == ONLINE)

    @cached_property
    def squared_chords(self) -> Column:
        """How far apart the sides are, as squared chords; NaN where a place is not known."""
        need, offer = self.need, self.offer
        chords = (need.x - offer.x) ** 2
        chords += (need.y - offer.y) ** 2
        chords += (need.z - offer.z) ** 2
        return np.asarray(chords)

    @cached_property
    def start(self) -> Column:
        """From which minute on both can."""
        if self.one.earliest[0] == EVER_SINCE:
            return self.many.earliest
        return np.maximum(self.need.earliest, self.offer.earliest)

    @cached_property
    def end(self) -> Column:
        """Until which minute both can."""
        if self.one.latest[0] == FOR_EVER:
            return self.many.latest
        return np.minimum(self.need.latest, self.offer.latest)

    @cached_property
    def duration(self) -> Column:
        """How many minutes it takes: the longer of what the sides say; 0 where neither does."""
        if not self.one.duration[0]:
            return self.many.duration
        return np.maximum(self.need.duration, self.offer.duration)

    @cached_property
    def recurs(self) -> Rows:
        """The pairs of which a side recurs."""
        if self.one.anchor[0] != EVER_SINCE:
            return np.arange(len(self.many.anchor))
        return np.flatnonzero(self.many.anchor != EVER_SINCE)

    @cached_property
    def common(self) -> Column:
        """The minutes of a day that those have in common of which a side recurs."""
        return recurring.common(self.one, self.many.some(self.recurs))

    @cached_property
    def overlap(self) -> Column:
        """For how many minutes both can; negative: the gap between them. Of what recurs, each
        time."""
        both = self.end.astype(np.int64)
        both -= self.start
        if len(rows := self.recurs):
            both[rows] = np.minimum(both[rows], self.common.max(axis=0))
        return both


def pairs(
    one: Features, many: Features, rules: RuleSet, day: date, partners: Column = NOBODY
) -> Pairs:
    """One listing and possible counterparts as they are looked at on a day."""
    of_need = is_need(int(one.market[0]))
    need, offer = (one, many) if of_need else (many, one)
    return Pairs(need, offer, rules, day_number(day), of_need, partners)
