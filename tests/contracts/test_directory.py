"""The public directory: who is in it, and what is said of them."""

import csv
import io
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from impulse_contracts import directory
from impulse_contracts.codes import ActorStatus
from impulse_contracts.parts import RegisterEntry, Seat
from impulse_contracts.registry.actors import ActorRegistered


def actor(number: int = 1, **fields: Any) -> ActorRegistered:
    told: dict[str, Any] = {
        "actor_id": UUID(int=number),
        "version": 1,
        "status": "registered",
        "kind": "nonprofit",
        "actor_type": "nonprofit_association",
        "carrier": "nonprofit",
        "legal_name": "Beispiel-Verein e.V.",
        "legal_form": "e_v",
        "register_entry": RegisterEntry(court="Essen", number="VR 9999"),
        "seat": Seat(postcode="45144", city="Essen", ags="05113000", latitude=51.4, longitude=7),
        "topics": ("education_equity", "climate_impact"),
        "languages": ("de", "tr"),
        "website": "https://verein.example",
        "confirmed_at": datetime(2026, 11, 20, tzinfo=UTC),
    }
    return ActorRegistered.model_validate(told | fields)


def rows(*actors: ActorRegistered) -> list[dict[str, str]]:
    text = "".join(directory.csv_lines(directory.in_order(actors)))
    return list(csv.DictReader(io.StringIO(text)))


def test_the_columns_are_those_that_are_documented():
    [row] = rows(actor())
    assert row == {
        "actor_id": "00000000-0000-0000-0000-000000000001",
        "status": "registered",
        "kind": "nonprofit",
        "actor_type": "nonprofit_association",
        "carrier": "nonprofit",
        "unit": "",
        "legal_name": "Beispiel-Verein e.V.",
        "display_name": "",
        "legal_form": "e_v",
        "register_court": "Essen",
        "register_number": "VR 9999",
        "w_idnr": "",
        "postcode": "45144",
        "city": "Essen",
        "ags": "05113000",
        "latitude": "51.4",
        "longitude": "7.0",
        "topics": "education_equity|climate_impact",
        "icnpo_group": "",
        "size_class": "",
        "languages": "de|tr",
        "website": "https://verein.example",
        "confirmed_at": "2026-11-20T00:00:00+00:00",
    }
    assert list(row) == list(directory.COLUMNS) == list(directory.entry(actor()))


@pytest.mark.parametrize("status", ActorStatus)
def test_who_is_hidden_or_made_up_is_left_out(status):
    shown = status in (ActorStatus.REGISTERED, ActorStatus.VERIFIED)
    assert bool(rows(actor(status=status))) is shown
    assert not rows(actor(status=status, example=True))


def test_the_order_is_always_the_same():
    actors = [actor(number) for number in (3, 1, 2)]
    assert rows(*actors) == rows(*reversed(actors))
    assert [row["actor_id"][-1] for row in rows(*actors)] == ["1", "2", "3"]


@pytest.mark.parametrize(
    "named",
    [
        {"legal_form": "ek"},
        {"legal_form": "gbr"},
        {"legal_form": "e_gbr"},
        {"legal_form": "partg"},
        {"legal_form": "self_employed"},
        {"legal_form": None, "actor_type": "self_employed"},
    ],
)
def test_what_is_named_after_persons_has_no_name_there(named):
    [row] = rows(actor(**named, legal_name="Vorname Nachname", display_name="Nachname"))
    for column in ("legal_name", "display_name", "register_number", "website", "latitude"):
        assert row[column] == "", column
    assert row["postcode"] == "45144"


def test_what_came_later_is_unknown_and_no_fault():
    [row] = rows(actor(kind="cooperative_bank", legal_form="scrl"))
    assert (row["kind"], row["legal_form"]) == ("unknown", "unknown")
