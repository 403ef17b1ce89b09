"""T13: the same log once more changes nothing and says nothing."""

from datetime import timedelta

from sqlalchemy import Engine, text

from impulse_booking.app import service
from impulse_chassis.testing import Node, World
from impulse_contracts.booking.bookings import RecordAttendance
from impulse_gateway.app import service as gateway
from tests.booking.programme import NEXT_WEEK, BookingWorld, ident

OURS = ("programme_offer", "session", "booking", "support_request")


def rows(engine: Engine, *names: str) -> dict[str, str]:
    """All that stands in tables, as text."""
    with engine.connect() as connection:
        return {
            name: str(
                connection.execute(
                    text(f"SELECT json_agg(t ORDER BY t::text) FROM {name} AS t")
                ).scalar()
            )
            for name in names
        }


def played(world: BookingWorld) -> None:
    """Places taken, waited for, offered, expired, cancelled, attended."""
    world.offered(2, "A", "B", "C", "D", answer_hours=24)
    for name in ("A", "B", "C", "D"):
        world.book(name)
    world.cancel("A")
    world.advance(timedelta(hours=25))
    world.accepted(world.take("D"))
    world.advance(timedelta(hours=NEXT_WEEK))
    there = {"booking_id": ident("booking/B"), "attendance": [{"presence": "present"}]}
    world.accepted(RecordAttendance.model_validate(there))
    assert world.states("A", "B", "C", "D") == [
        "cancelled_by_booker",
        "attended",
        "expired",
        "confirmed",
    ]


def test_commands_that_come_again_take_effect_once(engine_of):
    world = BookingWorld(engine_of(service))
    played(world)
    before, said = rows(world.engine, *OURS), len(world.log.of("impulse.bookings"))
    for _ in range(2):
        world.nodes[0].committed.clear()
        world.settle()
    assert rows(world.engine, *OURS) == before
    facts = world.log.of("impulse.bookings")
    assert len(facts) == said


def test_a_read_model_made_anew_is_the_same_byte_for_byte(engine_of):
    world = BookingWorld(engine_of(service))
    played(world)
    read, anew = engine_of(gateway), engine_of(gateway)
    for engine, times in ((read, 1), (anew, 2)):
        reader = World([Node(gateway, engine)], world.now, world.log)
        for _ in range(times):
            reader.nodes[0].committed.clear()
            reader.settle()
    with read.connect() as connection:
        names = [
            name
            for (name,) in connection.execute(
                text(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                    " AND tablename ~ 'programme|session|booking|support'"
                )
            )
        ]
    assert len(names) >= 4
    found = rows(read, *names)
    assert found == rows(anew, *names)
    assert "attended" in str(found)
