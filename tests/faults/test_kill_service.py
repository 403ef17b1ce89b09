"""kill -9 of a service at the two places where a message could be lost or doubled."""

import sys

import pytest

from tests.faults.reporter import CRASHING, LONG

pytestmark = pytest.mark.fault
KILLS = 20 if LONG else 3


@pytest.mark.timeout(900 if LONG else 240)
@pytest.mark.parametrize("point", ["before_offset_commit", "before_delete"])
def test_killed_again_and_again_under_load(stack, reporter, point):
    stack.start("registry").ready()
    stack.processes["registry"].kill()
    with reporter.load(per_second=100):
        for _ in range(KILLS):
            command = [sys.executable, str(CRASHING), "registry", point, "2"]
            process = stack.start("registry", command=command)
            assert process.wait(120) == -9, process.tail()
    stack.start("registry").ready()
    reporter.settled(120)
    repeated = reporter.check()
    if point == "before_delete":
        assert repeated, "the same records were sent again, and nobody took them twice"
    assert all(len(found) >= 1 for found in stack.outcomes().values())
