"""Fixtures of the tests of the gateway: its database, a world that fills it, a site to ask."""

import contextlib
import os
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine

from impulse_chassis.outbox import load_headers
from impulse_chassis.testing import Node, World
from impulse_contracts.message import Message
from impulse_gateway.app import service
from impulse_gateway.web.site import Site
from tests.fixtures.missing import require_chromium
from tests.fixtures.shelf import Shelf, restore
from tests.gateway import given
from tests.gateway.driving import Browser, Clock, Served, make_site, tell


@pytest.fixture(scope="session")
def gateway_database(shelf: Shelf) -> Iterator[Engine]:
    """The one database of the gateway."""
    with shelf.engine(service, ping=True) as engine:
        yield engine


@pytest.fixture
def engine(gateway_database: Engine) -> Engine:
    """The database of the gateway, empty."""
    assert restore(gateway_database), "a test has changed its schema"
    return gateway_database


@pytest.fixture
def world(engine: Engine) -> World:
    """The gateway and its log."""
    return World([Node(service, engine)], now=datetime.now(UTC))


@pytest.fixture
def town(world: World) -> World:
    """The world with the town of `given` in it."""
    tell(world, *given.TOWN)
    return world


@pytest.fixture
def clock() -> Clock:
    """The clock of the site."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Site:
    """A site on the database of the gateway."""
    return make_site(engine, clock)


@pytest.fixture
async def visitor(site: Site, town: World) -> AsyncIterator[Browser]:
    """A visitor of the site of the town."""
    async with Browser(site) as browser:
        yield browser


@pytest.fixture
async def signed_in(site: Site, town: World) -> AsyncIterator[Callable[[str], object]]:
    """`await signed_in(address)`: a browser in which a person of the town has signed in."""
    async with contextlib.AsyncExitStack() as stack:

        async def sign_in_as(address: str) -> Browser:
            browser = await stack.enter_async_context(Browser(site))
            await browser.sign_in(address)
            return browser

        yield sign_in_as


@pytest.fixture
def served(engine: Engine) -> Iterator[Served]:
    """The site of the gateway's database, on a port."""
    with Served(engine) as serving:
        yield serving


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A browser; skips where there is none."""
    path = require_chromium()
    with sync_playwright() as playwright:
        args = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=args)
        yield browser
        browser.close()


@pytest.fixture
def published(engine: Engine) -> Callable[[type[Message]], list[Any]]:
    """`published(Command)`: the commands of a kind that wait in the outbox, in their order."""

    def read(kind: type[Message]) -> list[Any]:
        with engine.connect() as connection:
            rows = connection.exec_driver_sql("SELECT value, headers FROM outbox ORDER BY id")
            found = [(bytes(value), dict(load_headers(head))) for value, head in rows]
        return [
            kind.model_validate_json(value)
            for value, headers in found
            if headers["ce_type"] == kind.ce_type.encode()
        ]

    return read
