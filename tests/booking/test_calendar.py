"""A real calendar: thousands of dated sessions, taken or refused, and one person's way through."""

import csv
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from impulse_booking.app import service
from impulse_chassis.testing import START
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from tests.booking.programme import BookingWorld, ident, offer, request, session

LONDON = ZoneInfo("Europe/London")
ROWS = list(csv.DictReader((Path(__file__).parent / "data" / "sessions.csv").open()))
TIMES = [tuple(datetime.fromisoformat(row[name]) for name in ("begin", "end")) for row in ROWS]


@pytest.fixture
def world(engine_of):
    return BookingWorld(engine_of(service))


def zoned(times):
    return tuple(each.replace(tzinfo=LONDON) for each in times)


def test_every_session_is_set_or_refused_with_the_reason(world):
    world.accepted(offer())
    said = {}
    for number, (begins, ends) in enumerate(map(zoned, TIMES)):
        times = {"starts": begins, "ends": ends, "timezone": "Europe/London"}
        said[world.say(session(ident(f"{number}"), **times))] = (begins, ends)
    world.settle()
    outcomes = {each.data.command_id: each.data.reason for each in world.heard(Outcome)}
    for message_id, (begins, ends) in said.items():
        if ends <= begins:
            assert outcomes[message_id] == Reason.ENDS_BEFORE_IT_BEGINS
        elif begins <= START:
            assert outcomes[message_id] == Reason.TIME_IN_PAST
        else:
            assert outcomes[message_id] is None
    assert sum(outcomes[each] is None for each in said) > 500


def test_one_person_is_never_at_two_places_at_once(world):
    """As somebody with a calendar would decide: first come, and no overlap."""
    world.accepted(offer())
    world.know("A")
    person = str(ident("person"))
    ahead = [each for each in map(zoned, TIMES) if START < each[0] < each[1]]
    taken: list[tuple[datetime, datetime]] = []
    expected, asked = {}, []
    for number, (begins, ends) in enumerate(ahead[::3]):
        session_id = ident(f"{number}")
        world.say(session(session_id, starts=begins, ends=ends, timezone="Europe/London"))
        free = all(ends <= other or begins >= until for other, until in taken)
        if free:
            taken.append((begins, ends))
        wish = request("A", session_id, booking_id=ident(f"wish {number}"), attendees=[person])
        asked.append((wish, free))
    world.settle()
    for wish, free in asked:
        expected[world.say(wish)] = None if free else Reason.TIME_CONFLICT_HARD
        world.settle()
    outcomes = {each.data.command_id: each.data.reason for each in world.heard(Outcome)}
    assert {each: outcomes[each] for each in expected} == expected
    assert 3 < len(taken) < len(ahead[::3])
