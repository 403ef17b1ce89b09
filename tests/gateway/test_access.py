"""Which role may call which route, and what of a kind somebody may see and do."""

import re

import pytest
from starlette.routing import Mount

from impulse_contracts.codes import ListingStatus, PersonRole
from impulse_contracts.registry.listings import ListingWithdrawnFact
from impulse_contracts.registry.people import Membership, MembershipGranted, MembershipsState
from impulse_gateway.domain.access import Role
from impulse_gateway.web.access import ACCESS
from impulse_gateway.web.server import create_app
from tests.gateway import given
from tests.gateway.driving import Browser, tell

NO_TOKEN = ("/language", "/objection/{token}", "/confirmation/{token}", "/place/{token}")
PEOPLE = {
    Role.VISITOR: None,
    Role.MEMBER: given.CLUB_MEMBER,
    Role.BROKER: given.BROKER,
    Role.OPERATOR: given.OPERATOR,
}


def routes(app):
    """Every method and path that the app serves, as FastAPI describes and dispatches them."""
    found = set()
    waiting = list(app.router.routes)
    while waiting:
        route = waiting.pop()
        if isinstance(route, Mount):
            assert route.path in ("/static", "/static/htmx"), "files only"
            continue
        if hasattr(route, "original_router"):
            waiting.extend(route.original_router.routes)
            continue
        found |= {(method, route.path) for method in route.methods - {"HEAD"}}
    return found


def test_every_route_is_in_the_table(site):
    assert routes(create_app(site)) == set(ACCESS)


@pytest.mark.parametrize("role", list(Role))
async def test_the_matrix(site, town, role):
    """Who is not in the table is turned away; who is gets past it."""
    async with Browser(site) as browser:
        if address := PEOPLE[role]:
            await browser.sign_in(address)
        for method, path in sorted(ACCESS):
            if path in ("/live/events", "/sign-out"):
                continue
            filled = re.sub(r"\{\w+\}", str(given.ident("nothing")), path)
            answer = await browser.request(method, filled, follow_redirects=False)
            problem = answer.text
            turned_away = (
                answer.status_code == 401
                or answer.headers.get("location", "").startswith("/sign-in?")
                or (answer.status_code == 403 and "nicht berechtigt" in problem)
            )
            assert turned_away == (role not in ACCESS[method, path]), (method, path, problem[:300])


async def test_what_changes_something_needs_the_token(signed_in):
    """Also with a session: a form of another site does not have it."""
    member = await signed_in(given.MEMBER)
    for method, path in sorted(ACCESS):
        if method == "GET" or path in NO_TOKEN:
            continue
        filled = re.sub(r"\{\w+\}", str(given.ident("nothing")), path)
        if Role.MEMBER not in ACCESS[method, path]:
            continue
        for headers, data in ({}, {}), ({"X-CSRF-Token": "x" * 64}, {"csrf_token": "x" * 64}):
            answer = await member.request(method, filled, data=data, headers=headers)
            assert answer.status_code == 403, (method, path)
            assert "X-CSRF-Token" in answer.text


# ------------------------------------------------------------------------------- to see

REAL = [
    f"/proposals/{given.REAL_PROPOSAL.proposal_id}",
    f"/cooperations/{given.REAL_COOPERATION.cooperation_id}",
]


@pytest.mark.parametrize("path", [*REAL, *(f"/api{path}" for path in REAL)])
@pytest.mark.parametrize(
    "address,seen",
    [
        (None, False),
        (given.MEMBER, False),
        (given.CLUB_MEMBER, True),
        (given.BROKER, True),
        (given.OPERATOR, True),
    ],
)
async def test_real_pairs_are_for_their_parties(visitor, signed_in, path, address, seen):
    browser = await signed_in(address) if address else visitor
    answer = await browser.get(path)
    assert answer.status_code == (200 if seen else 404)
    assert (given.REAL_PROPOSAL.need_title in answer.text) == seen


async def test_lists_hold_what_one_may_see(visitor, signed_in):
    expected = {None: 2, given.MEMBER: 2, given.CLUB_MEMBER: 3, given.BROKER: 3}
    for address, number in expected.items():
        browser = await signed_in(address) if address else visitor
        answer = await browser.get("/api/proposals")
        assert answer.json()["total"] == number
        assert f"{number} Vorschläge" in (await browser.get("/proposals")).text
    club = await signed_in(given.CLUB_MEMBER)
    assert "1 Vorschlag<" in (await club.get("/proposals?mine=1")).text


async def test_a_listing_shows_visitors_no_real_proposal(visitor, signed_in):
    path = f"/listings/{given.CLUB_NEED.listing_id}"
    assert given.FIRM_OFFER.title not in (await visitor.get(path)).text
    club = await signed_in(given.CLUB_MEMBER)
    assert given.FIRM_OFFER.title in (await club.get(path)).text


async def test_a_withdrawn_listing_is_for_its_own_people(town, visitor, signed_in):
    fields = given.CLUB_NEED.model_dump() | {"version": 2, "status": ListingStatus.WITHDRAWN}
    tell(town, ListingWithdrawnFact.model_validate(fields))
    path = f"/api/listings/{given.CLUB_NEED.listing_id}"
    assert (await visitor.get(path)).status_code == 404
    assert (await (await signed_in(given.MEMBER)).get(path)).status_code == 404
    assert (await (await signed_in(given.CLUB_MEMBER)).get(path)).status_code == 200


