"""Every page, in both languages."""

from html import unescape

import pytest

from impulse_contracts.message import MESSAGES, Command
from impulse_contracts.purposes import TERMS
from impulse_gateway.web.rendering import HERE
from tests.gateway import given

PAGES = [
    ("/", "Wer etwas gibt", "Whoever gives"),
    ("/organisations", "5 Organisationen", "5 organisations"),
    (f"/organisations/{given.HOUSE.actor_id}", "Diese Organisation ist ein Beispiel", "example"),
    (f"/organisations/{given.CLUB.actor_id}", "gemeinnütziger Verein", "non-profit association"),
    ("/listings", "6 Einträge", "6 entries"),
    (f"/listings/{given.NEED.listing_id}", "Was dazu passt", "What fits"),
    ("/proposals", "2 Vorschläge", "2 proposals"),
    (f"/proposals/{given.PROPOSAL.proposal_id}", "Warum dieser Vorschlag", "Why this proposal"),
    ("/cooperations", "1 Kooperation", "1 cooperation"),
    (f"/cooperations/{given.COOPERATION.cooperation_id}", "Gemeinsam verabredet", "Agreed"),
    ("/places", "noch niemand vor Ort", "no local contact yet"),
    ("/live", "Was gerade geschieht", "What is going on"),
    ("/sign-in", "kein Passwort", "no password"),
    ("/imprint", "Impressum", "Imprint"),
    ("/privacy", "keine Cookies", "No cookies"),
    ("/accessibility", "Bekannte Lücken", "Known gaps"),
    ("/attribution", "OffeneRegister.de", "OpenStreetMap"),
]


@pytest.mark.parametrize("path,german,english", PAGES)
async def test_in_german_and_english(visitor, path, german, english):
    for language, text in (("de-DE,de;q=0.9", german), ("fr, en;q=0.8, de;q=0.5", english)):
        answer = await visitor.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200, answer.text
        assert text in answer.text
        expected = "de" if language.startswith("de") else "en"
        assert f'<html lang="{expected}">' in answer.text
        assert answer.headers["content-language"] == expected
        assert "Demonstration" in answer.text


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_privacy_page_says_all_that_is_kept_and_for_how_long(visitor, language):
    page = unescape((await visitor.get("/privacy", headers={"Accept-Language": language})).text)
    for purpose, terms in TERMS.items():
        for said in (
            purpose.label(language),
            terms.basis.label(language),
            terms.data(language),
            terms.recipients(language),
            terms.kept(language),
        ):
            assert said in page


def test_every_command_that_people_give_has_a_name():
    """Operators' commands and those of services aside."""
    template = (HERE / "templates" / "operation.html").read_text("utf-8")
    nobodys = {"activate_ruleset", "send_sign_in_link", "introduce_person"}
    unnamed = {
        name
        for name, kind in MESSAGES.items()
        if issubclass(kind, Command)
        and kind.__module__.startswith("impulse_contracts.")
        and f'"{name}": say(' not in template
    }
    assert {name.split(".")[2] for name in unnamed} <= nobodys
