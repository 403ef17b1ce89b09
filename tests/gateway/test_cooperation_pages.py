"""What is next in a cooperation, its agreement, and its steps: by its own people, or for them."""

from datetime import timedelta
from uuid import uuid4

import pytest

from impulse_contracts.booking.agreements import DraftAgreement, EnterCooperation, SignAgreement
from impulse_contracts.booking.cooperation_commands import CancelCooperation, SetNextAction
from impulse_contracts.booking.cooperations import AgreementDrafted, DeliveryReported
from impulse_contracts.booking.deliveries import PlanDelivery, ReportDelivery
from impulse_contracts.booking.preparations import ChangePreparation, NameContacts
from impulse_gateway.web import cooperation_form
from tests.gateway import given
from tests.gateway.driving import tell

AGREED = given.COOPERATION
PATH = f"/cooperations/{AGREED.cooperation_id}"
DRAFT = AgreementDrafted.model_validate(
    {
        **AGREED.model_dump(),
        "version": 2,
        "state": "negotiating",
        "missing": ["redeem_by"],
        "signatures": [],
        "number": None,
        "next_action": {"kind": "complete_agreement", "responsible": "both", "due": "2026-11-02"},
    }
)


def fields(**more):
    return {"operation": str(uuid4()), **more}


async def send(browser, path, page, said):
    """The answer to a form of `page`, which may have a field that is called `on`."""
    data = {**fields(**said), "csrf_token": await browser.token(page)}
    return await browser.post(path, data=data, follow_redirects=False)


async def test_a_cooperation_shows_its_agreement_history_and_what_is_next(town, signed_in):
    member = await signed_in(given.MEMBER)
    page = (await member.get(PATH)).text
    for text in (
        "Acht Personen streichen zwei Gruppenräume.",
        "Termin finden",
        "Schätzwert nur für die Statistik; keine Zuwendungsbestätigung, kein Entgelt",
        "im Auftrag aufgenommen",
        "Jemand gehört zu beiden Seiten",
        "1 Person, 50 Stunden",
        "teilweise umgesetzt",
    ):
        assert text in page
    assert f"{PATH}/cancel" in page
    assert f"{PATH}/decline" not in page, "it is agreed already"
    printed = (await member.get(f"{PATH}/printed")).text
    assert "2026-17" in printed
    assert "Marktplatz-Notar:in, keine notarielle Beurkundung" in printed
    assert "Schätzwert nur für die Statistik; keine Zuwendungsbestätigung, kein Entgelt." in printed
    english = (await member.get(PATH, headers={"Accept-Language": "en"})).text
    assert "find a date" in english


async def test_visitors_read_examples_and_take_no_step(town, visitor):
    page = (await visitor.get(PATH)).text
    assert "Leistung" in page
    assert f"{PATH}/cancel" not in page


async def test_what_is_due_comes_first_and_says_so(town, signed_in):
    tell(town, DRAFT)
    broker = await signed_in(given.BROKER)
    page = (await broker.get("/cooperations?due=1")).text
    assert "Überfällig:" in page
    first, second = PATH, f"/cooperations/{given.REAL_COOPERATION.cooperation_id}"
    assert page.index(first) < page.index(second)
    listed = (await broker.get("/api/cooperations?due=true")).json()["items"]
    assert listed[0]["cooperation_id"] == str(AGREED.cooperation_id)
    assert listed[0]["missing"] == ["redeem_by"]
    draft = (await broker.get(PATH)).text
    assert "der letzte Tag der Umsetzung" in draft


async def test_a_member_speaks_for_their_side_alone(town, signed_in):
    tell(town, DRAFT)
    member = await signed_in(given.MEMBER)
    entered = {
        "performance": "Ein Raum",
        "redeem_by": "2027-05-01",
        "estimated_value_eur": "1.200",
        "value_method": "own_estimate",
        "format": "social_day",
        "side": "offer",
    }
    sent = await member.send_form(f"{PATH}/agreement", on=PATH, **fields(**entered))
    assert sent.status_code == 303
    signed = await member.send_form(f"{PATH}/sign", on=PATH, **fields())
    assert signed.status_code == 303
    town.settle()
    [draft] = town.heard(DraftAgreement)
    assert (draft.data.side, draft.data.on_behalf) == ("need", None)
    assert (draft.data.terms.estimated_value_eur, draft.data.format) == (1200, "social_day")
    assert [each.data.side for each in town.heard(SignAgreement)] == ["need"]
    stranger = await signed_in(given.CLUB_MEMBER)
    answer = await stranger.send_form(f"{PATH}/cancel", on=PATH, **fields(reason="other"))
    assert answer.status_code == 403


