"""Advice hours: set by form and by program, by who runs the offer and by the adviser alone."""

import pytest

from impulse_contracts.booking.advice import SetAdviceHours
from impulse_gateway.web import advice_form
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.programme import ADVICE, HOURS, MORE, PROGRAMME, SLOTS, WORKSHOP

PAGE = f"/advice/{HOURS.adviser_id}"
API = f"/api/advice/{HOURS.adviser_id}/hours"
IDS = (HOURS.adviser_id, ADVICE.programme_offer_id)
NEW = f"/advice/{given.ident(given.MEMBER)}"
OPERATION = str(given.ident("a form"))
SAID = {name: values[0] for name, values in advice_form.of_hours(HOURS).items()}


@pytest.fixture
def running(town):
    """The town with its programme, and an adviser."""
    tell(town, *PROGRAMME, *MORE)
    return town


def test_hours_come_back_as_they_were_entered():
    command, wrong = advice_form.command(advice_form.of_hours(HOURS), *IDS)
    assert wrong == []
    assert command is not None
    shared = set(SetAdviceHours.model_fields) - {"online_link", "keeps_link"}
    assert command.model_dump(include=shared) == HOURS.model_dump(include=shared)
    assert command.keeps_link


@pytest.mark.parametrize(
    ("field", "written", "words"),
    [
        ("day_1", "vormittags", "„vormittags“: bitte wie 9–12"),
        ("day_1", "12–9", "Ende"),
        ("day_1", "25–26", ""),
        ("day_1", "9–12, 11–13", "überschneiden"),
        ("blocked", "31.02.2027", "„31.02.2027“: bitte wie"),
        ("blocked", "02.01.2027–24.12.2026", "bitte wie"),
        ("slot_minutes", "lang", "muss eine ganze Zahl sein"),
        ("slot_minutes", "5", "mindestens 10"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(field, written, words):
    values = {**advice_form.of_hours(HOURS), field: [written]}
    command, wrong = advice_form.command(values, *IDS)
    assert command is None
    assert [each.field for each in wrong] == [field]
    assert words in wrong[0].de


def test_a_day_is_written_as_people_write_it():
    values = {**advice_form.beginning(), "day_2": ["9-12, 13.30 bis 17 Uhr"]}
    values["blocked"] = ["24.12.2026–26.12.2026"]
    command, wrong = advice_form.command(values, *IDS)
    assert wrong == []
    assert command is not None
    assert [(each.begins, each.ends) for each in command.weekly] == [
        ("09:00", "12:00"),
        ("13:30", "17:00"),
    ]
    assert len(command.blocked) == 3


async def test_an_adviser_sees_talks_and_sets_their_hours(running, signed_in, published):
    adviser = await signed_in(given.BROKER)
    assert PAGE in (await adviser.get("/programme")).text
    text = (await adviser.get(PAGE)).text
    assert "Gespräche, zu denen noch nichts festgehalten ist" in text
    assert given.CLUB.legal_name in text
    assert given.HOUSE.legal_name in text
    assert text.count(">frei<") == 1
    fields = {**SAID, "operation": OPERATION, "offer": str(ADVICE.programme_offer_id)}
    wrong = await adviser.send_form(PAGE, on=PAGE, **{**fields, "day_0": "früh"})
    assert wrong.status_code == 422
    assert 'value="früh"' in wrong.text
    assert 'id="day_0-fault"' in wrong.text
    assert published(SetAdviceHours) == []
    assert (await adviser.send_form(PAGE, on=PAGE, **fields)).status_code == 303
    [said] = published(SetAdviceHours)
    assert (said.adviser_id, said.weekly[0].begins) == (HOURS.adviser_id, "09:00")


async def test_who_is_no_adviser_is_made_one_by_who_runs_the_offer(running, signed_in, published):
    member = await signed_in(given.MEMBER)
    with_offer = f"{NEW}?offer={ADVICE.programme_offer_id}"
    body = HOURS.model_dump(mode="json", exclude={"version", "online"})
    for path in (NEW, PAGE):
        assert (await member.get(path)).status_code in (403, 404), path
    assert (await member.get(with_offer)).status_code == 403
    own = f"/api/advice/{given.ident(given.MEMBER)}/hours"
    assert (await member.command("PUT", own, body)).status_code == 403
    assert (await member.command("PUT", API, body)).status_code == 403
    assert (await member.get(API)).status_code == 403
    staff = await signed_in(given.OPERATOR)
    offer = (await staff.get(f"/programme/{ADVICE.programme_offer_id}")).text
    assert "Montag 09:00–12:00, 13:30–17:00; Donnerstag 10:00–12:00" in offer
    assert (await staff.get(with_offer)).status_code == 200
    other = f"{NEW}?offer={WORKSHOP.programme_offer_id}"
    assert (await staff.get(other)).status_code == 404, "a workshop is no advice"
    assert (await staff.command("PUT", own, body)).status_code == 202
    [said] = published(SetAdviceHours)
    assert said.adviser_id == given.ident(given.MEMBER), "the adviser of the address counts"
    assert (await staff.get(API)).json()["weekly"][0]["begins"] == "09:00"


async def test_an_adviser_who_is_no_staff_runs_their_own_talks_alone(running, signed_in):
    mine, free = (
        each.model_copy(update={"version": 2, "adviser_id": person_id})
        for each, person_id in zip(
            SLOTS[:2], (given.ident(given.OTHER_MEMBER), HOURS.adviser_id), strict=True
        )
    )
    hours = HOURS.model_copy(update={"adviser_id": given.ident(given.OTHER_MEMBER)})
    tell(running, mine, free, hours)
    adviser = await signed_in(given.OTHER_MEMBER)
    own = (await adviser.get(f"/sessions/{mine.session_id}")).text
    other = (await adviser.get(f"/sessions/{free.session_id}")).text
    assert given.CLUB.legal_name in own
    assert "Ergebnis festhalten" in own
    assert given.HOUSE.legal_name not in other
    assert (await adviser.get(f"/advice/{hours.adviser_id}")).status_code == 200
    assert (await adviser.get(f"/sessions/{free.session_id}/list")).status_code == 403
