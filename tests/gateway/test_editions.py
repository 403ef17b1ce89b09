"""Editions on pages and in the API: announcing, registration, projects, agreements."""

from uuid import uuid4

import pytest

from impulse_contracts.booking.agreement_batches import EnterAgreements
from impulse_contracts.booking.editions import (
    AnnounceEdition,
    CancelEdition,
    ChangeEdition,
    CloseEdition,
)
from impulse_contracts.booking.projects import (
    ChangeProject,
    ClaimProject,
    ProjectClaimed,
    ReleaseProject,
    SubmitProject,
    WithdrawProject,
)
from impulse_contracts.markets import PlanMarket
from impulse_gateway.web.floor_form import ROWS, cooperation_id
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.editions import (
    AGREED,
    EDITIONS,
    ENTERED,
    FLOOR,
    OPEN,
    OVER,
    PROJECT,
    TODAY,
)

PATH, FLOOR_PATH = f"/editions/{OPEN.edition_id}", f"/editions/{FLOOR.edition_id}"
AGREEMENTS = f"{FLOOR_PATH}/agreements"
PROJECT_PATH = f"/projects/{PROJECT.project_id}"
NEW = {
    "title": "RUHRDAX 2027",
    "format": "ruhrdax",
    "starts": "2027-06-10T14:00",
    "ends": "2027-06-10T16:00",
    "nonprofit_places": "40",
    "company_places": "25",
    "ags": "Essen",
    "postcode": "45127",
    "city": "Essen",
    "venue": "Beispielhaus",
    "registration_closes": "2027-05-31T18:00",
    "submit_by": "2027-04-30T12:00",
    "claim_by": "2027-05-15T12:00",
    "workshop_title": "Wie man fragt",
    "workshop_starts": "2027-05-05T10:00",
    "workshop_ends": "2027-05-05T13:00",
    "workshop_places": "30",
}
"""What is entered of a new edition."""


@pytest.fixture
def town(town):
    tell(town, *EDITIONS)
    return town


async def send(browser, path, page, **fields):
    """The answer to a form of `page`, which may have a field that is called `on`."""
    data = {"csrf_token": await browser.token(page), "operation": str(uuid4()), **fields}
    return await browser.post(path, data=data)


def a_line():
    """An agreement of two organisations, as the API takes it in a batch."""
    return {
        "cooperation_id": str(uuid4()),
        "need_actor_id": str(given.HOUSE.actor_id),
        "offer_actor_id": str(given.PAINTER.actor_id),
        "need_title": "Streichen",
        "offer_title": "Acht Leute",
    }


async def test_visitors_see_what_is_coming_and_how_far_it_is(town, visitor):
    listed = (await visitor.get("/editions")).text
    assert PATH in listed
    assert str(OVER.edition_id) not in listed
    assert "24 freie Plätze" in listed, "a company has a place of 25"
    assert "39 freie Plätze" in listed
    assert str(OVER.edition_id) in (await visitor.get("/editions?past=1")).text
    page = (await visitor.get(PATH)).text
    for text in (
        f"/sessions/{OPEN.session_id}/book",
        "Wie man fragt",
        "Projekte einreichen",
        "Hochbeete für den Hof",
        'aria-current="step"',
    ):
        assert text in page
    assert "Für die Veranstalter" not in page
    results = (await visitor.get(FLOOR_PATH, headers={"Accept-Language": "en"})).text
    assert "no donation receipt" in results
    assert "1,200 Euro" in results
    assert (await visitor.get(f"/editions/{uuid4()}")).status_code == 404


