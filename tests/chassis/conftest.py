"""Fixtures of the tests of the chassis: the lending service on a database of its own."""

import pytest
from sqlalchemy import Engine
from sqlmodel import SQLModel

from tests.chassis import lending
from tests.fixtures.services import Engines


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of the lending service."""
    engine = engine_of(lending.service)
    SQLModel.metadata.tables["book"].create(engine)
    return engine
