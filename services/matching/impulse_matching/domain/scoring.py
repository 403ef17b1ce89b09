"""What a pair is worth, and why: points a criterion, reasons, blockers."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from impulse_contracts.codes import Direction
from impulse_contracts.matching import Adjustment, Contribution, ReasonGiven
from impulse_contracts.unchecked import unchecked
from impulse_matching.domain import (
    criteria,
    features,
    objections,
    search,
    sentences,
    text,
)
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.pairs import NOBODY, pairs
from impulse_matching.domain.rules import Criterion, RuleSet
from impulse_matching.domain.search import Found
from impulse_matching.domain.wording import Sentence

TOP_REASONS = 3
_MILLION = 1_000_000


class Inputs(BaseModel):
    """What a score was made from, beside the rules and the day: with these it is made once more."""

    model_config = ConfigDict(frozen=True)

    need_version: int
    offer_version: int
    partners: bool
    taxonomy: str
    """Another one finds other concepts in the same words."""


@dataclass(frozen=True)
class Scored:
    """A pair with its score (0 to 1) and everything that explains it.

    The points of the contributions add up to the score. A blocked pair has score 0, its blockers
    and no contributions. `inputs_hash` is that of all that the score was made from: the two
    listings, their confirmation, the rules, the taxonomy, the day, and whether the two have
    agreed before.
    """

    need: Listing
    offer: Listing
    score: float
    contributions: tuple[Contribution, ...]
    reasons: tuple[ReasonGiven, ...]
    blockers: tuple[ReasonGiven, ...]
    ruleset_version: str
    inputs: Inputs
    inputs_hash: str
    content_hash: str
    """Changes with what the two listings say, not with the day, a confirmation or the rules."""
    adjustment: Adjustment | None = None
    """How fairness moved it among the counterparts of the listing that it was found for."""

    def counterpart(self, listing: Listing) -> Listing:
        """The side that is not `listing`."""
        return self.offer if listing.listing_id == self.need.listing_id else self.need


def score(
    need: Listing, offer: Listing, rules: RuleSet, day: date, partners: bool = False
) -> Scored:
    """Judges one pair on `day`; the same inputs always give the same result.

    `partners` says whether the two have agreed before.
    """
    blockers = _outside(need, offer)
    if need.is_open and offer.is_open:
        known = offer.features.party if partners else NOBODY
        of = pairs(need.features, offer.features, rules, day, known)
        [found] = search.judged(of)
        if not (blockers or found.blockers):
            return explain(need, offer, found.values, rules, day, partners)
        blockers |= found.blockers
    return explain_blocked(need, offer, blockers, rules, day, partners)


def told(found: Found, one: Listing, other: Listing, rules: RuleSet, day: date) -> Scored:
    """What the index found about `one` and `other`, in words."""
    need, offer = (one, other) if one.is_need else (other, one)
    if found.blockers:
        return explain_blocked(need, offer, found.blockers, rules, day, found.partners)
    return explain(need, offer, found.values, rules, day, found.partners)


def against(
    listing: Listing, others: Sequence[Listing], rules: RuleSet, day: date
) -> NDArray[np.float64]:
    """The score of a listing with each of `others`, which stand in the market opposite to its own
    and are open as it is; 0 where something stands against the pair."""
    many = features.of_entry(np.concatenate([other.entry for other in others]))
    return search.scores(pairs(listing.features, many, rules, day)) / _MILLION


def points(values: Mapping[Criterion, int], rules: RuleSet) -> int:
    """The score of a pair from its values, in millionths."""
    return sum(weight * values[each] for each, weight in rules.hundredths.items())


def explain(
    need: Listing,
    offer: Listing,
    values: Mapping[Criterion, int],
    rules: RuleSet,
    day: date,
    partners: bool = False,
) -> Scored:
    """The score of a pair that nothing stands against, from its values."""
    weights = rules.hundredths
    contributions = [
        _contribution(each, values[each], weight, sentences.why(each, need, offer, partners))
        for each, weight in weights.items()
    ]
    return Scored(
        need=need,
        offer=offer,
        score=points(values, rules) / _MILLION,
        contributions=tuple(contributions),
        reasons=_reasons(contributions, rules),
        blockers=(),
        **_provenance(need, offer, rules, day, partners),
    )


def explain_blocked(
    need: Listing,
    offer: Listing,
    blockers: Collection[Blocker],
    rules: RuleSet,
    day: date,
    partners: bool = False,
) -> Scored:
    """A pair that cannot be, and what stands against it, in the order of `Blocker`."""
    said = [
        (blocker, objections.why_not(blocker, need, offer, rules))
        for blocker in Blocker
        if blocker in blockers
    ]
    return Scored(
        need=need,
        offer=offer,
        score=0.0,
        contributions=(),
        reasons=(),
        blockers=tuple(_reason(str(b), s.de, s.en) for b, s in said),
        **_provenance(need, offer, rules, day, partners),
    )


def _outside(need: Listing, offer: Listing) -> set[Blocker]:
    """What stands against a pair before its features are compared."""
    found = set()
    if need.fault or offer.fault:
        found.add(Blocker.IMPOSSIBLE)
    elif not (need.is_open and offer.is_open):
        found.add(Blocker.NOT_OPEN)
    if (need.state.direction, offer.state.direction) != (Direction.NEED, Direction.OFFER):
        found.add(Blocker.SAME_DIRECTION)
    if need.state.resource_category != offer.state.resource_category:
        found.add(Blocker.OTHER_CATEGORY)
    if need.state.example != offer.state.example:
        found.add(Blocker.EXAMPLE)
    return found


def _contribution(criterion: Criterion, value: int, weight: int, said: Sentence) -> Contribution:
    return unchecked(
        Contribution,
        {
            "criterion": str(criterion),
            "raw": value / criteria.ONE,
            "weight": weight / 100,
            "points": value * weight / _MILLION,
            "de": said.de,
            "en": said.en,
        },
    )


def _reason(criterion: str, de: str, en: str) -> ReasonGiven:
    return unchecked(ReasonGiven, {"criterion": criterion, "de": de, "en": en})


def _reasons(contributions: Sequence[Contribution], rules: RuleSet) -> tuple[ReasonGiven, ...]:
    """The criteria that speak for the pair, those with most points first.

    One that is merely not known, or fits no better than that, is no reason.
    """
    speaking = [c for c in contributions if c.raw > rules.unknown and c.points > 0]
    speaking.sort(key=lambda c: -c.points)
    return tuple(_reason(c.criterion, c.de, c.en) for c in speaking[:TOP_REASONS])


def _provenance(
    need: Listing, offer: Listing, rules: RuleSet, day: date, partners: bool
) -> dict[str, Any]:
    related = ["partners"] if partners else []
    content = content_hash(need, offer)
    confirmed = (side.state.confirmed_at.isoformat() for side in (need, offer))
    return {
        "ruleset_version": rules.version,
        "content_hash": content,
        "inputs": unchecked(
            Inputs,
            {
                "need_version": need.state.version,
                "offer_version": offer.state.version,
                "partners": partners,
                "taxonomy": text.version(),
            },
        ),
        "inputs_hash": _hash(
            content, *confirmed, rules.version, text.version(), day.isoformat(), *related
        ),
    }


def content_hash(need: Listing, offer: Listing) -> str:
    """What the two listings say, as a hash."""
    return _hash(need.content_hash, offer.content_hash)


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
