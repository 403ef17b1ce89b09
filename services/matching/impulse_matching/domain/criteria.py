"""The rules themselves, on columns: what stands against a pair, and how well it fits.

Every function takes the features of needs and of offers, of one row or of many (they broadcast),
so that a single pair and a search through the index are judged by the same lines.
"""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from impulse_contracts.codes import Requirement
from impulse_contracts.types import Coded
from impulse_matching.domain.listing import Codes, Features, Floats, bits, days
from impulse_matching.domain.rules import Criterion, RuleSet

EARTH_RADIUS_KM = 6371.0088

Answers = NDArray[np.bool_]


class Blocker(Coded):
    """What rules a pair out, whatever else fits; the sentences name details in braces."""

    NOT_OPEN = (
        "not_open",
        "Der Eintrag „{title}“ ist nicht offen für Vorschläge.",
        "“{title}” is not open to proposals.",
    )
    SAME_DIRECTION = (
        "same_direction",
        "Ein Bedarf und ein Angebot gehören zusammen, nicht zwei gleiche Einträge.",
        "A need goes with an offer, not with its like.",
    )
    OTHER_CATEGORY = (
        "other_category",
        "Gesucht: {need}; angeboten: {offer}.",
        "Wanted: {need}; offered: {offer}.",
    )
    EXAMPLE = (
        "example",
        "Beispiele werden nur mit Beispielen zusammengebracht.",
        "Examples are matched with examples only.",
    )
    SAME_ACTOR = (
        "same_actor",
        "Bedarf und Angebot stammen von derselben Organisation.",
        "Need and offer are of the same organisation.",
    )
    NOT_VALID = (
        "not_valid",
        "Ein Eintrag galt nur bis {day}.",
        "A listing was valid until {day} only.",
    )
    IN_THE_PAST = (
        "in_the_past",
        "Der Termin ist vorbei: {day}.",
        "The date is past: {day}.",
    )
    DATES_APART = (
        "dates_apart",
        "Die Zeiten überschneiden sich nicht: gesucht {need}, angeboten {offer}.",
        "The times do not overlap: wanted {need}, offered {offer}.",
    )
    NOT_LOCATED = (
        "not_located",
        "Ein Ort ist nicht bekannt, und keine der beiden Seiten arbeitet online.",
        "A place is not known, and neither side works online.",
    )
    TOO_FAR = (
        "too_far",
        "{km} km entfernt, höchstens {reach} km sind möglich.",
        "{km} km away, at most {reach} km are possible.",
    )
    TEAM_SIZE = (
        "team_size",
        "Die Teamgröße passt nicht: gesucht {need} Personen, angeboten {offer}.",
        "The team size does not fit: {need} persons wanted, {offer} offered.",
    )
    REQUIREMENT_MISSING = (
        "requirement_missing",
        "Das Angebot bringt nicht mit: {missing}.",
        "The offer does not bring: {missing}.",
    )


def blocked(need: Features, offer: Features, rules: RuleSet, day: date) -> dict[Blocker, Answers]:
    """For each condition whether it stands against the pairs, on `day`."""
    overlap, duration = overlap_hours(need, offer), duration_hours(need, offer)
    online = (need.online | offer.online).astype(np.bool_)
    km = distance_km(need, offer)
    today = days(day)
    return {
        Blocker.SAME_ACTOR: need.actor == offer.actor,
        Blocker.NOT_VALID: np.minimum(need.valid_until, offer.valid_until) < today,
        Blocker.IN_THE_PAST: np.minimum(need.latest, offer.latest) < 24 * today,
        Blocker.DATES_APART: (overlap < 0) | ((overlap == 0) & (duration > 0)),
        Blocker.NOT_LOCATED: ~online & np.isnan(km),
        Blocker.TOO_FAR: ~online & (km > reach_km(need, offer, rules)),
        Blocker.TEAM_SIZE: (offer.team_max < need.team_min) | (offer.team_min > need.team_max),
        Blocker.REQUIREMENT_MISSING: missing_requirements(need, offer, rules) != 0,
    }


