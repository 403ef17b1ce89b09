"""Databases of the simulated services, with the auditor's books open."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module

import pytest
import structlog
from sqlalchemy import Engine, make_url

from impulse_chassis import Service
from impulse_chassis.database import connect, migrate
from impulse_local.settings import SERVICES
from tests.chassis import club, lending
from tests.fixtures.pair import Postgres
from tests.simulation.books import open_books
from tests.simulation.stage import Stage


@pytest.fixture(autouse=True)
def quiet_logs() -> Iterator[None]:
    """What handlers are made to do wrong on purpose is not worth pages of output."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def library(postgres: Postgres) -> Iterator[Stage]:
    """The lending service and the reading club, each on a database of its own."""
    with ExitStack() as stack:
        yield [_database(stack, postgres, each) for each in (lending.service, club.service)]


@pytest.fixture(scope="session")
def five_services(postgres: Postgres) -> Iterator[Stage]:
    """The services of Impulse, each on a database of its own."""
    with ExitStack() as stack:
        yield [
            _database(stack, postgres, import_module(f"impulse_{name}.app").service)
            for name in SERVICES
        ]


def _database(stack: ExitStack, postgres: Postgres, service: Service) -> tuple[Service, Engine]:
    url = stack.enter_context(postgres.database(f"simulated_{service.name}"))
    engine = connect(make_url(url), pool=2)
    stack.callback(engine.dispose)
    engine.pool._pre_ping = False  # half of all round trips, and nobody restarts the server
    migrate(engine, service.migrations)
    open_books(engine)
    return service, engine
