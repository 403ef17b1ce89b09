"""That the sweep of actors goes on, whatever became of one of its messages."""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy.exc import DBAPIError

from impulse_chassis import Running
from impulse_registry.store.network import keep_sweeping

log = structlog.get_logger(__name__)

PAUSE = timedelta(minutes=10)
"""From one look to the next; a timer that is missing is set for then."""


async def restart_sweep(running: Running) -> None:
    """Sets the sweep's timer again where it is missing: each sweep sets the next, and one that
    ended as a dead letter did not.
    """

    def look() -> bool:
        with running.engine.begin() as connection:
            return keep_sweeping(connection, datetime.now(UTC) + PAUSE)

    while not running.stopping.is_set():
        try:
            if await asyncio.to_thread(look):
                log.info("the sweep of actors was missing, and is set again")
        except DBAPIError as error:
            log.warning("the sweep was not looked after", error=type(error).__name__)
        try:
            async with asyncio.timeout(PAUSE.total_seconds()):
                await running.stopping.wait()
        except TimeoutError:
            continue