async def test_staff_announce_change_cancel_and_close(town, signed_in):
    broker = await signed_in(given.BROKER)
    assert (await send(broker, "/editions/new", "/editions/new", **NEW)).status_code == 303
    form = (await broker.get(f"{PATH}/edit")).text
    assert 'value="Wie man fragt"' in form
    changed = {**NEW, "title": "RUHRDAX verlegt", "nonprofit_places": "50", "ags": "05113000"}
    assert (await send(broker, f"{PATH}/edit", PATH, **changed)).status_code == 303
    assert (await send(broker, f"{PATH}/cancel", PATH)).status_code == 303
    assert (await send(broker, f"{FLOOR_PATH}/close", FLOOR_PATH)).status_code == 303
    town.settle()
    [announced] = (each.data for each in town.heard(AnnounceEdition))
    assert (announced.ags, announced.company_places) == ("05113000", 25)
    assert announced.workshop.places == 30
    assert announced.deadlines.claim_by.isoformat() == "2027-05-15T12:00:00+02:00"
    [change] = (each.data for each in town.heard(ChangeEdition))
    assert (change.edition_id, change.nonprofit_places, change.example) == (
        OPEN.edition_id,
        50,
        True,
    )
    assert [each.data.edition_id for each in town.heard(CancelEdition)] == [OPEN.edition_id]
    assert [each.data.edition_id for each in town.heard(CloseEdition)] == [FLOOR.edition_id]
    member = await signed_in(given.MEMBER)
    assert (await member.get("/editions/new")).status_code == 403
    assert (await member.get(f"{PATH}/edit")).status_code == 403
    assert (await member.get(f"{PATH}/registrations")).status_code == 403


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": ""}, "title"),
        ({"nonprofit_places": "viele"}, "nonprofit_places"),
        ({"starts": "2027-03-28T02:30"}, "starts"),
        ({"ends": "2027-06-10T13:00"}, "ends"),
        ({"registration_closes": "2027-07-01T10:00"}, "registration_closes"),
        ({"claim_by": "2027-04-01T12:00"}, "claim_by"),
        ({"submit_by": ""}, "submit_by"),
        ({"submit_by": "2027-06-11T12:00", "claim_by": "2027-06-12T12:00"}, "submit_by"),
        (
            {"workshop_starts": "2027-06-17T10:00", "workshop_ends": "2027-06-17T13:00"},
            "workshop_starts",
        ),
        ({"workshop_places": ""}, "workshop_places"),
        ({"meetings": "morgen um zehn"}, "meetings"),
    ],
)
async def test_what_is_wrong_is_said_beside_the_field(town, signed_in, changes, field):
    broker = await signed_in(given.BROKER)
    page = await send(broker, "/editions/new", "/editions/new", **NEW | changes)
    assert page.status_code == 422
    assert f'id="{field}-fault"' in page.text
    assert 'value="Beispielhaus"' in page.text, "what was entered stays"


async def test_registrations_by_side_lead_to_the_plan_of_the_market(town, signed_in):
    broker = await signed_in(given.BROKER)
    page = (await broker.get(f"{PATH}/registrations")).text
    companies, others = page.split('id="nonprofits"')
    assert given.PAINTER.legal_name in companies
    assert given.HOUSE.legal_name in others
    assert "Platz 1 der Warteliste" in " ".join(others.split())
    session = (await broker.get(f"/sessions/{OPEN.session_id}")).text
    assert f'href="{PATH}"' in session
    assert f"/sessions/{OPEN.session_id}/cancel" not in session, "the edition is called off instead"
    market = f"/markets?edition={OPEN.edition_id}"
    form = (await broker.get(market)).text
    assert f">{given.PAINTER.legal_name}</textarea>" in form
    assert f">{given.HOUSE.legal_name}</textarea>" in form
    fields = {
        "edition": str(OPEN.edition_id),
        "format": "ruhrdax",
        "companies": given.PAINTER.legal_name,
        "nonprofits": given.HOUSE.legal_name,
    }
    assert (await send(broker, "/markets", market, **fields)).status_code == 303
    town.settle()
    [plan] = (each.data for each in town.heard(PlanMarket))
    assert plan.edition_id == OPEN.edition_id
    assert plan.companies == (given.PAINTER.actor_id,)


