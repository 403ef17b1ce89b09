"""Who was there, and what they get for it."""

from datetime import timedelta

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.bookings import RecordAttendance
from impulse_contracts.reasons import Reason
from tests.booking.programme import NEXT_WEEK, BookingWorld, at, ident, offer, session

ONE, TWO = (str(ident(name)) for name in ("one", "two"))


@pytest.fixture
def world(engine_of):
    return BookingWorld(engine_of(service))


def recorded(name, *said):
    """`said` are (meeting, person, presence)."""
    attendance = [
        {"meeting": meeting, "person_id": person, "presence": presence}
        for meeting, person, presence in said
    ]
    return RecordAttendance.model_validate(
        {"booking_id": ident(f"booking/{name}"), "attendance": attendance}
    )


def test_certificates_are_numbered_and_issued_to_those_who_were_there(world):
    world.offered(2, "A", "B")
    world.book("A", attendees=[ONE, TWO])
    world.book("B")
    world.refused(recorded("A", (0, ONE, "present")), Reason.NOT_BEGUN)
    world.advance(timedelta(hours=NEXT_WEEK))
    world.accepted(recorded("A", (0, ONE, "present"), (0, TWO, "no_show")))
    world.accepted(recorded("B", (0, None, "late")))
    [first] = world.facts("A")[-1].certificates
    [second] = world.facts("B")[-1].certificates
    assert str(first.person_id) == ONE
    assert second.person_id is None
    assert first.number.startswith("2026-")
    assert (first.number[-4:], second.number[-4:]) == ("-001", "-002")
    assert world.session().taken == 2, "who took part keeps their place"

    world.accepted(recorded("A", (0, TWO, "present")))
    certificates = world.facts("A")[-1].certificates
    assert certificates[0] == first, "a certificate that was issued stands"
    assert [each.number[-4:] for each in certificates] == ["-001", "-003"]


def test_a_course_is_attended_meeting_by_meeting(world):
    meetings = [{"starts": at(NEXT_WEEK + h), "ends": at(NEXT_WEEK + h + 1)} for h in range(5)]
    world.accepted(offer(), session(meetings=meetings))
    world.know("A")
    world.book("A", attendees=[ONE, TWO])
    world.advance(timedelta(hours=NEXT_WEEK + 5))
    for meeting in range(4):
        presence = "present" if meeting < 3 else "absent_excused"
        said = recorded("A", (meeting, ONE, presence), (meeting, TWO, "present"))
        world.accepted(said)
        assert world.states("A") == ["confirmed"], "one meeting is not known yet"
    world.accepted(recorded("A", (4, ONE, "no_show"), (4, TWO, "no_show")))
    [certificate] = world.facts("A")[-1].certificates
    assert str(certificate.person_id) == TWO, "at four of five meetings, ONE at three"


@pytest.mark.parametrize(
    ("presence", "state"),
    [
        ("no_show", "no_show"),
        ("absent_excused", "cancelled_by_booker"),
        ("late", "attended"),
    ],
)
def test_what_becomes_of_a_booking(world, presence, state):
    world.offered(1, "A")
    world.book("A")
    world.advance(timedelta(hours=NEXT_WEEK))
    world.accepted(recorded("A", (0, None, presence)))
    assert world.states("A") == [state]
    assert bool(world.facts("A")[-1].certificates) is (state == "attended")
    world.accepted(recorded("A", (0, None, "present")))
    assert world.states("A") == ["attended"], "whatever was said before can be corrected"
    assert world.session().taken == 1


def test_what_is_recorded_is_of_the_booking(world):
    world.offered(1, "A", "B")
    world.book("A", attendees=[ONE])
    world.book("B")
    world.advance(timedelta(hours=NEXT_WEEK))
    world.refused(recorded("A", (1, ONE, "present")), Reason.NOT_FOUND)
    world.refused(recorded("A", (0, TWO, "present")), Reason.NOT_FOUND)
    world.refused(recorded("B", (0, None, "present")), Reason.WRONG_STATE)
    world.refused(recorded("C", (0, None, "present")), Reason.NOT_FOUND)
