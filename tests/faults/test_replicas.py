"""Two replicas: one joins and leaves in mid-load; and the same command a hundred times at once."""

import json
import time
from uuid import uuid4

import pytest

from impulse_contracts.registry.actors import RegisterActor
from tests.fixtures.stack import eventually

pytestmark = pytest.mark.fault


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_a_replica_joins_and_leaves_under_load(stack, reporter, end):
    first = stack.start("registry")
    first.ready()
    with reporter.load(per_second=150):
        time.sleep(1)
        second = stack.start("registry", "-2")
        second.ready()
        time.sleep(2)
        getattr(second, end)()
        time.sleep(1)
    reporter.settled()
    reporter.check()
    assert first.running


def test_the_same_command_a_hundred_times_at_once(stack):
    stack.start("registry").ready()
    actor, command = uuid4(), str(uuid4())
    message = RegisterActor.model_validate(
        {
            "actor_id": actor,
            "kind": "nonprofit",
            "legal_name": "Beispielverein",
            "seat": {"postcode": "45144"},
        }
    )
    for _ in range(100):
        stack.say(message, source="urn:impulse:test", message_id=command)
    stack.flush()
    eventually(lambda: stack.outcomes().get(command))
    stack.say(message, source="urn:impulse:test", message_id=command)
    stack.flush()
    eventually(lambda: len(stack.outcomes()[command]) == 101)
    answers = stack.outcomes()[command]
    assert len({answer.id for answer in answers}) == 1, "the same outcome"
    assert {json.loads(answer.value)["version"] for answer in answers} == {1}
    assert len([fact for fact in stack.read("impulse.actors") if fact.key == str(actor)]) == 1
