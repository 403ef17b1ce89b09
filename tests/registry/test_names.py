"""One name in all its spellings, and what must stay apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.codes import LegalForm
from impulse_registry.domain import names

SAME = [
    ("Kanu-Club Essen e.V.", "KANU CLUB ESSEN eV"),
    ("Kanu-Club Essen e.V.", "Kanu-Club Essen e. V."),
    ("Kanu-Club Essen e.V.", "Kanu-Club Essen, eingetragener Verein"),
    ("Kanu-Club Essen e.V.", "Kanu-Club Essen EV"),
    ("Kanu-Club Essen e.V.", "Kanu - Club Essen"),
    ("„Die Brücke“ e.V.", "»Die Bruecke« (e.V.)"),
    ('"Die Brücke" e.V.', "Die Brücke e.V."),
    ("Große Straße", "GROSSE STRASSE"),
    ("Ev. Jugend Essen eV", "Evangelische Jugend Essen e. V."),
    ("Städt. Kindergarten Am Ring", "Städtischer Kindergarten Am Ring"),
    ("Kath. Kirchenchor St. Georg", "Katholischer Kirchenchor Sankt Georg"),
    ("Dt. Rotes Kreuz", "Deutsches Rotes Kreuz"),
    ("Fr.-Ebert-Schule", "Friedrich-Ebert-Schule"),
    ("Nachbarn der Lindenstr.", "Nachbarn der Lindenstraße"),
    ("FV Grundschule Kray", "Förderverein Grundschule Kray e.V."),
    ("S. V. Eiche 08", "SV Eiche 08"),
    ("T.V. Kray e.V.", "TV Kray"),
    ("Freunde & Förderer", "Freunde und Förderer"),
    ("Freunde + Förderer", "Freunde u. Förderer"),
    ("Muster GmbH & Co. KG", "Muster GmbH + Co KG"),
    ("Muster GmbH & Co. KG", "Muster GmbH und Co. Kommanditgesellschaft"),
    ("Muster GmbH", "Muster Gesellschaft mit beschränkter Haftung"),
    ("Muster GmbH", "Muster G.m.b.H."),
    ("Muster Handels-GmbH", "Muster Handelsgesellschaft mbH"),
    ("Hilfe gUG (haftungsbeschränkt)", "Hilfe gemeinnützige Unternehmergesellschaft"),
    ("Hilfe gGmbH", "Hilfe gemeinnützige GmbH"),
    ("Bau AG", "Bau Aktiengesellschaft"),
    ("Wohnbau eG", "Wohnbau eingetragene Genossenschaft"),
    ("Firma Bau GmbH", "Bau GmbH"),
    ("Segler Mülheim a.d. Ruhr", "Segler Mülheim an der Ruhr"),
    ("Landesbund NRW", "Landesbund Nordrhein-Westfalen"),
    ("Cafe\u0301 Welt", "Café Welt"),
    ("Licht\u00adblick \u200be.V.", "Lichtblick e.V."),
]
APART = [
    ("1. FC Kray", "2. FC Kray"),
    ("Kita I", "Kita II"),
    ("Turnverein Kray 1884", "Turnverein Kray 1894"),
    ("Bürgerverein Essen-Kray", "Bürgerverein Essen-Steele"),
    ("TSV Kray, Abteilung Turnen", "TSV Kray, Abteilung Handball"),
    ("Grundschule Kray", "Förderverein Grundschule Kray"),
    ("FV Kray 08", "Förderverein Kray 08"),
    ("Ev. Jugend", "Kath. Jugend"),
    ("KG Rote Funken", "Rote Funken"),
    ("Bau GmbH", "Neubau GmbH"),
]
FORMS = [
    ("Kanu-Club e.V.", LegalForm.E_V),
    ("Kanu-Club", None),
    ("KG Rote Funken e.V.", LegalForm.E_V),
    ("KG Rote Funken", None),
    ("Ev. Jugend", None),
    ("Muster GmbH", LegalForm.GMBH),
    ("Muster GmbH & Co. KG", LegalForm.GMBH_CO_KG),
    ("Muster KG", LegalForm.KG),
    ("Hilfe gGmbH", LegalForm.GGMBH),
    ("Hilfe gUG (haftungsbeschränkt)", LegalForm.GUG),
    ("Muster UG (haftungsbeschränkt)", LegalForm.UG),
    ("Muster AG", LegalForm.AG),
    ("Wohnbau eG", LegalForm.COOPERATIVE),
]

WORDS = ("Kanu", "Club", "Förderer", "Straße", "Süd", "Kray", "1884", "II", "und", "Schule")
NAMES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_spellings_of_one_name_are_one(one: str, other: str) -> None:
    assert names.core(one) == names.core(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_what_tells_organisations_apart_is_kept(one: str, other: str) -> None:
    assert names.core(one) != names.core(other)


@pytest.mark.parametrize(("name", "form"), FORMS)
def test_the_legal_form_is_read(name: str, form: LegalForm | None) -> None:
    assert names.form(name) is form


@given(NAMES, st.sampled_from([" e.V.", " e. V.", " eV", ", eingetragener Verein", " (e.V.)"]))
def test_any_spelling_of_the_form_leaves_the_same_core(name: str, form: str) -> None:
    assert names.core(name + form) == names.core(name)


@given(NAMES)
def test_case_umlauts_and_quotation_marks_do_not_matter(name: str) -> None:
    spelled = name.replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    for other in (name.upper(), name.lower(), spelled, f"„{name}“", f"»{name}«", f'"{name}"'):
        assert names.core(other) == names.core(name)


@given(st.text(max_size=60))
def test_any_text_has_a_core(name: str) -> None:
    core = names.core(name)
    assert bool(core) == bool(name.strip())
    assert core == core.strip()


def test_other_scripts_are_read() -> None:
    assert names.core("Друзья e.V.") == "друзья" != names.core("Мост e.V.")


def test_a_name_that_is_only_a_form_keeps_it() -> None:
    assert names.core("e.V.")
    assert names.core("AG") == "ag"
