"""Organisations by form: registered and changed, by staff and by their own; faults are told."""

import re
from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given as some
from hypothesis import strategies as st

from impulse_contracts.codes import IntakeChannel
from impulse_contracts.parts import Provenance, RegisterEntry
from impulse_contracts.registry.actors import ChangeActor, RegisterActor
from impulse_gateway.web import listing_form, organisation_form
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.test_accessibility import Outline

NEW = "/organisations/new"
CHANGE = f"/organisations/{given.HOUSE.actor_id}/change"
TOLD = {"channel": "phone", "on": "2026-11-20"}
FILLED: dict[str, str | list[str]] = {
    "kind": "nonprofit",
    "actor_type": "nonprofit_association",
    "legal_name": "Beispiel-Gartenfreunde e.V.",
    "display_name": "Die Gartenfreunde",
    "unit": "Gruppe Nord",
    "legal_form": "e_v",
    "register_court": "Essen",
    "register_number": "VR 4711",
    "w_idnr": "DE123456789-00001",
    "postcode": "45144",
    "city": "Essen",
    "ags": "05113000",
    "topics": ["social_cohesion", "climate_impact"],
    "languages": ["de", "tr"],
    "icnpo_group": "5",
    "size_class": "20 bis 50 Mitglieder",
    "website": "https://gartenfreunde.example",
}


@pytest.fixture
async def member(signed_in):
    return await signed_in(given.MEMBER)


@pytest.fixture
async def broker(signed_in):
    return await signed_in(given.BROKER)


async def send(browser, path, fields, operation=None):
    token = await browser.token(path)
    sent = {"csrf_token": token, "operation": str(operation or uuid4()), **fields}
    return await browser.post(path, data=sent)


async def test_staff_register_on_behalf_of_a_party(broker, published):
    operation = uuid4()
    for _ in range(2):
        answer = await send(broker, NEW, FILLED | TOLD, operation)
        assert answer.status_code == 303, answer.text
    [command] = published(RegisterActor)
    data = command.model_dump(mode="json")
    assert data["seat"] == {
        **{"street": None, "postcode": "45144"},
        **{"city": "Essen", "ags": "05113000"},
    }
    assert data["register"] == {"court": "Essen", "number": "VR 4711"}
    assert (data["topics"], data["languages"]) == (FILLED["topics"], FILLED["languages"])
    assert (data["icnpo_group"], data["example"], data["carrier"]) == (5, False, None)
    assert (data["channel"], data["said_on"]) == ("phone", "2026-11-20")
    plain = FILLED.keys() & data.keys() - {"icnpo_group"}
    assert {name: data[name] for name in plain} == {name: FILLED[name] for name in plain}


async def test_its_own_people_change_it_and_need_not_say_how_they_know(member, published):
    text = (await member.get(CHANGE)).text
    assert f'value="{given.HOUSE.legal_name}"' in text
    assert 'id="channel"' not in text
    assert "gilt als von der Organisation bestätigt" in text
    answer = await send(member, CHANGE, FILLED | TOLD)
    assert answer.status_code == 303, answer.text
    [command] = published(ChangeActor)
    assert command.actor_id == given.HOUSE.actor_id
    assert (command.channel, command.said_on) == (None, None), "they speak for themselves"
    assert command.example is given.HOUSE.example


async def test_a_broker_who_changes_it_says_how_and_when_it_was_said(broker, published):
    answer = await send(broker, CHANGE, FILLED)
    assert answer.status_code == 422
    assert 'href="#channel"' in answer.text
    assert (await send(broker, CHANGE, FILLED | TOLD)).status_code == 303
    [command] = published(ChangeActor)
    assert (command.channel, command.said_on) == ("phone", date(2026, 11, 20))


