"""Confirming by the link of a reminder: one click, without signing in, that listing alone."""

from datetime import timedelta

import pytest

from impulse_contracts.codes import ListingStatus
from impulse_contracts.confirmations import Confirmation, token
from impulse_contracts.objections import token as objection
from impulse_contracts.registry.listings import ConfirmListing
from tests.gateway import given
from tests.gateway.driving import SECRET, Browser, tell

PERSON = given.ident(given.MEMBER)
LISTING = given.NEED.listing_id


@pytest.fixture
def link(clock):
    """The address of a link that is good for a day from now on."""
    return f"/confirmation/{token(SECRET, good(clock))}"


def good(clock):
    return Confirmation(LISTING, PERSON, clock.now + timedelta(days=1))


def confirmed(world):
    world.settle()
    return [(each.data, each.attributes.principal) for each in world.heard(ConfirmListing)]


async def test_the_page_asks_and_the_button_confirms_once(town, visitor, link):
    asked = await visitor.get(link)
    assert asked.status_code == 200
    assert given.NEED.title in asked.text
    assert confirmed(town) == [], "a scanner that opens links must not confirm anything"
    for _ in range(2):
        assert "das ist notiert" in (await visitor.post(link)).text
    assert set(confirmed(town)) == {(ConfirmListing(listing_id=LISTING), str(PERSON))}
    assert len({each.attributes.id for each in town.heard(ConfirmListing)}) == 1


async def test_it_expires_and_nobody_else_can_make_it(town, visitor, clock, link):
    forged = [
        token("another key " * 4, good(clock)),
        objection(SECRET, PERSON, "wer@beispiel.example"),
        "nonsense",
        link.rpartition("/")[2][:-4] + "AAAA",
    ]
    addresses = [f"/confirmation/{each}" for each in forged]
    for address in addresses:
        assert (await visitor.get(address)).status_code == 404
        assert (await visitor.post(address)).status_code == 404
    clock.advance(timedelta(days=1))
    assert (await visitor.get(link)).status_code == 404
    assert (await visitor.post(link)).status_code == 404
    assert confirmed(town) == []


async def test_what_is_not_open_any_more_is_not_confirmed(town, visitor, link):
    gone = given.NEED.model_copy(update={"version": 2, "status": ListingStatus.WITHDRAWN})
    tell(town, gone)
    for answer in (await visitor.get(link), await visitor.post(link)):
        assert "zu bestätigen ist nichts" in answer.text
    assert confirmed(town) == []


async def test_another_site_cannot_confirm_in_a_browser(town, visitor, link):
    answer = await visitor.post(link, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert confirmed(town) == []


async def test_in_english(town, site, link):
    async with Browser(site, "en") as browser:
        assert "Still stands" in (await browser.get(link)).text
