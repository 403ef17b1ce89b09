"""Where an organisation is: the shipped reference and its look-ups."""

from __future__ import annotations

import subprocess
import sys
import time
from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.ruhr import MUNICIPALITIES
from impulse_registry.domain.geography import (
    EARTH_RADIUS_KM,
    Location,
    distance_km,
    is_ruhr,
    locate,
    municipality,
    municipality_named,
    ruhr_municipalities,
)

ESSEN = "05113000"
latitudes = st.floats(-90, 90)
longitudes = st.floats(-180, 180)


def test_a_postcode_gives_coordinates_and_municipality() -> None:
    found = locate(postcode="45144")
    assert (found.city, found.ags, found.located_by) == ("Essen", ESSEN, "postcode")
    assert found.latitude == pytest.approx(51.45, abs=0.05)
    assert found.longitude == pytest.approx(6.97, abs=0.05)


@pytest.mark.parametrize("written", ["45144", " 45144 ", "D-45144", "DE-45144", "D 45144"])
def test_a_postcode_is_read_as_people_write_it(written: str) -> None:
    assert locate(postcode=written) == locate(postcode="45144")


@pytest.mark.parametrize(
    "unknown", ["99999", "00000", "4514", "451444", "Essen", "４５１４４", "\x00"]
)
def test_an_unknown_postcode_is_not_located_and_never_an_error(unknown: str) -> None:
    assert locate(postcode=unknown) == Location(unknown, None, None, None, None, None)
    with_city = locate(postcode=unknown, city="Essen", ags=ESSEN)
    assert with_city == Location(unknown, "Essen", ESSEN, None, None, None)


def test_nothing_known_is_not_located() -> None:
    assert locate() == Location(None, None, None, None, None, None)
    assert locate("", " ", "") == locate()


def test_the_postcode_wins_over_another_city() -> None:
    assert locate(postcode="45133", city="Duisburg").city == "Essen"


def test_of_several_municipalities_in_a_postcode_the_named_one_is_meant() -> None:
    # 01561 lies in six municipalities of Saxony.
    assert locate(postcode="01561", city="Ebersbach").city == "Ebersbach"
    assert locate(postcode="01561", city="Thiendorf").city == "Thiendorf"
    named = locate(postcode="01561", city="Thiendorf").ags
    assert locate(postcode="01561", ags=named).city == "Thiendorf"
    assert locate(postcode="01561").ags is not None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Essen", "Essen"),
        ("ESSEN", "Essen"),
        ("Stadt Essen", "Essen"),
        ("Essen, Stadt", "Essen"),
        ("Essen-Altendorf", "Essen"),
        ("Bochum-Wattenscheid", "Bochum"),
        ("Mülheim an der Ruhr", "Mülheim an der Ruhr"),
        ("Mülheim a.d. Ruhr", "Mülheim an der Ruhr"),
        ("Mülheim a. d. Ruhr", "Mülheim an der Ruhr"),
        ("Mülheim/Ruhr", "Mülheim an der Ruhr"),
        ("Mülheim (Ruhr)", "Mülheim an der Ruhr"),
        ("Muelheim", "Mülheim an der Ruhr"),
        ("Mu\u0308lheim", "Mülheim an der Ruhr"),
        ("Wetter", "Wetter (Ruhr)"),
        ("Wetter/Ruhr", "Wetter (Ruhr)"),
        ("Fröndenberg", "Fröndenberg/Ruhr"),
        ("Haltern", "Haltern am See"),
        ("Voerde", "Voerde (Niederrhein)"),
        ("Castrop Rauxel", "Castrop-Rauxel"),
        ("Unna", "Unna"),
        ("Münster", "Münster"),
        ("Halle/Westf.", "Halle (Westf.)"),
        ("Berlin", "Berlin"),
        ("Hamburg", "Hamburg"),
    ],
)
def test_a_city_is_found_by_the_ways_its_name_is_written(written: str, name: str) -> None:
    found = municipality_named(written)
    assert found is not None and found.name == name
    located = locate(city=written)
    assert (located.city, located.ags, located.located_by) == (name, found.ags, "city")


@pytest.mark.parametrize(
    ("postcode", "city", "ags"),
    [
        ("45121", "Essen", ESSEN),
        ("44122", "Stadt Dortmund", "05913000"),
        ("44777", "Bochum-Wattenscheid", "05911000"),
        ("D-47049", "Duisburg", "05112000"),
    ],
)
def test_a_postcode_without_an_area_is_where_its_city_is(postcode: str, city: str, ags: str):
    by_city = locate(postcode=postcode, city=city)
    assert (by_city.ags, by_city.located_by) == (ags, "city")
    by_key = locate(postcode=postcode, ags=ags)
    assert (by_key.postcode, by_key.city) == (postcode.removeprefix("D-"), by_city.city)
    assert by_key.located_by == "ags"
    assert locate(postcode=postcode).located_by is None