def line(row, number, **fields):
    """A line of the floor as it is entered."""
    said = {
        "number": str(number),
        "nonprofit": given.HOUSE.legal_name,
        "company": given.PAINTER.legal_name,
        "subject": "Zwei Räume streichen",
        "performance": "Acht Personen streichen.",
        "counter": "Fotos",
        "value": "1.200",
        "signed": "1",
        **fields,
    }
    return {f"{name}_{row}": value for name, value in said.items() if value}


async def test_several_lines_are_entered_at_once_and_the_same_number_is_the_same(town, signed_in):
    broker = await signed_in(given.BROKER)
    shared = {"redeem_by": "2027-11-24", "on": "2026-11-24", "value_method": "own_estimate"}
    fields = {**shared, "witness": "1", **line(0, 7), **line(1, "011", signed="", value="")}
    sent = await send(broker, AGREEMENTS, AGREEMENTS, **fields)
    assert sent.status_code == 303
    assert (await send(broker, AGREEMENTS, AGREEMENTS, **fields)).status_code == 303
    waits = (await broker.get(sent.headers["location"])).text
    assert "werden gerade eingetragen" in waits
    town.settle()
    first, again = (each.data for each in town.heard(EnterAgreements))
    assert first.lines == again.lines
    signed, draft = first.lines
    assert signed.cooperation_id == AGREED.cooperation_id, "the form was entered before"
    assert (signed.need_actor_id, signed.offer_actor_id) == (
        given.HOUSE.actor_id,
        given.PAINTER.actor_id,
    )
    assert (signed.terms.estimated_value_eur, signed.terms.witness_id) == (
        1200,
        given.ident(given.BROKER),
    )
    assert signed.signing.on_behalf.channel == "event_floor"
    assert (draft.signing, draft.terms.value_method) == (None, None)


async def test_what_became_of_each_line_stands_beside_it(town, signed_in):
    broker = await signed_in(given.BROKER)
    page = " ".join((await broker.get(f"{AGREEMENTS}?batch={ENTERED.batch_id}")).text.split())
    seven, eight, nine = (f'<th scope="row">{number}</th>' for number in (7, 8, 9))
    first, second, third = (
        page[page.index(start) : page.index(start) + 700] for start in (seven, eight, nine)
    )
    assert "2026-17" in first
    assert f"/cooperations/{AGREED.cooperation_id}" in first
    assert "die Leistung" in second
    assert "Beide Seiten sind dieselbe." in third
    assert "Nach der höchsten bisher kommt 10." in page
    assert 'name="number_0" value=""' in page, "two who enter at once would take the same"


async def test_a_line_that_is_wrong_stops_no_other_and_stays_with_what_is_wrong(town, signed_in):
    broker = await signed_in(given.BROKER)
    fields = {**line(0, 21), **line(1, 22, company="Niemand GmbH"), **line(2, 21)}
    page = await send(broker, AGREEMENTS, AGREEMENTS, on="2026-11-24", **fields)
    assert page.status_code == 422
    assert "„Niemand GmbH“ ist nicht eingetragen" in page.text
    assert 'id="number_2-fault"' in page.text, "the same number twice"
    assert 'name="number_0"' not in page.text, "what was sent is gone from the form"
    town.settle()
    [batch] = (each.data for each in town.heard(EnterAgreements))
    assert len(batch.lines) == 1
    empty = await send(broker, AGREEMENTS, AGREEMENTS)
    assert empty.status_code == 422


