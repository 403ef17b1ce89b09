"""Which of the counterparts that fit best are suggested, once fairness has had its say."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from impulse_contracts.codes import Direction
from impulse_contracts.matching import Adjustment
from impulse_contracts.ruhr import MUNICIPALITIES
from impulse_contracts.unchecked import unchecked
from impulse_matching.domain import fairness, scoring, wording
from impulse_matching.domain.fairness import MILLION, Candidate, Exposure, Place
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.search import Found
from impulse_matching.domain.wording import Sentence

SUGGESTIONS = 10
"""How many counterparts of a listing are suggested."""
CANDIDATES = 2 * SUGGESTIONS
"""So many are asked for where fairness may prefer one that fits nearly as well."""

Ledger = Mapping[str, Exposure]
Chosen = tuple[Found, Adjustment | None]
_NAMES = {each.ags: each.name for each in MUNICIPALITIES}


def asked_for(rules: RuleSet) -> int:
    """How many counterparts to look for."""
    return CANDIDATES if rules.fairness.band else SUGGESTIONS


def choose(
    found: Sequence[Found],
    kept: Collection[UUID],
    keys: Mapping[UUID, Sequence[str]],
    ledger: Ledger,
    rules: RuleSet,
) -> list[Chosen]:
    """The counterparts to suggest, in order, then the others of those that are `kept`.

    `found` are a listing's best counterparts and those it was proposed to before, best first;
    `kept` are those whose proposals are open: they stay, and take no other's place unless they are
    among the best by score. `keys` say whose exposure in the `ledger` each counterpart is part of.
    """
    fitting = [each for each in found if not each.blockers]
    asked = fitting[:SUGGESTIONS] + [
        each for each in fitting[SUGGESTIONS:] if each.listing_id not in kept
    ]
    candidates = [
        _candidate(each, each.listing_id in kept, keys[each.listing_id], ledger, rules)
        for each in asked
    ]
    average = _exposure(ledger, keys[asked[0].listing_id][0]) if asked else 0.0
    places = fairness.ranked(candidates, average, rules.fairness, SUGGESTIONS)
    chosen: list[Chosen] = []
    for place in places:
        of, candidate = asked[place.candidate], candidates[place.candidate]
        moved = place.is_adjusted and not candidate.kept
        told = _told(place, candidate, average, keys[of.listing_id]) if moved else None
        chosen.append((of, told))
    taken = {each.listing_id for each, _ in chosen}
    stay = (each for each in found if each.listing_id in kept and each.listing_id not in taken)
    return chosen + [(each, None) for each in stay]


def _candidate(
    found: Found, kept: bool, keys: Sequence[str], ledger: Ledger, rules: RuleSet
) -> Candidate:
    _, actor, *municipality = keys
    return Candidate(
        scoring.points(found.values, rules),
        _exposure(ledger, actor),
        _exposure(ledger, municipality[0]) if municipality else None,
        kept,
    )


def _exposure(ledger: Ledger, key: str) -> float:
    return ledger[key].each if key in ledger else 0.0


def _told(place: Place, candidate: Candidate, average: float, keys: Sequence[str]) -> Adjustment:
    ags = keys[2].rpartition("/")[2] if candidate.municipality is not None else None
    said = _why(place, candidate, average, ags, is_need=keys[0].endswith("need"))
    return unchecked(
        Adjustment,
        {
            "rank_by_score": place.before,
            "rank": place.rank,
            "points": place.lift / MILLION,
            "ags": ags,
            "municipality": candidate.municipality,
            "actor": candidate.actor,
            "average": average,
            "de": said.de,
            "en": said.en,
        },
    )


def _why(
    place: Place, of: Candidate, average: float, ags: str | None, *, is_need: bool
) -> Sentence:
    """What moved, and because of how many suggestions of whom."""
    before, now = place.before, place.rank
    sides = (Direction.NEED, Direction.OFFER)
    this, other = sides if is_need else reversed(sides)
    if now < before:
        de = f"von Platz {before} auf Platz {now} vorgerückt"
        en = f"it moved up from place {before} to place {now}"
    elif now > before:
        de = f"von Platz {before} auf Platz {now} gerückt, hinter seltener Vorgeschlagenes"
        en = f"it moved from place {before} to place {now}, behind what was suggested less often"
    else:
        de, en = f"auf Platz {now} geblieben", f"it stayed at place {now}"
    town, actor, mean = _town(of, ags), wording.number(of.actor), wording.number(average)
    among = "den Bedarfen" if is_need else "den Angeboten"
    return Sentence(
        f"Unter {among}, die zu diesem {other.de} passen, {de}. Vorschläge je offenem {this.de}:"
        f" {town.de}{actor.de} von derselben Organisation, {mean.de} im Durchschnitt aller",
        f"Among the {this.en}s that fit this {other.en} {en}. Suggestions for each open {this.en}:"
        f" {town.en}{actor.en} of the same organisation, {mean.en} on average of all",
    )


def _town(of: Candidate, ags: str | None) -> Sentence:
    if of.municipality is None:
        return Sentence("", "")
    shown, name = wording.number(of.municipality), _NAMES.get(ags or "")
    if name is None:
        return Sentence(f"{shown.de} aus dieser Gemeinde, ", f"{shown.en} from this municipality, ")
    return Sentence(f"{shown.de} aus {name}, ", f"{shown.en} from {name}, ")
