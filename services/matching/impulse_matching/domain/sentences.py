"""Scores and blockers in words, German and English, with the values that they stand on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from math import isinf
from typing import NamedTuple
from zoneinfo import ZoneInfo

from impulse_contracts.codes import PlaceMode, Requirement, ResourceCategory, SocietalTopic
from impulse_contracts.parts import TeamSize
from impulse_matching.domain import criteria
from impulse_matching.domain.criteria import Blocker
from impulse_matching.domain.listing import EPOCH, UNITS, Floats, Listing, bits, hours
from impulse_matching.domain.rules import Criterion, RuleSet
from impulse_matching.domain.shared import shared

BERLIN = ZoneInfo("Europe/Berlin")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_FIRST_HOUR, _LAST_HOUR = (
    hours(datetime(2, 1, 1, tzinfo=UTC)),
    hours(datetime(9999, 1, 1, tzinfo=UTC)),
)


class Sentence(NamedTuple):
    """The same in both languages."""

    de: str
    en: str


def why(criterion: Criterion, need: Listing, offer: Listing) -> Sentence:
    """What a criterion saw in a pair."""
    return _WHY[criterion](need, offer)


def why_not(blocker: Blocker, need: Listing, offer: Listing, rules: RuleSet) -> Sentence:
    """What stands against a pair."""
    details = _details(blocker, need, offer, rules)
    return Sentence(
        blocker.de.format(**{name: value.de for name, value in details.items()}),
        blocker.en.format(**{name: value.en for name, value in details.items()}),
    )


# ------------------------------------------------------------------------------- criteria


def _text(need: Listing, offer: Listing) -> Sentence:
    found = shared(need.words, offer.words)
    if not found:
        return Sentence(
            "Die Beschreibungen haben wenig gemeinsam", "The descriptions have little in common"
        )
    de, en = [], []
    if words := [each.word for each in found if each.concept is None]:
        de.append(f"Beide schreiben von {_list([f'„{word}“' for word in words], 'und')}")
        en.append(f"Both write about {_list([f'“{word}”' for word in words], 'and')}")
    for word, other, concept in found:
        if concept is not None:
            de.append(f"„{word}“ und „{other}“: {concept.de}")
            en.append(f"“{word}” and “{other}”: {concept.en}")
    return Sentence("; ".join(de), "; ".join(en))


def _topics(need: Listing, offer: Listing) -> Sentence:
    if not need.state.topics or not offer.state.topics:
        return Sentence("Eine Seite nennt kein Thema", "One side names no topic")
    shared = [t for t in SocietalTopic if t in need.state.topics and t in offer.state.topics]
    if not shared:
        return Sentence("Kein gemeinsames Thema", "No topic in common")
    return Sentence(
        f"Gemeinsam{'es Thema' if len(shared) == 1 else 'e Themen'}: "
        + _list([topic.de for topic in shared], "und"),
        f"Shared topic{'' if len(shared) == 1 else 's'}: "
        + _list([topic.en for topic in shared], "and"),
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
    km = _value(criteria.distance_km(need.features, offer.features))
    return Sentence(f"{_number(km).de} km entfernt", f"{_number(km).en} km away")


def _capacity(need: Listing, offer: Listing) -> Sentence:
    parts: list[Sentence] = []
    if need.state.team_size and offer.state.team_size:
        wanted, offered = _team(need.state.team_size), _team(offer.state.team_size)
        parts.append(
            Sentence(
                f"Personen: {wanted.de} gesucht, {offered.de} angeboten",
                f"Persons: {wanted.en} wanted, {offered.en} offered",
            )
        )
    asked, given = need.state.quantity, offer.state.quantity
    if asked and given and asked.unit == given.unit and asked.unit in UNITS:
        wanted, offered = _number(asked.value), _number(given.value)
        parts.append(
            Sentence(
                f"Menge ({asked.unit.de}): {wanted.de} gesucht, {offered.de} angeboten",
                f"Quantity ({asked.unit.en}): {wanted.en} wanted, {offered.en} offered",
            )
        )
    if not parts:
        return Sentence(
            "Menge oder Teamgröße sind nicht zu vergleichen",
            "Quantity or team size cannot be compared",
        )
    return Sentence("; ".join(part.de for part in parts), "; ".join(part.en for part in parts))


def _time(need: Listing, offer: Listing) -> Sentence:
    sides = (need.features, offer.features)
    start = max(_value(side.earliest) for side in sides)
    end = min(_value(side.latest) for side in sides)
    if isinf(start) and isinf(end):
        return Sentence("Beide sind zeitlich offen", "Both are open in time")
    span = _span(start, end)
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
    day = _day(_local(hours(min(need.state.confirmed_at, offer.state.confirmed_at))))
    return Sentence(f"Zuletzt bestätigt am {day.de}", f"Last confirmed on {day.en}")


_WHY: dict[Criterion, Callable[[Listing, Listing], Sentence]] = {
    Criterion.TEXT: _text,
    Criterion.TOPICS: _topics,
    Criterion.DISTANCE: _distance,
    Criterion.CAPACITY: _capacity,
    Criterion.TIME: _time,
    Criterion.COUNTER_PERFORMANCE: _counter_performance,
    Criterion.FRESHNESS: _freshness,
}


# ------------------------------------------------------------------------------- blockers


def _details(
    blocker: Blocker, need: Listing, offer: Listing, rules: RuleSet
) -> dict[str, Sentence]:
    """The values that a blocker's sentences name."""
    wanted, offered = need.features, offer.features
    match blocker:
        case Blocker.NOT_OPEN:
            title = (offer if need.is_open else need).state.title
            return {"title": Sentence(title, title)}
        case Blocker.OTHER_CATEGORY:
            return {
                "need": _category(need.state.resource_category),
                "offer": _category(offer.state.resource_category),
            }
        case Blocker.NOT_VALID:
            ends = [side.state.valid_until for side in (need, offer)]
            return {"day": _day(min(end for end in ends if end is not None))}
        case Blocker.IN_THE_PAST:
            return {"day": _day(_local(min(_value(wanted.latest), _value(offered.latest))))}
        case Blocker.DATES_APART:
            return {
                name: _span(_value(side.earliest), _value(side.latest))
                for name, side in (("need", wanted), ("offer", offered))
            }
        case Blocker.TOO_FAR:
            return {
                "km": _number(_value(criteria.distance_km(wanted, offered))),
                "reach": _number(_value(criteria.reach_km(wanted, offered, rules))),
            }
        case Blocker.TEAM_SIZE if need.state.team_size and offer.state.team_size:
            return {"need": _team(need.state.team_size), "offer": _team(offer.state.team_size)}
        case Blocker.REQUIREMENT_MISSING:
            mask = int(criteria.missing_requirements(wanted, offered, rules)[0])
            missing = [code for code in Requirement if bits(Requirement, (code,)) & mask]
            return {
                "missing": Sentence(
                    _list([code.de for code in missing], "und"),
                    _list([code.en for code in missing], "and"),
                )
            }
        case _:
            return {}


