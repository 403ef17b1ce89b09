"""What a pair is worth, and why: points a criterion, reasons, blockers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from impulse_contracts.codes import Direction
from impulse_contracts.matching import Contribution, ReasonGiven
from impulse_matching.domain import criteria, sentences, text
from impulse_matching.domain.criteria import Blocker
from impulse_matching.domain.listing import Features, Floats, Listing
from impulse_matching.domain.rules import Criterion, RuleSet

TOP_REASONS = 3


@dataclass(frozen=True)
class Scored:
    """A pair with its score (0 to 1) and everything that explains it.

    The points of the contributions add up to the score. A blocked pair has score 0, its blockers
    and no contributions. `inputs_hash` is that of all that the score was made from: the two
    listings, their confirmation, the rules, the taxonomy and the day.
    """

    need: Listing
    offer: Listing
    score: float
    contributions: tuple[Contribution, ...]
    reasons: tuple[ReasonGiven, ...]
    blockers: tuple[ReasonGiven, ...]
    ruleset_version: str
    inputs_hash: str
    content_hash: str
    """Changes with what the two listings say, not with the day, a confirmation or the rules."""

    def counterpart(self, listing: Listing) -> Listing:
        """The side that is not `listing`."""
        return self.offer if listing.listing_id == self.need.listing_id else self.need


def score(need: Listing, offer: Listing, rules: RuleSet, day: date) -> Scored:
    """Judges one pair on `day`; the same inputs always give the same result."""
    blockers = _blockers(need, offer, rules, day)
    if blockers:
        return explain_blocked(need, offer, blockers, rules, day)
    similarity = text.similarity(need.vector, [offer.vector])
    raw = criteria.raw_values(need.features, offer.features, similarity, rules, day)
    return explain(need, offer, {c: float(values[0]) for c, values in raw.items()}, rules, day)


def against(listing: Listing, others: Sequence[Listing], rules: RuleSet, day: date) -> Floats:
    """The score of a listing with each of `others`, which stand in the market opposite to its own
    and are open as it is; 0 where something stands against the pair."""
    columns = Features._make(
        np.concatenate(parts) for parts in zip(*(o.features for o in others), strict=True)
    )
    sides = (listing.features, columns) if listing.is_need else (columns, listing.features)
    blocked = np.any(list(criteria.blocked(*sides, rules, day).values()), axis=0)
    similarity = text.similarity(listing.vector, [other.vector for other in others])
    return np.where(blocked, 0.0, total(criteria.raw_values(*sides, similarity, rules, day), rules))


def explain(
    need: Listing, offer: Listing, raw: Mapping[Criterion, float], rules: RuleSet, day: date
) -> Scored:
    """The score of a pair that nothing stands against, from its raw values."""
    values = [raw[criterion] for criterion in Criterion]
    weights = [rules.weights[criterion] for criterion in Criterion]
    points = _points(np.array(values), np.array(weights)).tolist()
    contributions = [
        _contribution(need, offer, *each)
        for each in zip(Criterion, values, weights, points, strict=True)
    ]
    return Scored(
        need=need,
        offer=offer,
        score=round(sum(c.points for c in contributions), 6),
        contributions=tuple(contributions),
        reasons=_reasons(contributions, rules),
        blockers=(),
        **_provenance(need, offer, rules, day),
    )


def explain_blocked(
    need: Listing, offer: Listing, blockers: Sequence[Blocker], rules: RuleSet, day: date
) -> Scored:
    """A pair that cannot be, and what stands against it."""
    said = [(blocker, sentences.why_not(blocker, need, offer, rules)) for blocker in blockers]
    return Scored(
        need=need,
        offer=offer,
        score=0.0,
        contributions=(),
        reasons=(),
        blockers=tuple(ReasonGiven(criterion=str(b), de=s.de, en=s.en) for b, s in said),
        **_provenance(need, offer, rules, day),
    )


def total(raw: Mapping[Criterion, Floats], rules: RuleSet) -> Floats:
    """The scores: the sums of the points, in six decimals."""
    return np.round(sum(_points(raw[c], rules.weights[c]) for c in Criterion), 6)


def _points(raw: Floats, weight: Floats | float) -> Floats:
    return np.asarray(np.round(raw * weight, 6))


def _blockers(need: Listing, offer: Listing, rules: RuleSet, day: date) -> list[Blocker]:
    """What stands against a pair, in the order of `Blocker`."""
    found = {
        blocker
        for blocker, answers in criteria.blocked(need.features, offer.features, rules, day).items()
        if answers[0]
    }
    if not (need.is_open and offer.is_open):
        found.add(Blocker.NOT_OPEN)
    if (need.state.direction, offer.state.direction) != (Direction.NEED, Direction.OFFER):
        found.add(Blocker.SAME_DIRECTION)
    if need.state.resource_category != offer.state.resource_category:
        found.add(Blocker.OTHER_CATEGORY)
    if need.state.example != offer.state.example:
        found.add(Blocker.EXAMPLE)
    return [blocker for blocker in Blocker if blocker in found]


def _contribution(
    need: Listing, offer: Listing, criterion: Criterion, raw: float, weight: float, points: float
) -> Contribution:
    said = sentences.why(criterion, need, offer)
    return Contribution(
        criterion=str(criterion),
        raw=raw,
        weight=weight,
        points=points,
        de=said.de,
        en=said.en,
    )


def _reasons(contributions: Sequence[Contribution], rules: RuleSet) -> tuple[ReasonGiven, ...]:
    """The criteria that speak for the pair, those with most points first.

    One that is merely not known, or fits no better than that, is no reason.
    """
    speaking = [c for c in contributions if c.raw > rules.unknown and c.points > 0]
    speaking.sort(key=lambda c: -c.points)
    return tuple(
        ReasonGiven(criterion=c.criterion, de=c.de, en=c.en) for c in speaking[:TOP_REASONS]
    )


def _provenance(need: Listing, offer: Listing, rules: RuleSet, day: date) -> dict[str, str]:
    content = content_hash(need, offer)
    confirmed = (side.state.confirmed_at.isoformat() for side in (need, offer))
    return {
        "ruleset_version": rules.version,
        "content_hash": content,
        "inputs_hash": _hash(content, *confirmed, rules.version, text.version(), day.isoformat()),
    }


def content_hash(need: Listing, offer: Listing) -> str:
    """What the two listings say, as a hash."""
    return _hash(need.content_hash, offer.content_hash)


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()
