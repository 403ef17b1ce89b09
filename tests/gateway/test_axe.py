"""Every page, in both languages and colour schemes, before axe-core; none is wider than a phone,
and all of it is usable by keyboard."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from impulse_contracts.booking.codes import BookingState
from impulse_contracts.codes import ActorKind, PendingKind
from impulse_contracts.place_links import PlaceLink, token
from impulse_contracts.registry.people import MembershipClaimed, PendingMembership
from impulse_gateway.web import sign_in
from impulse_gateway.web.access import ACCESS
from tests.gateway import editions, given, programme
from tests.gateway.driving import SECRET, Served, tell
from tests.gateway.test_markets import planned
from tests.gateway.test_reports import COUNTED, REPORT, cut

PAIR = given.pair(given.CLUB, given.HOUSE)
MARKET = planned()
HELPER = given.actor(
    "Beispiel-Ehrenamtsbüro",
    example=True,
    kind=ActorKind.INTERMEDIARY,
    admitted_at=given.NOW,
    service_area=("05113000", "05954"),
)
CLAIM = MembershipClaimed(
    person_id=given.ident(given.VIEWER),
    version=2,
    pending=(
        PendingMembership(
            actor_id=given.CLUB.actor_id, kind=PendingKind.CLAIMED, since=given.NOW, until=given.NOW
        ),
    ),
    about=given.CLUB.actor_id,
)
OWN = [
    programme.booking(programme.SOON, given.AGENCY, BookingState.CONFIRMED),
    programme.booking(
        programme.FULL,
        given.AGENCY,
        BookingState.OFFERED,
        offered_until=programme.UNTIL,
    ),
    programme.WISH.model_copy(
        update={"request_id": given.ident("own wish"), "actor_id": given.AGENCY.actor_id}
    ),
]
"""What the operator's own organisation has booked and asked for."""
PLACE = PlaceLink(programme.OFFERED.booking_id, given.ident(given.MEMBER), programme.UNTIL)
SHOWN = {
    "/organisations/new": "/organisations/new",
    "/organisations/{actor_id}": f"/organisations/{given.HOUSE.actor_id}",
    "/listings/new": f"/listings/new?actor={given.HOUSE.actor_id}",
    "/network": "/network?q=turnverein",
    "/cooperations/new": "/cooperations/new?need=turnverein&offer=stahlhandel",
    "/programme/{programme_offer_id}/support": (
        f"/programme/{programme.GUIDE.programme_offer_id}/support"
    ),
}
"""Addresses where the route alone does not say which."""
IDS = {
    "actor_id": given.HOUSE.actor_id,
    "listing_id": given.NEED.listing_id,
    "proposal_id": given.PROPOSAL.proposal_id,
    "cooperation_id": given.COOPERATION.cooperation_id,
    "pair_id": PAIR.pair_id,
    "edition_id": MARKET.edition_id,
    "report_id": REPORT,
    "token": "incomplete",
    "programme_offer_id": programme.WORKSHOP.programme_offer_id,
    "session_id": programme.FULL.session_id,
    "booking_id": programme.CAME.booking_id,
    "adviser_id": programme.HOURS.adviser_id,
    "step": "agreement",
    "project_id": editions.PROJECT.project_id,
}
MORE = [
    f"/listings/new?actor={given.HOUSE.actor_id}&starter=none",
    "/listings/new",
    "/editions?past=1",
    f"/editions/{editions.FLOOR.edition_id}",
    f"/editions/{editions.FLOOR.edition_id}/agreements",
    f"/editions/{editions.OPEN.edition_id}/projects/new?actor={given.HOUSE.actor_id}",
    f"/markets?edition={editions.OPEN.edition_id}",
    "/listings/nothing",
    f"/reports/{COUNTED.report_id}",
    f"/proposals/{given.SUGGESTION.proposal_id}",
    f"/place/{token(SECRET, PLACE)}",
    f"/programme/{programme.ADVICE.programme_offer_id}",
    f"/sessions/{programme.PAST.session_id}",
    f"/sessions/{programme.RICH.session_id}",
    f"/sessions/{programme.SLOTS[0].session_id}",
    f"/sessions/{programme.RICH.session_id}/book?actor={given.HOUSE.actor_id}",
    f"/sessions/{programme.SOON.session_id}/book?actor={given.HOUSE.actor_id}",
]
NO_PAGES = {"/live/events", "/operations/{operation_id}"}
"""A stream; and what needs a command first."""

