"""Advice: slots from working hours, booked like any session, and the record of a talk."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_booking.app import service
from impulse_booking.domain.advice import AdviceHours, slots
from impulse_contracts.booking.advice import AdviceHoursSet, RecordAdvice, SetAdviceHours
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeProgrammeOffer,
    RescheduleSession,
    SessionFact,
    WithdrawProgrammeOffer,
)
from impulse_contracts.codes import PersonRole
from impulse_contracts.erasures import ErasureRequested
from impulse_contracts.reasons import Reason
from tests.booking.programme import WORKSHOP, BookingWorld, ident, offer, request

ADVISER = ident("adviser")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def world(engine_of):
    world = BookingWorld(engine_of(service))
    world.accepted(offer(category="advice", title="Erstberatung"))
    return world


def hours(**fields):
    """Tuesdays from nine to twelve; the world begins on a Tuesday at ten."""
    return SetAdviceHours.model_validate(
        {
            "adviser_id": ADVISER,
            "programme_offer_id": WORKSHOP,
            "weekly": [{"weekday": 1, "begins": "09:00", "ends": "12:00"}],
            "weeks_ahead": 1,
            **fields,
        }
    )


def open_slots(world):
    """When a slot begins that can be booked, by the clock of Germany, and its session."""
    newest = {each.data.session_id: each.data for each in world.heard(SessionFact)}
    shown = {
        each.starts.astimezone(BERLIN).strftime("%d.%m. %H:%M"): each.session_id
        for each in newest.values()
        if each.state == "scheduled"
    }
    return dict(sorted(shown.items()))


def test_slots_are_as_long_as_said_with_a_pause_and_not_too_near(world):
    world.accepted(hours())
    assert list(open_slots(world)) == ["01.12. 09:00", "01.12. 10:00", "01.12. 11:00"]
    world.accepted(hours(notice_hours=0, slot_minutes=60, buffer_minutes=0))
    times = ["24.11. 11:00", "01.12. 09:00", "01.12. 10:00", "01.12. 11:00"]
    assert sorted(open_slots(world)) == sorted(times)


def test_a_slot_is_booked_once_and_only_in_time(world):
    world.accepted(hours())
    slot = open_slots(world)["01.12. 09:00"]
    world.know("A", "B", "C")
    world.book("A", session_id=slot)
    world.book("B", session_id=slot)
    assert world.states("A", "B") == ["confirmed", "waitlisted"]
    world.now = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
    world.refused(request("C", slot), Reason.CLOSED)


def test_a_link_stands_without_being_said_again_and_facts_say_only_that_there_is_one(world):
    def told():
        return world.heard(AdviceHoursSet)[-1].data.online

    link = "https://treffen.impulse.example/beratung"
    for said, there in (
        ({"online_link": link}, True),
        ({"keeps_link": True, "notice_hours": 48}, True),
        ({}, False),
    ):
        world.accepted(hours(**said))
        assert told() is there
    assert not [each for each in world.heard(AdviceHoursSet) if b"treffen" in each.record.value]


def test_every_night_another_day_is_opened(world):
    world.accepted(hours())
    world.advance(timedelta(days=7))
    assert "08.12. 09:00" in open_slots(world)
    world.accepted(WithdrawProgrammeOffer(programme_offer_id=WORKSHOP))
    world.advance(timedelta(days=14))
    assert "22.12. 09:00" not in open_slots(world)


def test_other_hours_take_free_slots_back_and_leave_what_is_booked(world):
    world.accepted(hours())
    world.know("A")
    world.book("A", session_id=open_slots(world)["01.12. 10:00"])
    afternoon = [{"weekday": 1, "begins": "10:30", "ends": "13:30"}]
    world.accepted(hours(weekly=afternoon))
    assert list(open_slots(world)) == ["01.12. 10:00", "01.12. 11:30", "01.12. 12:30"], (
        "nothing lies over what is booked"
    )
    assert world.states("A") == ["confirmed"]
    world.accepted(hours())
    assert list(open_slots(world)) == ["01.12. 09:00", "01.12. 10:00", "01.12. 11:00"]
    world.accepted(hours(weekly=[]))
    assert list(open_slots(world)) == ["01.12. 10:00"]


def test_holidays_are_left_out(world):
    world.accepted(hours(blocked=["2026-12-01"]))
    assert open_slots(world) == {}


def test_what_came_of_a_talk_is_written_down_after_it(world):
    world.accepted(hours())
    world.know("A")
    world.book("A", session_id=open_slots(world)["01.12. 09:00"])
    said = RecordAdvice(
        booking_id=ident("booking/A"),
        topic_of_talk="Erste Kooperation",
        outcome="Drei Unternehmen kommen in Frage.",
        next_step="Steckbrief bis Januar",
    )
    world.refused(said, Reason.NOT_BEGUN)
    world.advance(timedelta(days=7))
    contact = said.model_copy(update={"outcome": "Frau X anrufen: 0201 1234567"})
    world.refused(contact, Reason.CONTACT_IN_TEXT)
    stranger = world.member("stranger", "A")
    world.refused(said, Reason.NOT_ALLOWED, stranger)
    world.accepted(said, principal=str(ADVISER))
    kept = world.facts("A")[-1]
    assert (kept.state, kept.advice.topic_of_talk) == ("attended", "Erste Kooperation")


def test_who_sets_hours_and_for_what(world):
    world.refused(hours(programme_offer_id=ident("unknown")), Reason.NOT_FOUND)
    member = world.member("member", "A")
    world.refused(hours(), Reason.NOT_ALLOWED, member)
    adviser = str(ADVISER)
    world.refused(hours(), Reason.NOT_ALLOWED, adviser)
    broker = world.member("broker", "Agency", roles=(PersonRole.BROKER,))
    world.accepted(hours(), principal=broker)
    world.accepted(hours(), principal=adviser)
    elsewhere = ident("other advice")
    world.accepted(offer(elsewhere, category="advice"))
    world.refused(hours(programme_offer_id=elsewhere), Reason.NOT_ALLOWED, adviser)
    world.accepted(offer(ident("a workshop")))
    world.refused(hours(programme_offer_id=ident("a workshop")), Reason.NO_SESSION_NEEDED)
    with pytest.raises(ValueError, match="overlap"):
        hours(weekly=[{"weekday": 1, "begins": f"0{h}:00", "ends": "12:00"} for h in (8, 9)])


def test_a_slot_that_was_cancelled_or_moved_by_hand_stays_so(world):
    world.accepted(hours())
    cancelled, moved = (open_slots(world)[f"01.12. {hour}"] for hour in ("09:00", "10:00"))
    starts = datetime(2026, 11, 30, 9, tzinfo=UTC)
    times = {"starts": starts, "ends": starts + timedelta(hours=1)}
    world.accepted(CancelSession(session_id=cancelled))
    world.accepted(RescheduleSession.model_validate({"session_id": moved, **times}))
    world.advance(timedelta(days=1))
    assert list(open_slots(world)) == ["01.12. 11:00", "30.11. 10:00"]
    monday = [{"weekday": 0, "begins": "10:00", "ends": "13:00"}]
    world.accepted(hours(weekly=monday))
    assert list(open_slots(world)) == ["30.11. 10:00", "30.11. 12:00"], "not two at once"
    assert world.session(moved).ends == starts + timedelta(hours=1)


def test_free_slots_are_as_the_hours_say_now(world):
    world.accepted(hours(online_link="https://alt.beispiel.example/raum"))
    slots = open_slots(world)
    world.know("A", "B")
    world.book("A", session_id=slots["01.12. 09:00"])
    other = ident("other advice")
    world.accepted(offer(other, category="advice", title="Fördermittel"))
    said = {"programme_offer_id": other, "online_link": "https://neu.beispiel.example/raum"}
    world.accepted(hours(**said, notice_hours=96))
    booked, free = (world.session(slots[f"01.12. {hour}"]) for hour in ("09:00", "10:00"))
    assert (booked.title, booked.programme_offer_id) == ("Erstberatung", WORKSHOP)
    assert (free.title, free.programme_offer_id) == ("Fördermittel", other)
    assert free.closes_at == free.starts - timedelta(hours=96)
    world.book("B", session_id=free.session_id)
    assert world.facts("B")[0].online_link == "https://neu.beispiel.example/raum"
    world.accepted(hours(**said, notice_hours=170))
    assert list(open_slots(world)) == ["01.12. 09:00", "01.12. 10:00"], "too near now"


def test_what_is_offered_again_has_its_slots_again(world):
    world.accepted(hours(), WithdrawProgrammeOffer(programme_offer_id=WORKSHOP))
    world.advance(timedelta(days=2))
    terms = offer(category="advice", title="Erstberatung").model_dump()
    world.accepted(ChangeProgrammeOffer.model_validate(terms))
    world.advance(timedelta(days=5))
    assert "08.12. 09:00" in open_slots(world)


def test_nobody_takes_an_adviser_from_others(world):
    world.accepted(hours())
    somebody = world.member("somebody", "Elsewhere")
    own = ident("own advice")
    gives = {"category": "advice", "provider_actor_id": str(ident("Elsewhere"))}
    world.accepted(offer(own, **gives), principal=somebody)
    world.refused(hours(programme_offer_id=own, weekly=[]), Reason.NOT_ALLOWED, somebody)
    assert len(open_slots(world)) == 3


def test_what_an_adviser_would_have_given_is_called_off_when_they_are_forgotten(world):
    world.accepted(hours())
    world.know("A")
    world.book("A", session_id=open_slots(world)["01.12. 09:00"])
    gone = {"version": 1, "person_id": ADVISER, "state": "requested", "requested_at": world.now}
    world.say(ErasureRequested.model_validate(gone))
    world.settle()
    world.advance(timedelta(minutes=1))
    assert open_slots(world) == {}
    assert world.states("A") == ["cancelled_by_provider"]


@given(
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    begins=st.integers(0, 20),
    length=st.integers(10, 120),
    buffer=st.integers(0, 60),
)
def test_t15_slots_keep_to_the_clock_on_every_day_of_the_year(day, begins, length, buffer):
    said = hours(
        weekly=[{"weekday": w, "begins": f"{begins:02}:00", "ends": "23:30"} for w in range(7)],
        slot_minutes=length,
        buffer_minutes=buffer,
    )
    found = list(slots(AdviceHours(version=1, **said.model_dump()), day, day + timedelta(days=1)))
    assert found
    for (starts, ends), (following, _) in pairwise(found):
        assert ends - starts == timedelta(minutes=length)
        same_day = starts.astimezone(BERLIN).date() == following.astimezone(BERLIN).date()
        changes = starts.astimezone(BERLIN).utcoffset() != following.astimezone(BERLIN).utcoffset()
        assert not same_day or changes or following - ends == timedelta(minutes=buffer)
    for starts, _ in found:
        assert starts.astimezone(BERLIN).hour >= begins
