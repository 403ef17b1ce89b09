"""A service: its wiring, its start, its health, its end.

service = Service("lending", Settings, handlers, reads=[topics.LOAN_COMMANDS])
service.main()
"""

import asyncio
import gc
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import structlog
from aiokafka.errors import KafkaError
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from impulse_chassis import deadletters, inbox, kafka, logs, metrics, outbox, web
from impulse_chassis.consumer import Consumer
from impulse_chassis.database import (
    CLIENT_KEEPALIVE,
    SERVER_KEEPALIVE,
    Trouble,
    classify,
    connect,
    migrate,
    service_url,
)
from impulse_chassis.handlers import Handlers
from impulse_chassis.lag import Lag
from impulse_chassis.processor import Processor, Progress, Unavailable
from impulse_chassis.projection import Projection
from impulse_chassis.relay import Relay
from impulse_chassis.settings import ServiceSettings
from impulse_chassis.transaction import Transaction
from impulse_contracts.topics import Topic

log = structlog.get_logger(__name__)
T = TypeVar("T")
_AWAY = (DBAPIError, psycopg.Error, PoolTimeout, Unavailable)

TIMERS_SECONDS = 0.5
MONITOR_SECONDS = 1.0
CLEANING_SECONDS = 60.0
STOP_SECONDS = 8.0
"""How long the relay may take to hand over what it has begun, when the service stops."""
START_SECONDS = 60.0
"""How long database and broker may be away when a service starts, before it gives up."""


class Service:
    """What a service consists of.

    `reads` are the topics whose messages `handlers` handle; those of `projects` come by themselves.
    `tasks` run beside the consumer with the running service, and end with it.
    """

    def __init__(
        self,
        name: str,
        settings: type[ServiceSettings],
        handlers: Handlers | None = None,
        *,
        reads: Sequence[Topic] = (),
        projects: Sequence[Projection] = (),
        migrations: Path | None = None,
        tasks: Sequence[Callable[["Running"], Awaitable[None]]] = (),
    ) -> None:
        self.name = name
        self.settings = settings
        self.handlers = handlers or Handlers()
        self.projects = projects
        self.migrations = migrations
        self.tasks = tasks
        topics = {topic.name: topic for topic in reads}
        topics |= {projection.topic.name: projection.topic for projection in projects}
        self.topics: Mapping[str, Topic] = topics

    def processor(
        self,
        engine: Engine,
        settings: ServiceSettings | None = None,
    ) -> Processor:
        """The heart of the service on a database, without any transport.

        `settings` are those of an empty environment unless others are given.
        """
        settings = settings or self.settings.defaults()
        return Processor(
            self.name,
            engine,
            self.handlers,
            settings,
            topics={settings.topic_prefix + name: topic for name, topic in self.topics.items()},
            projections=self.projects,
        )

    def main(self) -> None:
        """Runs the service, or with the argument `migrate` only migrates its database.

        Ends the process: 0 after SIGTERM or SIGINT, 2 for a wrong setting, 1 when it can't work.
        """
        settings = self.settings.from_environment()
        logs.configure(self.name, settings.log_level, settings.log_format)
        if sys.argv[1:] == ["migrate"]:
            migrate(connect(service_url(settings.database_url, self.name)), self.migrations)
            return
        if sys.argv[1:]:
            sys.exit(f"usage: python -m impulse_{self.name} [migrate]")
        # What is loaded now stays; the collector need not look at it with every batch.
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        try:
            asyncio.run(Running(self, settings).run())
        except web.CantListen as error:
            log.error("the service can't start", reason=str(error))
            sys.exit(1)
        except ExceptionGroup as errors:
            log.error("the service can't go on", reason=_first(errors), exc_info=errors)
            sys.exit(1)


def _first(errors: BaseException) -> str:
    """The first error in a group of groups, in one line."""
    while isinstance(errors, BaseExceptionGroup):
        errors = errors.exceptions[0]
    return _line(errors)


class StartFailed(Exception):
    """Database or broker could not be reached in time, or refuse the service."""


