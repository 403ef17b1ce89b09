"""What is suggested is for brokers: they release it, and record what the sides say to them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from impulse_contracts.codes import Direction, IntakeChannel
from impulse_contracts.matching import (
    AcceptProposal,
    Answer,
    DeclineProposal,
    ProposalRescored,
    ReleaseProposal,
)
from impulse_contracts.parts import OnBehalf
from impulse_contracts.registry.network import ActorInChargeChanged
from tests.gateway import given
from tests.gateway.driving import tell

SUGGESTED = given.SUGGESTION
PATH = f"/proposals/{SUGGESTED.proposal_id}"
OWN = f"/proposals/{given.PROPOSAL.proposal_id}"


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        (None, False),
        (given.MEMBER, False),
        (given.OTHER_MEMBER, False),
        (given.BROKER, True),
        (given.OPERATOR, True),
    ],
)
async def test_brokers_alone_see_what_is_not_released(town, visitor, signed_in, address, seen):
    tell(town, SUGGESTED)
    browser = await signed_in(address) if address else visitor
    for path in (PATH, f"/api{PATH}"):
        assert (await browser.get(path)).status_code == (200 if seen else 404)
    listed = (await browser.get("/api/proposals?state=suggested")).json()["items"]
    assert [each["proposal_id"] for each in listed] == [str(SUGGESTED.proposal_id)] * seen
    for page in ("/proposals", f"/listings/{SUGGESTED.need_id}"):
        assert (PATH in (await browser.get(page)).text) == seen


@pytest.mark.parametrize(
    ("language", "summary"), [("de", "2 weitere Vorschläge"), ("en", "2 more proposals")]
)
async def test_the_best_ten_of_a_listing_are_shown_and_the_rest_is_folded(
    town, signed_in, language, summary
):
    needs = [given.TABLES.model_copy(update={"title": f"Tische {n}"}) for n in range(11)]
    more = [
        given.proposal(need, given.OFFER, state="suggested", released_at=None, score=0.1 + n / 100)
        for n, need in enumerate(needs)
    ]
    broker, page = await signed_in(given.BROKER), f"/listings/{given.OFFER.listing_id}"
    broker.cookies.set("impulse_language", language)
    tell(town, *more[:-2])
    assert "<details" not in (await broker.get(page)).text.partition('id="proposals"')[2]
    tell(town, *more[-2:])
    shown, fold, folded = (await broker.get(page)).text.partition(f"<summary>{summary}</summary>")
    assert fold
    for each in (given.PROPOSAL, *more):
        path = f"/proposals/{each.proposal_id}"
        assert (path in folded) == (path not in shown) == (each in more[:2])


async def send(browser, path, page, **fields):
    """The status of sending a form of `page`."""
    fields |= {"operation": str(uuid4()), "csrf_token": await browser.token(page)}
    return (await browser.post(path, data=fields, follow_redirects=False)).status_code


async def test_a_broker_releases_from_the_list(town, signed_in):
    tell(town, SUGGESTED)
    broker = await signed_in(given.BROKER)
    assert await send(broker, f"{PATH}/release", "/proposals?state=suggested") == 303
    town.settle()
    [heard] = town.heard(ReleaseProposal)
    assert heard.data.proposal_id == SUGGESTED.proposal_id
    assert heard.record.key == str(SUGGESTED.need_id).encode()


async def test_the_api_releases_and_records(town, signed_in):
    tell(town, SUGGESTED)
    broker = await signed_in(given.BROKER)
    assert (await broker.command("POST", f"/api{PATH}/release")).status_code == 202
    told = {"channel": "phone", "on": "2026-11-24"}
    body = {"side": "need", "on_behalf": told}
    assert (await broker.command("POST", f"/api{PATH}/accept", body)).status_code == 202
    body = {"side": "offer", "reason": "other", "on_behalf": told}
    assert (await broker.command("POST", f"/api{PATH}/decline", body)).status_code == 202
    town.settle()
    assert len(town.heard(ReleaseProposal)) == 1
    for kind in (AcceptProposal, DeclineProposal):
        [heard] = town.heard(kind)
        assert heard.data.on_behalf.channel is IntakeChannel.PHONE
    member = await signed_in(given.MEMBER)
    assert (await member.command("POST", f"/api{OWN}/release")).status_code == 403


async def test_a_broker_says_how_a_side_told_them(town, signed_in):
    broker = await signed_in(given.BROKER)
    assert await send(broker, f"{OWN}/accept", OWN, side="need") == 422
    told = {"channel": "phone", "on": "2026-11-24"}
    assert await send(broker, f"{OWN}/accept", OWN, side="need", **told) == 303
    member = await signed_in(given.MEMBER)
    assert "Auf welchem Weg" not in (await member.get(OWN)).text
    assert await send(member, f"{OWN}/accept", OWN, side="need") == 303
    town.settle()
    said = [heard.data.on_behalf for heard in town.heard(AcceptProposal)]
    assert [each and each.channel for each in said] == ["phone", None]


async def test_the_page_says_how_long_there_is_and_what_was_said_how(town, signed_in, clock):
    answer = Answer(
        side=Direction.NEED,
        accepted=True,
        at=given.NOW,
        on_behalf=OnBehalf(channel=IntakeChannel.PHONE, on=given.NOW.date()),
    )
    until = clock() + timedelta(days=14, hours=1)
    values = {**given.PROPOSAL.model_dump(), "version": 2, "answer_until": until}
    values["answers"] = [answer.model_dump()]
    tell(town, ProposalRescored.model_validate(values))
    member = await signed_in(given.MEMBER)
    for language, said in (
        ("de", ["noch 14 Tage", "im Auftrag aufgenommen: Telefon, 24. November 2026"]),
        ("en", ["left: 14 days", "recorded on behalf: telephone, 24 November 2026"]),
    ):
        page = (await member.get(OWN, headers={"Accept-Language": language})).text
        assert all(each in page for each in said), page
    assert "noch 14 Tage" in (await member.get("/proposals?mine=1")).text


async def test_a_broker_finds_what_they_are_in_charge_of(town, signed_in):
    tell(town, SUGGESTED)
    broker, operator = await signed_in(given.BROKER), await signed_in(given.OPERATOR)

    async def found(browser):
        items = (await browser.get("/api/proposals?in_charge=true&state=suggested")).json()["items"]
        assert (PATH in (await browser.get("/proposals?charge=1")).text) == bool(items)
        return len(items)

    assert (await found(broker), await found(operator)) == (0, 1), "nobody else is: the operator"
    for owner in (given.HOUSE, given.PAINTER):
        values = {**owner.model_dump(), "version": 2, "in_charge": given.AGENCY.actor_id}
        tell(town, ActorInChargeChanged.model_validate(values))
    assert await found(broker) == 1
