"""The directory to take away: everybody who is shown, no examples, no persons' names."""

import csv
import io
import json

import pytest

from impulse_contracts.directory import COLUMNS
from impulse_gateway.store import actors
from tests.gateway import given
from tests.gateway.driving import tell

REAL = given.actor("Verein eins e.V.", example=False, topics=("education_equity",))
FORMULA = given.actor("=Verein(zwei)", example=False)
TRADER = given.actor("Vorname Nachname", example=False, legal_form="ek")
GONE = given.actor("Verein drei e.V.", example=False, status="archived")
MADE_UP = given.actor("Beispiel vier", example=True)


@pytest.fixture
def town(world):
    tell(world, REAL, FORMULA, TRADER, GONE, MADE_UP)
    return world


async def rows(visitor):
    answer = await visitor.get("/organisations.csv")
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


@pytest.mark.parametrize("part", [1, 2, 500])
async def test_it_holds_everybody_who_is_shown_in_the_same_order(visitor, monkeypatch, part):
    monkeypatch.setattr(actors, "PART", part)
    found = await rows(visitor)
    shown = sorted(str(each.actor_id) for each in (REAL, FORMULA, TRADER))
    assert [each["actor_id"] for each in found] == shown
    assert list(found[0]) == list(COLUMNS)
    lines = (await visitor.get("/organisations.jsonl")).text.splitlines()
    assert [json.loads(line)["actor_id"] for line in lines] == shown


async def test_no_formula_and_no_name_of_a_person(visitor):
    found = {each["actor_id"]: each for each in await rows(visitor)}
    assert found[str(REAL.actor_id)]["legal_name"] == "Verein eins e.V."
    assert found[str(FORMULA.actor_id)]["legal_name"] == "'=Verein(zwei)"
    trader = found[str(TRADER.actor_id)]
    assert (trader["legal_name"], trader["display_name"], trader["latitude"]) == ("", "", "")
    text = (await visitor.get("/organisations.csv")).text
    assert "Nachname" not in text
    assert "Nachname" not in (await visitor.get("/organisations.jsonl")).text


async def test_it_is_described_where_the_standard_looks(visitor):
    answer = await visitor.get("/organisations.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="organisations.csv"'
    assert "</organisations.csv-metadata.json>" in answer.headers["link"]
    described = (await visitor.get("/organisations.csv-metadata.json")).json()
    assert described["url"] == "/organisations.csv"
    assert [each["name"] for each in described["tableSchema"]["columns"]] == list(COLUMNS)
    assert "OpenStreetMap" in str(described["dc:rights"])


async def test_the_page_of_organisations_leads_there(visitor):
    page = (await visitor.get("/organisations")).text
    assert 'href="/organisations.csv"' in page
    assert 'href="/organisations.jsonl"' in page