@pytest.mark.parametrize(
    "head",
    [
        "Nummer;Gemeinnützige;Unternehmen;Worum;Leistung;Gegenleistung;Wert;Unterschrieben",
        "number,nonprofit,company,subject,performance,counter,value,signed",
    ],
)
async def test_lines_come_from_a_file_too(town, signed_in, head):
    broker = await signed_in(given.BROKER)
    delimiter = ";" if ";" in head else ","
    cells = ("31", given.HOUSE.legal_name, given.PAINTER.legal_name, "Streichen", "Acht Leute")
    lines = [head, delimiter.join((*cells, "Fotos", "300", "ja")), "", delimiter.join(cells[:0])]
    data = {"csrf_token": await broker.token(AGREEMENTS), "operation": str(uuid4())}
    data |= {"on": "2026-11-24", "redeem_by": "2027-11-24"}
    file = {"file": ("floor.csv", "\ufeff" + "\r\n".join(lines), "text/csv")}
    sent = await broker.post(AGREEMENTS, data=data, files=file)
    assert sent.status_code == 303
    wrong = {"file": ("floor.csv", "Name;Ort\r\n", "text/csv")}
    data["operation"] = str(uuid4())
    page = await broker.post(AGREEMENTS, data=data, files=wrong)
    assert page.status_code == 422
    assert "braucht die Spalten" in page.text
    town.settle()
    [batch] = (each.data for each in town.heard(EnterAgreements))
    [entry] = batch.lines
    assert entry.terms.estimated_value_eur == 300
    assert entry.signing is not None


async def test_a_line_of_a_file_takes_nothing_over_from_the_form_and_the_form_loses_nothing(
    town, signed_in
):
    """The empty rows of the form are ticked as signed; the first is filled in, a file comes too."""
    broker = await signed_in(given.BROKER)
    page = (await broker.get(AGREEMENTS)).text
    assert page.count(' name="signed_') == ROWS
    sides = f"{given.HOUSE.legal_name};{given.PAINTER.legal_name}"
    file = ["nummer;gemeinnützige;unternehmen;worum;leistung;wert;unterschrieben"]
    file += [f"{number};{sides};Datei;Acht Leute;;" for number in range(31, 41)]
    file += [f"41;{sides};Datei;Acht Leute;300;ja"]
    data = {"csrf_token": await broker.token(AGREEMENTS), "operation": str(uuid4())}
    data |= {"on": "2026-11-24", "redeem_by": "2027-11-24"}
    data |= {f"signed_{row}": "1" for row in range(ROWS)}
    data |= line(0, 30, subject="Getippt", value="999")
    sent = await broker.post(
        AGREEMENTS, data=data, files={"file": ("floor.csv", "\r\n".join(file), "text/csv")}
    )
    assert sent.status_code == 303
    town.settle()
    [batch] = (each.data for each in town.heard(EnterAgreements))
    typed, *unsigned, signed = batch.lines
    assert (typed.need_title, typed.terms.estimated_value_eur) == ("Getippt", 999)
    assert typed.signing is not None
    assert len(unsigned) == 10
    for entry in unsigned:
        assert entry.signing is None, "nobody says that it is signed"
        assert (entry.terms.counter_performance, entry.terms.estimated_value_eur) == (None, None)
    assert (signed.signing is not None, signed.terms.estimated_value_eur) == (True, 300)


async def test_forms_are_printed_with_numbers_and_both_notices(town, signed_in):
    broker = await signed_in(given.BROKER)
    page = (await broker.get(f"{PATH}/forms?start=41&count=3")).text
    assert [f"Nr. {number}</h2>" in page for number in (40, 41, 43, 44)] == [
        False,
        True,
        True,
        False,
    ]
    for notice in (
        "Marktplatz-Notar:in, keine notarielle Beurkundung",
        "Schätzwert nur für die Statistik; keine Zuwendungsbestätigung, kein Entgelt",
    ):
        assert page.count(notice) == 3


