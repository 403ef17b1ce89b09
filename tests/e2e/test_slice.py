"""The main job, the whole way: from a partner's report to an e-mail and a live page."""

import json
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from impulse_contracts.booking.cooperations import CooperationOpened
from impulse_contracts.codes import Direction, PlaceMode, ResourceCategory, TimeMode
from impulse_contracts.matching import AcceptProposal, ProposalSuggested, ReleaseProposal
from impulse_contracts.notifications import MessageSent
from impulse_contracts.partner import ActorReported, ListingReported
from tests.fixtures.mails import mails
from tests.fixtures.missing import require_chromium
from tests.fixtures.stack import Read, Wire, eventually

SOURCE = "https://ehrenamt.essen.example/api"
NOW = datetime.now(UTC)


def actor(external_id: str, kind: str, name: str, postcode: str, mail: str) -> ActorReported:
    return ActorReported.model_validate(
        {
            "external_id": external_id,
            "kind": kind,
            "legal_name": name,
            "seat": {"postcode": postcode},
            "topics": ["social_cohesion"],
            "example": True,
            "contact": {"name": f"Kontaktstelle {name}", "email": mail, "language": "de"},
            "observed_at": NOW,
        }
    )


def listing(external_id: str, owner: str, direction: Direction, title: str) -> ListingReported:
    return ListingReported.model_validate(
        {
            "external_id": external_id,
            "actor_external_id": owner,
            "direction": direction,
            "title": title,
            "description": "Gruppenräume im Jugendzentrum streichen und renovieren.",
            "resource_category": ResourceCategory.HANDS,
            "skills": ["renovation"],
            "team_size": {"min": 4, "max": 12},
            "time": {
                "mode": TimeMode.WINDOW,
                "start": NOW + timedelta(days=10),
                "end": NOW + timedelta(days=80),
            },
            "place": {"mode": PlaceMode.AT_NONPROFIT, "max_distance_km": 30},
            "topics": ["social_cohesion"],
            "observed_at": NOW,
        }
    )


def told(record: Read) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(record.value or b"{}")
    return found


@pytest.fixture(scope="module")
def story(stack: Wire) -> dict[str, Any]:
    """A company and an association are reported, matched, and both say yes."""
    run = uuid4().hex[:8]
    names = {
        "need": f"Beispiel-Jugendhaus {run} e.V.",
        "offer": f"Beispiel-Malerbetrieb {run} GmbH",
    }
    addresses = {side: f"kontakt@{side}-{run}.example" for side in names}
    # The listings first: they wait for their actors.
    reports = [
        listing(f"N-{run}", f"n-{run}", Direction.NEED, f"Streichaktion im Jugendhaus {run}"),
        listing(f"O-{run}", f"o-{run}", Direction.OFFER, f"Team hilft beim Streichen {run}"),
        actor(f"n-{run}", "nonprofit", names["need"], "45144", addresses["need"]),
        actor(f"o-{run}", "company", names["offer"], "44787", addresses["offer"]),
    ]
    ids = [
        stack.say(report, source=SOURCE, key=f"{SOURCE}|{report.key}", principal=None)
        for report in reports
    ]
    stack.flush()
    eventually(lambda: set(ids) <= stack.outcomes().keys(), 90)
    outcomes = stack.outcomes()
    need, offer = (told(outcomes[found][0])["aggregate_id"] for found in ids[:2])

    def suggested() -> list[Read]:
        return [
            record
            for record in stack.read("impulse.proposals")
            if record.type == ProposalSuggested.ce_type
            and (told(record)["need_id"], told(record)["offer_id"]) == (need, offer)
        ]

    proposal = told(eventually(suggested, 90)[0])
    released = stack.say(
        ReleaseProposal(proposal_id=proposal["proposal_id"]), source="urn:impulse:test", key=need
    )
    stack.flush()
    eventually(lambda: released in stack.outcomes(), 90)
    accepted = [
        stack.say(
            AcceptProposal(proposal_id=proposal["proposal_id"], side=side),
            source="urn:impulse:test",
            key=need,
        )
        for side in (Direction.NEED, Direction.OFFER)
    ]
    stack.flush()

    def opened() -> list[Read]:
        return [
            record
            for record in stack.read("impulse.cooperations")
            if record.type == CooperationOpened.ce_type
            and told(record)["proposal_id"] == proposal["proposal_id"]
        ]

    [cooperation] = eventually(opened, 90)
    return {
        "ids": ids,
        "accepted": [released, *accepted],
        "names": names,
        "addresses": addresses,
        "proposal": proposal,
        "cooperation": told(cooperation),
    }