def raw_values(
    need: Features, offer: Features, similarity: Floats, rules: RuleSet, day: date
) -> dict[Criterion, Floats]:
    """How well the pairs fit on each criterion, 0 to 1, in four decimals.

    `similarity` is the cosine of their texts. The values of a blocked pair mean nothing.
    """
    raw = {
        Criterion.TEXT: similarity / rules.text.full_similarity,
        Criterion.TOPICS: _topics(need, offer, rules),
        Criterion.DISTANCE: _distance(need, offer, rules),
        Criterion.CAPACITY: _capacity(need, offer, rules),
        Criterion.TIME: _time(need, offer),
        Criterion.COUNTER_PERFORMANCE: _counter_performance(need, offer, rules),
        Criterion.FRESHNESS: _freshness(need, offer, rules, day),
    }
    return {criterion: _rounded(values) for criterion, values in raw.items()}


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.round(np.clip(values, 0, 1), 4), dtype=np.float64)


def distance_km(one: Features, other: Features) -> Floats:
    """Great-circle distance by the chord, exact at short range; NaN where a place is not known."""
    chord = np.sqrt((one.x - other.x) ** 2 + (one.y - other.y) ** 2 + (one.z - other.z) ** 2)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1)))


def reach_km(need: Features, offer: Features, rules: RuleSet) -> Floats:
    """How far apart a pair may be: the shorter of what the sides say, else the rules' reach."""
    said = np.fmin(need.reach, offer.reach)
    return np.where(np.isnan(said), rules.distance.reach_km, said)


def overlap_hours(need: Features, offer: Features) -> Floats:
    """How long both can take place, flexibility included; negative: the gap between them."""
    return np.minimum(need.latest, offer.latest) - np.maximum(need.earliest, offer.earliest)


def duration_hours(need: Features, offer: Features) -> Floats:
    """How long it takes: the longer of what the sides say; 0 where neither does."""
    return np.nan_to_num(np.fmax(need.duration, offer.duration), nan=0)


def missing_requirements(need: Features, offer: Features, rules: RuleSet) -> Codes:
    """What the need asks a team to bring along and an offer that states its own does not."""
    asked = need.requirements & bits(Requirement, rules.brought_along)
    return np.where(offer.requirements == 0, 0, asked & ~offer.requirements)


def _topics(need: Features, offer: Features, rules: RuleSet) -> Floats:
    """The share of the side with fewer topics that the other side has too."""
    fewer = np.minimum(_count(need.topics), _count(offer.topics))
    shared = _count(need.topics & offer.topics)
    return np.where(fewer == 0, rules.unknown, shared / np.maximum(fewer, 1))


def _distance(need: Features, offer: Features, rules: RuleSet) -> Floats:
    """Halves with every `half_km`. Online on both sides is no distance; on one, it is not known."""
    near = np.nan_to_num(0.5 ** (distance_km(need, offer) / rules.distance.half_km), nan=0)
    sides = need.online + offer.online
    return np.where(sides == 2, 1.0, np.where(sides == 1, rules.unknown, near))


def _capacity(need: Features, offer: Features, rules: RuleSet) -> Floats:
    """Which share of the wanted team and of the wanted quantity the offer covers; the smaller."""
    team = offer.team_max / need.team_max
    quantity = np.where(
        need.unit == offer.unit, offer.quantity / np.maximum(need.quantity, 1e-9), np.nan
    )
    covered = np.fmin(team, quantity)
    return np.where(np.isnan(covered), rules.unknown, covered)


def _time(need: Features, offer: Features) -> Floats:
    """Which share of the duration fits into the time that both sides have."""
    duration = duration_hours(need, offer)
    return np.where(duration > 0, overlap_hours(need, offer) / np.maximum(duration, 1e-9), 1.0)


def _counter_performance(need: Features, offer: Features, rules: RuleSet) -> Floats:
    """Whether the need gives something in return, and of a kind that the offer wishes for."""
    gives, wishes = need.in_return, offer.in_return
    fits = (gives != 0) & ((wishes == 0) | (gives & wishes != 0))
    silent = (gives == 0) & (wishes == 0)
    return np.where(silent, rules.unknown, fits.astype(np.float64))


def _freshness(need: Features, offer: Features, rules: RuleSet, day: date) -> Floats:
    """By the side whose last confirmation is longer ago."""
    age = days(day) - np.minimum(need.confirmed, offer.confirmed)
    fresh, stale = rules.freshness.fresh_days, rules.freshness.stale_days
    return (stale - age) / (stale - fresh)


def _count(masks: Codes) -> Codes:
    return np.bitwise_count(masks).astype(np.int64)