async def test_an_operation_is_for_whoever_asked(signed_in):
    member = await signed_in(given.MEMBER)
    asked = await member.command("DELETE", f"/api/listings/{given.NEED.listing_id}")
    path = asked.headers["location"]
    assert (await member.get(path)).status_code == 200
    for address in (given.OTHER_MEMBER, given.VIEWER, given.BROKER):
        assert (await (await signed_in(address)).get(path)).status_code == 404
    assert (await (await signed_in(given.OPERATOR)).get(path)).status_code == 200


async def test_an_inbox_is_ones_own(signed_in):
    assert "Ein Vorschlag für Sie" in (await (await signed_in(given.MEMBER)).get("/inbox")).text
    other = await (await signed_in(given.OTHER_MEMBER)).get("/inbox")
    assert "Ein Vorschlag für Sie" not in other.text


async def test_what_the_inbox_lists_is_called_by_name_and_links_to_its_page(town, signed_in):
    nobody = given.ident("Niemand, den man kennt")
    about = (given.CLUB.actor_id, nobody)
    town.say(given.message(given.BROKER, "Zwei Einträge", template="digest", about=about))
    town.settle()
    text = (await (await signed_in(given.BROKER)).get("/inbox")).text
    page = f'<a href="/organisations/{given.CLUB.actor_id}/care">'
    assert f"{page}{given.CLUB.legal_name}</a>" in text
    assert str(nobody) not in text


# -------------------------------------------------------------------------------- to do

NEED_SIDE = ("POST", f"/api/proposals/{given.PROPOSAL.proposal_id}/accept", {"side": "need"})
OFFER_SIDE = ("POST", f"/api/proposals/{given.PROPOSAL.proposal_id}/accept", {"side": "offer"})
DECLINE = (
    "POST",
    f"/api/proposals/{given.PROPOSAL.proposal_id}/decline",
    {"side": "need", "reason": "too_far"},
)
WITHDRAW = ("DELETE", f"/api/listings/{given.NEED.listing_id}", None)
ARCHIVE = ("DELETE", f"/api/actors/{given.HOUSE.actor_id}", None)
CONTENT = {"direction": "need", "title": "Ein neuer Bedarf", "resource_category": "hands"}
CHANGE = ("PUT", f"/api/listings/{given.NEED.listing_id}", CONTENT)
PUBLISH = ("POST", "/api/listings", {**CONTENT, "actor_id": str(given.HOUSE.actor_id)})
PROFILE = {"kind": "nonprofit", "legal_name": "Beispiel-Haus", "seat": {"city": "Essen"}}
CHANGE_ACTOR = ("PUT", f"/api/actors/{given.HOUSE.actor_id}", PROFILE)
REGISTER = ("POST", "/api/actors", PROFILE)

OWN = [NEED_SIDE, DECLINE, WITHDRAW, ARCHIVE, CHANGE, PUBLISH, CHANGE_ACTOR]


@pytest.mark.parametrize(
    "address,allowed,refused",
    [
        (given.MEMBER, OWN, [OFFER_SIDE, REGISTER]),
        (given.OTHER_MEMBER, [OFFER_SIDE], [*OWN, REGISTER]),
        (given.VIEWER, [], [*OWN, OFFER_SIDE, REGISTER]),
        (given.CLUB_MEMBER, [], [*OWN, OFFER_SIDE, REGISTER]),
        (given.BROKER, [*OWN, OFFER_SIDE, REGISTER], []),
        (given.OPERATOR, [*OWN, OFFER_SIDE, REGISTER], []),
    ],
)
async def test_nobody_acts_for_others(signed_in, address, allowed, refused):
    browser = await signed_in(address)
    for call in allowed:
        assert (await browser.command(*call)).status_code == 202, call
    for call in refused:
        answer = await browser.command(*call)
        assert answer.status_code == 403, call
        assert answer.json()["type"] == "urn:impulse:problem:not_allowed"


async def test_forms_are_bound_to_the_same_rules(signed_in):
    other = await signed_in(given.OTHER_MEMBER)
    path = f"/proposals/{given.PROPOSAL.proposal_id}"
    fields = {"operation": str(given.ident("form")), "side": "need", "reason": "too_far"}
    for action in ("accept", "decline"):
        answer = await other.send_form(f"{path}/{action}", on=path, **fields)
        assert answer.status_code == 403
    withdraw = f"/listings/{given.NEED.listing_id}/withdraw"
    assert (await other.send_form(withdraw, on=path, **fields)).status_code == 403


async def test_answers_are_offered_to_those_who_may_give_them(visitor, signed_in):
    path = f"/proposals/{given.PROPOSAL.proposal_id}"
    assert "Ihre Antwort" not in (await visitor.get(path)).text
    assert "Ihre Antwort" not in (await (await signed_in(given.VIEWER)).get(path)).text
    member = (await (await signed_in(given.MEMBER)).get(path)).text
    assert "Zusagen als Bedarf" in member
    broker = (await (await signed_in(given.BROKER)).get(path)).text
    assert "Zusagen für" in broker
    agreed = f"/proposals/{given.AGREED.proposal_id}"
    assert "Ihre Antwort" not in (await (await signed_in(given.BROKER)).get(agreed)).text


async def test_a_role_that_ends_ends_at_once(town, signed_in):
    broker = await signed_in(given.BROKER)
    assert (await broker.command(*REGISTER)).status_code == 202
    ended: MembershipsState = MembershipGranted(
        person_id=given.ident(given.BROKER),
        version=2,
        memberships=(Membership(actor_id=given.AGENCY.actor_id, roles=(PersonRole.VIEWER,)),),
    )
    tell(town, ended)
    assert (await broker.command(*REGISTER)).status_code == 403