class Running:
    """A service that runs. Tasks get it: `transact` is their way to change and say things."""

    def __init__(self, service: Service, settings: ServiceSettings) -> None:
        self.service = service
        self.settings = settings
        self.name = service.name
        self.url = service_url(settings.database_url, service.name)
        self.engine = connect(self.url)
        self.stopping = asyncio.Event()
        self.processor = service.processor(self.engine, settings)
        self.consumer = Consumer(
            self.processor,
            bootstrap_servers=settings.kafka_bootstrap_servers,
            group=f"{settings.topic_prefix}impulse.{self.name}",
            instance=settings.instance,
            batch_size=settings.batch_size,
            session_timeout_ms=int(settings.session_timeout_seconds * 1000),
            security=kafka.for_faststream(settings),
            paused=self._read_paused,
            pause=self._write_paused,
            after=self._after_batch,
        )
        self.lag = Lag(self.consumer, settings.stuck_seconds)
        self.relay = Relay(
            self.name,
            self._autocommit,
            lambda: kafka.producer(settings),
            topic_prefix=settings.topic_prefix,
        )
        self._timers_thread = ThreadPoolExecutor(1, thread_name_prefix="timers")
        self._swept = asyncio.Event()
        self._database_fault: str | None = "not looked at yet"
        self._ticks: dict[str, float] = {}
        self._faults: dict[str, str | None] = {}
        self.after_commit: list[Callable[[], None]] = []
        """Called in the event loop after each batch that was committed."""

    # ---------------------------------------------------------------------------- for tasks

    async def transact(self, work: Callable[[Transaction], T]) -> T:
        """Runs `work` in one transaction, in a thread; what it publishes goes out after it.

        Repeats when somebody was faster. Raises `Unavailable` when the database is away.
        """
        result = await asyncio.to_thread(transact, self.engine, self.name, work, self.settings)
        self.relay.wake()
        return result

    # --------------------------------------------------------------------------------- life

    async def run(self) -> None:
        """Runs until SIGTERM or SIGINT. Raises `StartFailed`, `CantListen`, what ended a task."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        setting = f"IMPULSE_{self.name.upper()}_METRICS_PORT"
        socket = web.listen(self.settings.bind, self.settings.metrics_port, setting)
        health = web.server(web.health_app(self.alive, self.ready))
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(health.serve(sockets=[socket]))
            if await self._start():
                log.info("started", topics=sorted(self.processor.topics))
                await self._work()
            health.should_exit = True
            await serving
        self.engine.dispose()
        log.info("stopped")

    async def _start(self) -> bool:
        """Migrates and joins the group; False when it was told to stop meanwhile."""
        await self._insist("database", lambda: asyncio.to_thread(self._prepare_database))
        self._database_fault = None
        if not self.stopping.is_set():
            await self._insist("broker", self.consumer.start)
        return not self.stopping.is_set()

    def _prepare_database(self) -> None:
        migrate(self.engine, self.service.migrations)

    async def _insist(self, what: str, attempt: Callable[[], Awaitable[None]]) -> None:
        deadline = time.monotonic() + START_SECONDS
        pause = 0.2
        while not self.stopping.is_set():
            try:
                await attempt()
                return
            except (*_AWAY, KafkaError, OSError) as error:
                if time.monotonic() > deadline:
                    raise StartFailed(f"{what} not usable: {_line(error)}") from error
                log.warning("waiting at start", what=what, error=_line(error))
            pause = min(pause * 2, 3.0)
            try:
                async with asyncio.timeout(pause):
                    await self.stopping.wait()
            except TimeoutError:
                continue

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as group:
            relay = group.create_task(self.relay.run())
            others = [
                group.create_task(self._every(TIMERS_SECONDS, "timers", self._timers, self._swept)),
                group.create_task(self._every(MONITOR_SECONDS, "monitor", self._monitor)),
                group.create_task(self._every(CLEANING_SECONDS, "cleaning", self._clean)),
                *(group.create_task(self._task(task)) for task in self.service.tasks),
            ]
            await self.stopping.wait()
            await self.consumer.stop()
            for task in others:
                task.cancel()
            await self.relay.stop()
            try:
                async with asyncio.timeout(STOP_SECONDS):
                    await relay
            except TimeoutError:
                log.warning("not all is published; it stays in the outbox and goes out later")

    async def _task(self, task: Callable[["Running"], Awaitable[None]]) -> None:
        await task(self)
        if not self.stopping.is_set():
            raise RuntimeError(f"task {task.__name__} ended before the service")

    async def _every(
        self,
        seconds: float,
        name: str,
        work: Callable[[], Awaitable[None]],
        wake: asyncio.Event | None = None,
    ) -> None:
        """Does `work` every `seconds`, or when woken; a database that is away is waited for."""
        wake = wake or asyncio.Event()
        while True:
            self._ticks[name] = time.monotonic()
            wake.clear()
            try:
                await work()
                self._faults[name] = None
            except Exception as error:
                # One bad row must not end the service, again and again; it makes it unready.
                if not isinstance(error, (*_AWAY, KafkaError)):
                    log.exception("not done, will try again", what=name)
                self._faults[name] = _line(error)
            try:
                async with asyncio.timeout(seconds):
                    await wake.wait()
            except TimeoutError:
                continue

    # ------------------------------------------------------------------------------ the loops

    def _after_batch(self, progress: Progress) -> None:
        if progress.published:
            self.relay.wake()
        if progress.woken:
            self._swept.set()
        for callback in self.after_commit:
            callback()

    async def _timers(self) -> None:
        def work() -> bool:
            now = datetime.now(UTC)
            fired = self.processor.fire_timers(now)
            swept = self.processor.sweep(now)
            if swept.woken:
                self._loop_again = True
            return bool(fired) or swept.published

        self._loop_again = False
        loop = asyncio.get_running_loop()
        if await loop.run_in_executor(self._timers_thread, work):
            self.relay.wake()
            for callback in self.after_commit:
                callback()
        if self._loop_again:
            self._swept.set()

    async def _clean(self) -> None:
        def work() -> None:
            now = datetime.now(UTC)
            with self._autocommit() as connection:
                inbox.forget_old(connection, now)
                deadletters.forget_old(
                    connection, now - timedelta(seconds=self.settings.erasure_seconds)
                )

        await asyncio.to_thread(work)

    async def _monitor(self) -> None:
        try:
            pending, age, parked, dead = await asyncio.to_thread(self._look)
        except _AWAY as error:
            self._database_fault = f"not reachable: {_line(error)}"
        else:
            self._database_fault = None
            metrics.OUTBOX_PENDING.labels(self.name).set(pending)
            metrics.OUTBOX_AGE.labels(self.name).set(age)
            metrics.OUTBOX_PARKED.labels(self.name).set(parked)
            metrics.DEAD_LETTERS_OPEN.labels(self.name).set(dead)
            await self.consumer.refresh_paused()
        await self.lag.look()
        metrics.READY.labels(self.name).set(not any(self.ready().values()))

    def _look(self) -> tuple[int, float, int, int]:
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return (*outbox.backlog(driver), deadletters.count_open(driver))

    # ---------------------------------------------------------------------------------- health

    def alive(self) -> dict[str, str | None]:
        """Whether the loops tick. A batch may take a minute, so a tick may be two minutes old."""
        now = time.monotonic()
        ticks = {**self._ticks}
        if self._ticks:
            ticks["consumer"] = self.consumer.last_poll
        return {
            name: None if now - tick < 120 + CLEANING_SECONDS else f"no tick for {now - tick:.0f} s"
            for name, tick in ticks.items()
        }

    def ready(self) -> dict[str, str | None]:
        """Whether the service does its work: database, partitions, caught up, paused, stuck."""
        paused = ", ".join(
            f"{place.topic}/{place.partition}: {fault}"
            for place, fault in self.consumer.paused.items()
        )
        return {
            "database": self._database_fault,
            "partitions": None if self.consumer.rebalanced else "none assigned yet",
            "caught up": None if self.lag.caught_up else "still reading what was there at first",
            "batch": self.consumer.trouble,
            "paused": paused or None,
            "stuck": self.lag.stuck,
            "broker": self.lag.fault,
            **self._faults,
        }

    # -------------------------------------------------------------------------------- plumbing

    def _autocommit(self) -> "psycopg.Connection[Any]":
        return psycopg.connect(
            self.url.set(drivername="postgresql").render_as_string(hide_password=False),
            autocommit=True,
            connect_timeout=5,
            options="-c timezone=UTC -c statement_timeout=60s " + SERVER_KEEPALIVE,
            **CLIENT_KEEPALIVE,
        )

    def _write_paused(self, place: deadletters.Place, fault: str) -> None:
        with self._autocommit() as connection, connection.cursor() as cursor:
            deadletters.pause(cursor, place, fault, datetime.now(UTC))

    def _read_paused(self) -> Mapping[deadletters.Place, str]:
        with self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            return deadletters.paused(driver)


def transact(
    engine: Engine,
    service: str,
    work: Callable[[Transaction], T],
    settings: ServiceSettings | None = None,
) -> T:
    """Runs `work` in one transaction and writes what it left. Repeats when somebody was faster.

    Raises `Unavailable` when the database is away.
    """
    for attempt in range(20):
        try:
            with engine.begin() as connection:
                tx = Transaction(connection, service, datetime.now(UTC), settings)
                result = work(tx)
                tx.flush()
            return result
        except Exception as error:
            trouble = classify(error)
            if trouble is Trouble.UNAVAILABLE:
                raise Unavailable(type(error).__name__) from error
            if trouble is Trouble.FAULT or attempt == 19:
                raise
            time.sleep(0.01 * attempt)
    raise AssertionError("unreachable")


def _line(error: BaseException) -> str:
    """An error in one line, without the values that a database may quote."""
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]
