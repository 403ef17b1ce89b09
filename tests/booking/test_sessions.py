"""When sessions are: the calendar of Germany, courses, changes and what is refused."""

from datetime import UTC, datetime, timedelta

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    ChangeProgrammeOffer,
    RescheduleSession,
    SessionChanged,
    SessionFact,
)
from impulse_contracts.reasons import Reason
from tests.booking.programme import (
    NEXT_WEEK,
    SESSION,
    WORKSHOP,
    BookingWorld,
    at,
    ident,
    offer,
    request,
    session,
)


@pytest.fixture
def world(engine_of):
    return BookingWorld(engine_of(service))


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [
        (at(-1), at(2), Reason.TIME_IN_PAST),
        (at(5), at(5), Reason.ENDS_BEFORE_IT_BEGINS),
        (at(5), at(4), Reason.ENDS_BEFORE_IT_BEGINS),
        ("2027-03-28T02:30:00+01:00", "2027-03-28T05:00:00+02:00", Reason.TIME_SKIPPED),
        ("2027-03-28T02:30:00+02:00", "2027-03-28T05:00:00+02:00", Reason.TIME_SKIPPED),
        # In UTC, or in a zone that puts no clock forward then, it is a time like any other.
        ("2027-03-28T02:30:00Z", "2027-03-28T05:00:00+02:00", None),
        ("2027-03-28T02:30:00-05:00", "2027-03-28T20:00:00+02:00", None),
        # Twice on the day when the clock is put back: the offset says which.
        ("2027-10-31T02:30:00+02:00", "2027-10-31T02:15:00+01:00", None),
    ],
)
def test_t15_times_that_cannot_be(world, starts, ends, reason):
    world.accepted(offer())
    [outcome] = world.ask(session(starts=starts, ends=ends))
    assert outcome.reason == reason
    if reason is Reason.TIME_SKIPPED:
        assert "28.03.2027, 02:30" in outcome.message.de


def test_t15_over_midnight_and_over_the_night_that_is_longer(world):
    world.accepted(offer())
    night = session(starts="2027-10-30T18:00:00+02:00", ends="2027-10-31T02:00:00+02:00")
    world.accepted(night)
    assert world.session().ends - world.session().starts == timedelta(hours=8)
    longer = session(
        ident("longer"), starts="2027-10-30T22:00:00+02:00", ends="2027-10-31T06:00:00+01:00"
    )
    world.accepted(longer)
    held = world.session(ident("longer"))
    assert held.ends - held.starts == timedelta(hours=9), "an hour more, that night"


def test_a_zone_is_one_of_the_world(world):
    with pytest.raises(ValueError, match="Europe/Berlin"):
        session(timezone="Ruhr/Essen")


def test_a_course_is_booked_whole_from_its_first_meeting_to_its_last(world):
    world.accepted(offer())
    meetings = [{"starts": at(h), "ends": at(h + 2)} for h in (NEXT_WEEK * 2, NEXT_WEEK)]
    world.accepted(session(meetings=meetings))
    held = world.session()
    assert (held.starts, held.ends) == (at(NEXT_WEEK), at(NEXT_WEEK * 2 + 2))
    world.know("A", "B")
    person = str(ident("person"))
    world.book("A", attendees=[person])
    between = ident("between")
    world.accepted(session(between, starts=at(NEXT_WEEK + 50), ends=at(NEXT_WEEK + 60)))
    assert world.ask(request("B", between, attendees=[person]))[0].reason is None


def test_those_who_booked_keep_their_places_when_it_moves(world):
    world.offered(1, "A", "B")
    world.book("A")
    world.book("B")
    there = {"session_id": SESSION, "starts": at(400), "ends": at(403)}
    world.accepted(RescheduleSession.model_validate(there))
    held = world.session()
    assert (held.starts, held.sequence, held.taken) == (at(400), 1, 1)
    world.advance(timedelta(hours=NEXT_WEEK + 1))
    assert world.states("A", "B") == ["confirmed", "waitlisted"], "it has not begun"
    world.cancel("A")
    world.accepted(world.take("B"))
    world.advance(timedelta(hours=300))
    assert world.states("B") == ["confirmed"]


