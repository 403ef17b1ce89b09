"""Fixtures of the tests of the registry."""

import pytest

from impulse_registry.app import service
from tests.fixtures.services import Engines
from tests.registry.given import RegistryWorld


@pytest.fixture
def world(engine_of: Engines) -> RegistryWorld:
    """The registry on a new database."""
    return RegistryWorld(engine_of(service))
