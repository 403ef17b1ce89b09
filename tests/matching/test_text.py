"""How much German texts have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_matching.domain.text import shared_words, similarity, vector


def alike(one: str, other: str) -> float:
    return float(similarity(vector(one), [vector(other)])[0])


@given(st.text(), st.text())
def test_it_is_symmetric_between_none_and_all(one: str, other: str) -> None:
    assert 0 <= alike(one, other) <= 1.000001
    assert alike(one, other) == pytest.approx(alike(other, one), abs=1e-6)


@given(st.lists(st.text(), max_size=5), st.text())
def test_many_at_once_are_as_one_by_one(texts: list[str], query: str) -> None:
    together = similarity(vector(query), [vector(text) for text in texts])
    assert list(together) == [alike(query, text) for text in texts]


def test_a_text_is_like_itself_and_unlike_another() -> None:
    assert alike("Wände streichen", "Wände streichen") == pytest.approx(1)
    assert alike("Wände streichen", "Buchhaltung") == 0
    assert alike("Wände streichen", "und mit für wir") == 0
    assert alike("", "Wände streichen") == 0


@pytest.mark.parametrize(
    ("text", "closer", "farther"),
    [
        ("Streichaktion im Jugendzentrum", "Wir streichen Wände", "Wir pflanzen Bäume"),
        ("Gartenarbeit im Schulgarten", "Beete für Gärten anlegen", "Steuern und Bilanzen"),
        ("Bewerbungstraining für Jugendliche", "Hilfe bei Bewerbungen", "Hilfe beim Umzug"),
        ("Möbel für die Wohngruppe", "Buerostuehle und Moebel", "Laptops und Drucker"),
    ],
)
def test_compounds_and_inflection_are_seen(text: str, closer: str, farther: str) -> None:
    assert alike(text, closer) > alike(text, farther)


def test_umlauts_may_be_spelled_out() -> None:
    assert alike("Große Räume", "Grosse Raeume") == pytest.approx(1)


def test_shared_words_are_named_as_the_text_spells_them_once_each() -> None:
    text = "Wände streichen im Jugendzentrum: es soll gestrichen werden, Streichen macht Spaß"
    assert shared_words(text, "Wir streichen Räume in Jugendzentren", 5) == [
        "streichen",
        "Jugendzentrum",
    ]
    assert shared_words("Beete anlegen", "Steuern erklären") == []