def test_a_session_that_is_cancelled_takes_its_bookings_with_it(world):
    world.offered(1, "A", "B")
    world.book("A")
    world.book("B")
    world.accepted(CancelSession(session_id=SESSION))
    assert world.states("A", "B") == ["cancelled_by_provider"] * 2
    assert (world.session().state, world.session().taken, world.session().waiting) == (
        "cancelled",
        0,
        0,
    )
    world.refused(request("B", booking_id=ident("again")), Reason.CLOSED)
    world.refused(ChangeCapacity(session_id=SESSION, capacity=5), Reason.CLOSED)


def test_the_facts_of_a_session_have_no_gap_and_order_its_bookings(world):
    world.offered(1, "A", "B", "C")
    for name in ("A", "B", "C"):
        world.book(name)
    world.cancel("A")
    world.raise_to(2)
    versions = [
        heard.data.version for heard in world.heard(SessionFact) if heard.data.session_id == SESSION
    ]
    assert versions == list(range(1, len(versions) + 1))
    of_bookings = [f.session_version for name in ("A", "B", "C") for f in world.facts(name)]
    assert len(set(of_bookings)) == len(of_bookings)
    assert set(of_bookings) < set(versions)


def test_the_link_is_told_to_those_who_are_confirmed_alone(world):
    world.accepted(offer(), session(online_link="https://treffen.beispiel.example/raum"))
    world.know("A", "B")
    world.book("A")
    world.book("B")
    assert world.facts("A")[0].online_link == "https://treffen.beispiel.example/raum"
    assert world.facts("B")[0].online_link is None
    assert world.session().online
    assert all(b"raum" not in (record.value or b"") for record in world.log.of("impulse.programme"))
    world.cancel("A")
    assert world.facts("A")[-1].online_link is None


def test_a_session_waits_for_its_offer_and_what_is_there_is_not_made_twice(world):
    world.say(session())
    world.settle()
    assert not world.heard(SessionFact)
    world.accepted(offer())
    assert world.session().version == 1
    world.refused(session(), Reason.ALREADY_EXISTS)
    world.refused(offer(), Reason.ALREADY_EXISTS)


def test_an_offer_names_no_contacts(world):
    for field in ("title", "description"):
        contact = offer(WORKSHOP, **{field: "Anmeldung unter frau.beispiel@verein.example"})
        world.refused(contact, Reason.CONTACT_IN_TEXT)


def test_sessions_ahead_are_called_like_their_offer(world):
    world.offered(1, "A")
    world.book("A")
    before = world.session()
    terms = {**offer().model_dump(), "title": "Anders genannt"}
    world.accepted(ChangeProgrammeOffer.model_validate(terms))
    assert world.session().title == "Anders genannt"
    assert world.session().version == before.version + 1
    assert isinstance(world.heard(SessionFact)[-1].data, SessionChanged)
    world.accepted(ChangeProgrammeOffer.model_validate(terms))
    assert world.session().version == before.version + 1, "nothing of it changed"


def test_places_that_were_kept_for_a_group_go_to_others_when_the_offer_changes(world):
    world.offered(3, "A", "B", "C", capacity_unit="person")
    world.book("A", party_size=2)
    world.book("B", party_size=3)
    world.book("C", party_size=1)
    assert world.states("A", "B", "C") == ["confirmed", "waitlisted", "waitlisted"]
    terms = {**offer(capacity_unit="person").model_dump(), "group_policy": "skip_with_notice"}
    world.accepted(ChangeProgrammeOffer.model_validate(terms))
    assert world.states("B", "C") == ["waitlisted", "offered"]


def test_an_offer_that_changes_is_booked_by_its_new_terms(world):
    world.offered(1, "A")
    terms = {**offer().model_dump(), "open_to": ["municipal"]}
    world.accepted(ChangeProgrammeOffer.model_validate(terms))
    world.refused(request("A"), Reason.NOT_NONPROFIT_OR_MUNICIPAL)


def test_a_moment_is_a_moment_whatever_its_offset(world):
    world.accepted(offer())
    world.accepted(session(starts="2026-12-01T10:00:00+01:00", ends="2026-12-01T13:00:00+01:00"))
    assert world.session().starts == datetime(2026, 12, 1, 9, tzinfo=UTC)
