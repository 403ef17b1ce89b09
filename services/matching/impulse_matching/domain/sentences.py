"""What the criteria saw in a pair, in words, German and English."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from math import asin, dist
from typing import TypeVar

from impulse_contracts.codes import (
    Accessibility,
    CvFormat,
    CvMode,
    PlaceMode,
    Skill,
    SocietalTopic,
    Unit,
)
from impulse_contracts.types import Coded
from impulse_matching.domain import goals, making, wording
from impulse_matching.domain.features import EVER_SINCE, FOR_EVER
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.rules import Criterion
from impulse_matching.domain.shared import shared
from impulse_matching.domain.wording import Sentence

C = TypeVar("C", bound=Coded)


def why(criterion: Criterion, need: Listing, offer: Listing, partners: bool) -> Sentence:
    """What a criterion saw in a pair; `partners`: whether the two have agreed before."""
    if criterion is Criterion.PAST_RELATION:
        return _past_relation(partners)
    return _WHY[criterion](need, offer)


def _text(need: Listing, offer: Listing) -> Sentence:
    found = shared(need.words, offer.words)
    if not found:
        return Sentence(
            "Die Beschreibungen haben wenig gemeinsam", "The descriptions have little in common"
        )
    de, en = [], []
    if words := [each.word for each in found if each.concept is None]:
        de.append(f"Beide schreiben von {wording.listed([f'„{word}“' for word in words], 'und')}")
        en.append(f"Both write about {wording.listed([f'“{word}”' for word in words], 'and')}")
    for word, other, concept in found:
        if concept is not None:
            de.append(f"„{word}“ und „{other}“: {concept.de}")
            en.append(f"“{word}” and “{other}”: {concept.en}")
    return Sentence("; ".join(de), "; ".join(en))


def _topics(need: Listing, offer: Listing) -> Sentence:
    if not need.state.topics or not offer.state.topics:
        return Sentence("Eine Seite nennt kein Thema", "One side names no topic")
    both = _both(SocietalTopic, need.state.topics, offer.state.topics)
    if not both:
        return Sentence("Kein gemeinsames Thema", "No topic in common")
    return Sentence(
        f"Gemeinsam{'es Thema' if len(both) == 1 else 'e Themen'}: "
        + wording.listed([topic.de for topic in both], "und"),
        f"Shared topic{'' if len(both) == 1 else 's'}: "
        + wording.listed([topic.en for topic in both], "and"),
    )


def _distance(need: Listing, offer: Listing) -> Sentence:
    online = [side.state.place.mode is PlaceMode.ONLINE for side in (need, offer)]
    if all(online):
        return Sentence(
            "Beide arbeiten online, die Entfernung spielt keine Rolle",
            "Both work online, distance does not matter",
        )
    if any(online):
        return Sentence(
            "Nur eine Seite arbeitet online; ob das geht, ist zu klären",
            "Only one side works online; whether that works is to be clarified",
        )
    chord = dist(need.point, offer.point)
    km = wording.number(2 * making.EARTH_RADIUS_KM * asin(min(1.0, chord / 2)))
    return Sentence(f"{km.de} km entfernt", f"{km.en} km away")


def _team_size(need: Listing, offer: Listing) -> Sentence:
    if not (need.state.team_size and offer.state.team_size):
        return Sentence("Eine Seite nennt keine Teamgröße", "One side names no team size")
    wanted, offered = wording.team(need.state.team_size), wording.team(offer.state.team_size)
    return Sentence(
        f"Personen: {wanted.de} gesucht, {offered.de} angeboten",
        f"Persons: {wanted.en} wanted, {offered.en} offered",
    )


def _quantity(need: Listing, offer: Listing) -> Sentence:
    asked, given = need.state.quantity, offer.state.quantity
    if not (asked and given and asked.unit == given.unit and asked.unit in tuple(Unit)):
        return Sentence("Mengen sind nicht zu vergleichen", "Quantities cannot be compared")
    wanted, offered = wording.number(asked.value), wording.number(given.value)
    return Sentence(
        f"Menge ({asked.unit.de}): {wanted.de} gesucht, {offered.de} angeboten",
        f"Quantity ({asked.unit.en}): {wanted.en} wanted, {offered.en} offered",
    )


def _capacity(need: Listing, offer: Listing) -> Sentence:
    team, quantity = _team_size(need, offer), _quantity(need, offer)
    return Sentence(f"{team.de}; {quantity.de}", f"{team.en}; {quantity.en}")


def _time(need: Listing, offer: Listing) -> Sentence:
    (start, end), (other_start, other_end) = need.bounds, offer.bounds
    start, end = max(start, other_start), min(end, other_end)
    if start == EVER_SINCE and end == FOR_EVER:
        return Sentence("Beide sind zeitlich offen", "Both are open in time")
    span = wording.span(start, end)
    return Sentence(f"Beide können {span.de}", f"Both can {span.en}")


def _counter_performance(need: Listing, offer: Listing) -> Sentence:
    gifts = [offered.title for offered in need.state.counter_offers]
    wishes = [offered.title for offered in offer.state.counter_offers]
    if gifts:
        more = f" (+ {len(gifts) - 1})" if len(gifts) > 1 else ""
        return Sentence(f"Gegenleistung: {gifts[0]}{more}", f"In return: {gifts[0]}{more}")
    if wishes:
        return Sentence(
            f"Gewünscht wird eine Gegenleistung, geboten keine: {wishes[0]}",
            f"Something is wished for in return and nothing offered: {wishes[0]}",
        )
    return Sentence(
        "Zur Gegenleistung ist noch nichts gesagt", "Nothing is said yet about a return"
    )


def _freshness(need: Listing, offer: Listing) -> Sentence:
    older = min(need.state.confirmed_at, offer.state.confirmed_at)
    day = wording.day(older.astimezone(making.BERLIN).date())
    return Sentence(f"Zuletzt bestätigt am {day.de}", f"Last confirmed on {day.en}")


def _goals(need: Listing, offer: Listing) -> Sentence:
    sides = _served(need.state.topics), _served(offer.state.topics)
    shared = [goals.NAMES[goal] for goal in sorted(sides[0] & sides[1])]
    return _common(
        Sentence("Nachhaltigkeitsziele", "Sustainable development goals"),
        [Sentence(*names) for names in shared],
        all(sides),
    )


@lru_cache
def _served(topics: tuple[SocietalTopic | str, ...]) -> frozenset[int]:
    known = (topic for topic in topics if isinstance(topic, SocietalTopic))
    return frozenset(goal for topic in known for goal in goals.SERVED.get(topic, ()))


def _skills(need: Listing, offer: Listing) -> Sentence:
    return _common(
        Sentence("Fähigkeiten", "Skills"),
        [wording.code(each) for each in _both(Skill, need.state.skills, offer.state.skills)],
        bool(need.state.skills and offer.state.skills),
    )


def _both(codes: type[C], mine: Sequence[str], theirs: Sequence[str]) -> list[C]:
    """What both sides name, in the order of the list of codes."""
    named = set(mine) & set(theirs)
    return [each for each in codes if each in named] if named else []


def _common(what: Sentence, shared: list[Sentence], said: bool) -> Sentence:
    """What both sides name, of what the one or the other does."""
    if not said:
        return Sentence(f"{what.de}: Eine Seite nennt keine", f"{what.en}: one side names none")
    if not shared:
        return Sentence(f"{what.de}: keine gemeinsam", f"{what.en}: none in common")
    return Sentence(
        f"{what.de}: gemeinsam {wording.listed([each.de for each in shared], 'und')}",
        f"{what.en}: shared {wording.listed([each.en for each in shared], 'and')}",
    )


def _format(need: Listing, offer: Listing) -> Sentence:
    pairs = [
        (need.state.cv_format, offer.state.cv_format),
        (need.state.cv_mode, offer.state.cv_mode),
    ]
    said = [
        (one, other)
        for one, other in pairs
        if isinstance(one, CvFormat | CvMode) and isinstance(other, CvFormat | CvMode)
    ]
    same = [wording.code(one) for one, other in said if one == other]
    return _common(Sentence("Formate", "Formats"), same, bool(said))


def _accessibility(need: Listing, offer: Listing) -> Sentence:
    return _common(
        Sentence("Barrierefreiheit", "Accessibility"),
        [
            wording.code(each)
            for each in _both(Accessibility, need.state.accessibility, offer.state.accessibility)
        ],
        bool(need.state.accessibility and offer.state.accessibility),
    )


def _past_relation(partners: bool) -> Sentence:
    if partners:
        return Sentence("Beide haben schon etwas miteinander vereinbart", "Both have agreed before")
    return Sentence("Beide sind neu füreinander", "Both are new to each other")


_WHY: dict[Criterion, Callable[[Listing, Listing], Sentence]] = {
    Criterion.TEXT: _text,
    Criterion.TOPICS: _topics,
    Criterion.GOALS: _goals,
    Criterion.SKILLS: _skills,
    Criterion.DISTANCE: _distance,
    Criterion.CAPACITY: _capacity,
    Criterion.TEAM_SIZE: _team_size,
    Criterion.QUANTITY: _quantity,
    Criterion.TIME: _time,
    Criterion.COUNTER_PERFORMANCE: _counter_performance,
    Criterion.FORMAT: _format,
    Criterion.ACCESSIBILITY: _accessibility,
    Criterion.FRESHNESS: _freshness,
}
