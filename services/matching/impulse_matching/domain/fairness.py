"""Who was suggested less than others comes earlier, but never ahead of what fits clearly better.

Exposure is how often the open needs (or offers) of a municipality, or of an organisation, were
suggested, for each of them: a pair counts once, for both of its listings, whichever of the two it
was found for. Whose exposure is below the average is lifted by up to the band of the rule set: so
only pairs whose scores differ by less than that change places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.registry.listings import ListingState
from impulse_matching.domain.rules import FairnessRules

MILLION = 1_000_000
"""A score of 1: scores, bands and lifts are counted in millionths, and so are compared exactly."""


class Exposure(Aggregate, key="of"):
    """How often listings were suggested that are open now, and how many these are.

    `of` says whose: `need/05113000` (of a municipality), `need/<actor id>`, or `need`, those of
    all; and `offer` likewise. Examples are among themselves (`example/need`).
    """

    of: str
    open: int = 0
    shown: int = 0

    @property
    def each(self) -> float:
        """For each open listing; 0 where there is none."""
        return self.shown / self.open if self.open else 0.0


def keys(listing: ListingState) -> tuple[str, ...]:
    """Whose exposure a listing is part of: that of all, its actor's, and its municipality's."""
    side = f"example/{listing.direction}" if listing.example else str(listing.direction)
    own = (side, f"{side}/{listing.actor_id}")
    return (*own, f"{side}/{listing.place.ags}") if listing.place.ags else own


class Candidate(NamedTuple):
    """A pair that may be suggested, with the exposure of those whom it would show."""

    score: int
    """In millionths."""
    actor: float
    municipality: float | None = None
    """None: it takes place in none, or nobody knows where."""
    kept: bool = False
    """It was suggested before, and stays."""


class Place(NamedTuple):
    """Where a candidate stands: which one it is, its rank by score and now, both from 1, and by how
    many millionths it was lifted."""

    candidate: int
    before: int
    rank: int
    lift: int

    @property
    def is_adjusted(self) -> bool:
        """Whether fairness has anything to do with it."""
        return self.lift > 0 or self.rank != self.before


def lack(exposure: float, average: float, full_at: float) -> float:
    """How much is missing, 0 to 1: one half at the average, all from `full_at` below it on.

    Without an average nobody was shown yet, and nobody lacks anything.
    """
    if average <= 0:
        return 0.0
    return min(max(0.5 + (1 - exposure / average) / (2 * full_at), 0.0), 1.0)


def lift(candidate: Candidate, average: float, rules: FairnessRules) -> int:
    """By how many millionths a pair rises; municipality and organisation count alike.

    What was suggested before rises by all of the band, so that nothing takes its place that does
    not fit better.
    """
    of = [each for each in (candidate.actor, candidate.municipality) if each is not None]
    lacks = [lack(each, average, rules.full_at) for each in of]
    return round(MILLION * rules.band * (1 if candidate.kept else sum(lacks) / len(lacks)))


def ranked(
    candidates: Sequence[Candidate], average: float, rules: FairnessRules, n: int
) -> list[Place]:
    """The best `n` of pairs that come best first. Equal ones stay in their order.

    A pair whose score is higher by more than the band than another's never comes after it.
    """
    lifts = [lift(each, average, rules) for each in candidates]
    order = sorted(range(len(candidates)), key=lambda i: -(candidates[i].score + lifts[i]))
    return [
        Place(which, which + 1, rank, 0 if candidates[which].kept else lifts[which])
        for rank, which in enumerate(order[:n], 1)
    ]


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
