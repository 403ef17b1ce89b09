"""Where an organisation is: postcodes, municipalities, distances.

The reference is shipped with the package (`impulse_registry/geo`, sources in its
ATTRIBUTION.md) and read once, when first asked for. AGS is the official eight-digit key of a
German municipality; coordinates are degrees north and east (WGS 84).
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from math import asin, cos, radians, sin, sqrt
from typing import Literal, NamedTuple

LocatedBy = Literal["postcode", "city", "ags"]

EARTH_RADIUS_KM = 6371.0088
NORTH_RHINE_WESTPHALIA = "05"


@dataclass(frozen=True, slots=True)
class Location:
    """A place as it was named, and what the reference knows of it. When nothing located it,
    `located_by` is None and there are no coordinates."""

    postcode: str | None
    city: str | None
    ags: str | None
    latitude: float | None
    longitude: float | None
    located_by: LocatedBy | None


class Municipality(NamedTuple):
    """A German municipality. District (Kreis) and population (31 December 2024) are known in
    North Rhine-Westphalia only."""

    ags: str
    name: str
    district: str | None
    population: int | None
    latitude: float
    longitude: float
    is_ruhr: bool


class Postcode(NamedTuple):
    """A delivery postcode: the centroid of its area, and the municipalities in it, the one
    whose centre is nearest first."""

    postcode: str
    latitude: float
    longitude: float
    municipalities: tuple[str, ...]


def locate(
    postcode: str | None = None, city: str | None = None, ags: str | None = None
) -> Location:
    """Finds a place by its postcode; without one by the municipality's key; without that by
    the city's name.

    A postcode that lies in several municipalities is in the one that `ags` or `city` names,
    else in the one whose centre is nearest. A postcode without an area (of boxes, and of those
    who get much post, town halls among them) is in the municipality that is named besides, if
    that lies in the postcode's region. Any other that is not in the reference leaves the place
    not located, whatever else is known: a wrong postcode makes the rest doubtful. The same holds
    for an unknown key. Never raises.
    """
    postcode, city, ags = (_given(value) for value in (postcode, city, ags))
    named: LocatedBy | None = "postcode" if postcode else "ags" if ags else "city" if city else None
    home: Municipality | None = None
    point: Postcode | Municipality | None = None
    if postcode:
        postcode = re.sub(r"^(DE?[- ]?)?(?=\d{5}$)", "", postcode)
        found = _postcodes().get(postcode)
        if found:
            point, home = found, _municipality_in(found, city, ags)
        else:
            point = home = _municipality_near(postcode, city, ags)
            named = "ags" if ags else "city"
    elif ags:
        point = home = municipality(ags)
    elif city:
        point = home = municipality_named(city)
    if point is None:
        return Location(postcode, city, ags, None, None, None)
    return Location(
        postcode=postcode,
        city=home.name if home else city,
        ags=home.ags if home else ags,
        latitude=point.latitude,
        longitude=point.longitude,
        located_by=named,
    )


def municipality(ags: str) -> Municipality | None:
    """The municipality with a key of eight digits, or with the five of a city that is its own
    district (05113 for Essen); None for any other key."""
    known = _municipalities()
    return known.get(ags) or known.get(f"{ags}000")


def is_area(key: str) -> bool:
    """Whether a key is one of a municipality (eight digits) or of a district (five)."""
    return key in _municipalities() or key in _districts()


def municipality_named(city: str) -> Municipality | None:
    """The municipality of a name as people write it: "Muelheim a.d. Ruhr", "Stadt Essen",
    "Wetter/Ruhr", "Bochum-Wattenscheid".

    Of several with one name the one in the Ruhr area is meant, then the one in North
    Rhine-Westphalia; if that leaves more than one, none is (a guess would be a wrong distance).
    """
    by_name = _municipalities_by_name()
    words = _words(city)
    if same_name := by_name.get(" ".join(words)):
        return _only_one(same_name)
    for length in range(len(words) - 1, 0, -1):
        quarter_of = by_name.get(" ".join(words[:length]), ())
        found = _only_one([place for place in quarter_of if place.is_ruhr])
        if found:
            return found
    return None


def ruhr_municipalities() -> tuple[Municipality, ...]:
    """The 53 municipalities of the Regionalverband Ruhr, by key."""
    return tuple(place for place in _municipalities().values() if place.is_ruhr)


def is_ruhr(ags: str | None) -> bool:
    """Whether a key belongs to one of the 53 municipalities of the Regionalverband Ruhr."""
    place = municipality(ags) if ags else None
    return place is not None and place.is_ruhr


def distance_km(
    latitude: float, longitude: float, other_latitude: float, other_longitude: float
) -> float:
    """Great-circle distance in kilometres between two points in degrees.

    Haversine formula (R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (2),
    1984, p. 159) on a sphere of the mean earth radius R1 = 6371.0088 km (H. Moritz, "Geodetic
    Reference System 1980", Journal of Geodesy 74, 2000): at most 0.6 % off the ellipsoid.
    """
    north, other_north = radians(latitude), radians(other_latitude)
    half_north = sin((other_north - north) / 2)
    half_east = sin(radians(other_longitude - longitude) / 2)
    chord = half_north * half_north + cos(north) * cos(other_north) * half_east * half_east
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, chord)))


@lru_cache(maxsize=1)
def _postcodes() -> dict[str, Postcode]:
    return {
        row[0]: Postcode(row[0], float(row[1]), float(row[2]), tuple(row[3].split()))
        for row in _rows("postcodes.csv")
    }


@lru_cache(maxsize=1)
def _regions() -> dict[str, set[str]]:
    """With which two digits the postcodes of each municipality begin (Leitregion)."""
    regions: dict[str, set[str]] = defaultdict(set)
    for known in _postcodes().values():
        for ags in known.municipalities:
            regions[ags].add(known.postcode[:2])
    return regions


@lru_cache(maxsize=1)
def _municipalities() -> dict[str, Municipality]:
    return {
        ags: Municipality(
            ags,
            name,
            district or None,
            int(population) if population else None,
            float(latitude),
            float(longitude),
            ruhr == "1",
        )
        for ags, name, district, population, latitude, longitude, ruhr in _rows(
            "municipalities.csv"
        )
    }


@lru_cache(maxsize=1)
def _districts() -> frozenset[str]:
    return frozenset(ags[:5] for ags in _municipalities())


@lru_cache(maxsize=1)
def _municipalities_by_name() -> dict[str, list[Municipality]]:
    by_name: dict[str, list[Municipality]] = defaultdict(list)
    for place in _municipalities().values():
        without_addition = _ADDITION.split(place.name, maxsplit=1)[0]
        for spelling in {place.name, without_addition}:
            by_name[" ".join(_words(spelling))].append(place)
    return dict(by_name)


def _rows(file: str) -> list[list[str]]:
    text = files("impulse_registry.geo").joinpath(file).read_text(encoding="utf-8")
    return list(csv.reader(text.splitlines()))[1:]


def _municipality_in(found: Postcode, city: str | None, ags: str | None) -> Municipality | None:
    if ags and ags in found.municipalities:
        return municipality(ags)
    places = [place for key in found.municipalities if (place := municipality(key))]
    if city and len(places) > 1:
        words = _words(city)
        for place in places:
            name = _words(place.name)
            if name[: len(words)] == words or words[: len(name)] == name:
                return place
    return places[0] if places else None


def _municipality_near(postcode: str, city: str | None, ags: str | None) -> Municipality | None:
    """What is named, if a postcode of it begins with the same two digits as this one."""
    place = municipality(ags) if ags else municipality_named(city) if city else None
    is_postcode = re.fullmatch(r"[0-9]{5}", postcode) is not None
    near = place is not None and postcode[:2] in _regions().get(place.ags, ())
    return place if is_postcode and near else None


def _only_one(places: list[Municipality]) -> Municipality | None:
    nearest_first = (
        [place for place in places if place.is_ruhr],
        [place for place in places if place.ags.startswith(NORTH_RHINE_WESTPHALIA)],
        places,
    )
    meant = next((candidates for candidates in nearest_first if candidates), [])
    return meant[0] if len(meant) == 1 else None


def _given(value: str | None) -> str | None:
    return (value.strip() or None) if value else None


_WORD = re.compile(r"[^\W\d_]+")
_ADDITION = re.compile(r" \(|/| an der | am | im ")
_SPELLING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_LINKING = frozenset(
    "a d i b v an am im in bei von vor ob der dem den stadt gemeinde".split(" ")  # noqa: SIM905
)
_SHORT_FOR = {
    "westf": "westfalen",
    "rhld": "rheinland",
    "rheinl": "rheinland",
    "ndrh": "niederrhein",
    "niederrh": "niederrhein",
    "sauerl": "sauerland",
    "st": "sankt",
}


def _words(name: str) -> list[str]:
    """The words of a name that tell it from others, in one spelling: without "Stadt" and
    linking words, so that "a. d. Ruhr", "(Ruhr)" and "an der Ruhr" are the same."""
    plain = unicodedata.normalize("NFC", name).lower().translate(_SPELLING)
    words = _WORD.findall(plain)
    kept = [_SHORT_FOR.get(word, word) for word in words if word not in _LINKING]
    return kept or words
