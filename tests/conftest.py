"""Fixtures of all tests, and the last thing a run prints: what was skipped and how to get it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fixtures.missing import MISSING
from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.services import engine_of, templates  # noqa: F401


@pytest.fixture(scope="session")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kafka]:
    """The broker of the run: `bootstrap`, `unique(name)`, `kill()`, `start()`."""
    broker = Kafka(tmp_path_factory.mktemp("broker"))
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """The database server of the run: `url`, `database(name, template)`, `kill()`, `start()`."""
    server = Postgres(tmp_path_factory.mktemp("database"))
    yield server
    server.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks the tests that use broker or database: `make test-containers` runs those."""
    for item in items:
        if isinstance(item, pytest.Function) and {"kafka", "postgres"} & set(item.fixturenames):
            item.add_marker(pytest.mark.pair)


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tells at the end what the machine lacked and how to get it."""
    lacking: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        _, _, reason = str(report.longrepr[2]).partition(MISSING)
        if reason:
            lacking[reason] = lacking.get(reason, 0) + 1
    if lacking:
        terminalreporter.section("not tested here", yellow=True)
    for reason, count in sorted(lacking.items()):
        terminalreporter.write_line(f"{count} skipped for want of {reason}")
