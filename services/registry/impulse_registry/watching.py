"""Erasures that take longer than the bound: what an operator must hear of."""

import asyncio

import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from impulse_chassis import Running

log = structlog.get_logger(__name__)

PAUSE = 10.0
"""Seconds from one look to the next."""
GRACE = 0.1
"""By which part of the bound an erasure may take longer before it is overdue."""

OPEN = Gauge(
    "impulse_erasures_open", "Erasures that are not completed everywhere yet.", ["service"]
)
OVERDUE = Gauge(
    "impulse_erasures_overdue",
    "Erasures that a service has not obeyed within the bound: table erasure says which.",
    ["service"],
)


def look(connection: Connection, bound_seconds: float) -> tuple[int, int]:
    """How many erasures are open, and how many of them overdue."""
    row = connection.execute(
        text(
            """
            SELECT count(*),
                   count(*) FILTER (WHERE requested_at < now() - :bound * interval '1 second')
            FROM erasure WHERE completed_at IS NULL
            """
        ),
        {"bound": bound_seconds * (1 + GRACE)},
    ).one()
    return int(row[0]), int(row[1])


async def watch_erasures(running: Running) -> None:
    """Counts open and overdue erasures, for the metrics."""

    def count() -> tuple[int, int]:
        with running.engine.connect() as connection:
            return look(connection, running.settings.erasure_seconds)

    while not running.stopping.is_set():
        try:
            open_, overdue = await asyncio.to_thread(count)
        except DBAPIError as error:
            log.warning("erasures not counted", error=type(error).__name__)
        else:
            OPEN.labels(running.name).set(open_)
            OVERDUE.labels(running.name).set(overdue)
        try:
            async with asyncio.timeout(PAUSE):
                await running.stopping.wait()
        except TimeoutError:
            continue
