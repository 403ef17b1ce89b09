"""An organisation in a browser: recorded by a broker, refused in words, confirmed by its own."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from impulse_contracts.registry.actors import RegisterActor
from impulse_contracts.registry.people import AddPerson
from tests.e2e.test_people import done, picture, sign_in
from tests.fixtures.missing import require_chromium
from tests.fixtures.stack import eventually

RUN = uuid4().hex[:8]
NAME = f"Beispiel-Radtreff {RUN} e.V."
BROKER, MEMBER = (f"{who}@treff-{RUN}.example" for who in ("broker", "mitglied"))


@pytest.fixture(scope="module")
def broker(stack: Any) -> None:
    """An intermediary and its broker."""
    agency = uuid4()
    profile = {"kind": "intermediary", "legal_name": f"Beispiel-Stelle {RUN}"}
    seat = {"postcode": "45144"}
    stack.say(RegisterActor.model_validate({"actor_id": agency, **profile, "seat": seat}))
    add_person(stack, agency, BROKER, "broker")
    stack.flush()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = require_chromium()
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=executable, args=args)
        yield browser
        browser.close()


def add_person(stack: Any, actor_id: object, address: str, role: str) -> None:
    person = {"person_id": uuid4(), "actor_id": actor_id, "name": "Beispielstelle"}
    stack.say(AddPerson.model_validate({**person, "email": address, "roles": [role]}))


def enter(stack: Any, page: Page, address: str, path: str) -> None:
    """Signs somebody in, once Impulse knows them, and leads to a path."""

    def mailed() -> bool:
        page.goto(f"/sign-in?next={path}")
        page.get_by_label("E-Mail-Adresse").fill(address)
        page.get_by_role("button", name="Link zusenden").click()
        return True

    eventually(mailed, 60)
    sign_in(stack, page, address)
    page.goto(path)


def test_recorded_refused_and_confirmed(stack: Any, chromium: Browser, broker: None):
    page = chromium.new_context(base_url=stack.gateway_url, locale="de-DE").new_page()
    enter(stack, page, BROKER, "/organisations/new")

    # What is missing is told at once, and the summary leads there.
    page.get_by_label("Rolle in der Vermittlung").select_option("nonprofit")
    page.get_by_label("Postleitzahl").fill("45144")
    page.get_by_label("Deutsch", exact=True).check()
    page.get_by_role("button", name="Eintragen").click()
    summary = page.locator("#faults")
    expect(summary).to_contain_text("Auf welchem Weg: bitte eine Möglichkeit wählen")
    picture(page, "organisation-form-faults")
    summary.get_by_role("link", name="Name", exact=True).click()
    expect(page.locator("#legal_name")).to_be_focused()

    # What was said tomorrow can't be: the registry refuses, in words.
    page.locator("#legal_name").fill(NAME)
    page.get_by_label("Auf welchem Weg").select_option("phone")
    page.get_by_label("An welchem Tag").fill(f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}")
    page.get_by_role("button", name="Eintragen").click()
    expect(page.get_by_text("Zukunft")).to_be_visible(timeout=60_000)
    picture(page, "organisation-refused")

    # Said by telephone today, it is registered, and marked.
    page.goto("/organisations/new")
    page.locator("#legal_name").fill(NAME)
    page.get_by_label("Rolle in der Vermittlung").select_option("nonprofit")
    page.get_by_label("Postleitzahl").fill("45144")
    page.get_by_label("Auf welchem Weg").select_option("phone")
    page.get_by_role("button", name="Eintragen").click()
    done(page)
    page.get_by_role("link", name="Zur Organisation").click()
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    marked = page.get_by_text(re.compile("Im Auftrag der Organisation aufgenommen"))
    expect(marked).to_contain_text("noch nicht bestätigt")
    picture(page, "organisation-on-behalf")
    here = page.url.removeprefix(stack.gateway_url)

    # Its own people change it: what they state counts as confirmed.
    add_person(stack, here.rsplit("/", 1)[1], MEMBER, "editor")
    stack.flush()
    own = chromium.new_context(base_url=stack.gateway_url, locale="de-DE").new_page()
    enter(stack, own, MEMBER, f"{here}/change")
    expect(own.locator("#legal_name")).to_have_value(NAME)
    own.get_by_label("Rufname").fill(f"Der Radtreff {RUN}")
    own.get_by_role("button", name="Änderungen speichern").click()
    done(own)
    own.get_by_role("link", name="Zur Organisation").click()
    expect(own.get_by_role("heading", name=f"Der Radtreff {RUN}")).to_be_visible()
    expect(own.get_by_text("noch nicht bestätigt")).to_have_count(0)
