"""Fixtures of the tests of the gateway: its database, a world that fills it, a site to ask."""

import asyncio
import contextlib
import re
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest
from sqlalchemy import Engine, inspect, make_url

from impulse_chassis import transact, web
from impulse_chassis.database import connect, migrate
from impulse_chassis.testing import Node, World
from impulse_contracts.message import Message
from impulse_gateway.app import service
from impulse_gateway.settings import Settings
from impulse_gateway.web import sessions, sign_in
from impulse_gateway.web.database import Database
from impulse_gateway.web.live import Live
from impulse_gateway.web.server import create_app, guarded
from impulse_gateway.web.site import Site
from tests.fixtures.pair import Postgres
from tests.gateway import given

SECRET = "a secret of the tests that is long enough"


@pytest.fixture(scope="session")
def gateway_database(postgres: Postgres) -> Iterator[Engine]:
    """The one database of the gateway."""
    with postgres.database("gateway") as url:
        engine = connect(make_url(url))
        migrate(engine, service.migrations)
        yield engine
        engine.dispose()


@pytest.fixture
def engine(gateway_database: Engine) -> Engine:
    """The database of the gateway, empty."""
    tables = [
        name
        for name in inspect(gateway_database).get_table_names()
        if not name.startswith("alembic")
    ]
    with gateway_database.begin() as connection:
        connection.exec_driver_sql(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY")
    return gateway_database


@pytest.fixture
def world(engine: Engine) -> World:
    """The gateway and its log."""
    return World([Node(service, engine)], now=datetime.now(UTC))


def tell(world: World, *facts: Message) -> None:
    """Says facts and lets the gateway handle them."""
    for fact in facts:
        world.say(fact, source="urn:impulse:others")
    world.settle()


@pytest.fixture
def town(world: World) -> World:
    """The world with the town of `given` in it."""
    tell(world, *given.TOWN)
    return world


@dataclass
class Clock:
    """The time of a site; it stands unless it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


def settings_of(**values: object) -> Settings:
    """Settings that need no environment."""
    return Settings.model_validate(
        {
            "database_url": "postgresql://127.0.0.1/unused",
            "secret_key": SECRET,
            "port": 8080,
            **values,
        }
    )


def make_site(engine: Engine, clock: Callable[[], datetime], **values: object) -> Site:
    """A site on a database."""
    db = Database(engine)

    async def commit(work: object) -> object:
        return await asyncio.to_thread(transact, engine, "gateway", work)

    settings = settings_of(**values)
    return Site(settings, db, Live(db, clients=settings.live_clients), commit, clock)


@pytest.fixture
def clock() -> Clock:
    """The clock of the site."""
    return Clock(datetime.now(UTC))


@pytest.fixture
def site(engine: Engine, clock: Clock) -> Site:
    """A site on the database of the gateway."""
    return make_site(engine, clock)


class Browser(httpx.AsyncClient):
    """Somebody who uses a site, in a language, signed in or not."""

    def __init__(self, site: Site, language: str = "de") -> None:
        self.site = site
        super().__init__(
            transport=httpx.ASGITransport(guarded(create_app(site))),
            base_url=site.settings.base_url,
            headers={"Accept-Language": language},
        )

    async def sign_in(self, address: str) -> None:
        """Signs in as the person with an address, by a link of the site."""
        link = sign_in.Link(given.ident(address), f"nonce {time.monotonic_ns()}", "/")
        token = sign_in.write(self.site, link, self.site.now() + timedelta(minutes=15))
        answer = await self.send_form(f"/sign-in/{token}", on=f"/sign-in/{token}")
        assert answer.status_code == 303, answer.text
        assert sessions.session_cookie(self.site) in self.cookies

    async def token(self, page: str) -> str:
        """The token of the forms on a page."""
        answer = await self.get(page)
        found = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
        assert found, f"no form on {page}"
        return found[1]

    async def send_form(self, path: str, on: str, **fields: str) -> httpx.Response:
        """Sends a form of the page `on` to `path`."""
        return await self.post(path, data={"csrf_token": await self.token(on), **fields})

    async def command(
        self, method: str, path: str, body: object = None, *, key: UUID | None = None
    ) -> httpx.Response:
        """Calls the API with the token of the session."""
        token = (await self.get("/api/session")).json()["csrf_token"]
        headers = {"X-CSRF-Token": token or ""}
        if key:
            headers["Idempotency-Key"] = str(key)
        return await self.request(method, path, json=body, headers=headers)


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


class Served:
    """A site that listens on a port, in a thread of its own."""

    def __init__(self, engine: Engine, **values: object) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(50)
        self.port: int = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.site = make_site(engine, lambda: datetime.now(UTC), port=self.port, **values)
        self._server = web.server(guarded(create_app(self.site)))
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()))
        self._loop: asyncio.AbstractEventLoop | None = None

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        watching = asyncio.create_task(self.site.live.run())
        await self._server.serve(sockets=[self.socket])
        watching.cancel()

    def wake(self) -> None:
        """What the service does after each batch that was committed."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self.site.live.wake)

    def __enter__(self) -> "Served":
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self.site.live.close)
        self._server.should_exit = True
        self._thread.join(10)


@pytest.fixture
def served(engine: Engine) -> Iterator[Served]:
    """The site of the gateway's database, on a port."""
    with Served(engine) as serving:
        yield serving
