"""What a service refuses leads back to the form as it was typed: for whoever typed it, a day."""

import html
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from impulse_contracts.booking.agreement_batches import AgreementsEntered, EnterAgreements
from impulse_contracts.booking.cooperations import CooperationCancelled
from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.codes import CvMode
from impulse_contracts.reasons import Reason
from impulse_gateway.domain.operation import OperationState
from impulse_gateway.store import operations
from impulse_gateway.web.floor_form import ROWS
from tests.gateway import given, programme
from tests.gateway.driving import tell
from tests.gateway.editions import EDITIONS, FLOOR, OPEN, PROJECT
from tests.gateway.test_advice import PAGE as ADVICE
from tests.gateway.test_advice import SAID as HOURS
from tests.gateway.test_booking_pages import BOOK
from tests.gateway.test_cooperation_pages import DRAFT, PATH
from tests.gateway.test_editions import AGREEMENTS, line
from tests.gateway.test_editions import NEW as EDITION
from tests.gateway.test_listing_forms import FILLED as LISTING

WHY = "Das geht gerade nicht."
LATER = programme.NOON + timedelta(days=1)
"""Later than what is entered of the town."""
HOUSE = str(given.HOUSE.actor_id)
OF_A_PROJECT = {"title": "Ein Zaun fürs Beet", "resource_category": "hands", "hours": "6,5"}
SIDES = {
    "need_actor_id": str(given.CLUB.actor_id),
    "offer_actor_id": str(given.FIRM.actor_id),
    "need": "turnverein",
    "offer": "stahlhandel",
}
TOLD = {"channel": "phone", "on": "2026-11-20"}
FORMS = [
    (given.BROKER, "/editions/new", "", {**EDITION, "description": "Ohne Geld, mit Gewinn"}),
    (given.BROKER, f"/editions/{OPEN.edition_id}/edit", "", EDITION),
    (
        given.MEMBER,
        f"/editions/{OPEN.edition_id}/projects/new",
        f"?actor={HOUSE}",
        {**OF_A_PROJECT, "actor": HOUSE},
    ),
    (given.MEMBER, f"/projects/{PROJECT.project_id}/edit", "", OF_A_PROJECT),
    (
        given.MEMBER,
        f"{PATH}/agreement",
        PATH,
        {"performance": "Acht Leute, einen Tag lang", "estimated_value_eur": "1.200"},
    ),
    (
        given.BROKER,
        "/cooperations/new",
        "?need=turnverein&offer=stahlhandel",
        {**SIDES, "need_title": "Tornetze", "offer_title": "Netze aus Stahl"},
    ),
    (given.MEMBER, "/listings/new", f"?actor={HOUSE}&starter=none", {**LISTING, "actor": HOUSE}),
    (
        given.BROKER,
        "/organisations/new",
        "",
        {**TOLD, "kind": "nonprofit", "legal_name": "Beispiel-Imkerei e. V.", "postcode": "45144"},
    ),
    (
        given.BROKER,
        f"/programme/{programme.GUIDE.programme_offer_id}/support",
        f"?actor={HOUSE}",
        {**TOLD, "actor": HOUSE, "wish": "Jemand, der einen Runden Tisch leitet"},
    ),
]


@pytest.fixture
def town(town):
    tell(town, *programme.PROGRAMME, *EDITIONS, DRAFT)
    return town


async def ask(browser, path, on, fields):
    """Sends a form as its page would, which is at its address or `on` another; the id of the
    operation."""
    on = on if on.startswith("/") else path + on
    data = {"csrf_token": await browser.token(on), "operation": str(uuid4())}
    sent = await browser.post(path, data={**data, **fields})
    assert sent.status_code == 303, sent.text
    found = re.fullmatch("/operations/([0-9a-f-]+)", sent.headers["location"])
    assert found
    return UUID(found[1])


async def refused(town, browser, path, on, fields):
    """Where the page of the operation leads back to, when a service has refused it."""
    operation_id = await ask(browser, path, on, fields)
    message = {"de": WHY, "en": "Not now."}
    reason = Reason.WRONG_STATE
    tell(town, given.refused(str(operation_id), reason=reason, message=message))
    text = (await browser.get(f"/operations/{operation_id}")).text
    [back] = re.findall(r'<a class="button" href="([^"]+)">Zurück zum Formular', text)
    return html.unescape(back)


@pytest.mark.parametrize(
    ("address", "path", "on", "fields"),
    FORMS,
    ids=[re.sub("[0-9a-f-]{36}", "id", each[1]) for each in FORMS],
)
async def test_the_form_comes_back_filled_with_why(town, signed_in, address, path, on, fields):
    browser = await signed_in(address)
    back = await refused(town, browser, path, on, fields)
    page = await browser.get(back)
    assert page.status_code == 200
    text = html.unescape(page.text)
    form = text[text.index('id="faults"') :]
    assert WHY in form
    for name, value in fields.items():
        for said in [value] if isinstance(value, str) else value:
            shown = said.replace("\r\n", "\n")
            assert f'value="{shown}"' in text or f">{shown}</textarea>" in text, name
    for name in ("title", "performance", "need_title", "legal_name", "wish", "city"):
        if name in fields:
            assert fields[name] in form, "it stands in the form, below what is wrong"


