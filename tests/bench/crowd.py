"""Listings as a full brokerage would hold them: drawn from a fixed generator, no two alike.

Places are postcodes of the Ruhr area, as often as people live there; texts are composed of German
phrases and have the length of real ones. A listing is made whole; of the many that a large index
needs, most are copies of such a one at another place and of another organisation.
"""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from random import Random
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from impulse_contracts.codes import (
    SKILLS_OF,
    Accessibility,
    CvFormat,
    Direction,
    ListingStatus,
    PlaceMode,
    Requirement,
    ResourceCategory,
    SocietalTopic,
    TimeMode,
    Unit,
)
from impulse_contracts.parts import CounterOffer, Place, Quantity, TeamSize, Time
from impulse_contracts.registry.listings import ListingPublished
from impulse_matching.domain.features import Entries
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.making import point
from impulse_registry.domain.geography import ruhr_municipalities

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
TODAY: date = NOW.date()
PHRASES = json.loads(files("tests.bench").joinpath("phrases.json").read_text("utf-8"))


class Postcodes:
    """Postcodes of the Ruhr area, drawn as often as people live there."""

    def __init__(self) -> None:
        people = {town.ags: town.population or 0 for town in ruhr_municipalities()}
        table = files("impulse_registry.geo").joinpath("postcodes.csv").read_text("utf-8")
        rows = csv.DictReader(table.splitlines())
        homes = [(row, row["ags"][:8]) for row in rows if row["ags"][:8] in people]
        codes = [home for _, home in homes]
        self.rows = [row for row, _ in homes]
        self.weights = [people[home] / codes.count(home) for home in codes]
        self.points = np.array(
            [point(float(row["latitude"]), float(row["longitude"])) for row in self.rows],
            dtype=np.float32,
        )

    def draw(self, chance: Random) -> dict[str, str]:
        """One of them."""
        return chance.choices(self.rows, self.weights)[0]


def listings(count: int, seed: int = 1) -> Iterator[Listing]:
    """So many listings, made whole."""
    chance, postcodes = Random(seed), Postcodes()
    for _ in range(count):
        yield Listing(_state(chance, postcodes))


def copies(entries: Entries, count: int, seed: int = 2) -> Entries:
    """So many records: copies of the `entries` with ids, organisations and places of their own."""
    chance, postcodes = np.random.default_rng(seed), Postcodes()
    many = entries[np.arange(count) % len(entries)].copy()
    for name in ("high", "low", "party"):
        many[name] = chance.integers(0, 2**63, count, dtype=np.uint64)
    weights: NDArray[np.float64] = np.array(postcodes.weights)
    places = postcodes.points[chance.choice(len(weights), count, p=weights / weights.sum())]
    for place, name in enumerate("xyz"):
        many[name] = np.where(np.isnan(many[name]), np.nan, places[:, place])
    return many


def _state(chance: Random, postcodes: Postcodes) -> ListingPublished:
    direction = chance.choice(list(Direction))
    category = chance.choice(list(ResourceCategory))
    skill = chance.choice(SKILLS_OF[category])
    words = PHRASES["skills"][str(skill)]
    sentences = [
        chance.choice(words["need" if direction is Direction.NEED else "offer"]),
        *chance.sample(words["more"], 2),
        *chance.sample(PHRASES["general"], chance.randint(2, 4)),
    ]
    team = sorted(chance.sample(range(1, 20), 2)) if category is ResourceCategory.HANDS else None
    measured = category is ResourceCategory.MEANS and chance.random() < 0.6
    return ListingPublished(
        listing_id=UUID(int=chance.getrandbits(128)),
        actor_id=UUID(int=chance.getrandbits(128)),
        version=1,
        status=ListingStatus.OPEN,
        direction=direction,
        title=chance.choice(words["titles"]),
        description=" ".join(sentences),
        resource_category=category,
        skills=(str(skill),) if chance.random() < 0.7 else (),
        cv_format=chance.choice([None, None, *CvFormat]),
        quantity=Quantity(value=chance.randint(1, 40), unit=Unit.PIECE) if measured else None,
        team_size=TeamSize(min=team[0], max=team[1]) if team and chance.random() < 0.8 else None,
        time=_time(chance),
        place=_place(chance, postcodes, category),
        topics=tuple(chance.sample(list(SocietalTopic), chance.choice([0, 1, 1, 2]))),
        requirements=tuple(chance.sample(list(Requirement), chance.choice([0, 0, 0, 1, 2]))),
        accessibility=tuple(chance.sample(list(Accessibility), chance.choice([0, 0, 1, 2]))),
        counter_offers=tuple(
            CounterOffer(title="Bericht und Fotos", resource_category=each)
            for each in chance.sample(list(ResourceCategory), chance.choice([0, 0, 1]))
        ),
        valid_until=TODAY + timedelta(days=chance.randint(30, 300)),
        confirmed_at=NOW - timedelta(days=chance.randint(0, 85)),
    )


def _time(chance: Random) -> Time:
    """Open for two fifths; the others are windows, fixed days, and some recur."""
    start = NOW + timedelta(days=chance.randint(3, 200), hours=chance.randint(-1, 7))
    kind = chance.random()
    if kind < 0.4:
        return Time(duration_hours=chance.choice([None, 4, 8]))
    if kind < 0.7:
        weeks = chance.choice([2, 4, 8, 16])
        return Time(
            mode=TimeMode.WINDOW,
            start=start,
            end=start + timedelta(weeks=weeks),
            duration_hours=chance.choice([None, 4, 8]),
        )
    if kind < 0.9:
        end = start + timedelta(hours=chance.choice([4, 8]))
        flexible = chance.choice([0, 0, 7, 14])
        return Time(mode=TimeMode.FIXED, start=start, end=end, flexibility_days=flexible)
    day = chance.choice(["MO", "TU", "WE", "TH", "FR", "SA"])
    begun = NOW - timedelta(days=chance.randint(0, 100), hours=chance.randint(-8, 0))
    return Time(
        mode=TimeMode.RECURRING, start=begun, duration_hours=2, rrule=f"FREQ=WEEKLY;BYDAY={day}"
    )


def _place(chance: Random, postcodes: Postcodes, category: ResourceCategory) -> Place:
    """At most 30 km apart; a fifth of what is known can be done online."""
    if category is ResourceCategory.MINDS and chance.random() < 0.2:
        return Place(mode=PlaceMode.ONLINE)
    at = postcodes.draw(chance)
    return Place(
        mode=chance.choice([*[PlaceMode.AT_NONPROFIT] * 8, PlaceMode.AT_COMPANY, PlaceMode.THIRD]),
        postcode=at["postcode"],
        latitude=float(at["latitude"]),
        longitude=float(at["longitude"]),
        max_distance_km=30,
    )
