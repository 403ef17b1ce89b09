"""Fixtures of the tests of the chassis: the services of the tests, each on an empty database."""

import pytest
from sqlalchemy import Engine, inspect

from impulse_chassis.testing import Node, World
from tests.chassis import club, lending
from tests.fixtures.services import Engines


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of the lending service."""
    return engine_of(lending.service)


@pytest.fixture
def club_engine(engine_of: Engines) -> Engine:
    """A new database of the reading club."""
    return engine_of(club.service)


@pytest.fixture
def lending_node(engine: Engine) -> Node:
    """The lending service."""
    return Node(lending.service, engine)


@pytest.fixture
def club_node(club_engine: Engine) -> Node:
    """The reading club."""
    return Node(club.service, club_engine)


@pytest.fixture
def world(lending_node: Node) -> World:
    """The lending service and a log."""
    return World([lending_node])


@pytest.fixture
def club_world(club_node: Node) -> World:
    """The reading club and a log."""
    return World([club_node])


def emptied(engine: Engine) -> Engine:
    """`engine` with all tables empty: a hundred times as fast as a new database."""
    names = [name for name in inspect(engine).get_table_names() if "alembic" not in name]
    with engine.begin() as connection:
        tables = ", ".join(f'"{name}"' for name in names)
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
    return engine
