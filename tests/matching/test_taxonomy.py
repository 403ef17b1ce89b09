"""The taxonomy that comes with the package, and what is refused in a list."""

import pytest

from impulse_matching.domain import reading, taxonomy, text

SHEET = """\
# Handwerk
id;broader;de;en;terms
trades;;Handwerk;trades;Werkstatt
renovation;trades;Renovierung;renovation;streichen, Wände
carpentry;trades;Holzarbeiten;carpentry;=Holz, Tischler, frische Luft
"""


def spoken_of(word: str) -> list[str]:
    return [concept for concept, _ in reading.of_word(word)]


def test_the_shipped_lists_hold_together_and_are_broad() -> None:
    lists = taxonomy.shipped()
    assert len(lists.concepts) >= 400
    assert len(lists.stems) >= 5000
    buckets = {text._bucket(f"#{concept}") for concept in lists.concepts}
    assert len(buckets) == len(lists.concepts), "two ids share a column: rename one"
    assert taxonomy.shipped().version == lists.version


def test_broader_concepts_tell_less() -> None:
    lists = taxonomy.parse({"hands.csv": SHEET})
    assert lists.lineage("renovation") == {"renovation": 0, "trades": 1}
    assert lists.telling("renovation") == 1
    assert 0 < lists.telling("trades") < 0.5


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("flooring;wood;Böden;flooring;Parkett", "hands.csv, line 6: no concept is called wood"),
        ("renovation;;Farbe;paint;Pinsel", "hands.csv, line 6: renovation is in hands.csv, line 4"),
        (
            "paint;;Farbe;paint;gestrichen, Wand",
            "hands.csv, line 6: Wand is a term of renovation, hands.csv, line 4",
        ),
        ("a;b;Anfang;a;\nb;a;Beginn;b;", "hands.csv, line 6: a is broader than itself"),
        ("paint;;Farbe;paint", "hands.csv, line 6: 4 cells, not 5"),
        ("paint;;;paint;Pinsel", "hands.csv, line 6: an id (a-z, 0-9, _) and a label in both"),
        ("Paint;;Farbe;paint;Pinsel", "hands.csv, line 6: an id (a-z, 0-9, _) and a label in both"),
        ("paint;;Farbe;paint;3-4", "hands.csv, line 6: 3-4 is no word"),
        ("cars;;Wagen;cars;E-Auto", "hands.csv, line 6: E-Auto is no word, or a letter is"),
    ],
)
def test_a_fault_is_refused_with_its_line(row: str, fault: str) -> None:
    with pytest.raises(ValueError, match="line 6") as refused:
        taxonomy.parse({"hands.csv": SHEET + row})
    assert fault in str(refused.value)


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(ValueError, match="line 6") as refused:
        taxonomy.parse({"hands.csv": SHEET + "x;none;Xylophon;x;\ny;;Werkstatt;y;"})
    assert len(str(refused.value).splitlines()) == 2


def test_the_version_changes_with_the_lists() -> None:
    before = taxonomy.parse({"hands.csv": SHEET}, "Verein").version
    assert taxonomy.parse({"hands.csv": SHEET}, "Verein").version == before
    assert taxonomy.parse({"hands.csv": SHEET + "x;;Xylophon;x;\n"}, "Verein").version != before
    assert taxonomy.parse({"hands.csv": SHEET}, "Vereine, Tag").version != before


@pytest.mark.parametrize(
    ("word", "concepts"),
    [
        ("Malerinnen", ["renovation"]),
        ("gestrichen", ["renovation"]),
        ("aufzubauen", ["building_things"]),
        ("Gaerten", ["gardening"]),
        ("GÄRTEN", ["gardening"]),
        ("Seniorenklubs", ["seniors"]),
        ("Schülerspendenlauf", ["pupils", "running"]),
        ("Mathematiknachmittage", ["mathematics"]),
        ("Verstärkung", []),
        ("Preis", []),
        ("Komitee", []),
        ("und", []),
    ],
)
def test_words_speak_of_concepts_in_any_form_and_as_parts(word: str, concepts: list[str]) -> None:
    assert spoken_of(word) == concepts


def test_the_longest_term_is_meant() -> None:
    assert spoken_of("Kindergarten") == ["kindergarten"]
    assert [each.concepts for each in reading.read("Erste Hilfe")] == [(("first_aid", 1.0),)]
    assert [each.said for each in reading.read("Wir lernen Erste Hilfe")] == [
        "lernen",
        "Erste Hilfe",
    ]


def test_gendered_words_are_one_word() -> None:
    for spelled in ("Maler:innen", "Maler*innen", "Maler_innen", "MalerInnen", "Maler/innen"):
        assert [each.concepts for each in reading.read(spelled)] == [(("renovation", 1.0),)]