async def test_what_is_wrong_is_said_beside_the_field(town, signed_in):
    member = await signed_in(given.MEMBER)
    cancel = await member.send_form(f"{PATH}/cancel", on=PATH, **fields(reason=""))
    assert cancel.status_code == 422
    assert 'aria-invalid="true"' in cancel.text
    draft = await member.send_form(
        f"{PATH}/agreement", on=PATH, **fields(estimated_value_eur="viel", performance="Neu")
    )
    assert draft.status_code == 422
    assert 'value="viel"' in draft.text
    town.settle()
    assert not town.heard(CancelCooperation)


async def test_a_broker_does_everything_for_the_sides_and_for_themselves(town, signed_in):
    broker = await signed_in(given.BROKER)
    cancel = {"reason": "other", "side": "offer"}
    missing = await send(broker, f"{PATH}/cancel", PATH, cancel)
    assert missing.status_code == 422, "who speaks for others says how they were told"
    told = {**cancel, "channel": "phone", "on": "2026-11-24"}
    assert (await send(broker, f"{PATH}/cancel", PATH, told)).status_code == 303
    action = {"text": "Anrufen", "responsible": "broker", "due": "2027-01-10"}
    assert (await send(broker, f"{PATH}/action", PATH, action)).status_code == 303
    town.settle()
    [cancelled] = town.heard(CancelCooperation)
    assert (cancelled.data.side, cancelled.data.on_behalf.channel) == ("offer", "phone")
    [set_action] = town.heard(SetNextAction)
    assert (set_action.data.side, set_action.data.responsible) == (None, "broker")


async def test_a_broker_enters_a_cooperation(town, signed_in):
    broker = await signed_in(given.BROKER)
    new = "/cooperations/new?need=turnverein&offer=stahlhandel"
    page = (await broker.get(new)).text
    assert given.CLUB.legal_name in page
    entered = {
        "need_actor_id": str(given.CLUB.actor_id),
        "offer_actor_id": str(given.FIRM.actor_id),
        "need_title": "Tornetze",
        "offer_title": "Netze",
        "performance": "Zwei Netze",
        "redeem_by": "2027-05-01",
        "witness": "1",
        "channel": "event_floor",
        "on": "2026-11-24",
    }
    sent = await send(broker, "/cooperations/new", new, entered)
    assert sent.status_code == 303
    nameless = {**entered, "need_title": "", "need": "turnverein", "offer": "stahlhandel"}
    wrong = await send(broker, "/cooperations/new", new, nameless)
    assert (wrong.status_code, "need_title" in wrong.text) == (422, True)
    town.settle()
    [heard] = town.heard(EnterCooperation)
    assert heard.data.terms.witness_id == given.ident(given.BROKER)
    assert heard.data.signing.on_behalf.channel == "event_floor"
    member = await signed_in(given.MEMBER)
    assert (await member.get("/cooperations/new")).status_code == 403


PREPARING = AgreementDrafted.model_validate(
    {**AGREED.model_dump(), "version": 2, "state": "preparing"}
)


async def test_what_is_to_be_prepared_is_ticked_off_and_contacts_are_named(town, signed_in):
    tell(town, PREPARING)
    member = await signed_in(given.MEMBER)
    page = (await member.get(PATH)).text
    for text in ("Begehung", "überfällig", "nicht nötig", "Niemand ist benannt"):
        assert text in page
    tick = {"item": "site_visit", "done": "yes"}
    assert (await send(member, f"{PATH}/preparation", PATH, tick)).status_code == 303
    person = given.ident(given.MEMBER)
    assert f'value="{person}"' in page
    named = {"contact_id": str(person), "successor_id": ""}
    assert (await send(member, f"{PATH}/contacts", PATH, named)).status_code == 303
    town.settle()
    [ticked] = town.heard(ChangePreparation)
    assert (ticked.data.item, ticked.data.done, ticked.data.needed) == ("site_visit", True, None)
    [contact] = town.heard(NameContacts)
    assert (contact.data.contact_id, contact.data.successor_id) == (person, None)


async def test_a_date_and_a_report_by_form(town, signed_in):
    member = await signed_in(given.MEMBER)
    night = {"day": "2027-01-20", "begins": "18:00", "ends": "02:00"}
    assert (await send(member, f"{PATH}/date", PATH, night)).status_code == 303
    for wrong in ({**night, "begins": ""}, {**night, "day": "morgen"}):
        assert (await send(member, f"{PATH}/date", PATH, wrong)).status_code == 422
    report = {"outcome": "done", "persons": "8", "hours": "30,5"}
    assert (await send(member, f"{PATH}/report", PATH, report)).status_code == 303
    town.settle()
    [planned] = town.heard(PlanDelivery)
    [date] = planned.data.dates
    assert date.ends - date.starts == timedelta(hours=8)
    [reported] = town.heard(ReportDelivery)
    assert (reported.data.side, reported.data.hours) == ("need", 30.5)