@pytest.mark.parametrize("unknown", ["Atlantis", "Neustadt", "---", "Nieder", "💡"])
def test_an_unknown_or_ambiguous_city_is_not_located(unknown: str) -> None:
    assert locate(city=unknown) == Location(None, unknown, None, None, None, None)


def test_a_key_locates_and_wins_over_the_name_of_a_city() -> None:
    found = locate(city="Essen-Kettwig", ags=ESSEN)
    assert (found.city, found.located_by) == ("Essen", "ags")
    assert locate(ags="05113").ags == ESSEN
    assert locate(ags="05978").located_by is None
    assert locate(ags="99999999").located_by is None


def test_the_ruhr_area_has_53_municipalities_and_five_million_inhabitants() -> None:
    places = ruhr_municipalities()
    assert len(places) == 53
    assert 5_000_000 < sum(place.population or 0 for place in places) < 5_300_000
    districts = {place.ags[:5]: place.district for place in places}
    assert len(districts) == 15
    assert districts["05978"] == "Kreis Unna"
    # Others than the registry know them from the contracts.
    assert {each.ags: each.inhabitants for each in MUNICIPALITIES} == {
        each.ags: each.population for each in places
    }


def test_every_ruhr_municipality_is_found_by_its_name_and_lies_in_the_area() -> None:
    for place in ruhr_municipalities():
        assert municipality_named(place.name) == place
        assert is_ruhr(place.ags)
        assert 51.2 < place.latitude < 51.9 and 6.3 < place.longitude < 8.0


def test_what_is_not_in_the_ruhr_area() -> None:
    for ags in ("05111000", "11000000", "99999999", "", None):
        assert not is_ruhr(ags)


def test_every_municipality_of_north_rhine_westphalia_is_found_by_its_name() -> None:
    missing = []
    for number in range(5111000, 5979000):
        place = municipality(f"{number:08d}")
        if place and municipality_named(place.name) != place:
            missing.append(place.name)
    assert missing == []


def test_known_distances() -> None:
    # Town halls of Dortmund and Duisburg: 49 km by the survey office's map; a degree of latitude.
    dortmund, duisburg = municipality("05913000"), municipality("05112000")
    assert dortmund and duisburg
    between = distance_km(
        dortmund.latitude, dortmund.longitude, duisburg.latitude, duisburg.longitude
    )
    assert between == pytest.approx(49, abs=1)
    assert distance_km(51, 7, 52, 7) == pytest.approx(111.195, abs=0.001)
    assert distance_km(0, 0, 0, 180) == pytest.approx(pi * EARTH_RADIUS_KM)


@given(latitudes, longitudes, latitudes, longitudes)
def test_distance_is_symmetric_and_bounded(a: float, b: float, c: float, d: float) -> None:
    there = distance_km(a, b, c, d)
    assert 0 <= there <= pi * EARTH_RADIUS_KM + 1e-6
    assert there == pytest.approx(distance_km(c, d, a, b), abs=1e-6)


@given(latitudes, longitudes)
def test_a_point_is_no_distance_from_itself(latitude: float, longitude: float) -> None:
    assert distance_km(latitude, longitude, latitude, longitude) == 0


@given(*(st.one_of(st.none(), st.text(max_size=40)) for _ in range(3)))
def test_locate_never_raises_and_never_half_locates(
    postcode: str | None, city: str | None, ags: str | None
) -> None:
    found = locate(postcode, city, ags)
    assert (found.located_by is None) == (found.latitude is None) == (found.longitude is None)


@given(st.integers(0, 99999))
def test_a_located_postcode_is_in_germany(number: int) -> None:
    found = locate(postcode=f"{number:05d}")
    if found.latitude is not None and found.longitude is not None:
        assert 47 < found.latitude < 55.2 and 5.8 < found.longitude < 15.1


def test_the_reference_loads_within_a_fifth_of_a_second() -> None:
    code = (
        "import time; from impulse_registry.domain.geography import locate\n"
        "begin = time.process_time(); locate('45144'); print(time.process_time() - begin)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert float(ran.stdout) < 0.2


def test_ten_thousand_look_ups_take_less_than_a_second() -> None:
    locate("45144")
    begin = time.process_time()
    for _ in range(5_000):
        locate(postcode="45144", city="Essen")
        locate(city="Mülheim a.d. Ruhr")
    assert time.process_time() - begin < 1
