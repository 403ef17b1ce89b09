"""Databases of the simulated services, with the auditor's books open."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from sqlalchemy import Engine, make_url
from sqlmodel import SQLModel

from impulse_chassis import Service
from impulse_chassis.database import connect, migrate
from tests.chassis import club, lending
from tests.fixtures.pair import Postgres
from tests.simulation.auditor import open_books


@pytest.fixture(autouse=True)
def quiet_logs() -> Iterator[None]:
    """What handlers are made to do wrong on purpose is not worth pages of output."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


Stage = list[tuple[Service, Engine]]


@pytest.fixture(scope="session")
def library(postgres: Postgres) -> Iterator[Stage]:
    """The lending service and the reading club, each on a database of its own."""
    stage: Stage = []
    tables = {lending.service: ("book",), club.service: ("club_member", "club_shelf")}
    for service, names in tables.items():
        url = postgres.create(f"simulated_{service.name}")
        engine = connect(make_url(url), pool=2)
        engine.pool._pre_ping = False  # half of all round trips, and nobody restarts the server
        migrate(engine, None)
        for name in names:
            SQLModel.metadata.tables[name].create(engine)
        open_books(engine)
        stage.append((service, engine))
    yield stage
    for service, engine in stage:
        engine.dispose()
        postgres.drop(f"simulated_{service.name}")
