"""The “Volunteering Data” profile: organisations, their activities, roles and sessions."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from pyld import jsonld

from impulse_contracts.codes import TimeMode
from impulse_contracts.parts import Place, Time
from impulse_contracts.registry.listings import ListingPublished
from impulse_registry.exchange import volunteering
from tests.contracts.test_directory import actor

SCHEMA = "https://id.volunteeringdata.io/schema/"
SHIPPED = Path(__file__).parent / "volunteering" / "context-v1.jsonld"
"""The context as it is published, MIT licence; the vocabulary's shapes are beside it there."""
START = datetime.fromisoformat("2026-12-01T09:00:00+01:00")


def need(number: int = 7, **fields: Any) -> ListingPublished:
    told: dict[str, Any] = {
        "listing_id": UUID(int=number),
        "version": 1,
        "actor_id": UUID(int=1),
        "status": "open",
        "direction": "need",
        "title": "Zaun streichen",
        "resource_category": "hands",
        "time": Time(mode=TimeMode.FIXED, start=START),
        "place": Place(latitude=51.4, longitude=7.0),
        "topics": ("social_cohesion",),
        "requirements": ("safety_instruction",),
        "accessibility": ("step_free",),
        "confirmed_at": START,
    }
    return ListingPublished.model_validate(told | fields)


def activities(*listings: ListingPublished) -> list[dict[str, Any]]:
    [organisation] = volunteering.document([actor()], listings)["graph"]
    found: list[dict[str, Any]] = organisation.get("activity", [])
    return found


def test_an_organisation_and_its_activity_have_the_fields_of_the_profile() -> None:
    document = volunteering.document([actor()], [need()])
    assert document["@context"][0] == "https://api.volunteeringdata.io/context/v1"
    assert "OpenStreetMap" in document["rights"][0]["value"]
    [organisation] = document["graph"]
    assert organisation["type"] == "Organisation"
    assert organisation["id"] == "urn:uuid:00000000-0000-0000-0000-000000000001"
    assert organisation["name"] == "Beispiel-Verein e.V."
    assert organisation["location"] == [
        {"type": "Location", "label": "Essen", "latitude": 51.4, "longitude": 7.0}
    ]
    [activity] = organisation["activity"]
    assert (activity["title"], activity["description"]) == ("Zaun streichen", "Zaun streichen")
    assert activity["allowsRemoteParticipation"] is False
    [role] = activity["role"]
    [requirement] = role["requirement"]
    assert requirement["id"] == "urn:impulse:requirement:safety_instruction"
    assert {"value": "Sicherheitsunterweisung", "@language": "de"} in requirement["label"]
    assert role["accessibility"][0]["label"][1] == {"value": "step-free", "@language": "en"}
    [session] = activity["session"]
    assert session["location"] == [{"type": "Location", "latitude": 51.4, "longitude": 7.0}]
    assert session["time"] == {"type": "SessionTime", "beginning": START.isoformat()}


def test_activities_are_open_needs_that_people_meet() -> None:
    assert activities(need(resource_category="minds"))
    assert not activities(need(resource_category="means"))
    assert not activities(need(direction="offer"))
    assert not activities(need(status="stale"))
    assert not activities(need(example=True))


def test_their_order_is_always_the_same() -> None:
    several = [need(number) for number in (9, 8, 7)]
    assert activities(*several) == activities(*reversed(several))


def test_an_organisation_that_is_named_after_persons_has_no_name_and_no_place() -> None:
    [found] = volunteering.document([actor(legal_form="ek")], [])["graph"]
    assert not {"name", "label", "website", "location"} & found.keys()


def test_codes_that_came_later_are_left_out() -> None:
    [activity] = activities(need(topics=("unheard_of", "social_cohesion")))
    assert [each["id"] for each in activity["cause"]] == [
        "urn:impulse:societaltopic:social_cohesion"
    ]


def read_as_linked_data(document: dict[str, Any]) -> list[dict[str, Any]]:
    """What a reader of JSON-LD takes from a document; nothing is asked for on the network."""

    def load(address: str, _: object) -> dict[str, Any]:
        assert address == volunteering.CONTEXT
        context = json.loads(SHIPPED.read_text())
        return {"contextUrl": None, "documentUrl": address, "document": context}

    written = json.loads(json.dumps(document))
    found: list[dict[str, Any]] = jsonld.flatten(written, None, {"documentLoader": load})
    return found


def test_a_reader_of_json_ld_finds_what_the_shapes_of_the_vocabulary_ask_for() -> None:
    place = Place(latitude=51.4, longitude=7.0)
    nodes = read_as_linked_data(
        volunteering.document([actor(website="www.verein.example")], [need(place=place)])
    )
    by_type = {kind: node for node in nodes for kind in node.get("@type", ())}
    activity = by_type[f"{SCHEMA}Activity"]
    # :ActivityShape: a label, exactly one description, each a text.
    for name in ("label", "description"):
        assert activity[SCHEMA + name] == [{"@value": "Zaun streichen"}]
    organisation = by_type[f"{SCHEMA}Organisation"]
    assert organisation[f"{SCHEMA}website"] == [{"@id": "https://www.verein.example"}]
    assert organisation[f"{SCHEMA}activity"] == [{"@id": activity["@id"]}]
    [latitude] = by_type[f"{SCHEMA}Location"][f"{SCHEMA}latitude"]
    assert latitude["@type"] == "http://www.w3.org/2001/XMLSchema#double"
    concept = by_type[f"{SCHEMA}Requirement"]
    assert {each["@language"] for each in concept[f"{SCHEMA}label"]} == {"de", "en"}
    # Nothing was dropped, and nothing made an address of the vocabulary's own site.
    assert all(node["@id"].startswith(("urn:", "_:", "https://www.verein")) for node in nodes)
    names = {name for node in nodes for name in node if not name.startswith("@")}
    assert all(name.startswith((SCHEMA, "http://purl.org/dc/terms/")) for name in names)
