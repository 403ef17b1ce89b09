"""What was handled is remembered with its outcome, once, for 30 days."""

from datetime import timedelta
from uuid import UUID

import pytest

from impulse_chassis import inbox
from impulse_chassis.database import Trouble, classify
from impulse_chassis.testing import START
from tests.chassis.records import rows
from tests.fixtures.statements import counting

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def remember(engine, outcomes, now=START):
    with engine.begin() as connection:
        inbox.remember(connection.connection.driver_connection.cursor(), outcomes, now)


def handled(engine, keys):
    with engine.begin() as connection:
        return inbox.handled(connection.connection.driver_connection.cursor(), keys)


def test_what_was_handled_comes_back_with_its_outcome(engine):
    remember(engine, {ONE: '{"ä": 1}', TWO: None})
    assert handled(engine, [ONE, TWO, THREE]) == {ONE: '{"ä": 1}', TWO: None}
    assert handled(engine, []) == {}


def test_nothing_is_remembered_twice(engine):
    remember(engine, {ONE: None})
    with pytest.raises(Exception) as raised:
        remember(engine, {TWO: None, ONE: None})
    assert classify(raised.value) is Trouble.CONFLICT
    assert handled(engine, [ONE, TWO]) == {ONE: None}


def test_old_entries_are_forgotten(engine):
    remember(engine, {ONE: None})
    remember(engine, {TWO: None}, START + timedelta(days=1))
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        assert inbox.forget_old(driver, START + timedelta(days=30)) == 0
        assert inbox.forget_old(driver, START + timedelta(days=30, seconds=1)) == 1
    assert rows(engine, "SELECT key FROM inbox") == [(TWO,)]


def test_any_number_costs_two_statements(engine):
    with counting(engine) as count:
        remember(engine, {UUID(int=each): "x" for each in range(500)})
        handled(engine, [UUID(int=each) for each in range(500)])
    assert count.total == 2
