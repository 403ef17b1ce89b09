"""Progress for people: a bar on a terminal, plain lines elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

EVERY_SECONDS = 5.0


class Stage:
    """One stage with a known number of steps, shown while it runs."""

    def __init__(self, console: Console, title: str, total: int) -> None:
        self._console, self._title, self._total = console, title, total
        self._said = time.monotonic()
        self._bar = (
            Progress(
                TextColumn("{task.description}", justify="left"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[note]}"),
                TimeElapsedColumn(),
                console=console,
            )
            if console.is_terminal
            else None
        )
        self._task = self._bar.add_task(title, total=total, note="") if self._bar else None

    def __enter__(self) -> Self:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar:
            self._bar.stop()

    def show(self, done: int, note: str) -> None:
        """Shows how many steps are done; on plain output at most every five seconds."""
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, note=note)
        elif time.monotonic() - self._said > EVERY_SECONDS:
            self._said = time.monotonic()
            self._console.print(f"{self._title}: {done} of {self._total} {note}".rstrip())
