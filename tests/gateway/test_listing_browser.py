"""A need, from the form until everybody sees it: browser, gateway and registry."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from impulse_chassis.testing import Node, World
from impulse_gateway.app import service as gateway
from impulse_gateway.web import sign_in
from impulse_registry.app import service as registry
from tests.gateway.driving import Served
from tests.registry.given import add_person, ident, register_actor


@pytest.fixture
def both(engine, engine_of) -> World:
    """Gateway and registry with an organisation, its editor and a broker."""
    nodes = [Node(gateway, engine), Node(registry, engine_of(registry))]
    world = World(nodes, now=datetime.now(UTC))
    world.say(register_actor())
    world.say(register_actor("agency", legal_name="Beispiel-Agentur", kind="intermediary"))
    world.settle()
    world.say(add_person("editor", roles=["editor"]))
    world.say(add_person("broker", "agency", ["broker"]))
    world.settle()
    return world


@pytest.fixture
def page(chromium: Browser, served: Served) -> Iterator[Page]:
    """A page of the site, in German."""
    context = chromium.new_context(base_url=served.url, locale="de-DE")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def enter(page: Page, served: Served, name: str, path: str) -> None:
    link = sign_in.Link(
        ident(name),
        served.site.sign("address", f"{name}@stadtwald.example"),
        f"{name} {path}",
        path,
    )
    expires = served.site.now().replace(year=2100)
    page.goto(f"/sign-in/{sign_in.write(served.site, link, expires)}")
    page.get_by_role("button", name="Jetzt anmelden").click()


def shot(page: Page, name: str, tmp_path: Path) -> None:
    folder = Path(os.environ.get("IMPULSE_TEST_SCREENSHOTS", tmp_path))
    page.screenshot(path=folder / f"{name}.png", full_page=True)


def settle(both: World, page: Page) -> None:
    """The services work; then the page says what became of it."""
    expect(page.get_by_text("wird bearbeitet", exact=True)).to_be_visible()
    both.settle()
    expect(page.locator("#operation .lead")).to_have_text("Erledigt.")


def test_a_need_is_entered_and_everybody_sees_it(both, page, served, tmp_path):
    enter(page, served, "editor", "/listings/new")
    shot(page, "listing-start", tmp_path)
    page.get_by_role("link", name="Aktionstag: helfende Hände gesucht").click()
    page.get_by_label("Titel").fill("Gartentag im Stadtwald")
    page.get_by_label("Beginn").fill("2037-04-11T09:00")
    page.get_by_label("Gartenarbeit").check()
    page.get_by_label("Beschreibung").fill("Fragen an kontakt@stadtwald.example")
    page.get_by_role("button", name="Veröffentlichen").click()

    summary = page.locator("#faults")
    expect(summary).to_contain_text("Beschreibung: bitte ohne E-Mail-Adresse und Telefonnummer")
    shot(page, "listing-form-faults", tmp_path)
    summary.get_by_role("link", name="Beschreibung").click()
    expect(page.get_by_label("Beschreibung")).to_be_focused()
    expect(page.get_by_label("Gartenarbeit")).to_be_checked()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280

    page.get_by_label("Beschreibung").fill("Zwei Beete sollen angelegt werden.")
    page.get_by_role("button", name="Veröffentlichen").click()
    settle(both, page)
    page.get_by_role("link", name="Zum Eintrag").click()
    expect(page.get_by_role("heading", name="Gartentag im Stadtwald")).to_be_visible()
    expect(page.get_by_text("Sicherheitsunterweisung")).to_be_visible()
    shot(page, "listing-own", tmp_path)
    page.context.clear_cookies()
    page.goto("/listings")
    expect(page.get_by_role("link", name="Gartentag im Stadtwald")).to_be_visible()


def test_a_broker_records_it_and_the_party_confirms_with_one_click(both, page, served, tmp_path):
    enter(page, served, "broker", f"/listings/new?actor={ident('actor')}&starter=pro_bono")
    page.get_by_label("Titel").fill("Rat zur neuen Satzung")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.locator("#faults")).to_contain_text("Auf welchem Weg")
    page.get_by_label("Auf welchem Weg").select_option("phone")
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    shot(page, "listing-form-narrow", tmp_path)
    page.get_by_role("button", name="Veröffentlichen").click()
    settle(both, page)
    page.get_by_role("link", name="Zum Eintrag").click()
    marked = page.get_by_text("Im Auftrag der Organisation aufgenommen")
    expect(marked).to_be_visible()
    path = page.url.removeprefix(served.url)

    page.context.clear_cookies()
    enter(page, served, "editor", f"{path}/confirm")
    shot(page, "listing-confirm", tmp_path)
    page.get_by_role("button", name="Gilt noch").click()
    settle(both, page)
    page.get_by_role("link", name="Zum Eintrag").click()
    expect(page.get_by_role("heading", name="Rat zur neuen Satzung")).to_be_visible()
    expect(marked).to_have_count(0)
