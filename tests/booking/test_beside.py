"""Reports are counted beside the batches: nobody waits, and a count that is killed begins anew."""

import os
import signal
import subprocess
import sys
import threading
import time
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from impulse_booking import beside
from impulse_booking.app import service
from impulse_booking.beside import count_next
from impulse_booking.store.evidence import lives
from impulse_contracts.booking.reports import CutReport, ReportCut, ReportEvidence
from tests.booking.reporting import BEGINS, CUT_OFF, ReportWorld, content, values
from tests.booking.test_report import played


@pytest.fixture
def world(engine_of):
    return ReportWorld(engine_of(service))


def asked(world: ReportWorld) -> None:
    """A report is asked for, and not counted yet."""
    world.accepted(CutReport(report_id=uuid4(), begins=BEGINS, cut_off=CUT_OFF))


def test_bookings_are_decided_while_a_report_is_counted(world, monkeypatch):
    """What comes meanwhile is not in it; and nobody counts at the same time."""
    world.offered(1, "A", "B")
    world.book("A")
    asked(world)
    begun, go_on = threading.Event(), threading.Event()

    def slowly(tx):
        for each in lives(tx):
            yield each
            begun.set()
            assert go_on.wait(60)

    monkeypatch.setattr(beside, "lives", slowly)
    counter = threading.Thread(target=count_next, args=(world.engine, world.now))
    counter.start()
    try:
        assert begun.wait(60)
        world.book("B")
        assert world.states("A", "B") == ["confirmed", "waitlisted"]
        assert not count_next(world.engine, world.now)
        assert not world.heard(ReportCut)
    finally:
        go_on.set()
        counter.join()
    world.settle()
    [cut] = [each.data for each in world.heard(ReportCut)]
    assert values(cut, "bookings_made") == {("qualification",): 1}


def started(engine: Engine) -> "subprocess.Popen[bytes]":
    """The process that counts, as the service starts it."""
    server = engine.url.render_as_string(hide_password=False)
    environment = {**os.environ, "IMPULSE_BOOKING_DATABASE_URL": server}
    command = [sys.executable, "-m", "impulse_booking.beside"]
    return subprocess.Popen(command, env=environment)


def wait_for_reading(engine: Engine) -> None:
    """Waits until somebody wants to read the evidence, and may not."""
    waits = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'evidence'::regclass"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with engine.connect() as connection:
            if connection.execute(text(waits)).scalar_one():
                return
        time.sleep(0.05)
    raise AssertionError("nobody counts")


def test_a_count_that_is_killed_has_said_nothing_and_is_made_anew(world):
    played(world)
    asked(world)
    with world.engine.begin() as connection:
        connection.execute(text("LOCK TABLE evidence"))
        killed = started(world.engine)
        try:
            wait_for_reading(world.engine)
        finally:
            os.kill(killed.pid, signal.SIGKILL)
            killed.wait()
    world.settle()
    assert not world.heard(ReportEvidence)
    assert started(world.engine).wait(60) == 0
    world.settle()
    [cut] = [each.data for each in world.heard(ReportCut)]
    assert cut.preliminary
    assert world.behind(cut)
    assert started(world.engine).wait(60) == 0
    world.settle()
    assert len(world.heard(ReportCut)) == 1
    assert content(world.cut()).replace(cut.digest, "") == content(cut).replace(cut.digest, "")
