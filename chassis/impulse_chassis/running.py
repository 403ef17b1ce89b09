"""A service that runs: its start, its loops, its end."""

import asyncio
import signal
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
import structlog
from aiokafka.errors import KafkaError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from impulse_chassis import deadletters, inbox, kafka, metrics, outbox, reapplying, web
from impulse_chassis.consumer import Consumer
from impulse_chassis.database import (
    CLIENT_KEEPALIVE,
    SERVER_KEEPALIVE,
    Trouble,
    Unavailable,
    classify,
    connect,
    directly,
    migrate,
    reading,
    service_url,
)
from impulse_chassis.health import Health
from impulse_chassis.lag import Lag
from impulse_chassis.logs import one_line
from impulse_chassis.processor import Progress
from impulse_chassis.relay import Relay
from impulse_chassis.settings import ServiceSettings
from impulse_chassis.ticks import Ticks
from impulse_chassis.transaction import Transaction, transact

if TYPE_CHECKING:
    from impulse_chassis.service import Service

log = structlog.get_logger(__name__)
T = TypeVar("T")
_AWAY = (DBAPIError, psycopg.Error, PoolTimeout, Unavailable)

TIMERS_SECONDS = 0.5
MONITOR_SECONDS = 1.0
CLEANING_SECONDS = 60.0
STOP_SECONDS = 8.0
"""How long the relay may take to hand over what it has begun, when the service stops."""
REAPPLIED = 500
"""How many erasures are obeyed in one transaction when a service starts."""
START_SECONDS = 60.0
"""How long database and broker may be away when a service starts, before it gives up."""


class StartFailed(Exception):
    """Database or broker could not be reached in time, or refuse the service."""


class Running:
    """A service that runs. Tasks get it: `transact` is their way to change and say things."""

    def __init__(self, service: "Service", settings: ServiceSettings) -> None:
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
            linger=settings.linger_seconds,
            session_timeout_ms=int(settings.session_timeout_seconds * 1000),
            security=kafka.for_faststream(settings),
            paused=self._read_paused,
            pause=self._write_paused,
            after=self._after_batch,
        )
        self.lag = Lag(self.consumer, settings.stuck_seconds)
        self.health = Health(self.consumer, self.lag)
        self.relay = Relay(
            self.name,
            self._autocommit,
            lambda: kafka.relay_producer(settings, self.name),
            topic_prefix=settings.topic_prefix,
        )
        self.ticks = Ticks(self.name, settings, lambda: self.relay.leads)
        self._timers_thread = ThreadPoolExecutor(1, thread_name_prefix="timers")
        self._woken = asyncio.Event()
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
        server = web.server(web.health_app(self.health.alive, self.health.ready))
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(server.serve(sockets=[socket]))
            if await self._start():
                log.info("started", topics=sorted(self.processor.topics))
                await self._work()
            server.should_exit = True
            await serving
        self.engine.dispose()
        log.info("stopped")

    async def _start(self) -> bool:
        """Migrates and joins the group; False when it was told to stop meanwhile."""
        await self._insist("database", lambda: asyncio.to_thread(self._prepare_database))
        self.health.database = None
        if not self.stopping.is_set():
            await self._insist("broker", self._obey_erasures)
        if not self.stopping.is_set():
            await self._insist("broker", self.consumer.start)
        return not self.stopping.is_set()

    def _prepare_database(self) -> None:
        migrate(self.engine, self.service.migrations)

    async def _obey_erasures(self) -> None:
        """Forgets again whom this database remembers: it may come from a backup."""
        forgetting = self.service.forgetting
        if forgetting is None:
            return
        persons = sorted(await reapplying.erased(self.settings))
        for first in range(0, len(persons), REAPPLIED):
            part = persons[first : first + REAPPLIED]
            count = await self.transact(partial(forgetting.reapply, persons=part))
            if count:
                log.info("erasures obeyed at start", count=count)

    async def _insist(self, what: str, attempt: Callable[[], Awaitable[None]]) -> None:
        deadline = time.monotonic() + START_SECONDS
        pause = 0.2
        while not self.stopping.is_set():
            try:
                await attempt()
                return
            except (*_AWAY, KafkaError, OSError) as error:
                if time.monotonic() > deadline:
                    raise StartFailed(f"{what} not usable: {one_line(error)}") from error
                log.warning("waiting at start", what=what, error=one_line(error))
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
                group.create_task(self._every(TIMERS_SECONDS, "timers", self._fire)),
                group.create_task(self._every(TIMERS_SECONDS, "waiting", self._sweep, self._woken)),
                group.create_task(self._every(MONITOR_SECONDS, "monitor", self._monitor)),
                group.create_task(self._every(CLEANING_SECONDS, "cleaning", self._clean)),
                *(group.create_task(self._task(task)) for task in self.service.tasks),
            ]
            if self.ticks.topics:
                ticking = self._every(self.ticks.pause, "ticks", self.ticks.say)
                others.append(group.create_task(ticking))
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
            await self.ticks.stop()

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
            self.health.tick(name)
            wake.clear()
            try:
                await work()
                self.health.note(name, None)
            except Exception as error:
                # One bad row must not end the service, again and again; it makes it unready.
                away = isinstance(error, (Unavailable, KafkaError, OSError))
                ours = not away and classify(error) is Trouble.FAULT
                if ours:
                    # Where, not what: an error's text may quote the data.
                    trace = "".join(traceback.format_tb(error.__traceback__)[-4:])
                    error_name = type(error).__name__
                    log.error("not done, will try again", what=name, error=error_name, trace=trace)
                self.health.note(name, one_line(error), lasting=ours)
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
            self._woken.set()
        self._tell()

    async def _fire(self) -> None:
        loop, now = asyncio.get_running_loop(), datetime.now(UTC)
        if await loop.run_in_executor(self._timers_thread, self.processor.fire_timers, now):
            self.relay.wake()
            self._tell()

    async def _sweep(self) -> None:
        loop, now = asyncio.get_running_loop(), datetime.now(UTC)
        swept = await loop.run_in_executor(self._timers_thread, self.processor.sweep, now)
        if swept.published:
            self.relay.wake()
            self._tell()
        if swept.woken:
            self._woken.set()

    def _tell(self) -> None:
        for callback in self.after_commit:
            callback()

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
            self.health.database = f"not reachable: {one_line(error)}"
        else:
            self.health.database = None
            metrics.OUTBOX_PENDING.labels(self.name).set(pending)
            metrics.OUTBOX_AGE.labels(self.name).set(age)
            metrics.OUTBOX_PARKED.labels(self.name).set(parked)
            metrics.DEAD_LETTERS_OPEN.labels(self.name).set(dead)
            await self.consumer.refresh_paused()
        await self.lag.look()
        metrics.READY.labels(self.name).set(not any(self.health.ready().values()))

    def _look(self) -> tuple[int, float, int, int]:
        with reading(self.engine) as connection:
            return (*outbox.backlog(connection), deadletters.count_open(connection))

    # -------------------------------------------------------------------------------- plumbing

    def _autocommit(self) -> "psycopg.Connection[Any]":
        options = "-c timezone=UTC -c statement_timeout=60s " + SERVER_KEEPALIVE
        return directly(self.url, options=options, **CLIENT_KEEPALIVE)

    def _write_paused(self, place: deadletters.Place, fault: str) -> None:
        with self._autocommit() as connection, connection.cursor() as cursor:
            deadletters.pause(cursor, place, fault, datetime.now(UTC))

    def _read_paused(self) -> Mapping[deadletters.Place, str]:
        with reading(self.engine) as connection:
            return deadletters.paused(connection)
