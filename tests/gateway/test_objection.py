"""Objecting by the mailed link: one click, without signing in, and only by that person's link."""

from uuid import UUID

import pytest

from impulse_contracts.objections import mark, token
from impulse_contracts.registry.people import ObjectToReport
from tests.gateway.driving import SECRET, Browser

PERSON = UUID(int=4711)
ADDRESS = "wer@beispiel.example"
FORGED = token("another key " * 4, PERSON, ADDRESS)
PATH = f"/objection/{token(SECRET, PERSON, ADDRESS)}"


SAID = (ObjectToReport(person_id=PERSON, mark=mark(SECRET, ADDRESS).hex()), str(PERSON))


def objections(world):
    world.settle()
    return [(each.data, each.attributes.principal) for each in world.heard(ObjectToReport)]


async def test_the_page_asks_and_the_button_objects(town, visitor):
    asked = await visitor.get(PATH)
    assert asked.status_code == 200
    assert "Widersprechen und löschen" in asked.text
    assert objections(town) == [], "a scanner that opens links must not erase anybody"

    done = await visitor.post(PATH)
    assert done.status_code == 200
    assert "Ihr Widerspruch ist angekommen" in done.text
    assert objections(town) == [SAID]


async def test_a_mail_program_objects_with_one_click(town, visitor):
    answer = await visitor.post(PATH, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert objections(town) == [SAID]


@pytest.mark.parametrize("forged", ["nonsense", FORGED, PATH[-64:-1]])
async def test_a_link_that_was_not_made_here_does_nothing(town, visitor, forged):
    for answer in (
        await visitor.get(f"/objection/{forged}"),
        await visitor.post(f"/objection/{forged}"),
    ):
        assert answer.status_code == 404
        assert "unvollständig" in answer.text
    assert objections(town) == []


async def test_another_site_cannot_object_in_a_browser(town, visitor):
    answer = await visitor.post(PATH, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert objections(town) == []


async def test_in_english(town, site):
    async with Browser(site, "en") as browser:
        assert "Object and erase" in (await browser.get(PATH)).text
