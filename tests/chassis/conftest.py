"""Fixtures of the tests of the chassis: the services of the tests, each on an empty database."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, inspect, make_url
from sqlmodel import SQLModel

from impulse_chassis import Service
from impulse_chassis.database import connect, migrate
from impulse_chassis.testing import Node
from tests.chassis import club, lending
from tests.fixtures.pair import Postgres


@pytest.fixture(scope="session")
def lending_database(postgres: Postgres) -> Iterator[Engine]:
    """The one database of the lending service."""
    yield from _database(postgres, lending.service, "book")


@pytest.fixture(scope="session")
def club_database(postgres: Postgres) -> Iterator[Engine]:
    """The one database of the reading club."""
    yield from _database(postgres, club.service, "club_member", "club_shelf")


@pytest.fixture
def engine(lending_database: Engine) -> Engine:
    """The database of the lending service, empty."""
    return emptied(lending_database)


@pytest.fixture
def club_engine(club_database: Engine) -> Engine:
    """The database of the reading club, empty."""
    return emptied(club_database)


@pytest.fixture
def lending_node(engine: Engine) -> Node:
    """The lending service."""
    return Node(lending.service, engine)


@pytest.fixture
def club_node(club_engine: Engine) -> Node:
    """The reading club."""
    return Node(club.service, club_engine)


def _database(postgres: Postgres, service: Service, *tables: str) -> Iterator[Engine]:
    with postgres.database(service.name) as url:
        engine = connect(make_url(url), pool=8)
        migrate(engine, None)
        for name in tables:
            SQLModel.metadata.tables[name].create(engine)
        yield engine
        engine.dispose()


def emptied(engine: Engine) -> Engine:
    """`engine` with all tables empty: a hundred times as fast as a new database."""
    names = [name for name in inspect(engine).get_table_names() if "alembic" not in name]
    with engine.begin() as connection:
        tables = ", ".join(f'"{name}"' for name in names)
        connection.exec_driver_sql(f"TRUNCATE {tables} RESTART IDENTITY")
    return engine
