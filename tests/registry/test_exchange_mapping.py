"""From a row to a report: mappings, and what is wrong with a row in words of its columns."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from impulse_chassis.words import Unusable, language_of
from impulse_contracts.message import Report
from impulse_contracts.partner import ActorReported, ListingReported
from impulse_registry.exchange.checking import Rejected, Sendable, check
from impulse_registry.exchange.mapping import read_mapping
from impulse_registry.exchange.table import read_table

SOURCE = "https://freiwillige.beispielkreis.example/api"
AT = datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
FREINET = (
    "ID;Organisation;Kurzname;Straße;PLZ;Ort;Registergericht;Registernummer;Internet;Geändert am;"
    "Vorname;Nachname;E-Mail;Telefon;Rechtsform;Themen\r\n"
    "17;Beispiel-Bürgerhaus e.V.;;Beispielweg 1;45144;Essen;Essen;VR 9999;;20.07.2026;"
    "Kontakt;Bürgerhaus;kontakt@buergerhaus.example;;E.V.;Bildung, Umwelt, Klima\r\n"
)


def checked(
    text: str, mapping: str, message: type[Report] = ActorReported
) -> tuple[list[Sendable], list[Rejected]]:
    rules = read_mapping(mapping, message)
    return check(read_table(text.encode()), rules, source=SOURCE, topic="reports", observed_at=AT)


def data_of(found: Sendable) -> dict[str, Any]:
    assert found.record.value is not None
    data: dict[str, Any] = json.loads(found.record.value)
    return data


def mapping_file(folder: Path, text: str) -> str:
    path = folder / "mapping.toml"
    path.write_text(text, "utf-8")
    return str(path)


MINIMAL = """
[constants]
kind = "nonprofit"
[fields]
external_id = "Nr"
legal_name = "Name"
"seat.postcode" = "PLZ"
"""


def refusal(mapping: str, text: str = "Nr;Name;PLZ\n1;Beispiel;45144\n") -> str:
    with pytest.raises(Unusable) as error:
        checked(text, mapping)
    assert error.value.words.de != error.value.words.en
    return error.value.words.en


def test_a_list_as_freinet_writes_it_becomes_reports() -> None:
    [found], bad = checked(FREINET, "freinet")
    assert not bad
    assert data_of(found) == {
        "kind": "nonprofit",
        "legal_name": "Beispiel-Bürgerhaus e.V.",
        "legal_form": "e_v",
        "register": {"court": "Essen", "number": "VR 9999"},
        "seat": {"street": "Beispielweg 1", "postcode": "45144", "city": "Essen"},
        "topics": ["education_equity", "climate_impact"],
        "languages": ["de"],
        "example": False,
        "external_id": "17",
        "contact": {
            "name": "Kontakt Bürgerhaus",
            "email": "kontakt@buergerhaus.example",
            "language": "de",
        },
        "observed_at": "2026-07-20T00:00:00+02:00",
    }
    assert found.record.key == f"{SOURCE}|17".encode()


def test_the_same_row_is_the_same_message_and_another_is_another() -> None:
    first, again = checked(FREINET, "freinet")[0][0], checked(FREINET, "freinet")[0][0]
    changed = checked(FREINET.replace("45144", "45145"), "freinet")[0][0]
    assert first.ce_id == again.ce_id != changed.ce_id


def test_listings_are_read_with_numbers_and_days() -> None:
    text = (
        "Nr.;Organisation;Richtung;Titel;Beschreibung;Kategorie;Fähigkeiten;Menge;Einheit;PLZ;"
        "Gültig bis\n"
        "A-1;17;Bedarf;Zaun streichen;;Hände;renovation,tools;1.000,5;Stunden;45144;28.02.2027\n"
    )
    [found], bad = checked(text, "listings", ListingReported)
    assert not bad
    data = data_of(found)
    assert data["quantity"] == {"value": 1000.5, "unit": "hour"}
    assert (data["direction"], data["valid_until"]) == ("need", "2027-02-28")
    assert data["skills"] == ["renovation", "tools"]
    assert data["observed_at"] == "2026-11-20T08:15:00Z"
    assert found.record.key == f"{SOURCE}|17".encode()


def test_objects_in_a_list_numbers_and_flags_are_filled(tmp_path: Path) -> None:
    mapping = mapping_file(
        tmp_path,
        """
        [constants]
        direction = "need"
        resource_category = "hands"
        "counter_offers.resource_category" = "contacts"
        [fields]
        external_id = "Nr"
        actor_external_id = "Org"
        title = "Titel"
        "counter_offers.title" = "Dank"
        "team_size.max" = "Leute"
        """,
    )
    [found], bad = checked("Nr;Org;Titel;Dank;Leute\n1;2;Zaun;Fotos;12\n", mapping, ListingReported)
    assert not bad
    data = data_of(found)
    assert data["counter_offers"] == [{"title": "Fotos", "resource_category": "contacts"}]
    assert data["team_size"] == {"min": 1, "max": 12}


@pytest.mark.parametrize(
    ("written", "example"), [("ja", True), ("Nein", False), ("x", True), ("0", False)]
)
def test_yes_and_no_are_understood(tmp_path: Path, written: str, example: bool) -> None:
    mapping = mapping_file(tmp_path, MINIMAL + 'example = "Beispiel"\n')
    [found], _ = checked(f"Nr;Name;PLZ;Beispiel\n1;Beispiel;45144;{written}\n", mapping)
    assert data_of(found)["example"] is example


def test_what_breaks_the_contract_is_said_row_by_row_in_words_of_the_columns() -> None:
    text = (
        FREINET.splitlines()[0]
        + "\n1;;;;45144;Essen;;;;;;;;;Verein;"
        + "\n2;Beispiel B;;;;;;;;;;;;;Verein;"
        + "\n3;Beispiel C;;;45144;;;;;;;;kein-at;;Verein;"
        + "\n4;Beispiel D;;;45144;;;;;gestern;;;;;Klub;Bildung,Sport"
        + "\n5;Beispiel E;;;45144;;;;;;;;;;;"
        + "\n5;Beispiel F;;;45144;;;;;;;;;;;\n"
    )
    good, bad = checked(text, "freinet")
    assert [each.row.number for each in good] == [6]
    reasons = {each.row.number: each.why for each in bad}
    assert reasons[2].en == "Organisation is missing"
    assert reasons[2].de == "Organisation fehlt"
    assert reasons[3].en == "Straße, PLZ, Ort is missing"
    assert "E-Mail" in reasons[4].en and "Vorname, Nachname is missing" in reasons[4].en
    assert "Rechtsform must be one of" in reasons[5].en
    assert "Themen (2) must be one of" in reasons[5].en
    assert "Geändert am is no date like 31.12.2026" in reasons[5].en
    assert reasons[7].en == "has the same external_id as row 6"


def test_a_column_that_the_file_lacks_is_named_with_those_it_has(tmp_path: Path) -> None:
    mapping = mapping_file(tmp_path, MINIMAL)
    said = refusal(mapping, "Nr;Name;Postleitzahl\n1;Beispiel;45144\n")
    assert "mapping names: PLZ" in said and "„Postleitzahl“" in said


def test_a_field_that_there_is_not_is_named_with_those_there_are(tmp_path: Path) -> None:
    said = refusal(mapping_file(tmp_path, MINIMAL + 'legal_nmae = "Name"\n'))
    assert "legal_nmae" in said and "legal_name" in said and "seat.postcode" in said


def test_a_field_that_every_report_needs_is_asked_for(tmp_path: Path) -> None:
    said = refusal(mapping_file(tmp_path, MINIMAL.replace('legal_name = "Name"', "")))
    assert said.endswith("needs: legal_name.")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fields", "no TOML"),
        (MINIMAL + "website = { split = ',' }", "either column or columns"),
        (MINIMAL + "[files]\n", "files"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(mapping_file(tmp_path, text))


def test_a_german_reads_what_is_wrong_with_a_mapping_in_german(tmp_path: Path) -> None:
    for text, said in [
        ("[fields", "ist kein TOML (am Ende)."),
        (MINIMAL + "website = 'Web'\nwebsite = 'Web'\n", "ist kein TOML (Zeile"),
        (MINIMAL + "website = { split = ',' }", "fields.website braucht entweder column oder"),
        (MINIMAL + "website = { colum = 'Web' }", "fields.website.colum ist unbekannt"),
        ("separator = ';;'\n" + MINIMAL, "separator ist zu lang (höchstens 1 Zeichen)"),
        ("[fields]\nwebsite = 7", "fields.website muss ein Objekt sein"),
    ]:
        with pytest.raises(Unusable) as caught:
            read_mapping(mapping_file(tmp_path, text), ActorReported)
        assert said in caught.value.words.de


def test_a_mapping_that_is_not_there_is_refused_with_those_that_are_shipped() -> None:
    assert "directory, freinet, listings" in refusal("freinett")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_AT.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_terminal_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language
