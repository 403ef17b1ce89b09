"""Publishes records and waits for what becomes of them."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from rich.console import Console

from impulse_sample.board import Answer, Board, asked
from impulse_sample.broker import Broker, Missing
from impulse_sample.envelope import Record
from impulse_sample.progress import Stage

Found = TypeVar("Found")

LOOK_AFTER = 200
"""Records between two looks at the answers while publishing as fast as possible."""


class Publisher:
    """Publishes to one broker and remembers on a board what it hears.

    `timeout` is how many seconds may pass without anything new before something counts as
    missing; `speed` is events per second, None for as fast as possible.
    """

    def __init__(
        self, broker: Broker, console: Console, *, timeout: float, speed: float | None = None
    ) -> None:
        self.broker, self.console, self.board = broker, console, Board()
        self.timeout, self.speed = timeout, speed

    def publish(self, title: str, topic: str, records: Sequence[Record]) -> list[Answer]:
        """Publishes what has no outcome yet and waits for every outcome; returns them.

        Raises Missing when outcomes stay away.
        """
        new = [record for record in records if asked(record) not in self.board.answers]
        with Stage(self.console, title, len(records)) as stage:
            self._send(stage, topic, new, len(records) - len(new))
            answers = self._await_answers(stage, title, records)
        self._summarise(title, answers, len(records) - len(new))
        return answers

    def wait_for(self, what: str, look: Callable[[], Found | None]) -> Found:
        """Watches until `look` finds something; raises Missing when `what` stays away."""
        deadline = time.monotonic() + self.timeout
        while True:
            if (found := look()) is not None:
                return found
            if time.monotonic() > deadline:
                raise Missing(f"{what} did not come within {self.timeout:.0f} s.")
            self.broker.take(self.board.see, 0.2)

    def settle(self, seconds: float) -> None:
        """Watches until nothing new came for some seconds, at most for the timeout."""
        end = time.monotonic() + self.timeout
        quiet_at = time.monotonic() + seconds
        while time.monotonic() < min(quiet_at, end):
            if self.broker.take(self.board.see, 0.2):
                quiet_at = time.monotonic() + seconds

    def _send(self, stage: Stage, topic: str, records: Sequence[Record], known: int) -> None:
        begin = time.monotonic()
        for number, record in enumerate(records):
            if self.speed:
                due = begin + number / self.speed
                while (left := due - time.monotonic()) > 0:
                    self.broker.take(self.board.see, min(left, 0.05))
            self.broker.publish(topic, record)
            if number % LOOK_AFTER == 0:
                self.broker.take(self.board.see, 0)
                stage.show(known, f"answered, {number} published")
        self.broker.flush(self.timeout)

    def _await_answers(self, stage: Stage, title: str, records: Sequence[Record]) -> list[Answer]:
        last, heard_at = -1, time.monotonic()
        while True:
            answers = self.board.answered(records)
            stage.show(len(answers), "answered")
            if len(answers) == len(records):
                return answers
            if len(answers) > last:
                last, heard_at = len(answers), time.monotonic()
            elif time.monotonic() - heard_at > self.timeout:
                raise Missing(
                    f"{title}: {len(records) - len(answers)} of {len(records)} got no outcome on"
                    f" impulse.outcomes for {self.timeout:.0f} s. Are all services ready?"
                )
            self.broker.take(self.board.see, 0.2)

    def _summarise(self, title: str, answers: Sequence[Answer], known: int) -> None:
        refused = Counter(f"{one.reason}: {one.text}" for one in answers if not one.accepted)
        accepted = len(answers) - refused.total()
        before = f", {known} of them known from before" if known else ""
        self.console.print(f"{title}: {accepted} accepted, {refused.total()} refused{before}")
        for reason, count in refused.most_common(5):
            self.console.print(f"  refused {count}: {reason}", markup=False)
