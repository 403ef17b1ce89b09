"""What drives the gateway in tests: facts for it, sites on its database, somebody who browses."""

import asyncio
import re
import socket
import threading
import time
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import Engine
from starlette.datastructures import State

from impulse_chassis import Transaction, transact, web
from impulse_chassis.testing import World
from impulse_contracts.message import Message
from impulse_gateway.settings import Settings
from impulse_gateway.web import sessions, sign_in
from impulse_gateway.web.database import Database
from impulse_gateway.web.live import Live
from impulse_gateway.web.server import create_app, guarded
from impulse_gateway.web.site import Site
from tests.gateway import given

SECRET = "a secret of the tests that is long enough"


def tell(world: World, *facts: Message) -> None:
    """Says facts and lets the gateway handle them."""
    for fact in facts:
        world.say(fact, source="urn:impulse:others")
    world.settle()


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
            "privacy_key": SECRET,
            "port": 8080,
            **values,
        }
    )


def make_site(engine: Engine, clock: Callable[[], datetime], **values: object) -> Site:
    """A site on a database."""
    db = Database(engine)

    async def commit(work: Callable[[Transaction], Any]) -> Any:
        return await asyncio.to_thread(transact, engine, "gateway", work)

    settings = settings_of(**values)
    return Site(settings, db, Live(db, clients=settings.live_clients), commit, clock)


_made: list[FastAPI] = []


def app_of(site: Site) -> FastAPI:
    """The app of a site. The routes, whose first request takes a third of a second, are shared."""
    if not _made:
        _made.append(create_app(site))
    app = copy(_made[0])
    app.state = State({"site": site})
    return app


class Browser(httpx.AsyncClient):
    """Somebody who uses a site, in a language, signed in or not."""

    def __init__(self, site: Site, language: str = "de", *, raise_faults: bool = True) -> None:
        self.site = site
        super().__init__(
            transport=httpx.ASGITransport(guarded(app_of(site)), raise_app_exceptions=raise_faults),
            base_url=site.settings.base_url,
            headers={"Accept-Language": language},
        )

    async def sign_in(self, address: str) -> None:
        """Signs in as the person with an address, by a link of the site."""
        link = sign_in.Link(
            given.ident(address),
            self.site.sign("address", address),
            f"nonce {time.monotonic_ns()}",
            "/",
        )
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


class Served:
    """A site that listens on a port, in a thread of its own."""

    def __init__(self, engine: Engine, **values: object) -> None:
        self.socket = socket.socket()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(50)
        self.port: int = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.site = make_site(engine, lambda: datetime.now(UTC), port=self.port, **values)
        self._server = web.server(guarded(app_of(self.site)))
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
