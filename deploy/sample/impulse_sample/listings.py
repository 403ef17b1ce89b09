"""Example offers and needs in German: balanced over directions and the four categories."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain, count
from random import Random
from typing import Any

from impulse_sample.examples import Example, midnight
from impulse_sample.register import BERLIN
from impulse_sample.tables import table

CATEGORIES = ("hands", "minds", "means", "contacts")
PER_CATEGORY = 45
"""Needs of each category, and as many offers: 360 listings in all."""

ONE_EVENING = 4
"""Hours beyond which nothing is done every week."""

SUNDAY = 6

_ACCESS = (
    "step_free",
    "accessible_toilet",
    "public_transport",
    "parking",
    "plain_language",
    "quiet_room",
    "induction_loop",
)
_WEEKLY = ("MO", "TU", "WE", "TH", "FR", "SA")

_NEED_CLOSINGS = (
    "Ein Vorgespräch vor Ort in {city} ist jederzeit möglich.",
    "Vor dem Einsatz laden wir zu einer kurzen Begehung ein.",
    "Eine feste Ansprechstelle begleitet das Vorhaben von Anfang bis Ende.",
    "Den genauen Umfang stimmen wir gemeinsam ab.",
    "Wir freuen uns auf neue Gesichter in {city}.",
    "Auch eine kleine Unterstützung hilft uns weiter.",
    "Wir sind mit Bus und Bahn gut zu erreichen.",
)
_OFFER_CLOSINGS = (
    "Unser Unternehmen sitzt in {city}, die Anfahrt übernehmen wir.",
    "Termine stimmen wir etwa vier Wochen vorher ab.",
    "Die Beschäftigten werden dafür bezahlt freigestellt.",
    "Wir freuen uns, wenn daraus eine längere Zusammenarbeit wird.",
    "Gern lernen wir Ihre Einrichtung vorher bei einem Besuch kennen.",
    "Das Angebot richtet sich an gemeinnützige Organisationen und Kommunen der Region.",
    "Für uns ist das auch eine Gelegenheit, den Stadtteil besser kennenzulernen.",
)


def listings(random: Random, organisations: Sequence[Example], today: date) -> list[dict[str, Any]]:
    """Report data of 180 needs and 180 offers; windows lie in the future, seen from `today`."""
    themes = table("themes.toml", "theme")
    needing = [one for one in organisations if not one.themes]
    companies = [one for one in organisations if one.themes]
    used: Counter[str] = Counter()
    titles: set[str] = set()
    made: list[dict[str, Any]] = []
    for category in CATEGORIES:
        of_category = [theme for theme in themes if theme["category"] == category]
        for number in range(PER_CATEGORY):
            theme = of_category[number % len(of_category)]
            fitting = [one for one in needing if _is_for(theme, one)]
            for direction, candidates in (
                ("need", fitting),
                ("offer", [one for one in companies if theme["skill"] in one.themes]),
            ):
                least = min(used[one.external_id] for one in candidates)
                actor = random.choice([one for one in candidates if used[one.external_id] == least])
                used[actor.external_id] += 1
                listing = _listing(random, theme, direction, actor, today, titles)
                listing |= (
                    _of_need(random, theme, actor)
                    if direction == "need"
                    else _of_offer(random, theme, fitting)
                )
                made.append(listing)
    return [
        {"external_id": f"{'B' if one['direction'] == 'need' else 'A'}-{number:04d}"} | one
        for number, one in enumerate(made, 1)
    ]


def _is_for(theme: dict[str, Any], organisation: Example) -> bool:
    limited = theme.get("for_groups")
    return not limited or bool(set(limited) & set(organisation.target_groups))


def _listing(
    random: Random,
    theme: dict[str, Any],
    direction: str,
    actor: Example,
    today: date,
    titles: set[str],
) -> dict[str, Any]:
    quantity = _quantity(random, theme)
    words = actor.words | {"n": str(quantity)}
    closings = random.sample(_NEED_CLOSINGS if direction == "need" else _OFFER_CLOSINGS, 2)
    sentences = [random.choice(theme[f"{direction}_texts"]), *closings[: random.randint(1, 2)]]
    when, last = _time(random, theme, direction, today)
    return {
        "actor_external_id": actor.external_id,
        "direction": direction,
        "title": _title(random, theme[f"{direction}_titles"], words, titles),
        "description": " ".join(sentences).format(**words),
        "resource_category": theme["category"],
        "skills": [theme["skill"]],
        "quantity": {"value": quantity, "unit": theme["unit"]},
        "team_size": _team(random, theme, quantity),
        "time": when,
        "place": _place(random, theme, actor),
        "accessibility": sorted(random.sample(_ACCESS, random.randint(0, 3))),
        "valid_until": last.isoformat(),
        "observed_at": midnight(today),
    }


def _of_need(random: Random, theme: dict[str, Any], actor: Example) -> dict[str, Any]:
    counters = random.sample(theme["counters"], random.choice((0, 1, 1, 1, 2)))
    return {
        "topics": random.sample(
            actor.report["topics"], random.randint(1, len(actor.report["topics"]))
        ),
        "target_groups": actor.target_groups,
        "requirements": [one for one in theme["requirements"] if random.random() < 0.5],
        "counter_offers": [
            {"title": title, "resource_category": category} for title, category in counters
        ],
    }


def _of_offer(random: Random, theme: dict[str, Any], fitting: Sequence[Example]) -> dict[str, Any]:
    topics = sorted({topic for one in fitting for topic in one.report["topics"]})
    groups = theme.get("for_groups", [])
    wished = [theme["counters"][0]] if random.random() < 0.3 else []
    return {
        "topics": random.sample(topics, random.randint(1, min(3, len(topics)))),
        "target_groups": random.sample(groups, random.randint(0, min(2, len(groups)))),
        "requirements": [one for one in theme["requirements"] if random.random() < 0.8],
        "counter_offers": [
            {"title": title, "resource_category": category} for title, category in wished
        ],
    }


def _title(random: Random, variants: Sequence[str], words: dict[str, str], titles: set[str]) -> str:
    """A title that no other listing has: a variant, if need be with the city, and a number."""
    shuffled = random.sample(variants, len(variants))
    patterns = chain(
        (pattern for each in shuffled for pattern in (each, f"{each} – {{city}}")),
        (f"{shuffled[0]} – {{city}} ({number})" for number in count(2)),
    )
    candidates = (pattern.format(**words) for pattern in patterns)
    title = next(each for each in candidates if each not in titles)
    titles.add(title)
    return title


def _quantity(random: Random, theme: dict[str, Any]) -> int:
    low, high = theme["quantity"]
    step = 100 if high >= 1000 else 10 if high > 100 else 1
    return random.randrange(low, high + 1, step)


def _team(random: Random, theme: dict[str, Any], quantity: int) -> dict[str, int] | None:
    if "team" not in theme:
        return None
    low, high = theme["team"]
    most = min(high, quantity) if theme["unit"] == "person" else random.randint(low, high)
    return {"min": max(low, most - random.randint(0, 6)), "max": max(low, most)}


def _place(random: Random, theme: dict[str, Any], actor: Example) -> dict[str, Any]:
    if theme["place"] == "online":
        return {"mode": "online"}
    return {
        "mode": theme["place"],
        "postcode": actor.report["seat"]["postcode"],
        "max_distance_km": random.choice((15, 20, 25, 30, 40, 50)),
    }


def _time(
    random: Random, theme: dict[str, Any], direction: str, today: date
) -> tuple[dict[str, Any], date]:
    """When, and the last day on which the listing is of use."""
    shares = (50, 15, 15, 20) if direction == "need" else (45, 5, 10, 40)
    mode = random.choices(("window", "fixed", "recurring", "open_ended"), shares)[0]
    hours = random.randint(*theme["hours"])
    if mode == "recurring" and hours > ONE_EVENING:
        mode = "window"
    first = today + timedelta(days=random.randint(10, 60))
    if first.weekday() == SUNDAY:
        first += timedelta(days=1)
    last = first + timedelta(days=random.randint(60, 240))
    found: dict[str, Any] = {"mode": mode, "duration_hours": hours}
    if mode == "open_ended":
        return found, last
    found["flexibility_days"] = random.choice((0, 0, 7, 14))
    start = datetime.combine(first, time(random.choice((9, 10, 14))), BERLIN)
    if mode == "fixed":
        last = first
        found |= {"start": start, "end": start + timedelta(hours=hours)}
    else:
        found |= {"start": start, "end": datetime.combine(last, time(17), BERLIN)}
    if mode == "recurring":
        found["rrule"] = f"FREQ=WEEKLY;BYDAY={random.choice(_WEEKLY)}"
    return found, last
