"""How much German texts have in common."""

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_matching.domain import taxonomy
from impulse_matching.domain.shared import Shared, shared
from impulse_matching.domain.text import BUCKETS, similarity, vector
from tests.bench import pairs


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


@pytest.mark.parametrize(
    ("text", "closer", "farther"),
    [
        ("Hilfe für Obdachlose", "Wohnungslose unterstützen", "Wohnungen für Studierende"),
        ("Gitarren und Trommeln abzugeben", "Wer spendet uns ein Keyboard?", "Wer backt Torten?"),
        ("Buchhaltung aufräumen", "Ordnung in der Vereinskasse", "Ordnung im Keller"),
        ("Couch und Esstisch", "Einrichtung für die erste Wohnung", "Wohnungslose"),
    ],
)
def test_other_words_for_the_same_are_seen(text: str, closer: str, farther: str) -> None:
    assert alike(text, closer) > 2 * alike(text, farther)


def test_labelled_pairs_find_each_other() -> None:
    given = pairs.pairs("development")
    quality = pairs.by_kind(pairs.ranks(pairs.by_vectors, given), given)
    assert quality["all"].mrr >= 0.93
    assert quality["S"].mrr >= 0.85
    words_only = pairs.by_kind(pairs.ranks(pairs.bm25, given), given)
    assert words_only["all"].mrr < 0.3, "these pairs are too easy to tell anything"


def test_the_strongest_sixty_four_entries_are_as_good_as_all() -> None:
    given = pairs.pairs("development")
    cut = pairs.ranks(partial(pairs.by_vectors, cut=64), given)
    assert pairs.quality(cut).mrr >= pairs.quality(pairs.ranks(pairs.by_vectors, given)).mrr - 0.02


@given(st.text(st.sampled_from("Gartenschulhb -:\näÖß"), max_size=80))
def test_a_vector_has_length_one_and_sorted_buckets(text: str) -> None:
    buckets, weights = vector(text)
    assert list(buckets) == sorted(set(buckets.tolist()))
    assert not len(buckets) or (weights**2).sum() == pytest.approx(1, abs=1e-5)
    assert all(0 <= bucket < BUCKETS for bucket in buckets)


def test_what_tells_most_weighs_most() -> None:
    buckets, weights = vector("Wir suchen für unseren Verein Menschen, die Gitarren reparieren")
    strongest = set(buckets[weights.argsort()[-2:]].tolist())
    both = set(vector("Instrument").buckets.tolist()) | set(vector("Reparatur").buckets.tolist())
    assert strongest <= both


# ------------------------------------------------------------------------------ what is shared


def of(word: str, other: str, concept: str) -> Shared:
    return Shared(word, other, taxonomy.shipped().concepts[concept])


def test_shared_words_are_named_as_the_text_spells_them_once_each() -> None:
    text = "Wände streichen im Jugendzentrum: es soll gestrichen werden, Streichen macht Spaß"
    assert shared(text, "Wir streichen Räume in Jugendzentren", 5) == [
        Shared("streichen", "streichen", None),
        Shared("Jugendzentrum", "Jugendzentren", None),
    ]
    assert shared("Beete anlegen", "Steuern erklären") == []


def test_other_words_for_the_same_are_named_with_what_they_mean() -> None:
    assert shared("Suppe für Obdachlose", "Wohnungslose besuchen uns") == [
        of("Obdachlose", "Wohnungslose", "homeless")
    ]
    assert shared("Wir brauchen eine Gitarre", "Unser Orchester") == [
        of("Gitarre", "Orchester", "music")
    ]


def test_what_nearly_everybody_writes_is_no_reason() -> None:
    assert shared("Menschen im Projekt", "Mitarbeitende im Verein") == []
    found = shared("Das Projekt Schulgarten", "Ein Projekt im Schulgarten")
    assert [each.word for each in found] == ["Schulgarten", "Projekt"]