async def test_what_was_typed_is_read_where_its_step_is_over(town, signed_in):
    """The other side calls it off while the terms are edited: their form is gone, they are not."""
    member = await signed_in(given.MEMBER)
    said = {"performance": "Acht Leute, einen Tag lang", "format": "social_day"}
    back = await refused(town, member, f"{PATH}/agreement", PATH, said)
    over = {**DRAFT.model_dump(), "version": 3, "state": "cancelled", "next_action": None}
    tell(town, CooperationCancelled.model_validate(over))
    text = html.unescape((await member.get(back)).text)
    assert f'action="{PATH}/' not in text
    told = text[text.index('id="faults"') :]
    for each in (WHY, f">{said['performance']}</dd>", f">{CvMode.SOCIAL_DAY.de}</dd>"):
        assert each in told[: told.index("</dl>")], each
    assert "steht noch im Formular" not in text


async def test_a_character_that_no_database_takes_is_left_out(town, signed_in, site):
    broker = await signed_in(given.BROKER)
    typed = {**EDITION, "title": "RUHR\0DAX", "\0": "x", "x": "\0", "y\0": "z"}
    operation_id = await ask(broker, "/editions/new", "", typed)
    kept = (await site.db(lambda connection: operations.get(connection, operation_id))).entered
    assert (kept["title"], kept.get("x"), kept["y"]) == (["RUHRDAX"], None, ["z"])
    file = "nummer;gemeinnützige;unternehmen;worum;leistung\n31;{};{};Strei\0chen;Acht Leute"
    file = file.format(given.HOUSE.legal_name, given.PAINTER.legal_name)
    data = {"csrf_token": await broker.token(AGREEMENTS), "operation": str(uuid4())}
    data |= {"on": "2026-11-24", "redeem_by": "2027-11-24"}
    sent = await broker.post(AGREEMENTS, data=data, files={"file": ("floor.csv", file, "text/csv")})
    assert sent.status_code == 303
    town.settle()
    assert [each.need_title for each in town.heard(EnterAgreements)[-1].data.lines] == ["Streichen"]


async def test_nobody_else_reads_it_and_nobody_a_day_later(town, signed_in, site, clock):
    broker = await signed_in(given.BROKER)
    back = await refused(town, broker, "/editions/new", "", EDITION)
    operator = await signed_in(given.OPERATOR)
    for browser in (operator, broker):
        text = (await browser.get(back)).text
        assert (EDITION["title"] in text) == (browser is broker)
    at_another_form = back.replace("/editions/new", f"/editions/{OPEN.edition_id}/edit")
    assert EDITION["title"] not in (await broker.get(at_another_form)).text
    later = clock() + timedelta(hours=25)
    await site.db(lambda connection: operations.forget_old(connection, later))
    assert EDITION["title"] not in (await broker.get(back)).text


async def test_what_is_typed_on_persons_is_not_kept(town, signed_in, site):
    broker = await signed_in(given.BROKER)
    path = f"/organisations/{HOUSE}/people"
    invited = {"name": "Beispielperson", "address": "neu@beispiel.example", "roles": "member"}
    operation_id = await ask(broker, path, "", invited)
    kept = await site.db(lambda connection: operations.get(connection, operation_id))
    assert (kept.state, kept.form, kept.entered) == (OperationState.PENDING, None, None)


async def test_no_id_of_somebody_else_is_kept_and_nothing_that_is_accepted(town, signed_in, site):
    tell(town, *programme.MORE)
    member, broker = await signed_in(given.MEMBER), await signed_in(given.BROKER)
    person = str(given.ident(given.MEMBER))
    booking = {"actor": HOUSE, "party_size": "2", "ask": "book"}
    hours = {**HOURS, "offer": str(programme.ADVICE.programme_offer_id)}

    async def kept(operation_id):
        found = await site.db(lambda connection: operations.get(connection, operation_id))
        return found.form, found.entered

    contacts = {"contact_id": person, "successor_id": ""}
    assert await kept(await ask(member, f"{PATH}/contacts", PATH, contacts)) == (None, None)
    assert await kept(await ask(broker, ADVICE, "", hours)) == (None, None)
    asked = await ask(member, BOOK, "", {**booking, "attendees": person})
    assert await kept(asked) == (BOOK, {name: [said] for name, said in booking.items()})
    tell(town, given.accepted(str(asked), given.ident("booked")))
    assert await kept(asked) == (None, None)


async def test_no_token_of_a_page_is_kept(town, signed_in, site):
    broker = await signed_in(given.BROKER)
    operation_id = await ask(broker, "/editions/new", "", EDITION)
    kept = await site.db(lambda connection: operations.get(connection, operation_id))
    assert kept.entered == {name: [said] for name, said in EDITION.items()}


