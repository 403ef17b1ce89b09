"""Fixtures of all tests."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.services import engine_of, shelf  # noqa: F401

# A machine that is busy with brokers and databases says nothing about how fast a test is.
settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """The broker of the run: `bootstrap`, `unique(name)`, `kill()`, `start()`."""
    broker = Kafka(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """The database server of the run: `url`, `database(name, template)`, `kill()`, `start()`."""
    # Not below pytest's own folder: as root the server runs as another user, whom the next run of
    # pytest shuts out there.
    with tempfile.TemporaryDirectory(prefix="impulse-test-") as folder:
        server = Postgres(Path(folder))
        yield server
        server.stop()


LONGEST = ("simulation", "faults", "deploy", "e2e")
"""The folders that take longest; a worker that came to one of them last would be waited for."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest first, and marks what uses broker or database for `make test-containers`."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)
    for item in items:
        if isinstance(item, pytest.Function) and {"kafka", "postgres"} & set(item.fixturenames):
            item.add_marker(pytest.mark.pair)
