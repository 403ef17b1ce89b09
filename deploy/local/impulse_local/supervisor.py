"""Keeps processes running: starts them again, gives up on one that won't stay, stops in order."""

from __future__ import annotations

import asyncio
import re
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from impulse_local.daemon import Daemon
from impulse_local.errors import StackError
from impulse_local.logs import SERIOUS, LogWatch

WRONG_SETTING = 2  # the status of who was told something wrong: starting again will not help
RESTART_SECONDS = 1.0
ENDS = 5  # within ENDS_SECONDS: then starting again will not help
ENDS_SECONDS = 60.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.1


class Part(Protocol):
    """Something that runs in a process: the broker, the database, a service."""

    daemon: Daemon
    serious: re.Pattern[str]
    """Which lines of its log a person should see."""

    def start(self) -> object:
        """Starts it, waiting until it answers where that is its nature; raises StackError."""

    def stop(self) -> None:
        """Stops it in order."""


class Program:
    """A program that is simply started, and stopped by SIGTERM."""

    serious = SERIOUS

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str], data_dir: Path
    ) -> None:
        self.daemon = Daemon(
            name, data_dir / "run" / f"{name}.pid", data_dir / "logs" / f"{name}.log"
        )
        self._command = command
        self._environment = environment

    def start(self) -> None:
        """Starts it; whether it is ready is for whoever knows its nature to find out."""
        self.daemon.start(self._command, env=self._environment)

    def stop(self) -> None:
        """Stops it, by force when it takes longer than `STOP_SECONDS`."""
        self.daemon.stop(STOP_SECONDS)


class GaveUp(StackError):
    """A process ended too often, or since it was told something wrong."""


@dataclass
class _Kept:
    part: Part
    watch: LogWatch
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=ENDS))
    # Starting and stopping happen in threads; a stop waits for a start that is under way.
    turn: threading.Lock = field(default_factory=threading.Lock)
    stopping: threading.Event = field(default_factory=threading.Event)


class Supervisor:
    """The processes that are to run, in the order in which they were added."""

    def __init__(self, say: Callable[[str, str], None]) -> None:
        """`say(name, line)` shows a line about one process."""
        self._say = say
        self._kept: list[_Kept] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def add(self, part: Part) -> None:
        """Starts a process and keeps it running from now on; raises StackError if it can't."""
        daemon = part.daemon
        watch = LogWatch(daemon.log_file, lambda line: self._say(daemon.name, line), part.serious)
        kept = _Kept(part, watch)
        self._kept.append(kept)
        await asyncio.to_thread(self._start, kept)
        task = asyncio.create_task(self._keep(kept), name=daemon.name)
        task.add_done_callback(self._ended)
        self._tasks.add(task)

    async def failure(self) -> None:
        """Waits until a process can't be kept running; raises GaveUp then."""
        await asyncio.shield(self._failed)

    async def stop(self, *names: str) -> None:
        """Stops the named processes (all: no name), in order, those of one call side by side."""
        chosen = [kept for kept in self._kept if not names or kept.part.daemon.name in names]
        for kept in chosen:
            kept.stopping.set()
        await asyncio.gather(*(asyncio.to_thread(self._stop, kept) for kept in chosen))
        self._kept = [kept for kept in self._kept if kept not in chosen]

    def _start(self, kept: _Kept) -> None:
        with kept.turn:
            if not kept.stopping.is_set():
                kept.part.start()

    def _stop(self, kept: _Kept) -> None:
        with kept.turn:
            kept.part.stop()

    async def _keep(self, kept: _Kept) -> None:
        daemon = kept.part.daemon
        while not kept.stopping.is_set():
            while daemon.running:
                kept.watch.poll()
                await asyncio.sleep(POLL_SECONDS)
            if kept.stopping.is_set():
                return
            kept.watch.poll()
            self._count_end(kept)
            await asyncio.sleep(RESTART_SECONDS)
            try:
                await asyncio.to_thread(self._start, kept)
            except (StackError, OSError) as error:
                self._say(daemon.name, str(error))
            else:
                self._say(daemon.name, "runs again")

    def _count_end(self, kept: _Kept) -> None:
        daemon = kept.part.daemon
        ending, log = daemon.ending, f"the end of {daemon.log_file}:\n{daemon.last_lines()}"
        if daemon.status == WRONG_SETTING:
            raise GaveUp(f"{daemon.name} was told something wrong ({ending}); {log}")
        kept.ends.append(time.monotonic())
        if len(kept.ends) == ENDS and kept.ends[-1] - kept.ends[0] <= ENDS_SECONDS:
            raise GaveUp(
                f"{daemon.name} ended {ENDS} times within {ENDS_SECONDS:.0f} s "
                f"(last: {ending}); {log}"
            )
        self._say(daemon.name, f"ended ({ending}); starting it again")

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not self._failed.done():
            self._failed.set_exception(error)


def show(name: str, line: str) -> None:
    """Prints a line about one process, its name in front of each line of it."""
    for row in line.splitlines() or [""]:
        print(f"{name:>13} | {row}", flush=True, file=sys.stdout)
