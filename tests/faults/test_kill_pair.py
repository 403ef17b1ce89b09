"""kill -9 of the broker and of the database while reports come in: all goes on by itself."""

import time
from functools import partial

import pytest

from tests.faults.reporter import LONG
from tests.fixtures.stack import eventually

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900 if LONG else 240)]
KILLS = 5 if LONG else 1


def answered(stack, probe):
    return probe in stack.outcomes()


def test_the_broker_is_killed_in_mid_load(stack, reporter, kafka, record_property):
    stack.start("registry").ready()
    for _ in range(KILLS):
        with reporter.load(per_second=100):
            time.sleep(1)
            kafka.kill()
            began = time.monotonic()
            kafka.start()
            back = time.monotonic() - began
            time.sleep(1)
        probe = reporter.report()
        stack.flush()
        eventually(partial(answered, stack, probe), 90)
        record_property("broker_back_seconds", round(back, 1))
        record_property("stream_back_seconds", round(time.monotonic() - began, 1))
    reporter.settled()
    reporter.check()
    assert stack.processes["registry"].running


def test_the_database_is_killed_in_mid_load(stack, reporter, postgres, record_property):
    stack.start("registry").ready()
    for _ in range(KILLS):
        with reporter.load(per_second=100):
            time.sleep(1)
            postgres.kill()
            time.sleep(2)
            postgres.start()
            began = time.monotonic()
            time.sleep(1)
        reporter.settled()
        record_property("database_recovery_seconds", round(time.monotonic() - began, 1))
    reporter.check()
    assert stack.processes["registry"].running, "a database that is away makes it unready, not dead"