OUT_OF_REACH = """() => [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter(each => !each.disabled && each.checkVisibility())
    .filter(each => {
        each.focus({focusVisible: true});
        const style = getComputedStyle(each);
        const seen = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return document.activeElement !== each || !seen || each.tabIndex !== 0;
    })
    .map(each => each.outerHTML.slice(0, 200))"""
"""What can be used but can't be reached by Tab, is out of order, or doesn't show its focus."""


def pages() -> Iterator[str]:
    """The address of every page that the site serves."""
    for method, route in ACCESS:
        if method != "GET" or route in NO_PAGES or "." in route or route.startswith("/api/"):
            continue
        yield SHOWN.get(route) or route.format(**IDS)
    yield from MORE


@pytest.fixture
def page(town, chromium, served: Served, request) -> Iterator[Page]:
    """A narrow page in which the operator has signed in."""
    tell(
        town,
        PAIR,
        HELPER,
        CLAIM,
        MARKET,
        cut(),
        COUNTED,
        given.SUGGESTION,
        *programme.PROGRAMME,
        *programme.MORE,
        *OWN,
        *editions.EDITIONS,
    )
    language, scheme = request.param
    context = chromium.new_context(
        base_url=served.url,
        locale=language,
        color_scheme=scheme,
        viewport={"width": 360, "height": 800},
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    link = sign_in.Link(
        given.ident(given.OPERATOR),
        served.site.sign("address", given.OPERATOR),
        f"axe {language} {scheme}",
        "/me",
    )
    page.goto(f"/sign-in/{sign_in.write(served.site, link, served.site.now().replace(year=2100))}")
    page.locator("main button").click()
    page.locator("#consents").wait_for()
    yield page
    context.close()


@pytest.mark.parametrize(
    "page",
    [("de-DE", "light"), ("en-GB", "dark")],
    indirect=True,
    ids="-".join,
)
def test_axe_finds_nothing(page):
    axe = Axe()
    faults: list[tuple[str, str, list[str]]] = []
    for address in pages():
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth") > 360:
            faults.append((address, "wider than the screen", []))
        if lost := page.evaluate(OUT_OF_REACH):
            faults.append((address, "not usable by keyboard", lost))
        found = axe.run(page, options={"resultTypes": ["violations"]})
        faults += [
            (address, each["id"], [node["html"][:200] for node in each["nodes"]])
            for each in found.response["violations"]
        ]
    assert faults == []


@pytest.mark.parametrize("language", ["de-DE", "en-GB"])
def test_axe_finds_nothing_where_visitors_ask_for_a_listing(town, chromium, served, language):
    context = chromium.new_context(
        base_url=served.url, locale=language, viewport={"width": 360, "height": 800}
    )
    page = context.new_page()
    ask = f"/listings/{given.NEED.listing_id}/ask"
    for address in (f"{ask}?q=beispiel", f"{ask}?actor={given.PAINTER.actor_id}"):
        for faulty in (False, True):
            page.goto(address)
            if faulty:
                page.locator("main form.sheet button").click()
                page.locator("#faults").wait_for()
            assert page.evaluate("document.documentElement.scrollWidth") <= 360
            assert page.evaluate(OUT_OF_REACH) == []
            found = Axe().run(page, options={"resultTypes": ["violations"]})
            assert [each["id"] for each in found.response["violations"]] == []
    context.close()


@pytest.mark.parametrize("page", [("de-DE", "light")], indirect=True, ids="-".join)
def test_axe_would_find_something(page):
    page.goto("/network")
    page.evaluate("document.querySelectorAll('label').forEach(each => each.remove())")
    found = Axe().run(page, options={"resultTypes": ["violations"]})
    assert "label" in {each["id"] for each in found.response["violations"]}
    assert page.evaluate(OUT_OF_REACH) == []
    page.evaluate("document.querySelector('main button').style.outline = 'none'")
    page.evaluate("document.querySelector('header a').tabIndex = -1")
    assert len(page.evaluate(OUT_OF_REACH)) == 2