def test_every_report_and_command_has_one_accepted_outcome(stack: Wire, story: dict[str, Any]):
    outcomes = stack.outcomes()
    for found in (*story["ids"], *story["accepted"]):
        assert {record.type for record in outcomes[found]} == {"impulse.outcome.accepted.v1"}
        assert len({record.id for record in outcomes[found]}) == 1


def test_the_proposal_says_why_in_both_languages(story: dict[str, Any]):
    proposal = story["proposal"]
    assert 0 < proposal["score"] <= 1
    assert not proposal["blockers"]
    assert proposal["reasons"]
    for reason in proposal["reasons"]:
        assert reason["criterion"]
        assert reason["de"] != reason["en"]
    points = sum(each["points"] for each in proposal["contributions"])
    assert points == pytest.approx(proposal["score"], abs=1e-6)


def test_the_cooperation_is_due_in_a_year(story: dict[str, Any]):
    cooperation = story["cooperation"]
    assert cooperation["state"] == "introduced"
    assert cooperation["redeem_by"] > f"{NOW:%Y-%m-%d}"


def test_both_sides_get_a_mail_once(stack: Any, story: dict[str, Any]):
    def arrived() -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = {}
        for mail in mails(stack.mailbox_url):
            for address in story["addresses"].values():
                if address in str(mail["to"]):
                    found.setdefault(address, []).append(mail)
        both = all(
            any(
                story["cooperation"]["need_title"] in mail["text"]
                for mail in found.get(address, ())
            )
            for address in story["addresses"].values()
        )
        return found if both else {}

    found = eventually(arrived, 90)
    for received in found.values():
        identifiers = [mail["message_id"] for mail in received]
        assert len(identifiers) == len(set(identifiers))
    sent = [
        record for record in stack.read("impulse.messages") if record.type == MessageSent.ce_type
    ]
    for address in story["addresses"].values():
        assert not any(address.encode() in (record.value or b"") for record in sent)


def test_no_contact_is_on_any_topic_but_two(stack: Wire, story: dict[str, Any]):
    from impulse_contracts import topics

    for topic in topics.ALL:
        if topic.personal:
            continue
        for record in stack.read(topic.name):
            for address in story["addresses"].values():
                assert address.encode() not in (record.value or b""), topic.name


def test_the_read_model_of_the_gateway_has_it(stack: Any, story: dict[str, Any]):
    def shown() -> bool:
        with urllib.request.urlopen(f"{stack.gateway_url}/api/actors?q=Jugendhaus") as answer:
            return story["names"]["need"] in answer.read().decode()

    eventually(shown, 60)


def test_the_page_shows_each_step_as_it_happens(stack: Any, story: dict[str, Any]):
    """A new association appears on the open page without a reload."""
    from playwright.sync_api import expect, sync_playwright

    executable = require_chromium()
    run = uuid4().hex[:8]
    name = f"Beispiel-Chor {run} e.V."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        page = browser.new_page(locale="de-DE")
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{stack.gateway_url}/live")
        page.wait_for_timeout(1500)
        stack.say(
            actor(f"c-{run}", "nonprofit", name, "44135", f"kontakt@chor-{run}.example"),
            source=SOURCE,
            key=f"{SOURCE}|c-{run}",
            principal=None,
        )
        stack.flush()
        expect(page.get_by_text(name).first).to_be_visible(timeout=60_000)
        browser.close()
    assert not problems