# -------------------------------------------------------------------------------- values


def _value(column: Floats) -> float:
    return float(column[0])


def _category(code: ResourceCategory | str) -> Sentence:
    if isinstance(code, ResourceCategory):
        return Sentence(code.de, code.en)
    return Sentence("unbekannt", "unknown")


def _team(size: TeamSize) -> Sentence:
    if size.min == size.max:
        return Sentence(str(size.min), str(size.min))
    return Sentence(f"{size.min} bis {size.max}", f"{size.min} to {size.max}")


def _number(value: float) -> Sentence:
    """With one decimal at most: 4,2 in German, 4.2 in English."""
    plain = f"{value:.1f}".removesuffix(".0")
    return Sentence(plain.replace(".", ","), plain)


def _local(since_1970: float) -> date:
    """The day in Germany at an hour; hours outside of the calendar are its first or last year."""
    within = min(max(since_1970, _FIRST_HOUR), _LAST_HOUR)
    return (EPOCH + timedelta(hours=within)).astimezone(BERLIN).date()


def _day(day: date) -> Sentence:
    return Sentence(f"{day:%d.%m.%Y}", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")


def _span(start: float, end: float) -> Sentence:
    """From when to when, by days; one end may be open."""
    first = None if isinf(start) else _day(_local(start))
    last = None if isinf(end) else _day(_local(end))
    if first and last:
        if first == last:
            return Sentence(f"am {first.de}", f"on {first.en}")
        return Sentence(f"vom {first.de} bis {last.de}", f"from {first.en} to {last.en}")
    if first:
        return Sentence(f"ab {first.de}", f"from {first.en} on")
    if last:
        return Sentence(f"bis {last.de}", f"until {last.en}")
    return Sentence("jederzeit", "at any time")


def _list(words: Sequence[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
