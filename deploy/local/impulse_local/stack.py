"""The whole local stack: what is started, in which order, and what is said about it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from importlib.util import find_spec

import psycopg

from impulse_local.errors import StackError
from impulse_local.kafka import Broker
from impulse_local.ports import require_free_port
from impulse_local.postgres import Database, create_database
from impulse_local.readiness import listens, why_not_ready
from impulse_local.server_url import of_database, without_password
from impulse_local.settings import SERVICES, Settings
from impulse_local.supervisor import Program, Supervisor, show
from impulse_topics import TopicError, provision, wanted

POLL_SECONDS = 0.2
SLOW_SECONDS = 30.0  # after which it is told why a service is not ready


class Stack:
    """The stack of one data directory."""

    def __init__(self, settings: Settings, supervisor: Supervisor) -> None:
        """Raises StackError for a partner that the environment names wrongly."""
        self._settings = settings
        self._data = settings.data_dir
        self._supervisor = supervisor
        try:
            self._topics = wanted(os.environ)
        except TopicError as error:
            raise StackError(f"wrong settings:\n  {error}") from error
        self._loader: asyncio.subprocess.Process | None = None

    async def start(self, *, with_sample: bool) -> None:
        """Starts everything, says `ready: …` and then loads the sample, once a data directory.

        Raises StackError when something can't be started.
        """
        await asyncio.to_thread(self._stop_leftovers)
        for setting, port in self._settings.ports().items():
            require_free_port(port, setting)
        database_url, bootstrap = await asyncio.gather(self._database(), self._kafka())
        environment = self._settings.environment(database_url, bootstrap)
        await self._supervisor.add(self._program("mail", environment))
        show("services", "starting …")
        for service in SERVICES:
            await self._supervisor.add(self._program(service, environment))
        await asyncio.gather(*(self._until_ready(service) for service in SERVICES))
        show("mail", f"to be read at http://127.0.0.1:{self._settings.mailbox_port}")
        print(f"ready: http://127.0.0.1:{self._settings.gateway_port}", flush=True)
        if with_sample:
            await self._load_sample(environment)

    async def stop(self) -> None:
        """Stops everything in order: services, mail sink, broker, database."""
        if self._loader is not None and self._loader.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._loader.terminate()
            await self._loader.wait()
        for names in (SERVICES, ("mail",), ("kafka",), ("postgres",)):
            await self._supervisor.stop(*names)

    def _program(self, name: str, environment: dict[str, str]) -> Program:
        module = ["impulse_local", "mail"] if name == "mail" else [f"impulse_{name}"]
        return Program(name, [sys.executable, "-m", *module], environment, self._data)

    def _stop_leftovers(self) -> None:
        """Stops services whose supervisor was killed; broker and database are taken over."""
        for name in (*SERVICES, "mail"):
            daemon = self._program(name, {}).daemon
            if daemon.running:
                show(name, "still runs from an earlier start: stopping it")
                daemon.stop(10)

    async def _database(self) -> str:
        given = self._settings.database_url
        if given is None:
            database = Database(
                self._data / "postgres",
                log_file=self._data / "logs" / "postgres.log",
                say=lambda line: show("postgres", line),
            )
            await self._add(database)
            given = database.url
        try:
            for service in SERVICES:
                await asyncio.to_thread(create_database, given, f"impulse_{service}")
        except psycopg.Error as error:
            raise StackError(
                f"can't create the services' databases on {without_password(given)}: {error}\n"
                "IMPULSE_DATABASE_URL names a server and a user that may create databases; "
                "unset, the embedded PostgreSQL is used."
            ) from error
        # Each service puts its own database in the place of this one.
        return of_database(given, "postgres")

    async def _kafka(self) -> str:
        bootstrap = self._settings.kafka_bootstrap_servers
        if bootstrap is None:
            broker = Broker(
                self._data / "kafka",
                self._settings.kafka_port,
                log_file=self._data / "logs" / "kafka.log",
                say=lambda line: show("kafka", line),
            )
            await self._add(broker)
            bootstrap = broker.bootstrap
        try:
            changes = await asyncio.to_thread(
                provision,
                bootstrap,
                erasure_seconds=self._settings.erasure_seconds,
                topics=self._topics,
                prefix=self._settings.topic_prefix,
            )
        except TopicError as error:
            raise StackError(f"{error}\n(IMPULSE_KAFKA_BOOTSTRAP_SERVERS={bootstrap})") from error
        show("kafka", str(changes))
        return bootstrap

    async def _add(self, part: Broker | Database) -> None:
        name, began = part.daemon.name, time.monotonic()
        show(name, "still runs: taking it over …" if part.running else "starting …")
        await self._supervisor.add(part)
        show(name, f"up after {time.monotonic() - began:.1f} s")

    async def _until_ready(self, service: str) -> None:
        began = told = time.monotonic()
        port = self._settings.metrics_port(service)
        while (found := await asyncio.to_thread(why_not_ready, port)) or not self._page(service):
            if found and found.only_paused and self._page(service):
                show(service, f"runs, but for partitions that are paused: {found.reason}")
                show(service, f"look with: make impulse ARGS='dead-letters list -s {service}'")
                return
            if time.monotonic() - told > SLOW_SECONDS:
                told = time.monotonic()
                reason = found.reason if found else "its page does not answer"
                show(service, f"not ready yet: {reason}")
            await asyncio.sleep(POLL_SECONDS)
        show(service, f"ready after {time.monotonic() - began:.1f} s")

    def _page(self, service: str) -> bool:
        return service != "gateway" or listens(self._settings.gateway_port)

    async def _load_sample(self, environment: dict[str, str]) -> None:
        """Runs the sample loader once a data directory; it goes on from where it was broken off."""
        loaded = self._data / "sample.loaded"
        if loaded.exists():
            return
        if find_spec("impulse_sample") is None:
            show("sample", "impulse_sample is not installed: nothing is loaded")
            return
        self._loader = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "impulse_sample"),
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        assert self._loader.stdout is not None
        async for line in self._loader.stdout:
            show("sample", line.decode(errors="replace").rstrip())
        status = await self._loader.wait()
        if status == 0:
            loaded.touch()
        else:
            show("sample", f"the loader ended with {status}; the next start goes on with it")