async def test_a_project_is_submitted_changed_and_taken_back_by_its_own_people(town, signed_in):
    member = await signed_in(given.MEMBER)
    new = f"{PATH}/projects/new"
    said = {"title": "Zaun streichen", "resource_category": "hands", "hours": "6,5"}
    said |= {"actor": str(given.HOUSE.actor_id), "team_min": "4", "team_max": "8"}
    assert (await send(member, new, new, **said)).status_code == 303
    wrong = await send(member, new, new, **said | {"team_max": "2", "title": ""})
    assert wrong.status_code == 422
    assert 'id="title-fault"' in wrong.text
    form = (await member.get(f"{PROJECT_PATH}/edit")).text
    assert 'value="Hochbeete für den Hof"' in form
    assert (await send(member, f"{PROJECT_PATH}/edit", new, **said)).status_code == 303
    assert (await send(member, f"{PROJECT_PATH}/withdraw", PROJECT_PATH)).status_code == 303
    stranger = await signed_in(given.CLUB_MEMBER)
    assert (await stranger.get(f"{PROJECT_PATH}/edit")).status_code == 403
    town.settle()
    [submitted] = (each.data for each in town.heard(SubmitProject))
    assert (submitted.edition_id, submitted.hours) == (OPEN.edition_id, 6.5)
    assert (submitted.team.min, submitted.team.max) == (4, 8)
    assert [each.data.title for each in town.heard(ChangeProject)] == ["Zaun streichen"]
    assert len(town.heard(WithdrawProject)) == 1


async def test_a_company_with_a_place_claims_a_project_and_gives_it_back(town, signed_in):
    member = await signed_in(given.MEMBER)
    assert "Projekt wählen</button>" not in (await member.get(PROJECT_PATH)).text
    firm = await signed_in(given.OTHER_MEMBER)
    page = (await firm.get(PROJECT_PATH)).text
    assert "Projekt wählen</button>" in page
    painter = {"actor": str(given.PAINTER.actor_id)}
    assert (await send(firm, f"{PROJECT_PATH}/claim", PROJECT_PATH, **painter)).status_code == 303
    house = {"actor": str(given.HOUSE.actor_id)}
    other = await send(firm, f"{PROJECT_PATH}/claim", PROJECT_PATH, **house)
    assert other.status_code == 403
    claimed = PROJECT.model_dump() | {
        "version": 2,
        "state": "claimed",
        "claimed_by": given.PAINTER.actor_id,
        "claimed_at": given.NOW,
        "cooperation_id": given.COOPERATION.cooperation_id,
        "claims": 1,
    }
    tell(town, ProjectClaimed.model_validate(claimed))
    page = (await firm.get(PROJECT_PATH)).text
    assert f"/cooperations/{given.COOPERATION.cooperation_id}" in page
    assert (await send(firm, f"{PROJECT_PATH}/release", PROJECT_PATH)).status_code == 303
    assert (
        await send(member, f"{PROJECT_PATH}/release", PATH + "/projects/new")
    ).status_code == 403
    broker = await signed_in(given.BROKER)
    untold = await send(broker, f"{PROJECT_PATH}/release", PROJECT_PATH)
    assert untold.status_code == 422, "who speaks for others says how they were told"
    town.settle()
    assert [each.data.actor_id for each in town.heard(ClaimProject)] == [given.PAINTER.actor_id]
    assert len(town.heard(ReleaseProject)) == 1


