"""What a service says of its health: whether its loops tick, and whether it does its work."""

import time

from impulse_chassis.consumer import Consumer
from impulse_chassis.lag import Lag

TICK_SECONDS = 180.0
"""The longest that a loop may take: one works once a minute, and a batch may take a minute."""
LASTING_SECONDS = 10.0
"""How long a fault is told that may come again: what waits, or can't be read, is tried every few
seconds only, and the rounds between have nothing to fail at."""


class Health:
    """The evidence for `/livez` and `/readyz`, noted by the loops."""

    def __init__(self, consumer: Consumer, lag: Lag) -> None:
        self._consumer = consumer
        self._lag = lag
        self._ticks: dict[str, float] = {}
        self._faults: dict[str, str | None] = {}
        self._told_until: dict[str, float] = {}
        self.database: str | None = "not looked at yet"
        """Why the database can't be used; None while it can."""

    def tick(self, loop: str) -> None:
        """A loop has begun a round."""
        self._ticks[loop] = time.monotonic()

    def note(self, loop: str, fault: str | None, *, lasting: bool = False) -> None:
        """How the round of a loop ended: None where all is well.

        A `lasting` fault is told for `LASTING_SECONDS`, however the next rounds end.
        """
        now = time.monotonic()
        if lasting:
            self._told_until[loop] = now + LASTING_SECONDS
        elif now < self._told_until.get(loop, 0):
            return
        self._faults[loop] = fault

    def alive(self) -> dict[str, str | None]:
        """Whether the loops tick."""
        now = time.monotonic()
        ticks = {**self._ticks}
        if self._ticks:
            ticks["consumer"] = self._consumer.last_poll
        return {
            name: None if now - tick < TICK_SECONDS else f"no tick for {now - tick:.0f} s"
            for name, tick in ticks.items()
        }

    def ready(self) -> dict[str, str | None]:
        """Whether the service does its work, by what it takes: why not, or None."""
        paused = ", ".join(
            f"{place.topic}/{place.partition}: {fault}"
            for place, fault in self._consumer.paused.faults.items()
        )
        return {
            "database": self.database,
            "partitions": None if self._consumer.rebalanced else "none assigned yet",
            "caught up": None if self._lag.caught_up else "still reading what was there at first",
            "reading": self._consumer.paused.failure(LASTING_SECONDS),
            "batch": self._consumer.trouble,
            "paused": paused or None,
            "stuck": self._lag.stuck,
            "broker": self._lag.fault,
            **self._faults,
        }
