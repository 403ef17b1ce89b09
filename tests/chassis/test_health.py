"""What `/readyz` says of a loop: a fault that comes again is not hidden by the rounds between."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from types import SimpleNamespace

import psycopg
import pytest

from impulse_chassis import Unavailable, health
from impulse_chassis.processor import Progress
from impulse_chassis.running import Running
from tests.chassis import lending


class Sweeps:
    """Stands in for the sweep of what waits: fails at every fifth round, while it is to."""

    def __init__(self, fault: Exception) -> None:
        self.fault: Exception | None = fault
        self.rounds = 0

    def __call__(self, now: datetime) -> Progress:
        self.rounds += 1
        if self.fault is not None and self.rounds % 5 == 1:
            raise self.fault
        return Progress()

    async def until(self, rounds: int) -> None:
        while self.rounds < rounds:
            await asyncio.sleep(0.001)


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    """The lending service, of which only the sweep runs, a hundred times a second."""
    settings = lending.Settings.defaults(database_url="postgresql://nobody@127.0.0.1:1/none")
    running = Running(lending.service, settings)
    work = running._every(0.01, "waiting", running._sweep, running._woken)
    sweeping = asyncio.create_task(work)
    yield running
    sweeping.cancel()


@pytest.mark.parametrize("fault", [AssertionError("of ours"), psycopg.DataError("NUL")])
async def test_a_sweep_that_fails_now_and_then_is_told_all_the_time(
    running: Running, monkeypatch: pytest.MonkeyPatch, fault: Exception
):
    sweeps = Sweeps(fault)
    monkeypatch.setattr(running.processor, "sweep", sweeps)
    clock = SimpleNamespace(now=100.0)
    clock.monotonic = lambda: clock.now
    monkeypatch.setattr(health, "time", clock)
    for rounds in range(2, 20):
        await sweeps.until(rounds)
        clock.now += 1  # a fault comes each five rounds at the most
        assert running.health.ready()["waiting"] == f"{type(fault).__name__}: {fault}"
    sweeps.fault = None
    clock.now += health.LASTING_SECONDS
    await sweeps.until(sweeps.rounds + 2)
    assert running.health.ready()["waiting"] is None


async def test_a_database_that_is_back_is_no_fault_any_more(
    running: Running, monkeypatch: pytest.MonkeyPatch
):
    sweeps = Sweeps(Unavailable("away"))
    monkeypatch.setattr(running.processor, "sweep", sweeps)
    await sweeps.until(4)
    assert running.health.ready()["waiting"] is None
