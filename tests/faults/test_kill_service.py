"""kill -9 of a service at the two places where a message could be lost or doubled."""

import sys
from datetime import UTC, datetime, timedelta

import pytest

from impulse_contracts import topics
from impulse_contracts.message import TICK
from impulse_contracts.partner import ActorReported
from tests.faults.reporter import CRASHING, LONG, SOURCE
from tests.fixtures.stack import eventually

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


def test_killed_while_somebody_comes_back(stack):
    """A contact is named, taken back and named again; who reads that is killed, and reads it twice.

    The tombstone between them must not delete what came after it.
    """
    stack.start("registry").ready()
    contact = {"name": "Beispiel Person", "email": "person@beispiel.example", "language": "de"}
    start = datetime.now(UTC) - timedelta(hours=1)
    for minute, named in enumerate([contact, None, contact]):
        report = {
            "external_id": "one",
            "kind": "nonprofit",
            "legal_name": "Beispielverein",
            "seat": {"postcode": "45144"},
            "contact": named,
            "observed_at": start + timedelta(minutes=minute),
        }
        message = ActorReported.model_validate(report)
        stack.say(message, source=SOURCE, key=f"{SOURCE}|one", principal=None)
    stack.flush()

    def written() -> list[bool]:
        said = [each for each in stack.read(topics.PEOPLE.name) if each.type != TICK]
        return [each.value is None for each in said]

    eventually(lambda: written() == [False, True, False])
    for _ in range(2):  # its offsets are never committed: the second reads the same once more
        command = [sys.executable, str(CRASHING), "notifications", "before_offset_commit", "1"]
        killed = stack.start("notifications", command=command)
        assert killed.wait(60) == -9, killed.tail()
        assert stack.query("notifications", "SELECT count(*) FROM person") == [(1,)]