async def test_several_dates_are_settled_on_at_once_at_times_that_there_are(town, signed_in):
    member = await signed_in(given.MEMBER)
    first = {"day": "2027-01-20", "begins": "09:00", "ends": "15:00"}
    more = "27.01.2027 18:00–02:00\n03.02.2027, 10:00 bis 11:30 Uhr"
    assert (await send(member, f"{PATH}/date", PATH, {**first, "more": more})).status_code == 303
    alone = await send(member, f"{PATH}/date", PATH, {"more": more})
    assert alone.status_code == 303, "all of them may be in the list"
    for field, wrong in (
        ("begins", {"day": "2027-03-28", "begins": "02:30", "ends": "08:00"}),
        ("more", {**first, "more": "28.03.2027 02:30–08:00"}),
    ):
        page = await send(member, f"{PATH}/date", PATH, wrong)
        assert page.status_code == 422
        id_ = f'id="{field}-{PATH.strip("/").replace("/", "-")}-date-fault"'
        assert id_ in page.text
        assert "weil die Uhr vorgestellt wird" in page.text
    nothing = await send(member, f"{PATH}/date", PATH, {})
    assert "bitte angeben" in nothing.text
    town.settle()
    planned, shorter = (each.data.dates for each in town.heard(PlanDelivery))
    assert [(each.ends - each.starts) / timedelta(hours=1) for each in planned] == [6, 8, 1.5]
    assert planned[1:] == shorter
    tell(town, PREPARING.model_copy(update={"dates": planned}))
    page = (await member.get(PATH)).text
    assert 'value="2027-01-20"' in page
    assert "27.01.2027 18:00–02:00\n03.02.2027 10:00–11:30</textarea>" in page


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("cancel", {"side": "need", "reason": "other"}, 202),
        ("cancel", {"side": "offer", "reason": "other"}, 403),
        ("cancel", {"reason": "other"}, 403),
        ("agreement", {"side": "need", "terms": {"performance": "Neu"}}, 202),
        ("hold", {"side": "need", "reason": "nonsense", "until": "2027-01-01"}, 422),
    ],
)
async def test_the_api_takes_the_same_steps(town, signed_in, path, body, status):
    member = await signed_in(given.MEMBER)
    answer = await member.command("POST", f"/api{PATH}/{path}", body)
    assert answer.status_code == status, answer.text


async def test_the_api_enters_a_cooperation(town, signed_in):
    body = {
        "need_actor_id": str(given.CLUB.actor_id),
        "offer_actor_id": str(given.FIRM.actor_id),
        "need_title": "Tornetze",
        "offer_title": "Netze",
    }
    member, broker = await signed_in(given.MEMBER), await signed_in(given.BROKER)
    assert (await member.command("POST", "/api/cooperations", body)).status_code == 403
    assert (await broker.command("POST", "/api/cooperations", body)).status_code == 202
    town.settle()
    [heard] = town.heard(EnterCooperation)
    assert heard.data.terms is None


async def test_the_description_of_a_step_says_whose_it_is_and_when_it_is_possible(visitor):
    paths = (await visitor.get("/api/openapi.json")).json()["paths"]
    said = {
        path.rpartition("/")[2]: called["post"]["description"]
        for path, called in paths.items()
        if path.startswith("/api/cooperations/{cooperation_id}/") and "post" in called
    }
    assert len(said) == len(cooperation_form.FORMS)
    assert all("`wrong_state`" in text for text in said.values())
    assert "in the states `negotiating`, `evaluating`;" in said["sign"]
    assert "in their own name" not in said["sign"], "only a side signs"
    assert "`on_hold`, after something was agreed" in said["cancel"]
    assert "`on_hold`, before anything was agreed" in said["decline"]


async def test_the_form_of_what_is_next_is_open(town, signed_in):
    tell(town, DRAFT)
    member = await signed_in(given.MEMBER)
    page = (await member.get(PATH)).text
    assert page.count("<details open>") == 1
    assert "<details open><summary>Vereinbarung schreiben oder ändern" in page
    bare = await member.get(f"{PATH}/agreement")
    assert (bare.status_code, bare.headers["location"]) == (303, PATH), "nothing was typed there"
    assert (await member.get(f"{PATH}/nothing")).status_code == 404


REPORT = {"side": "offer", "at": given.NOW, "outcome": "done", "persons": 8, "hours": 56}


@pytest.mark.parametrize("decision", [None, {**REPORT, "side": "need"}])
async def test_a_side_ends_only_what_was_confirmed_and_brokers_everything(
    town, signed_in, decision
):
    told = {"version": 2, "state": "evaluating", "reports": [REPORT], "decision": decision}
    tell(town, DeliveryReported.model_validate({**AGREED.model_dump(), **told}))
    member, broker = await signed_in(given.MEMBER), await signed_in(given.BROKER)
    for browser, ends in ((member, decision is not None), (broker, True)):
        page = (await browser.get(PATH)).text
        for step in ("complete", "continue"):
            assert (f'action="{PATH}/{step}' in page) == ends
        assert (f'action="{PATH}/date' in page) == (decision is not None)
        assert ("ist zu bestätigen, was berichtet wurde" in page) == (decision is None)
        assert f'action="{PATH}/decision' in page
