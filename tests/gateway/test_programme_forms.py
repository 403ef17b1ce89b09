"""Staff make the programme: offers and sessions by form, with what is wrong beside the field."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from impulse_contracts.booking.programme import (
    ChangeProgrammeOffer,
    PublishProgrammeOffer,
    RescheduleSession,
    ScheduleSession,
)
from impulse_gateway.web import programme_form, session_form
from tests.gateway import given
from tests.gateway.driving import tell
from tests.gateway.programme import COURSE, PROGRAMME, WORKSHOP, offer

NOW = datetime(2026, 12, 1, tzinfo=UTC)
IDS = {"session_id": COURSE.session_id, "programme_offer_id": WORKSHOP.programme_offer_id}
OPERATION = str(given.ident("a form"))
NEW = f"/programme/{WORKSHOP.programme_offer_id}/sessions/new"
EDIT = f"/programme/{WORKSHOP.programme_offer_id}/edit"


@pytest.fixture
def running(town):
    """The town with its programme."""
    tell(town, *PROGRAMME)
    return town


def scheduled(**values: str) -> tuple[ScheduleSession | None, dict[str, str]]:
    entered = {name: [value] for name, value in {"capacity": "12", **values}.items()}
    command, wrong = session_form.command(ScheduleSession, entered, IDS, NOW)
    return command, {each.field: each.de for each in wrong}


def test_times_are_those_of_the_clocks_in_germany():
    winter, _ = scheduled(starts="2027-01-14T10:00", ends="2027-01-14T13:00")
    summer, _ = scheduled(starts="2027-07-14T10:00", ends="2027-07-14T13:00")
    assert winter is not None
    assert summer is not None
    assert (winter.starts.astimezone(UTC).hour, summer.starts.astimezone(UTC).hour) == (9, 8)


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({}, "starts", "bitte angeben"),
        (
            {"starts": "2027-03-28T02:30", "ends": "2027-03-28T04:00"},
            "starts",
            "gibt es an dem Tag",
        ),
        ({"meetings": "28.03.2027 02:30–04:00"}, "meetings", "28.03.2027, 02:30"),
        ({"starts": "2027-01-14T13:00", "ends": "2027-01-14T10:00"}, "ends", "Ende"),
        ({"starts": "2026-11-14T13:00", "ends": "2026-11-14T15:00"}, "starts", "Vergangenheit"),
        ({"meetings": "irgendwann im Mai"}, "meetings", "„irgendwann im Mai“: bitte wie"),
        ({"meetings": "31.02.2027 10:00–12:00"}, "meetings", "bitte wie"),
    ],
)
def test_times_that_can_t_be_are_refused_with_words(values, field, words):
    command, wrong = scheduled(**values)
    assert command is None
    assert words in wrong[field]


def test_over_the_night_in_which_the_clock_goes_back_an_hour_counts_twice():
    night, wrong = scheduled(starts="2027-10-31T01:30", ends="2027-10-31T03:30")
    assert wrong == {}
    assert night is not None
    assert (night.ends.astimezone(UTC) - night.starts.astimezone(UTC)).total_seconds() == 3 * 3600


def test_a_course_comes_back_as_it_was_entered():
    values = session_form.of_session(COURSE)
    command, wrong = session_form.command(
        RescheduleSession, values, {"session_id": COURSE.session_id}, NOW.replace(year=2020)
    )
    assert wrong == []
    assert command is not None
    assert (command.starts, command.ends) == (COURSE.starts, COURSE.ends)
    assert command.meetings == COURSE.meetings


def test_quotas_are_entered_by_kind_or_by_the_name_of_an_area():
    times = {"starts": "2027-01-14T10:00", "ends": "2027-01-14T13:00"}
    first = {"quota_kind_0": "nonprofit", "quota_reserved_0": "4", "quota_at_most_0": "8"}
    command, wrong = scheduled(**times, **first, quota_district_1="ennepe-ruhr-kreis")
    assert wrong == {}
    assert command is not None
    said = [(e.kind, e.district, e.reserved, e.at_most) for e in command.quotas]
    assert said == [("nonprofit", None, 4, 8), (None, "05954", 0, None)]
    for fields, field in (
        ({**first, "quota_reserved_0": "viele"}, "quota_reserved_0"),
        ({"quota_district_1": "Atlantis"}, "quota_district_1"),
        ({"quota_reserved_1": "3"}, "quota_kind_1"),
    ):
        assert list(scheduled(**times, **fields)[1]) == [field]


def test_an_offer_comes_back_as_it_was_entered_and_keeps_what_is_not_asked():
    known = offer(
        "Kurs",
        areas=("05113000", "05954"),
        prerequisites=(given.ident("another"),),
        party_limit=3,
        overlap_grace_minutes=10,
        languages=("de", "tr"),
        materials=WORKSHOP.materials,
    )
    said, wrong = programme_form.terms(programme_form.of_offer(known), known)
    assert wrong == []
    assert said is not None
    again = said.model_dump()
    assert again == known.model_dump(include=set(again))


async def test_an_offer_is_published_and_changed(running, signed_in, published):
    staff = await signed_in(given.BROKER)
    fields = {"operation": OPERATION, "title": "Neues", "category": "advice", "waiting_list": "1"}
    fields |= {"free_for": "municipal", "topics": "social_cohesion", "answer_hours": "24"}
    wrong = await staff.send_form("/programme/new", on="/programme/new", **{**fields, "title": ""})
    assert wrong.status_code == 422
    assert 'href="#title"' in wrong.text
    bad = {**fields, "material_title_1": "Ohne Link", "areas": "Essen, Atlantis"}
    text = (await staff.send_form("/programme/new", on="/programme/new", **bad)).text
    assert 'href="#areas"' in text
    assert 'href="#material_link_1"' in text
    assert published(PublishProgrammeOffer) == []
    done = await staff.send_form("/programme/new", on="/programme/new", **fields)
    assert done.status_code == 303
    [said] = published(PublishProgrammeOffer)
    assert (said.title, said.free_for, said.answer_hours) == ("Neues", ("municipal",), 24)
    assert isinstance(said.programme_offer_id, UUID)
    changed = {**fields, "operation": str(given.ident("another form"))}
    assert (await staff.send_form(EDIT, on=EDIT, **changed)).status_code == 303
    [change] = published(ChangeProgrammeOffer)
    assert change.programme_offer_id == WORKSHOP.programme_offer_id
    assert change.example, "what the form does not ask stays"


async def test_a_time_that_daylight_saving_skips_is_said_on_the_page(running, signed_in, published):
    staff = await signed_in(given.OPERATOR)
    fields = {"operation": OPERATION, "capacity": "5"}
    fields |= {"starts": "2027-03-28T02:30", "ends": "2027-03-28T05:00"}
    wrong = await staff.send_form(NEW, on=NEW, **fields)
    assert wrong.status_code == 422
    assert "weil die Uhr vorgestellt wird: 28.03.2027, 02:30" in wrong.text
    assert published(ScheduleSession) == []