async def test_the_api_does_all_of_it(town, signed_in, visitor):
    listed = (await visitor.get("/api/editions")).json()["items"]
    assert [each["edition_id"] for each in listed] == [
        str(each.edition_id) for each in (FLOOR, OPEN)
    ]
    over = (await visitor.get("/api/editions?over=true")).json()["items"]
    assert [each["edition_id"] for each in over] == [str(OVER.edition_id)]
    projects = (await visitor.get(f"/api{PATH}/projects")).json()["items"]
    assert projects == [PROJECT.model_dump(mode="json")]
    broker = await signed_in(given.BROKER)
    said = {
        "title": "Nachtschicht",
        "format": "night_shift",
        "starts": "2027-06-10T18:00:00+02:00",
        "ends": "2027-06-11T02:00:00+02:00",
        "nonprofit_places": 5,
    }
    entry = a_line()
    calls = [
        ("POST", "/api/editions", said),
        ("PUT", f"/api{PATH}", said),
        ("POST", f"/api{FLOOR_PATH}/close", None),
        ("DELETE", f"/api{PATH}", None),
        ("POST", f"/api{AGREEMENTS}", {"lines": [entry]}),
    ]
    for method, path, content in calls:
        answer = await broker.command(method, path, content)
        assert answer.status_code == 202, answer.text
    assert (await broker.command("POST", f"/api{AGREEMENTS}", {"lines": []})).status_code == 422
    entered = await broker.get(f"/api{AGREEMENTS}/{ENTERED.batch_id}")
    assert entered.json() == ENTERED.model_dump(mode="json")
    assert (await broker.get(f"/api{AGREEMENTS}/{uuid4()}")).status_code == 404
    member = await signed_in(given.MEMBER)
    assert (await member.command("POST", "/api/editions", said)).status_code == 403
    project = {"title": "Zaun", "resource_category": "hands"}
    own = {**project, "actor_id": str(given.HOUSE.actor_id)}
    for method, path, body, status in (
        ("POST", f"/api{PATH}/projects", own, 202),
        ("POST", f"/api{PATH}/projects", {**own, "actor_id": str(given.CLUB.actor_id)}, 403),
        ("PUT", f"/api{PROJECT_PATH}", project, 202),
        ("POST", f"/api{PROJECT_PATH}/withdraw", {}, 202),
        ("POST", f"/api{PROJECT_PATH}/claim", {"actor_id": str(given.PAINTER.actor_id)}, 403),
        ("POST", f"/api{PROJECT_PATH}/release", {}, 403),
        ("GET", f"/api{PROJECT_PATH}", None, 200),
    ):
        assert (await member.command(method, path, body)).status_code == status, path
    described = (await visitor.get("/api/openapi.json")).json()["paths"]
    assert "/api/editions/{edition_id}/agreements" in described


async def test_a_line_that_is_none_is_named_by_its_place_and_nothing_is_entered(town, signed_in):
    broker = await signed_in(given.BROKER)
    entry = a_line()
    broken = [
        {**entry, "need_actor_id": "niemand"},
        {**entry, "terms": {"estimated_value_eur": "viel"}},
    ]
    answer = await broker.command("POST", f"/api{AGREEMENTS}", {"lines": [entry, *broken]})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["faults"]] == [
        "lines.1.need_actor_id",
        "lines.2.terms.estimated_value_eur",
    ]
    assert all(each["message"] for each in answer.json()["faults"])
    town.settle()
    assert not town.heard(EnterAgreements)


async def test_a_number_far_above_the_others_is_shown(town, signed_in):
    broker = await signed_in(given.BROKER)
    far = AGREED.model_dump() | {
        "cooperation_id": cooperation_id(FLOOR.edition_id, "7000"),
        "edition_number": 2,
    }
    tell(town, type(AGREED).model_validate(far))
    page = (await broker.get(AGREEMENTS)).text
    assert '<th scope="row">7000</th>' in page[page.index('id="entered"') :]
    assert "Nach der höchsten bisher kommt 7001." in page


async def test_who_books_a_place_at_an_event_reads_how_many_its_side_has(town, signed_in):
    firm = await signed_in(given.OTHER_MEMBER)
    quota = {"name": "kind/company", "kind": "company", "reserved": 25, "at_most": 25}
    tell(town, type(TODAY).model_validate(TODAY.model_dump() | {"version": 9, "quotas": [quota]}))
    page = " ".join((await firm.get(f"/sessions/{OPEN.session_id}/book")).text.split())
    assert "Unternehmen: reserviert 25, davon noch frei 24" in page


async def test_the_day_leads_on_to_who_came_and_an_agreement_back_to_its_event(town, signed_in):
    broker = await signed_in(given.BROKER)
    page = (await broker.get(FLOOR_PATH)).text
    assert f'href="/sessions/{FLOOR.session_id}#attendance">Anwesenheit festhalten' in page
    assert "Gespräche planen" not in page, "they are over"
    agreement = (await broker.get(f"/cooperations/{AGREED.cooperation_id}")).text
    assert f'<a href="{FLOOR_PATH}">{FLOOR.title}</a>' in agreement
