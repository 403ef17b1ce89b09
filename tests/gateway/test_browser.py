"""The pages in a real browser: nothing on the console, live without a reload, by keyboard."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from impulse_gateway.web import sign_in
from tests.gateway import given
from tests.gateway.driving import Served, tell

PAGES = {
    "home": "/",
    "live": "/live",
    "organisations": "/organisations",
    "organisation": f"/organisations/{given.HOUSE.actor_id}",
    "claim": f"/organisations/{given.CLUB.actor_id}/claim",
    "listings": "/listings",
    "listing": f"/listings/{given.NEED.listing_id}",
    "places": "/places",
    "proposals": "/proposals",
    "proposal": f"/proposals/{given.PROPOSAL.proposal_id}",
    "cooperation": f"/cooperations/{given.COOPERATION.cooperation_id}",
    "sign-in": "/sign-in",
    "privacy": "/privacy",
    "attribution": "/attribution",
    "missing": "/organisations/nothing",
}


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    """A page of the site; fails if the browser has something to complain about."""
    context = chromium.new_context(base_url=served.url, locale="de-DE")
    context.set_default_timeout(10_000)
    page = context.new_page()
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "404" not in message.text:
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("scheme,width", [("light", 1280), ("dark", 1280), ("light", 390)])
def test_pages_fit_and_complain_about_nothing(town, page, tmp_path, scheme, width):
    folder = Path(os.environ.get("IMPULSE_TEST_SCREENSHOTS", tmp_path))
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for name, path in PAGES.items():
        page.goto(path)
        page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} is too wide"


def test_news_appears_without_a_reload(world, page, served):
    page.goto("/live")
    expect(page.locator("[data-live-status]")).to_have_text("Live: Neues erscheint von selbst")
    expect(page.locator("[data-live-empty]")).to_be_visible()
    tell(world, given.HOUSE, given.NEED)
    served.wake()
    expect(page.locator(".feed li")).to_have_count(2)
    expect(page.locator(".feed")).to_contain_text("Neu: „Streichaktion im Jugendzentrum“")
    expect(page.locator('[data-counter="needs"]')).to_have_text("1", timeout=5_000)
    expect(page.locator("[data-live-empty]")).to_be_hidden()

    page.get_by_role("button", name="Anhalten").click()
    tell(world, given.OFFER)
    served.wake()
    page.wait_for_timeout(800)
    expect(page.locator(".feed li")).to_have_count(2)
    page.get_by_role("button", name="Fortsetzen").click()
    expect(page.locator(".feed li")).to_have_count(3)


def test_by_keyboard(town, page):
    page.goto("/")
    page.keyboard.press("Tab")
    focused = page.locator(":focus")
    expect(focused).to_have_text("Zum Inhalt springen")
    expect(focused).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Bedarfe ansehen")
    width = page.locator(":focus").evaluate("each => getComputedStyle(each).outlineWidth")
    assert width == "3px", "focus is visible"


def test_search_as_one_types(town, page):
    page.goto("/organisations")
    page.get_by_label("Name, Ort oder Postleitzahl").fill("turnv")
    expect(page.locator(".count")).to_have_text("1 Organisation")
    assert page.url.endswith("q=turnv&kind=&ags=")


def test_without_javascript(town, chromium, served):
    context = chromium.new_context(base_url=served.url, locale="de-DE", java_script_enabled=False)
    page = context.new_page()
    page.goto("/live")
    expect(page.locator(".feed li")).not_to_have_count(0)
    expect(page.locator("[data-live-pause]")).to_be_hidden()
    page.goto("/listings")
    page.get_by_label("Richtung").select_option("offer")
    page.get_by_role("button", name="Filtern").click()
    expect(page.locator(".card.listing")).to_have_count(3)
    context.close()


def test_a_member_says_yes_and_the_outcome_appears(town, page, served, tmp_path):
    folder = Path(os.environ.get("IMPULSE_TEST_SCREENSHOTS", tmp_path))
    link = sign_in.Link(
        given.ident(given.MEMBER), served.site.sign("address", given.MEMBER), "browser", "/inbox"
    )
    expires = served.site.now().replace(year=2100)
    page.goto(f"/sign-in/{sign_in.write(served.site, link, expires)}")
    page.screenshot(path=folder / "confirm.png", full_page=True)
    page.get_by_role("button", name="Jetzt anmelden").click()
    expect(page.get_by_role("heading", name="Ein Vorschlag für Sie")).to_be_visible()
    page.screenshot(path=folder / "inbox.png", full_page=True)

    page.goto(PAGES["proposal"])
    page.screenshot(path=folder / "answer.png", full_page=True)
    page.get_by_role("button", name="Zusagen als Bedarf").click()
    expect(page.get_by_text("wird bearbeitet", exact=True)).to_be_visible()
    page.screenshot(path=folder / "operation.png", full_page=True)
    operation = page.url.rpartition("/")[2]
    town.settle()
    outcome = given.accepted(operation, given.PROPOSAL.proposal_id)
    tell(town, outcome)
    expect(page.get_by_text("Erledigt.", exact=True)).to_be_visible()

    page.get_by_role("button", name="Abmelden").click()
    expect(page.get_by_role("link", name="Anmelden")).to_be_visible()
