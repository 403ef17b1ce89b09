"""Who is shown too rarely comes a little earlier, and never ahead of what fits clearly better.

Exposure is how often the listings of a municipality, or of an organisation, were suggested to the
other side in the last weeks, for each that it has open. Who has less than the average is lifted by
up to the band of the rule set: so only pairs whose scores are closer than that change places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

WEEKS = 13
"""How long a suggestion counts as exposure: a quarter."""


class Exposure(NamedTuple):
    """How often listings were suggested, and how many of them are open."""

    shown: int
    open: int

    @property
    def each(self) -> float:
        """For each open listing; 0 where there is none."""
        return self.shown / self.open if self.open else 0.0


class Adjustment(NamedTuple):
    """By how much a pair was lifted, and the exposures for which it was."""

    points: float
    deficit: float


def deficit(own: Exposure, average: float) -> float:
    """How far an exposure is below the average: 0 (at it, or above) to 1 (never shown)."""
    return min(max(1 - own.each / average, 0.0), 1.0) if average > 0 else 0.0


def lifts(deficits: Sequence[Sequence[float]], band: float) -> list[Adjustment]:
    """For each pair, from what its municipality and its organisation lack, by how much it rises.

    Both count alike. Rounded to six decimals as scores are.
    """
    means = [sum(each) / len(each) if each else 0.0 for each in deficits]
    return [Adjustment(round(band * mean, 6), round(mean, 4)) for mean in means]


def order(scores: Sequence[float], adjustments: Sequence[Adjustment]) -> list[int]:
    """The places in the order in which the pairs are suggested: lifted scores, best first.

    Equal ones stay in the order in which they are. A pair whose score is higher by the band or
    more than another's never comes after it.
    """
    lifted = [
        score + adjustment.points for score, adjustment in zip(scores, adjustments, strict=True)
    ]
    return sorted(range(len(lifted)), key=lambda place: -lifted[place])


def gini(values: Sequence[float]) -> float:
    """How unequal values of 0 and more are: 0 (all the same) to nearly 1 (one has all).

    Half the mean absolute difference of all pairs, in relation to the mean (Gini 1912).
    """
    ascending, total = sorted(values), sum(values)
    if not total:
        return 0.0
    weighted = sum(place * value for place, value in enumerate(ascending, 1))
    n = len(ascending)
    return 2 * weighted / (n * total) - (n + 1) / n
