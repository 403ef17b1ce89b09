"""How somebody comes to act for an organisation, in a browser: claimed, confirmed, changed."""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from impulse_contracts.partner import ActorReported
from impulse_contracts.registry.actors import RegisterActor
from impulse_contracts.registry.people import AddPerson
from tests.fixtures.mails import mails
from tests.fixtures.missing import require_chromium
from tests.fixtures.stack import eventually

SOURCE = "https://ehrenamt.essen.example/api"
RUN = uuid4().hex[:8]
NAME = f"Beispiel-Gartenverein {RUN} e.V."
CLAIMANT, BROKER, INVITED = (f"{who}@person-{RUN}.example" for who in ("neu", "broker", "gast"))


@pytest.fixture(scope="module")
def actor_id(stack: Any) -> str:
    """An association that a partner reported, without a contact; and a broker."""
    report = ActorReported.model_validate(
        {
            "external_id": f"g-{RUN}",
            "kind": "nonprofit",
            "legal_name": NAME,
            "seat": {"postcode": "45144"},
            "example": True,
            "observed_at": datetime.now(UTC),
        }
    )
    asked = stack.say(report, source=SOURCE, key=f"{SOURCE}|g-{RUN}", principal=None)
    agency, broker = uuid4(), uuid4()
    seat = {"postcode": "45144"}
    profile = {"kind": "intermediary", "legal_name": f"Beispiel-Agentur {RUN}", "seat": seat}
    stack.say(RegisterActor.model_validate({"actor_id": agency, **profile}))
    person = {"person_id": broker, "actor_id": agency, "name": "Beispielstelle Vermittlung"}
    stack.say(AddPerson.model_validate({**person, "email": BROKER, "roles": ["broker"]}))
    stack.flush()
    outcomes = eventually(lambda: stack.outcomes().get(asked), 90)
    found = re.search(rb'"aggregate_id": ?"([0-9a-f-]+)"', outcomes[0].value or b"")
    assert found
    return str(UUID(found[1].decode()))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    executable = require_chromium()
    with sync_playwright() as playwright:
        args = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=executable, args=args)
        yield browser
        browser.close()


def link_to(stack: Any, address: str, pattern: str) -> str:
    """The newest link of a kind that was mailed to an address."""

    def found() -> list[str]:
        texts = [each["text"] for each in mails(stack.mailbox_url) if address in str(each["to"])]
        return [link for text in texts for link in re.findall(pattern, text.replace("=\n", ""))]

    return str(eventually(found, 90)[-1])


def sign_in(stack: Any, page: Page, address: str) -> None:
    page.goto(link_to(stack, address, r"https?://\S+/sign-in/\S+"))
    page.get_by_role("button", name="Jetzt anmelden").click()


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("IMPULSE_TEST_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def done(page: Page) -> None:
    """Waits until what was asked for has taken effect."""
    expect(page.get_by_text("Erledigt.")).to_be_visible(timeout=60_000)


def test_claimed_confirmed_and_changed(stack: Any, chromium: Browser, actor_id: str):
    visitor, broker = (
        chromium.new_context(base_url=stack.gateway_url, locale="de-DE").new_page() for _ in "ab"
    )
    here = f"/organisations/{actor_id}"

    def shown() -> bool:
        answer = visitor.goto(here)
        return answer is not None and answer.ok

    # A visitor says who they are, and shows by the link that the address is theirs.
    eventually(shown, 60)
    visitor.get_by_role("link", name="Ist das Ihre Organisation?").click()
    visitor.get_by_label("Ihr Name").fill("Beispielstelle Vorstand")
    visitor.get_by_label("Ihre E-Mail-Adresse").fill(CLAIMANT)
    picture(visitor, "claim")
    visitor.get_by_role("button", name="Link zusenden").click()
    sign_in(stack, visitor, CLAIMANT)
    visitor.get_by_role("button", name="Ja, ich handle für sie").click()
    done(visitor)
    visitor.goto("/me")
    expect(visitor.get_by_text("wartet auf Bestätigung")).to_be_visible()
    assert (visitor.goto(f"{here}/people") or pytest.fail()).status == 403

    # The broker is told, signs in, and confirms.
    link_to(stack, BROKER, rf"https?://\S+{here}/people")
    broker.goto("/sign-in?next=/claims")
    broker.get_by_label("E-Mail-Adresse").fill(BROKER)
    broker.get_by_role("button", name="Link zusenden").click()
    sign_in(stack, broker, BROKER)
    expect(broker.get_by_role("link", name=NAME)).to_be_visible()
    picture(broker, "claims")
    broker.get_by_role("button", name=re.compile("^Bestätigen")).click()
    done(broker)

    # The first member administers the organisation: invites, and changes what it says of itself.
    link_to(stack, CLAIMANT, rf"https?://\S+{here}\b")
    visitor.goto(f"{here}/people")
    expect(visitor.get_by_text("Verwaltung").first).to_be_visible()
    visitor.get_by_label("Name", exact=True).fill("Beispielstelle Gast")
    visitor.get_by_label("E-Mail-Adresse").fill(INVITED)
    visitor.locator("#new-editor").check()
    picture(visitor, "people")
    visitor.get_by_role("button", name="Einladen").click()
    done(visitor)
    assert link_to(stack, INVITED, r"https?://\S+/me\b")

    # Who is invited signs in with the address, and accepts.
    guest = chromium.new_context(base_url=stack.gateway_url, locale="de-DE").new_page()
    guest.goto("/sign-in?next=/me")
    guest.get_by_label("E-Mail-Adresse").fill(INVITED)
    guest.get_by_role("button", name="Link zusenden").click()
    sign_in(stack, guest, INVITED)
    picture(guest, "invited")
    guest.get_by_role("button", name="Annehmen").click()
    done(guest)
    guest.goto(f"{here}/people")
    expect(guest.get_by_text("Bearbeiten").first).to_be_visible()

    token = visitor.request.get("/api/session").json()["csrf_token"]
    profile = {"kind": "nonprofit", "legal_name": NAME, "display_name": f"Unser Garten {RUN}"}
    changed = visitor.request.put(
        f"/api/actors/{actor_id}",
        data={**profile, "seat": {"postcode": "45144"}, "example": True},
        headers={"X-CSRF-Token": token},
    )
    assert changed.status == 202, changed.text()

    def renamed() -> bool:
        visitor.goto(here)
        return visitor.get_by_role("heading", name=f"Unser Garten {RUN}").count() > 0

    eventually(renamed, 60)
    visitor.goto("/me")
    expect(visitor.get_by_role("link", name=f"Unser Garten {RUN}")).to_be_visible()
    picture(visitor, "me")