async def enter(town, browser, *lines):
    """Sends lines of the floor; what came back, and the command that was sent."""
    data = {"csrf_token": await browser.token(AGREEMENTS), "operation": str(uuid4())}
    data |= {"on": "2026-11-24", "redeem_by": "2027-11-24", "value_method": "market_price"}
    for each in lines:
        data |= each
    sent = await browser.post(AGREEMENTS, data=data)
    town.settle()
    return sent, town.heard(EnterAgreements)[-1].data


def entered(town, command, refused):
    """Booking has entered the lines of a command, but those that it `refused`, by their place."""
    lines = [
        {"cooperation_id": each.cooperation_id, "outcome": "agreed", "number": f"2026-{place}"}
        for place, each in enumerate(command.lines)
    ]
    for place, message in refused.items():
        said = {"outcome": "refused", "number": None, "reason": "already_exists"}
        lines[place] |= {**said, "message": {"de": message, "en": "Another has it."}}
    values = {"batch_id": command.batch_id, "edition_id": FLOOR.edition_id, "version": 1}
    tell(town, AgreementsEntered.model_validate({**values, "entered_at": LATER, "lines": lines}))
    tell(town, given.accepted(str(command.batch_id), command.batch_id))


async def test_a_line_that_booking_refuses_comes_back_with_its_number(town, signed_in):
    """One of three is refused: it alone stands in the form, with all that was typed and why."""
    broker = await signed_in(given.BROKER)
    wrong = line(1, 7000, subject="Der Zaun", value="950")
    sent, command = await enter(town, broker, line(0, 51), wrong, line(2, 53))
    assert sent.status_code == 303
    why = "Unter dieser Nummer steht schon eine andere."
    entered(town, command, {1: why})
    page = await broker.get(sent.headers["location"].partition("#")[0])
    assert page.status_code == 200
    text = html.unescape(page.text)
    assert "7000" in text[text.index("Was aus den Zeilen wurde") :][:3000], "however high it is"
    form = text[text.index('<form class="sheet floor"') :]
    for said in ("7000", "Der Zaun", "950", given.HOUSE.legal_name):
        assert f'value="{said}"' in form
    assert f"Fehler, Nr.: {why}" in form
    assert 'value="51"' not in form, "what is entered stands in no form"
    assert 'value="market_price" selected' in form, "what holds for all lines, too"
    operator = await signed_in(given.OPERATOR)
    other = (await operator.get(f"{AGREEMENTS}?batch={command.batch_id}")).text
    assert "Der Zaun" not in other, "who did not type it has no use for it"


async def test_a_line_that_was_not_sent_is_there_when_the_page_is_loaded_again(town, signed_in):
    broker = await signed_in(given.BROKER)
    twice = line(1, 61, subject="Etwas anderes")
    nobody = line(2, 62, company="Niemand GmbH")
    sent, command = await enter(town, broker, line(0, 61), twice, nobody)
    assert (sent.status_code, len(command.lines)) == (422, 1)
    entered(town, command, {})
    text = html.unescape((await broker.get(AGREEMENTS)).text)
    form = text[text.index('<form class="sheet floor"') :]
    for said in ("Etwas anderes", "61", "62", "Niemand GmbH"):
        assert f'value="{said}"' in form
    assert form.count("noch nicht eingetragen") == 2
    assert form.count(' name="number_') == ROWS, "and there is room for more"


async def test_lines_that_booking_refuses_as_a_whole_come_back(town, signed_in):
    """There is no batch then: they stand in the form, or to be read where nothing is entered."""
    broker = await signed_in(given.BROKER)
    sent, command = await enter(town, broker, line(0, 71, subject="Der Zaun"))
    there = sent.headers["location"].partition("#")[0]
    assert 'hx-get="' in (await broker.get(there)).text
    message = {"de": WHY, "en": "Not now."}
    tell(town, given.refused(str(command.batch_id), reason=Reason.WRONG_STATE, message=message))
    told = (await broker.get(there)).text
    assert 'hx-get="' not in told, "nothing is waited for"
    [back] = re.findall(r'<a href="([^"]+)#faults">Zurück zu den Zeilen', told)
    text = html.unescape((await broker.get(html.unescape(back))).text)
    assert WHY in text[text.index('id="faults"') :]
    for said in ("71", "Der Zaun", given.HOUSE.legal_name):
        assert f'value="{said}"' in text[text.index('<form class="sheet floor"') :]
    operator = await signed_in(given.OPERATOR)
    assert "Der Zaun" not in (await operator.get(html.unescape(back))).text
    tell(town, FLOOR.model_copy(update={"version": 2, "stage": EditionStage.CLOSED}))
    text = html.unescape((await broker.get(f"{AGREEMENTS}?again={command.batch_id}")).text)
    assert '<form class="sheet floor"' not in text
    assert "Der Zaun · " in text[text.index('id="faults"') :]
