"""The last lock on the places of a session: the database's, whatever wrote the rows."""

import pytest
from sqlalchemy.exc import IntegrityError

from impulse_booking.app import service
from impulse_booking.store.programme import sessions
from impulse_chassis.inbox import Conflict
from impulse_chassis.transaction import transact
from tests.booking.programme import SESSION, BookingWorld, ident

ONE_MORE = """
    INSERT INTO booking
    SELECT (jsonb_populate_record(b, jsonb_build_object('booking_id', gen_random_uuid()))).*
    FROM booking AS b WHERE booking_id = %s
"""


@pytest.fixture
def world(engine_of):
    world = BookingWorld(engine_of(service))
    world.offered(2, "A", "B", capacity_unit="person")
    world.book("A")
    return world


def write(world, statement, *values):
    with world.engine.begin() as connection:
        connection.exec_driver_sql(statement, values)


def test_a_booking_that_is_written_by_hand_takes_a_place_but_none_that_is_not_there(world):
    write(world, ONE_MORE, ident("booking/A"))
    with pytest.raises(IntegrityError, match="would be overbooked"):
        write(world, ONE_MORE, ident("booking/A"))


def test_a_booking_does_not_grow_beyond_the_places(world):
    grown = "UPDATE booking SET places = %s WHERE session_id = %s"
    write(world, grown, 2, SESSION)
    with pytest.raises(IntegrityError, match="would be overbooked"):
        write(world, grown, 3, SESSION)


def test_a_session_does_not_shrink_below_what_is_taken(world):
    world.book("B")
    with pytest.raises(IntegrityError, match="would be overbooked"):
        write(world, "UPDATE session SET capacity = 1 WHERE session_id = %s", SESSION)


def test_what_is_given_back_in_the_same_transaction_is_free(world):
    write(world, "UPDATE booking SET places = 2 WHERE session_id = %s", SESSION)
    with world.engine.begin() as connection:
        connection.exec_driver_sql(ONE_MORE, (ident("booking/A"),))
        freed = "UPDATE booking SET state = 'declined' WHERE booking_id = %s"
        connection.exec_driver_sql(freed, (ident("booking/A"),))


def test_the_version_of_a_session_is_the_second_lock(world):
    """A writer that decided on what was there before writes nothing."""

    def decided_on_old(tx):
        [session] = sessions.select(tx, "t.session_id = %b", (SESSION,), lock="")
        sessions.put(tx, session.evolve())
        with world.engine.begin() as other:
            other.exec_driver_sql("UPDATE session SET version = version + 1")
        with pytest.raises(Conflict):
            sessions.flush(tx, tx.cursor())
        sessions._known(tx).clear()

    transact(world.engine, "booking", decided_on_old)
