"""How well a pair fits: the criteria, on columns as the conditions are.

Values are whole ten-thousandths and weights whole hundredths, so points are whole millionths and
added exactly, in single precision too: the score of a pair is the same alone and among a million.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from impulse_contracts.codes import SocietalTopic
from impulse_matching.domain import vectors
from impulse_matching.domain.features import UNSAID, Column, Floats
from impulse_matching.domain.goals import GOALS_OF
from impulse_matching.domain.making import EARTH_RADIUS_KM
from impulse_matching.domain.pairs import ONLINE, Pairs
from impulse_matching.domain.rules import Criterion

ONE = 10_000
"""A value of 1."""

Said = Floats | float
UNKNOWN = np.nan
"""What is known of no pair, as the one listing says nothing."""

GOALS = np.array(
    [
        np.bitwise_or.reduce(
            [0, *(GOALS_OF[topic] for bit, topic in enumerate(SocietalTopic) if topics >> bit & 1)]
        )
        for topics in range(1 << len(SocietalTopic))
    ],
    dtype=np.uint32,
)
"""The goals of every set of topics."""


def values(of: Pairs, criteria: Sequence[Criterion]) -> Floats:
    """How well the pairs fit, with the tolerance that the rules grant: a row a criterion.

    Whole numbers from 0 to `ONE`; of blocked pairs it means nothing.
    """
    tolerance = of.rules.tolerance
    full = [ONE / (1 - tolerance.get(each, 0.0)) for each in criteria]
    shares = np.empty((len(criteria), len(of.many.party)), dtype=np.float32)
    for row, each in zip(shares, criteria, strict=True):
        row[:] = CRITERIA[each](of)
    shares *= np.array(full, dtype=np.float32)[:, np.newaxis]
    np.rint(shares, out=shares)
    # What is not known is NaN, and stays so.
    np.minimum(np.maximum(shares, 0, out=shares), ONE, out=shares)
    unknown = np.isnan(shares)
    np.fmax(shares, 0, out=shares)
    shares += unknown * np.float32(round(ONE * of.rules.unknown))
    return shares


def distance_km(of: Pairs) -> Floats:
    """Great-circle distance by the chord, exact at short range; NaN where a place is not known."""
    half = np.sqrt(of.squared_chords) / 2
    return np.asarray(np.float32(2 * EARTH_RADIUS_KM) * np.arcsin(np.minimum(half, 1)))


def _text(of: Pairs) -> Said:
    return vectors.similarity(of.one, of.many) / np.float32(of.rules.text.full_similarity)


def _topics(of: Pairs) -> Said:
    return _shared(of.one.topics, of.many.topics)


def _goals(of: Pairs) -> Said:
    return _shared(GOALS[of.one.topics], GOALS.take(of.many.topics))


def _skills(of: Pairs) -> Said:
    return _shared(of.one.skills, of.many.skills)


def _shared(mine: Column, theirs: Column) -> Said:
    """The share of the side with fewer codes that the other side has too."""
    if not mine[0]:
        return UNKNOWN
    fewer = np.minimum(np.bitwise_count(mine), np.bitwise_count(theirs))
    return _share(np.bitwise_count(mine & theirs), fewer)


def _share(part: Column, whole: Column) -> Floats:
    """A part of a whole; NaN where there is no whole."""
    return np.divide(part, whole, dtype=np.float32)


def _distance(of: Pairs) -> Floats:
    """Halves with every `half_km`. Online on both sides is no distance; on one, it is not known."""
    near = np.exp2(distance_km(of) * np.float32(-1 / of.rules.distance.half_km))
    need, offer = of.need.mode == ONLINE, of.offer.mode == ONLINE
    near[need | offer] = np.nan
    near[need & offer] = 1
    return np.asarray(near)


def _capacity(of: Pairs) -> Floats:
    return np.asarray(np.fmin(_team_size(of), _quantity(of)))


def _team_size(of: Pairs) -> Said:
    """Which share of the wanted team the offer covers; NaN where a side says nothing."""
    if of.one.team_max[0] <= 0:
        return UNKNOWN
    said = of.many.team_max > 0
    return _share(of.offer.team_max * said, of.need.team_max * said)


def _quantity(of: Pairs) -> Said:
    """Which share of the wanted quantity the offer covers; NaN where they cannot be compared."""
    if of.one.unit[0] == UNSAID:
        return UNKNOWN
    same = of.need.unit == of.offer.unit
    return _share(of.offer.quantity * same, np.maximum(of.need.quantity, 1e-9) * same)


def _time(of: Pairs) -> Floats:
    """Which share of the duration fits into the time that both sides have."""
    needed = of.duration
    return np.where(needed > 0, _share(of.overlap, np.maximum(needed, 1)), np.float32(1))


def _counter_performance(of: Pairs) -> Floats:
    """Whether the need gives something in return, and of a kind that the offer wishes for."""
    gives, wishes = of.need.in_return, of.offer.in_return
    fits = (gives != 0) & ((wishes == 0) | (gives & wishes != 0))
    return _share(fits, (gives != 0) | (wishes != 0))


def _format(of: Pairs) -> Floats:
    """Which of format and mode, as far as both sides name them, are the same."""
    mine, theirs = of.one.kind[0], of.many.kind
    said, same = np.zeros((2, len(theirs)), dtype=np.uint8)
    for part in (0xF0, 0x0F):
        if mine & part:
            said += theirs & part != 0
            same += theirs & part == mine & part
    return _share(same, said)


def _accessibility(of: Pairs) -> Said:
    """Which share of what the need asks for the offer has; NaN where a side says nothing."""
    if not of.one.accessibility[0]:
        return UNKNOWN
    asked, has = of.need.accessibility, of.offer.accessibility
    return _share(np.bitwise_count(asked & has), np.bitwise_count(asked) * (has != 0))


def _past_relation(of: Pairs) -> Floats:
    """What the rules make of two who have agreed before, and of two who are new to each other."""
    relation = of.rules.past_relation
    return np.where(of.are_partners, np.float32(relation.known), np.float32(relation.new))


def _freshness(of: Pairs) -> Floats:
    """By the side whose last confirmation is longer ago."""
    age = of.today - np.minimum(of.need.confirmed, of.offer.confirmed)
    fresh, stale = of.rules.freshness.fresh_days, of.rules.freshness.stale_days
    return _share(stale - age, np.array(stale - fresh))


CRITERIA: dict[Criterion, Callable[[Pairs], Said]] = {
    Criterion.TOPICS: _topics,
    Criterion.GOALS: _goals,
    Criterion.SKILLS: _skills,
    Criterion.DISTANCE: _distance,
    Criterion.COUNTER_PERFORMANCE: _counter_performance,
    Criterion.FORMAT: _format,
    Criterion.ACCESSIBILITY: _accessibility,
    Criterion.TEAM_SIZE: _team_size,
    Criterion.QUANTITY: _quantity,
    Criterion.CAPACITY: _capacity,
    Criterion.TIME: _time,
    Criterion.FRESHNESS: _freshness,
    Criterion.PAST_RELATION: _past_relation,
    Criterion.TEXT: _text,
}
DEAR = (Criterion.TIME, Criterion.TEXT)
"""What is worked out for few."""
