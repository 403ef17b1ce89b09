"""The task that sends e-mails: one SMTP connection as long as there is something to be sent.

A mail server that is away is no attempt of any e-mail: the connection comes first, so nothing is
claimed, counted or said until it stands.
"""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

import aiosmtplib
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from impulse_chassis import Running, Transaction, Unavailable
from impulse_notifications import metrics, queue
from impulse_notifications.delivery import deliver
from impulse_notifications.domain.attempt import Attempt, Outcome
from impulse_notifications.domain.message import Why
from impulse_notifications.letter import Letter, write
from impulse_notifications.settings import Settings

log = structlog.get_logger(__name__)
T = TypeVar("T")

IDLE_SECONDS = 1.0
"""How long the sender rests when there is nothing to do, unless a batch wakes it."""
RECONNECT_MAX = timedelta(seconds=30)
"""The longest pause between two tries to reach the mail server."""


class ServerAway(Exception):
    """The mail server can't be reached, or does not let us in."""


class Transact(Protocol):
    """Runs something in one transaction, as `Running.transact` does."""

    def __call__(self, work: Callable[[Transaction], T]) -> Awaitable[T]: ...


class Sender:
    """Sends what is queued. `stopping` is set when the service is to end."""

    def __init__(
        self, engine: Engine, settings: Settings, transact: Transact, stopping: asyncio.Event
    ) -> None:
        self._settings = settings
        self._transact = transact
        self._stopping = stopping
        self._presence = queue.Presence(engine)
        self._tidied = -math.inf
        self._attempts = 0

    async def run(self, wake: asyncio.Event) -> None:
        """Sends until cancelled; looks when woken, and every second."""
        failures = 0
        try:
            while True:
                wake.clear()
                before = self._attempts
                try:
                    await self.round()
                    failures = 0
                    metrics.SERVER_UP.set(1)
                    with suppress(TimeoutError):
                        async with asyncio.timeout(IDLE_SECONDS):
                            await wake.wait()
                except ServerAway as away:
                    # A server that takes some e-mails and closes has not failed again and again.
                    failures = failures + 1 if self._attempts == before else 1
                    metrics.SERVER_UP.set(0)
                    retries = replace(self._settings.retries, longest=RECONNECT_MAX)
                    pause = retries.pause(failures).total_seconds()
                    log.warning("mail server away", reason=str(away), next_try_in=pause)
                    await asyncio.sleep(pause)
                except (Unavailable, DBAPIError, PoolTimeout) as error:
                    log.warning("not done, will try again", what="sender", error=_name(error))
                    await asyncio.sleep(IDLE_SECONDS)
        finally:
            self._presence.end()

    async def round(self) -> None:
        """Sends all that is due. Raises `ServerAway`, `Unavailable` or SQLAlchemy's DBAPIError."""
        if time.monotonic() - self._tidied >= IDLE_SECONDS:
            await self._tidy()
        if not await self._transact(queue.is_due):
            return
        sender = await asyncio.to_thread(self._presence.name)
        async with self._connected() as smtp:
            while letters := await self._transact(lambda tx: queue.claim(tx, sender)):
                for letter in letters:
                    if self._stopping.is_set():
                        return
                    # What was begun is brought to its end, also when the service is to stop.
                    await _unbroken(self._send(smtp, sender, letter))

    async def _tidy(self) -> None:
        sender = await asyncio.to_thread(self._presence.name)
        retries = self._settings.retries
        queued = await self._transact(lambda tx: queue.tidy(tx, sender, retries))
        metrics.QUEUED.set(queued)
        self._tidied = time.monotonic()

    async def _send(self, smtp: aiosmtplib.SMTP, sender: UUID, letter: Letter) -> None:
        """Sends one e-mail. Raises `ServerAway` if the connection was lost over it."""
        attempt = await self._attempt(smtp, sender, letter)
        if attempt is not None:
            await self._record(sender, letter.message.message_id, attempt)
        if not smtp.is_connected:
            raise ServerAway("the connection was closed")

    async def _attempt(self, smtp: aiosmtplib.SMTP, sender: UUID, letter: Letter) -> Attempt | None:
        settings = self._settings
        message_id = letter.message.message_id
        try:
            recipient, content = write(
                letter,
                sender=settings.sender,
                home=settings.home,
                operator=settings.operator_name,
                now=datetime.now(UTC),
                key=settings.privacy_key.get_secret_value(),
            )
        except ValueError:
            return Attempt(Outcome.PERMANENT, Why.ADDRESS_UNUSABLE)
        except Exception as error:
            # Where, not what: the text of an error may quote the data.
            log.error("e-mail could not be written", message_id=str(message_id), error=_name(error))
            return Attempt(Outcome.PERMANENT, Why.NOT_WRITTEN)
        return await deliver(
            smtp,
            settings.sender.addr_spec,
            recipient.addr_spec,
            content,
            lambda: self._transact(lambda tx: queue.begin(tx, sender, message_id)),
        )

    async def _record(self, sender: UUID, message_id: UUID, attempt: Attempt) -> None:
        """Records an attempt, and waits for a database that is away: nobody else knows."""
        self._attempts += 1
        metrics.MAILS.labels(attempt.outcome.name.lower()).inc()
        if attempt.why is not None:
            log.warning(
                "e-mail not sent", message_id=str(message_id), why=attempt.why, code=attempt.code
            )
        retries = self._settings.retries
        while True:
            try:
                await self._transact(
                    lambda tx: queue.record(tx, sender, message_id, attempt, retries)
                )
                return
            except Unavailable:
                if self._stopping.is_set():
                    raise
                await asyncio.sleep(IDLE_SECONDS)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[aiosmtplib.SMTP]:
        settings = self._settings
        password = settings.smtp_password
        smtp = aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_username,
            password=password.get_secret_value() if password else None,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            timeout=settings.smtp_timeout_seconds,
            local_hostname=settings.sender.domain,
        )
        try:
            await smtp.connect()
        except (aiosmtplib.SMTPException, OSError) as error:
            smtp.close()
            raise ServerAway(
                f"{_name(error)} at {settings.smtp_host}:{settings.smtp_port}"
            ) from error
        try:
            yield smtp
        finally:
            with suppress(aiosmtplib.SMTPException, OSError):
                await smtp.quit()
            smtp.close()


async def send_mails(running: Running) -> None:
    """The service's task: sends what is queued, for as long as the service runs."""
    assert isinstance(running.settings, Settings)
    wake = asyncio.Event()
    running.after_commit.append(wake.set)
    sender = Sender(running.engine, running.settings, running.transact, running.stopping)
    await sender.run(wake)


async def _unbroken(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, which is not cancelled with the caller but waited for."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("not done before the end", what="sender", error=_name(error))
        raise


def _name(error: BaseException) -> str:
    return type(error).__name__
