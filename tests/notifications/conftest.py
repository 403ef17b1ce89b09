"""The fixture of the tests of sending."""

import pytest_asyncio

from impulse_notifications.app import service
from tests.notifications.office import Office


@pytest_asyncio.fixture
async def office(engine_of):
    made = Office(engine_of(service))
    await made.post.open()
    yield made
    made.sender._presence.end()
    await made.post.close()
