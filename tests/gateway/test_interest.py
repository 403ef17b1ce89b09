"""Whoever is interested in a listing asks for it with one of their own."""

import re
from uuid import uuid4

import pytest

from impulse_contracts.matching import ExpressInterest, ProposalRescored
from impulse_contracts.registry.listings import PublishListing
from tests.gateway import given
from tests.gateway.driving import tell

WANTED = f"/listings/{given.NEED.listing_id}"


@pytest.mark.parametrize(
    ("address", "path", "own"),
    [
        (given.OTHER_MEMBER, WANTED, given.OFFER),
        (given.MEMBER, f"/listings/{given.OFFER.listing_id}", given.NEED),
    ],
    ids=["an offer for a need", "a need for an offer"],
)
async def test_the_page_of_a_listing_asks(town, signed_in, address, path, own):
    member = await signed_in(address)
    page = (await member.get(path)).text
    assert "Interesse zeigen" in page
    assert own.title in page
    fields = {"operation": str(uuid4()), "csrf_token": await member.token(path)}
    fields |= {"own": str(own.listing_id), "note": " Wir kommen gern. "}
    asked = await member.post(f"{path}/interest", data=fields, follow_redirects=False)
    assert asked.status_code == 303
    assert "Interesse an einem Eintrag" in (await member.get(asked.headers["location"])).text
    town.settle()
    [heard] = town.heard(ExpressInterest)
    said = heard.data
    assert (said.need_id, said.offer_id) == (given.NEED.listing_id, given.OFFER.listing_id)
    assert (said.actor_id, said.note) == (own.actor_id, "Wir kommen gern.")
    assert heard.record.key == str(given.NEED.listing_id).encode()


@pytest.mark.parametrize(
    ("address", "wanted", "asking", "sides"),
    [
        (given.OTHER_MEMBER, given.NEED, given.PAINTER, ("need", "offer")),
        (given.MEMBER, given.OFFER, given.HOUSE, ("offer", "need")),
    ],
    ids=["an offer for a need", "a need for an offer"],
)
async def test_who_has_no_entry_asks_with_a_new_one(
    signed_in, published, address, wanted, asking, sides
):
    member = await signed_in(address)
    path = f"/listings/{wanted.listing_id}"
    assert f'{path}/answer?actor={asking.actor_id}"' in (await member.get(path)).text
    form = f"{path}/answer?actor={asking.actor_id}"
    page = (await member.get(form)).text
    assert f"Mit diesem Eintrag fragen Sie an: {wanted.title}" in page
    assert re.search(rf'name="title"[^>]* value="{wanted.title}"', page)
    assert re.search(r'value="hands" selected', page)
    assert "und mehr dazu" not in page, "those are the other one's words"
    operation = re.search(r'name="operation" value="([^"]+)"', page)
    assert operation
    fields = {"actor": str(asking.actor_id), "operation": operation[1], "title": "Wir malen"}
    fields |= {"resource_category": "hands", "csrf_token": await member.token(form)}
    wrong = await member.post(f"{path}/answer", data={**fields, "title": ""})
    assert wrong.status_code == 422
    assert published(ExpressInterest) == published(PublishListing) == []
    for _ in range(2):
        asked = await member.post(f"{path}/answer", data=fields, follow_redirects=False)
        assert asked.status_code == 303
    [listing], [interest] = published(PublishListing), published(ExpressInterest)
    assert (listing.actor_id, listing.title) == (asking.actor_id, "Wir malen")
    assert (str(listing.direction), interest.actor_id) == (sides[1], asking.actor_id)
    ids = dict(zip(sides, (wanted.listing_id, listing.listing_id), strict=True))
    assert (interest.need_id, interest.offer_id) == (ids["need"], ids["offer"])
    assert "Interesse an einem Eintrag" in (await member.get(asked.headers["location"])).text


@pytest.mark.parametrize("address", [given.MEMBER, given.VIEWER, given.CLUB_MEMBER])
async def test_who_may_not_ask_does_not_answer_either(signed_in, published, address):
    browser = await signed_in(address)
    for actor in (given.HOUSE, given.PAINTER, given.CLUB):
        form = f"{WANTED}/answer?actor={actor.actor_id}"
        assert (await browser.get(form)).status_code == 403
    fields = {"actor": str(given.PAINTER.actor_id), "operation": str(uuid4()), "title": "Nein"}
    fields["csrf_token"] = await browser.token(WANTED)
    answer = await browser.post(f"{WANTED}/answer", data=fields, follow_redirects=False)
    assert (answer.status_code, published(PublishListing)) == (403, [])


@pytest.mark.parametrize("address", [given.MEMBER, given.VIEWER, given.CLUB_MEMBER])
async def test_who_has_nothing_to_ask_with_is_not_asked(signed_in, address):
    browser = await signed_in(address)
    assert "Interesse zeigen" not in (await browser.get(WANTED)).text


async def test_the_api_asks_for_who_one_answers_for(town, signed_in):
    member = await signed_in(given.OTHER_MEMBER)
    body = {"actor_id": str(given.PAINTER.actor_id), "note": "Gern."}
    path = f"/api{WANTED}/interest"
    assert (await member.command("POST", path, body)).status_code == 202
    body["actor_id"] = str(given.CLUB.actor_id)
    assert (await member.command("POST", path, body)).status_code == 403
    town.settle()
    [heard] = town.heard(ExpressInterest)
    assert (heard.data.actor_id, heard.data.offer_id) == (given.PAINTER.actor_id, None)


async def test_what_was_asked_shows_as_such(town, signed_in):
    values = {**given.PROPOSAL.model_dump(), "version": 2, "origin": "requested", "note": "Gern!"}
    tell(town, ProposalRescored.model_validate(values))
    member = await signed_in(given.MEMBER)
    page = (await member.get(f"/proposals/{given.PROPOSAL.proposal_id}")).text
    assert "Anfrage einer Seite: „Gern!“" in page
