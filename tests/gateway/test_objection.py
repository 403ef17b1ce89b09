"""Objecting by the mailed link: one click, without signing in, and only by that person's link."""

from uuid import UUID

import pytest

from impulse_contracts.objections import token
from impulse_contracts.registry.people import ErasePerson, PersonAdded
from tests.gateway.driving import SECRET, Browser

PERSON = UUID(int=4711)
ADDRESS = "wer@beispiel.example"
FORGED = token("another key " * 4, PERSON, ADDRESS)
PATH = f"/objection/{token(SECRET, PERSON, ADDRESS)}"


def erasures(world):
    world.settle()
    return [(each.data.person_id, each.attributes.principal) for each in world.heard(ErasePerson)]


async def test_the_page_asks_and_the_button_objects(town, visitor):
    asked = await visitor.get(PATH)
    assert asked.status_code == 200
    assert "Widersprechen und löschen" in asked.text
    assert erasures(town) == [], "a scanner that opens links must not erase anybody"

    done = await visitor.post(PATH)
    assert done.status_code == 200
    assert "Ihr Widerspruch ist angekommen" in done.text
    assert erasures(town) == [(PERSON, str(PERSON))]


async def test_a_mail_program_objects_with_one_click(town, visitor):
    answer = await visitor.post(PATH, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert erasures(town) == [(PERSON, str(PERSON))]


@pytest.mark.parametrize("forged", ["nonsense", FORGED, PATH[-64:-1]])
async def test_a_link_that_was_not_made_here_does_nothing(town, visitor, forged):
    for answer in (
        await visitor.get(f"/objection/{forged}"),
        await visitor.post(f"/objection/{forged}"),
    ):
        assert answer.status_code == 404
        assert "unvollständig" in answer.text
    assert erasures(town) == []


async def test_another_site_cannot_object_in_a_browser(town, visitor):
    answer = await visitor.post(PATH, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert erasures(town) == []


async def test_in_english(town, site):
    async with Browser(site, "en") as browser:
        assert "Object and erase" in (await browser.get(PATH)).text


async def test_the_link_of_a_predecessor_does_not_touch_the_successor(town, visitor):
    town.say(PersonAdded(version=1, person_id=PERSON, name="Beispiel", email="neu@b.example"))
    town.settle()
    assert "Ihr Widerspruch ist angekommen" in (await visitor.post(PATH)).text
    assert erasures(town) == []
    own = f"/objection/{token(SECRET, PERSON, 'NEU@b.example')}"
    await visitor.post(own)
    assert erasures(town) == [(PERSON, str(PERSON))]
