"""A stack of its own for each fault test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.reporter import Reporter
from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.stack import Stack


@pytest.fixture
def stack(
    kafka: Kafka, postgres: Postgres, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Stack]:
    """A stack with nothing started; `pytest.mark.parametrize` may give it settings."""
    settings = getattr(request, "param", {})
    found = Stack(kafka, postgres, tmp_path, kafka.unique("faults") + ".", **settings)
    yield found
    found.close()


@pytest.fixture
def reporter(stack: Stack) -> Reporter:
    """A partner whose reports the registry of this stack gets."""
    return Reporter(stack)
