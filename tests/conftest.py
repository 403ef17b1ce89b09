"""Fixtures of all tests."""

from __future__ import annotations

import gc
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.services import engine_of, shelf  # noqa: F401

# A machine that is busy with brokers and databases says nothing about how fast a test is.
settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("busy machine")


# Of what is imported and collected nothing becomes garbage, so nobody needs to look for it there.
gc.disable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """From here on there is garbage."""
    gc.freeze()
    # Going through all that is old ten times as seldom: that took up to a tenth of a test's time.
    gc.set_threshold(700, 10, 100)
    gc.enable()


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


LONGEST = (
    "simulation/test_chain",
    "faults/test_kill_pair",
    "e2e",
    "registry/test_statements",
    "faults",
    "deploy",
    "simulation",
    "matching/test_statements",
    "notifications/test_statements",
    "matching/test_index",
    "registry/test_identity_",
    "registry/test_exchange_live",
    "erasure",
    "contracts/test_generate",
    "contracts/test_asyncapi",
    "gateway/test_axe",
)
"""What takes longest, in this order: a worker that came to it last would be waited for.

What kills the worker's broker and database is among the first: nobody holds connections to them.
"""

PAIR = {"kafka", "postgres", "stack"}
"""The fixtures that use the run's broker or database; a stack may be one that runs elsewhere."""


class ByFile(LoadFileScheduling):  # type: ignore[misc]
    """A worker takes a file at a time; the end-to-end tests as one, for they share a stack."""

    def _split_scope(self, nodeid: str) -> str:
        file: str = super()._split_scope(nodeid)
        return "tests/e2e" if file.startswith("tests/e2e/") else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """Who runs what next, where several workers run the tests."""
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Puts the longest first, and marks what uses broker or database for `make test-containers`."""

    def place(item: pytest.Item) -> int:
        name = item.nodeid.removeprefix("tests/")
        return next((at for at, what in enumerate(LONGEST) if name.startswith(what)), len(LONGEST))

    items.sort(key=place)
    for item in items:
        if isinstance(item, pytest.Function) and PAIR & set(item.fixturenames):
            item.add_marker(pytest.mark.pair)
