"""Fixtures of the tests of the chassis: the services of the tests on databases of their own."""

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from impulse_chassis.testing import Node
from tests.chassis import club, lending
from tests.fixtures.services import Engines


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of the lending service."""
    return with_tables(engine_of(lending.service), "book")


@pytest.fixture
def club_engine(engine_of: Engines) -> Engine:
    """A new database of the reading club."""
    return with_tables(engine_of(club.service), "club_member", "club_shelf")


@pytest.fixture
def lending_node(engine: Engine) -> Node:
    """The lending service."""
    return Node(lending.service, engine)


@pytest.fixture
def club_node(club_engine: Engine) -> Node:
    """The reading club."""
    return Node(club.service, club_engine)


def with_tables(engine: Engine, *names: str) -> Engine:
    """`engine` with tables that a migration would have made."""
    for name in names:
        SQLModel.metadata.tables[name].create(engine)
    return engine
