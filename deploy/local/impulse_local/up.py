"""`python -m impulse_local up`: runs the stack in the foreground until Ctrl-C or SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from impulse_local.errors import StackError
from impulse_local.settings import Settings
from impulse_local.stack import Stack
from impulse_local.supervisor import Supervisor, show

ECHO_SECONDS = 2.0  # within which a second signal is an echo of the first: a group got it, or make


def up(*, with_sample: bool) -> int:
    """Runs the stack; the exit status: 0 after Ctrl-C or SIGTERM, 1 when it could not go on."""
    try:
        settings = Settings.load()
        with only_one(settings.data_dir):
            return asyncio.run(_run(settings, with_sample=with_sample))
    except (StackError, OSError) as error:  # a full disk, say
        print(error, file=sys.stderr, flush=True)
        return 1


@contextlib.contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Holds the data directory for this process; raises StackError while another has it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "supervisor.lock").open("a+")
    except OSError as error:
        raise StackError(f"IMPULSE_DATA_DIR={data_dir} can't be used: {error}") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise StackError(
                f"the stack already runs on {data_dir} (process {lock.read().strip()}): stop it, "
                "or choose other ports and another directory with IMPULSE_DATA_DIR"
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


async def _run(settings: Settings, *, with_sample: bool) -> int:
    supervisor = Supervisor(show)
    stack = Stack(settings, supervisor)
    stopping = asyncio.create_task(_signals().wait())
    tasks = {
        stopping,
        asyncio.create_task(supervisor.failure()),
        asyncio.create_task(stack.start(with_sample=with_sample)),
    }
    try:
        while not stopping.done():
            done, tasks = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()  # raises what went wrong
        return 0
    finally:
        for task in tasks:
            task.cancel()
        print("stopping …", flush=True)
        await stack.stop()
        print("stopped", flush=True)


def _signals() -> asyncio.Event:
    """The event that Ctrl-C, SIGTERM or a closed terminal sets."""
    asked = asyncio.Event()
    first = 0.0

    def receive() -> None:
        nonlocal first
        if not asked.is_set():
            first = time.monotonic()
            asked.set()
        elif time.monotonic() - first > ECHO_SECONDS:
            print("leaving at once; the next start takes over what still runs", flush=True)
            os._exit(130)

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, receive)
    return asked
