"""Live events: one poller a process looks for new activities and tells every browser.

Positions are given out before rows are committed, and several replicas commit at once, so a row
may appear behind one that was seen already. The poller therefore looks at all positions that are
kept (1,000), not only at those after the last, and remembers which it has seen.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

import structlog

from impulse_chassis import Unavailable
from impulse_gateway.store import activity
from impulse_gateway.store.activity import Counters, Entry
from impulse_gateway.web.database import Database

log = structlog.get_logger(__name__)

POLL_SECONDS = 0.5
"""How often other replicas' rows are looked for; this process's own commits wake the poller."""
REST_SECONDS = 0.2
"""The least time between two looks."""
SHOWN = 20
"""How many activities an event holds at most: whoever watches a flood sees the newest of it."""
QUEUE = 16
"""How many events wait for a slow browser; then the oldest is dropped."""
COUNT_SECONDS = 2.0
"""How often it is counted at most."""


@dataclass(frozen=True)
class News:
    """What is new: activities, the newest first, and how many there are now of what is counted."""

    entries: tuple[Entry, ...]
    counters: Counters | None
    last: int
    """The highest position so far."""


class TooMany(Exception):
    """No more browsers can listen to this process."""


class Live:
    """The poller, and the queues of those who listen."""

    def __init__(self, db: Database, *, clients: int = 500) -> None:
        self._db = db
        self._clients = clients
        self._queues: set[asyncio.Queue[News | None]] = set()
        self._woken = asyncio.Event()
        self._seen: set[int] | None = None
        self._last = 0
        self._counted: tuple[float, Counters | None] = (-COUNT_SECONDS, None)
        self._to_count = False

    def wake(self) -> None:
        """Something was committed: look at once."""
        self._woken.set()

    @property
    def full(self) -> bool:
        """Whether no more browsers can listen to this process."""
        return len(self._queues) >= self._clients

    @contextlib.contextmanager
    def listen(self) -> Iterator["asyncio.Queue[News | None]"]:
        """A queue of news; None ends it. Raises `TooMany`."""
        if self.full:
            raise TooMany
        queue: asyncio.Queue[News | None] = asyncio.Queue(QUEUE)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    def close(self) -> None:
        """Ends all queues: the process stops."""
        for queue in self._queues:
            _put(queue, None)

    async def run(self) -> None:
        """Looks for news until cancelled; waits for a database that is away."""
        while True:
            self._woken.clear()
            try:
                news = await self._look()
            except Unavailable as error:
                log.warning("no live events for now", error=str(error))
                await asyncio.sleep(1)
                continue
            if news:
                for queue in self._queues:
                    _put(queue, news)
            await asyncio.sleep(REST_SECONDS)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(POLL_SECONDS - REST_SECONDS):
                    await self._woken.wait()

    async def counters(self) -> Counters:
        """How many there are of what is counted; not older than `COUNT_SECONDS`."""
        now = asyncio.get_running_loop().time()
        counted_at, known = self._counted
        if known is None or now - counted_at >= COUNT_SECONDS:
            known = await self._db(activity.counters)
            self._counted = (now, known)
        return known

    async def _look(self) -> News | None:
        before = self._seen
        positions = set(await self._db(activity.positions))
        self._last = max(positions, default=self._last)
        self._seen = positions
        if before is None:
            return None
        # Below a full window there may be rows that were seen and have left it.
        floor = min(before) if len(before) >= activity.KEPT else 0
        fresh = sorted((each for each in positions - before if each > floor), reverse=True)
        shown = fresh[:SHOWN]
        entries = (
            await self._db(lambda connection: activity.at_positions(connection, shown))
            if shown
            else []
        )
        self._to_count = self._to_count or bool(fresh)
        counters = None
        if self._to_count and asyncio.get_running_loop().time() - self._counted[0] >= COUNT_SECONDS:
            counters = await self.counters()
            self._to_count = False
        if not entries and counters is None:
            return None
        return News(tuple(entries), counters, self._last)


def _put(queue: "asyncio.Queue[News | None]", news: News | None) -> None:
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(news)