def test_what_stands_is_sent_back_the_same():
    actor = given.HOUSE.model_copy(
        update={
            "register_entry": RegisterEntry(court="Essen", number="VR 1"),
            "icnpo_group": 4,
            "languages": ("de", "xx"),
            "provenance": (
                Provenance(
                    fields=("kind", "legal_name"), channel=IntakeChannel.IMPORT, at=given.NOW
                ),
            ),
        }
    )
    profile, faults = organisation_form.profile(organisation_form.of_actor(actor), example=True)
    assert faults == []
    assert profile is not None
    for name in ("kind", "legal_name", "register_entry", "icnpo_group", "languages", "topics"):
        assert getattr(profile, name) == getattr(actor, name), name
    assert (profile.seat.postcode, profile.seat.ags) == (actor.seat.postcode, actor.seat.ags)
    assert (profile.actor_type, profile.carrier) == (None, None), "nobody said so"
    said = Provenance(fields=("actor_type", "carrier"), channel=IntakeChannel.IMPORT, at=given.NOW)
    stated = actor.model_copy(update={"provenance": (said,)})
    profile, _ = organisation_form.profile(organisation_form.of_actor(stated))
    assert profile is not None
    assert (profile.actor_type, profile.carrier) == (actor.actor_type, actor.carrier)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("legal_name", "", "fehlt"),
        ("kind", "", "fehlt"),
        ("legal_name", "Verein, kontakt@beispiel.example", "ohne E-Mail-Adresse"),
        ("size_class", "Anruf: 0201 / 123 45 67", "ohne E-Mail-Adresse und Telefonnummer"),
        ("register_court", "", "fehlt"),
        ("register_number", "", "fehlt"),
        ("ags", "Essen", "muss ein Gemeindeschlüssel sein"),
        ("website", "javascript:alert(1)", "muss eine Webadresse sein"),
        ("icnpo_group", "13", "höchstens 12"),
        ("website", "x" * 301, "zu lang"),
        ("on", "gestern", "muss ein Tag sein"),
        ("channel", "", "bitte eine Möglichkeit wählen"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    broker, published, field, value, words
):
    answer = await send(broker, NEW, FILLED | TOLD | {field: value})
    assert answer.status_code == 422
    assert published(RegisterActor) == []
    Outline(answer.text)
    assert f'href="#{field}"' in answer.text, "the summary leads to the field"
    fault = re.search(rf'id="{field}-fault">Fehler: ([^<]+)<', answer.text)
    assert fault, "and the field says what is wrong"
    assert words in fault[1]
    if field != "display_name":
        assert 'value="Die Gartenfreunde"' in answer.text
    assert re.search(r'id="languages-tr"[^>]* checked', answer.text)


async def test_without_a_place_the_form_says_which_it_needs(broker):
    nowhere = {"postcode": "", "city": "", "ags": ""}
    answer = await send(broker, NEW, FILLED | TOLD | nowhere)
    assert answer.status_code == 422
    assert 'id="postcode-fault"' in answer.text
    broker.headers["Accept-Language"] = "en"
    answer = await send(broker, NEW, FILLED | TOLD | nowhere)
    assert "needs one of" in answer.text


async def test_others_register_and_change_nothing(signed_in, visitor, published):
    stranger = await signed_in(given.CLUB_MEMBER)
    assert (await stranger.get(NEW)).status_code == 403
    assert (await stranger.get(CHANGE)).status_code == 403
    token = await stranger.token("/organisations")
    for path in (NEW, CHANGE):
        fields = {"csrf_token": token, "operation": str(UUID(int=7)), **FILLED}
        assert (await stranger.post(path, data=fields)).status_code == 403
        assert (await visitor.get(path)).status_code == 303, "to the sign-in, and back"
    assert published(RegisterActor) + published(ChangeActor) == []


@pytest.mark.parametrize("path", [NEW, CHANGE])
async def test_the_markup_of_the_forms(broker, path):
    page = Outline((await broker.get(path)).text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    for tag, values in page.tags:
        if tag in ("input", "select") and values.get("type") != "hidden":
            assert values["id"] in page.labels, values


async def test_what_was_recorded_for_it_is_marked_until_it_confirms(town, visitor):
    told = Provenance(
        fields=("kind", "legal_name"),
        channel=IntakeChannel.PHONE,
        at=given.NOW,
        said_on=date(2026, 11, 20),
    )
    tell(town, given.HOUSE.model_copy(update={"version": 2, "provenance": (told,)}))
    path = f"/organisations/{given.HOUSE.actor_id}"
    page = (await visitor.get(path)).text
    assert "(Telefon, 20. November 2026); noch nicht bestätigt" in page
    english = await visitor.get(path, headers={"Accept-Language": "en"})
    assert "not yet confirmed" in english.text
    confirmed = told.model_copy(update={"confirmed": True})
    tell(town, given.HOUSE.model_copy(update={"version": 3, "provenance": (confirmed,)}))
    assert "noch nicht bestätigt" not in (await visitor.get(path)).text


@some(st.dictionaries(st.sampled_from([*FILLED]), st.text(max_size=20)))
def test_whatever_is_entered_is_understood_or_refused_in_words(fields):
    profile, faults = organisation_form.profile(listing_form.entered(fields.items()))
    assert (profile is None) == bool(faults)
    assert all(fault.de and fault.en for fault in faults)
