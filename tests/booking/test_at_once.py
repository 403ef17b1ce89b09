"""What two replicas decide at the same moment, on different sessions: rules that span them hold."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Thread

import pytest

from impulse_booking.app import service
from impulse_booking.handlers import keeping
from impulse_chassis.testing import Node
from impulse_contracts.reasons import Reason
from tests.booking.programme import SESSION, BookingWorld, ident, request, session

OTHER = ident("at the same time")
PERSON = str(ident("person"))


@pytest.mark.parametrize(
    ("terms", "wish", "reason"),
    [
        ({}, {"attendees": [PERSON]}, Reason.TIME_CONFLICT_HARD),
        ({"bookings_per_organisation": 1}, {}, Reason.ORGANISATION_LIMIT_REACHED),
    ],
)
def test_of_two_that_exclude_each_other_one_is_booked(engine_of, monkeypatch, terms, wish, reason):
    engine = engine_of(service)
    world = BookingWorld(engine)
    world.offered(1, "A", **terms)
    world.accepted(session(OTHER, capacity=1))
    # Each waits, before it writes, for the other to have decided: as long as that may take.
    both, keep = Barrier(2), keeping.keep

    def kept(*arguments):
        with suppress(BrokenBarrierError):
            both.wait(2)
        keep(*arguments)

    monkeypatch.setattr("impulse_booking.handlers.bookings.keep", kept)
    offsets = world.nodes[0].committed
    said = [
        world.say(request("A", session_id, booking_id=ident(str(session_id)), **wish))
        for session_id in (SESSION, OTHER)
    ]
    records = world.nodes[0].pending(world.log)
    assert len(records) == 2
    replicas = [
        Thread(target=Node(service, engine).process, args=([record], world.now))
        for record in records
    ]
    for each in replicas:
        each.start()
    for each in replicas:
        each.join()
    for place in {(record.topic, record.partition) for record in records}:
        offsets[place] = len(world.log.records[place])
    world.settle()
    outcomes = [outcome.reason for each in said for outcome in world.outcomes(each)]
    assert sorted(outcomes, key=str) == [None, reason]


def test_what_another_replica_has_just_booked_can_be_cancelled(engine_of, monkeypatch):
    """Its session was asked for before it was there, and the booking itself after that."""
    world = BookingWorld(engine_of(service))
    world.offered(1, "A", "B")
    world.book("A")
    world.book("B")
    monkeypatch.setattr("impulse_booking.handlers.loading.sessions_of", lambda *_: set())
    world.cancel("A")
    assert world.states("A", "B") == ["cancelled_by_booker", "offered"]
