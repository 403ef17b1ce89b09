"""What stands against a pair in the words of the rules, with the values it stands on."""

from __future__ import annotations

from datetime import date
from math import asin, sqrt

import numpy as np

from impulse_contracts.codes import Requirement
from impulse_matching.domain import conditions, criteria, making, wording
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.features import EVER_SINCE, Features
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.pairs import Pairs, pairs
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.wording import Sentence


def why_not(blocker: Blocker, need: Listing, offer: Listing, rules: RuleSet) -> Sentence:
    """What stands against a pair."""
    details, said = _details(blocker, need, offer, rules), rules.blockers[blocker]
    return Sentence(
        said.de.format(**{name: value.de for name, value in details.items()}),
        said.en.format(**{name: value.en for name, value in details.items()}),
    )


def _details(
    blocker: Blocker, need: Listing, offer: Listing, rules: RuleSet
) -> dict[str, Sentence]:
    """The values that a blocker's sentences name."""
    if blocker is Blocker.NOT_OPEN:
        title = (offer if need.is_open else need).state.title
        return {"title": Sentence(title, title)}
    if blocker is Blocker.IMPOSSIBLE:
        wrong = need if need.fault else offer
        title = wrong.state.title
        return {"title": Sentence(title, title), "fault": wording.code(wrong.fault or "")}
    if blocker is Blocker.OTHER_CATEGORY:
        return {
            "need": wording.code(need.state.resource_category),
            "offer": wording.code(offer.state.resource_category),
        }
    if blocker not in conditions.CONDITIONS:
        return {}
    of = pairs(need.features, offer.features, rules, date.min)
    return _when(blocker, of, need, offer) or _else(blocker, of, need, offer)


def _when(blocker: Blocker, of: Pairs, need: Listing, offer: Listing) -> dict[str, Sentence]:
    sides = {"need": of.need, "offer": of.offer}
    match blocker:
        case Blocker.NOT_VALID:
            ends = [side.state.valid_until for side in (need, offer)]
            return {"day": wording.day(min(end for end in ends if end is not None))}
        case Blocker.IN_THE_PAST:
            latest = min(int(side.latest[0]) for side in sides.values())
            return {"day": wording.day(wording.local_day(latest))}
        case Blocker.DATES_APART:
            return {
                name: wording.span(int(side.earliest[0]), int(side.latest[0]))
                for name, side in sides.items()
            }
        case Blocker.NEVER_TOGETHER:
            return {name: _rhythm(side) for name, side in sides.items()}
        case Blocker.TOO_SHORT:
            return {
                "both": wording.number(max(0, int(of.overlap[0])) / 60),
                "needed": wording.number(int(of.duration[0]) / 60),
            }
        case _:
            return {}


def _else(blocker: Blocker, of: Pairs, need: Listing, offer: Listing) -> dict[str, Sentence]:
    match blocker:
        case Blocker.TOO_FAR:
            return {
                "km": wording.number(float(criteria.distance_km(of)[0])),
                "reach": wording.number(_km(float(conditions.reach(of)[0]))),
            }
        case Blocker.OTHER_PLACE:
            return {
                "need": wording.code(need.state.place.mode),
                "offer": wording.code(offer.state.place.mode),
            }
        case Blocker.TEAM_SIZE if need.state.team_size and offer.state.team_size:
            return {
                "need": wording.team(need.state.team_size),
                "offer": wording.team(offer.state.team_size),
            }
        case Blocker.REQUIREMENT_MISSING:
            mask = int(conditions.missing_requirements(of)[0])
            missing = [each for each in Requirement if making.bits(Requirement, (each,)) & mask]
            return {"missing": wording.codes(missing)}
        case _:
            return {}


def _rhythm(side: Features) -> Sentence:
    """Which days and hours a listing keeps."""
    if side.anchor[0] == EVER_SINCE:
        days = wording.span(int(side.earliest[0]), int(side.latest[0]))
    else:
        occurs = np.flatnonzero(np.unpackbits(side.days[0], bitorder="little"))
        days = wording.weekdays(set(((occurs + int(side.anchor[0]) + 3) % 7).tolist()))
    hours = wording.hours(int(side.opens[0]), int(side.closes[0]))
    return Sentence(f"{days.de}, {hours.de}", f"{days.en}, {hours.en}")


def _km(squared_chord: float) -> float:
    return 2 * making.EARTH_RADIUS_KM * asin(min(sqrt(squared_chord) / 2, 1))
