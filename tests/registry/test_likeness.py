"""What a broker is asked about, and what tells organisations apart."""

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_registry.domain.likeness import (
    THRESHOLD,
    Likeness,
    Traits,
    block_keys,
    compare,
    traits,
)

ESSEN, HAGEN = "05113000", "05914000"

ALIKE = [
    ("Turn- und Sportverein Kray e.V.", "TSV Kray"),
    ("Schützenverein Einigkeit Kray", "Schützenvreein Einigkiet Kray"),
    ("Freunde der Musikschule Steele e.V.", "Freunde Musikschule Steele"),
    ("Kleingartenverein Grüne Aue", "Klein-Garten-Verein Grüne Aue"),
    ("Turnverein Kray 1884", "Turnverein Kray 84"),
    ("Turnverein Kray 1884", "Turnverein Kray"),
    ("Bürgerinitiative Zollverein", "Bürgerinitative Zollverein e.V."),
]
APART = [
    ("1. FC Kray", "2. FC Kray"),
    ("Kita Regenbogen I", "Kita Regenbogen II"),
    ("Bürgerverein Essen-Kray", "Bürgerverein Essen-Steele"),
    ("Turnverein Kray 1884", "Turnverein Kray 1921"),
    ("TSV Kray Abteilung Handball", "TSV Kray Abteilung Turnen"),
    ("Förderverein Grundschule Kray", "Förderverein Gymnasium Kray"),
    ("Grundschule Kray", "Förderverein der Grundschule Kray"),
]
TWO_ENTRIES = [
    ("Muster GmbH", "Muster GmbH & Co. KG"),
    ("Muster GmbH", "Muster Verwaltungs-GmbH"),
    ("Muster Holding GmbH", "Muster GmbH"),
]
"""With an entry each they are two; where one has none, a broker is asked."""

NAMES = st.lists(
    st.sampled_from(["Kanu", "Club", "Kray", "Steele", "1884", "II", "Förderverein", "Zollverein"]),
    min_size=1,
    max_size=5,
).map(" ".join)
TRAITS = st.builds(
    traits,
    NAMES,
    display_name=st.none() | NAMES,
    ags=st.sampled_from([None, ESSEN, HAGEN]),
    register=st.sampled_from([None, "essen|VR|1", "essen|VR|2"]),
    website=st.sampled_from([None, "https://www.kanu.example/", "kanu.example"]),
)


def here(name: str) -> Traits:
    return traits(name, ags=ESSEN)


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_a_broker_is_asked(one: str, other: str) -> None:
    assert compare(here(one), here(other)).score >= THRESHOLD
    assert block_keys(here(one)) & block_keys(here(other))


@pytest.mark.parametrize(("one", "other"), APART)
def test_nobody_is_asked(one: str, other: str) -> None:
    assert compare(here(one), here(other)).score < THRESHOLD


@pytest.mark.parametrize(("one", "other"), TWO_ENTRIES)
def test_two_register_entries_speak_for_two(one: str, other: str) -> None:
    a = traits(one, ags=ESSEN, register="essen|HRB|1")
    b = traits(other, ags=ESSEN, register="essen|HRB|2")
    assert compare(a, b).score < THRESHOLD
    assert compare(a, here(other)).score >= THRESHOLD


@given(TRAITS, TRAITS)
def test_likeness_is_symmetric_and_bounded(one: Traits, other: Traits) -> None:
    there, back = compare(one, other), compare(other, one)
    assert there.score == back.score
    assert 0 <= there.score <= 1
    assert [each.criterion for each in there.evidence] == [each.criterion for each in back.evidence]
    assert [(each.a, each.b) for each in there.evidence] == [
        (each.b, each.a) for each in back.evidence
    ]


@given(TRAITS)
def test_an_actor_is_like_itself(one: Traits) -> None:
    likeness = compare(one, one)
    assert likeness.score == 1
    assert all(each.agrees for each in likeness.evidence)


@given(TRAITS)
def test_traits_survive_json(one: Traits) -> None:
    assert Traits(**asdict(one)) == one
    assert all(value is None or isinstance(value, str) for value in asdict(one).values())


@given(NAMES)
def test_an_actor_has_few_keys_and_some(name: str) -> None:
    assert 1 <= len(block_keys(here(name))) <= 28


def test_the_evidence_names_what_differs() -> None:
    a = traits("Kanu-Club Kray e.V.", ags=ESSEN, register="essen|VR|1")
    b = traits("Kanu Club Kray", ags=HAGEN, register="essen|VR|2")
    likeness = compare(a, b)
    assert {each.criterion: each.agrees for each in likeness.evidence} == {
        "name": True,
        "place": False,
        "register": False,
    }


def test_a_website_of_both_speaks_for_them() -> None:
    def score(website: str) -> Likeness:
        a = traits("Kanu-Club Kray Steele", ags=ESSEN, website="https://www.kanu.example/wir")
        return compare(a, traits("Kanu-Club", ags=ESSEN, website=website))

    assert score("kanu.example").score > score("andere.example").score


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("Beispielchor 1 0", "Beispielchor 1 1", False),
        ("Beispielchor 1 1", "Beispielchor 1", True),
        ("Beispielchor 1 1 2", "Beispielchor 2 1 1", True),
        ("Beispielchor 1 1", "Beispielchor 1 2", False),
    ],
)
def test_a_number_is_counted_as_often_as_it_stands(one: str, other: str, agree: bool):
    for a, b in ((one, other), (other, one)):
        found = compare(traits(a), traits(b))
        assert [each.agrees for each in found.evidence if each.criterion == "numbers"] == [agree]
        assert (found.score < THRESHOLD) is not agree
