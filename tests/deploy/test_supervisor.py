"""The supervisor: starts again, gives up, stops in order; shown with tiny programs."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from impulse_local import supervisor as module
from impulse_local.daemon import Daemon
from impulse_local.supervisor import GaveUp, Program, Supervisor

FOREVER = "import time, signal, sys\nsignal.signal(15, lambda *_: sys.exit(0))\ntime.sleep(600)"
# Tells when it was asked to stop, and goes when all of its call were asked.
TELLS = """
import pathlib, signal, sys, time
def stop(*_):
    with open({log!r}, "a") as log: log.write({name!r} + " asked\\n")
    while any(each + " asked" not in open({log!r}).read() for each in {call!r}): time.sleep(0.01)
    with open({log!r}, "a") as log: log.write({name!r} + " gone\\n")
    sys.exit(0)
signal.signal(15, stop)
pathlib.Path({up!r}).touch()
time.sleep(600)
"""


class Stage:
    """A supervisor, the programs under it and what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[tuple[str, str]] = []
        self.supervisor = Supervisor(lambda name, line: self.said.append((name, line)))

    async def add(self, name: str, code: str) -> Program:
        program = Program(name, [sys.executable, "-c", code], os.environ, self.folder)
        await self.supervisor.add(program)
        return program

    async def until(self, true: Callable[[], object], seconds: float = 60) -> None:
        async with asyncio.timeout(seconds):
            while not true():
                await asyncio.sleep(0.02)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    yield stage
    await stage.supervisor.stop()


async def test_a_process_that_dies_is_started_again(stage: Stage) -> None:
    program = await stage.add("sleeper", FOREVER)
    first = program.daemon.find()
    program.daemon.kill()
    await stage.until(lambda: program.daemon.running)
    assert program.daemon.find() != first
    assert ("sleeper", "ended (killed by signal 9); starting it again") in stage.said


async def test_a_full_disk_is_said_and_it_comes_back_when_there_is_room(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESTART_SECONDS", 0.01)
    program = await stage.add("sleeper", FOREVER)
    remember, lost = Daemon._remember, []

    def full_once(daemon: Daemon, pid: int) -> None:
        monkeypatch.setattr(Daemon, "_remember", remember)
        lost.append(pid)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Daemon, "_remember", full_once)
    program.daemon.kill()
    await stage.until(lambda: ("sleeper", "runs again") in stage.said)
    assert ("sleeper", "[Errno 28] No space left on device") in stage.said
    assert program.daemon.running
    assert not psutil.pid_exists(lost[0]), "nobody would find it again"


async def test_five_ends_are_enough(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "RESTART_SECONDS", 0.01)
    healthy = await stage.add("healthy", FOREVER)
    await stage.add("ill", "print('no room left'); raise SystemExit(3)")
    with pytest.raises(GaveUp) as failure:
        async with asyncio.timeout(120):
            await stage.supervisor.failure()
    assert "ill ended 5 times within 60 s (last: exit status 3)" in str(failure.value)
    assert "no room left" in str(failure.value)
    assert stage.said.count(("ill", "ended (exit status 3); starting it again")) == 4
    assert healthy.daemon.running


async def test_a_wrong_setting_ends_it_at_once_with_the_words_of_this_run(stage: Stage) -> None:
    """Starting again can't heal it; what an earlier run was told wrong is none of this one's."""
    log = stage.folder / "logs" / "misled.log"
    log.parent.mkdir()
    log.write_text("setting IMPULSE_BATCH_SIZE: of an earlier run\n")
    code = "import sys; print('setting IMPULSE_STALE_DAYS', file=sys.stderr); sys.exit(2)"
    await stage.add("misled", code)
    with pytest.raises(GaveUp) as failure:
        async with asyncio.timeout(120):
            await stage.supervisor.failure()
    assert str(failure.value) == (
        f"misled was told something wrong (exit status 2); the end of {log}:\n"
        "setting IMPULSE_STALE_DAYS"
    )
    assert stage.said == []


async def test_the_words_of_this_run_are_found_in_a_log_that_was_emptied(stage: Stage) -> None:
    log = stage.folder / "logs" / "sleeper.log"
    log.parent.mkdir()
    log.write_text("of an earlier run\n" * 100)
    program = await stage.add("sleeper", FOREVER)
    assert program.daemon.last_lines() == ""
    log.write_text("new\n")
    assert program.daemon.last_lines() == "new"


async def test_stops_in_order_and_those_of_one_call_side_by_side(stage: Stage) -> None:
    log = stage.folder / "order.txt"
    for name in ("broker", "one", "two"):
        up = stage.folder / f"{name}.up"
        call = ["broker"] if name == "broker" else ["one", "two"]
        await stage.add(name, TELLS.format(log=str(log), name=name, call=call, up=str(up)))
        await stage.until(up.exists)
    await stage.supervisor.stop("one", "two")
    await stage.supervisor.stop("broker")
    lines = log.read_text().split("\n")[:-1]
    assert sorted(lines[:2]) == ["one asked", "two asked"]
    assert sorted(lines[2:4]) == ["one gone", "two gone"]
    assert lines[4:] == ["broker asked", "broker gone"]


async def test_whoever_ignores_the_signal_is_killed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.2)
    up = stage.folder / "up"
    code = f"import time, signal; signal.signal(15, signal.SIG_IGN); open({str(up)!r}, 'w')"
    stubborn = await stage.add("stubborn", code + "; time.sleep(600)")
    await stage.until(up.exists)
    await stage.supervisor.stop()
    assert not stubborn.daemon.running


async def test_serious_lines_are_shown_with_the_name(stage: Stage) -> None:
    error = '{"level": "error", "event": "disk full"}'
    talker = f"print('all is well'); print({error!r}, flush=True)"
    await stage.add("talker", f"{talker}\n{FOREVER}")
    await stage.until(lambda: ("talker", "error: disk full") in stage.said)
    assert all("all is well" not in line for _, line in stage.said)
