"""The sample of real organisations: valid, repeatable, and nothing made up about them."""

import json
import re
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest

import impulse_sample
from impulse_contracts.partner import ActorReported
from impulse_sample.envelope import header
from impulse_sample.register import GEONAMES, REGISTER, legal_form
from impulse_sample.reports import FULL_DATA, bulk_reports, real_reports
from impulse_sample.tables import rows

PACKAGE = Path(impulse_sample.__file__).parent
MAY_BE_SAID = {
    "external_id",
    "kind",
    "actor_type",
    "carrier",
    "legal_name",
    "legal_form",
    "register",
    "seat",
    "observed_at",
}


@pytest.fixture(scope="module")
def reports():
    return list(real_reports())


def test_some_thousand_organisations_of_the_whole_ruhr_area(reports) -> None:
    assert 2_000 <= len(reports) <= 3_000
    kinds = Counter(json.loads(report.value)["kind"] for report in reports)
    assert kinds["nonprofit"] > 1_500
    assert kinds["company"] > 800
    assert kinds["municipal"] > 10
    of_register = rows("offeneregister_associations.csv") + rows("offeneregister_companies.csv")
    assert {row["ags"] for row in of_register} == {row["ags"] for row in rows("ruhr_postcodes.csv")}


def test_every_report_keeps_the_contract(reports) -> None:
    for report in reports:
        actor = ActorReported.model_validate_json(report.value)
        assert header(report.headers, "ce_type") == ActorReported.ce_type
        source = header(report.headers, "ce_source")
        assert source in (REGISTER, GEONAMES)
        assert report.key.decode() == f"{source}|{actor.external_id}"
        assert header(report.headers, "ce_specversion") == "1.0"
        assert header(report.headers, "content-type") == "application/json"
        assert re.fullmatch(r"\S+T\S+\+0[12]:00", header(report.headers, "ce_time"))


def test_reports_are_the_same_every_time(reports) -> None:
    assert list(real_reports()) == reports
    assert list(real_reports(limit=10)) == reports[:10]


def test_ids_and_keys_are_unique(reports) -> None:
    assert len({header(report.headers, "ce_id") for report in reports}) == len(reports)
    assert len({report.key for report in reports}) == len(reports)


def test_nothing_is_said_that_the_register_does_not_say(reports) -> None:
    for report in reports:
        assert json.loads(report.value).keys() <= MAY_BE_SAID


def test_no_sole_trader_is_among_them(reports) -> None:
    for report in reports:
        data = json.loads(report.value)
        assert data.get("legal_form") not in ("ek", "self_employed")
        assert not re.search(r"\be\. ?K\b|\bInh\.", data["legal_name"])
        assert not data["legal_name"].startswith("Beispiel")


@pytest.mark.parametrize(
    ("name", "register", "form"),
    [
        ("Turnverein Barop", "VR", "e_v"),
        ("Bauverein Rheinhausen eG", "GnR", "cooperative"),
        ("Küttner GmbH & Co. KG", "HRA", "gmbh_co_kg"),
        ("MILA Vermögensverwaltungs UG (haftungsbeschränkt) & Co. KG", "HRA", "gmbh_co_kg"),
        ("Wirtz Gesellschaft mit beschränkter Haftung", "HRB", "gmbh"),
        ("Stadtmarketinggesellschaft Hamm mbH", "HRB", "gmbh"),
        ("Regenbogen Duisburg gGmbH", "HRB", "ggmbh"),
        ("Malteser Rhein-Ruhr gemeinnützige GmbH", "HRB", "ggmbh"),
        ("Kodo UG (haftungsbeschränkt)", "HRB", "ug"),
        ("Dortmunder Hafen Aktiengesellschaft", "HRB", "ag"),
        ("Schulte & Co. OHG", "HRA", "ohg"),
        ("Importkauf Ltd", "HRB", None),
    ],
)
def test_the_legal_form_is_read_from_register_and_name(name, register, form) -> None:
    assert legal_form(name, register) == form


def test_bulk_reports_are_valid_and_all_different_organisations(monkeypatch) -> None:
    monkeypatch.delenv(FULL_DATA, raising=False)
    many = list(bulk_reports(20_000))
    assert len(many) == 20_000
    assert len({report.key for report in many}) == 20_000
    assert len({header(report.headers, "ce_id") for report in many}) == 20_000
    entries = Counter(
        (data["register"]["court"], data["register"]["number"])
        for data in (json.loads(report.value) for report in many)
        if "register" in data
    )
    twice_in_the_register = [entry for entry, count in entries.items() if count > 1]
    assert twice_in_the_register == []
    for report in many[:: 20_000 // 500]:
        ActorReported.model_validate_json(report.value)


def test_bulk_reports_begin_with_the_sample(reports, monkeypatch) -> None:
    monkeypatch.delenv(FULL_DATA, raising=False)
    assert list(bulk_reports(50)) == reports[:50]


def test_bulk_reports_come_from_the_whole_files_where_they_are(tmp_path, monkeypatch) -> None:
    columns = (
        "company_number,name,status,register_art,register_nr,registergericht,sitz,ags,abgerufen"
    )
    for file, line in (
        (
            "ruhr_vereine_offeneregister.csv",
            "R1_VR1,Ein Verein,x,VR,1,Hamm,Hamm,05915000,2018-06-21",
        ),
        (
            "ruhr_unternehmen_offeneregister.csv",
            "R1_HRB1,Eine GmbH,x,HRB,1,Hamm,Hamm,05915000,2018-06-21",
        ),
    ):
        (tmp_path / file).write_text(f"{columns}\n{line}\n", encoding="utf-8")
    monkeypatch.setenv(FULL_DATA, str(tmp_path))
    names = [json.loads(report.value)["legal_name"] for report in islice(bulk_reports(3), 3)]
    assert names[:2] == ["Ein Verein", "Eine GmbH"]
    assert names[2].endswith("(1)")


def test_the_data_is_small_and_attributed() -> None:
    data = PACKAGE / "data"
    assert sum(file.stat().st_size for file in data.iterdir()) <= 1_000_000
    attribution = (data / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for file in data.iterdir():
        assert file.name == "ATTRIBUTION.md" or f"`{file.name}`" in attribution
    for licence in ("CC BY 4.0", "ODbL"):
        assert licence in attribution
