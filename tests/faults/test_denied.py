"""A service that loses its right to a topic, and gets it back, on a broker with access rules."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from impulse_contracts import topics
from impulse_local import kafka as embedded
from tests.fixtures.pair import Kafka
from tests.fixtures.stack import Process, Stack, eventually

pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]
RULES = """
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
allow.everyone.if.no.acl.found=true
"""


@pytest.fixture
def kafka(tmp_path, monkeypatch) -> Iterator[Kafka]:
    """A broker of the test's own that obeys access rules; without any, all is allowed."""
    monkeypatch.delenv("IMPULSE_TEST_KAFKA", raising=False)
    monkeypatch.setattr(embedded, "SETTINGS", embedded.SETTINGS + RULES)
    found = Kafka(tmp_path)
    yield found
    found.stop()


class Right:
    """The right to do something with one topic, which all have at first."""

    def __init__(self, stack: Stack, topic: topics.Topic, operation: AclOperation) -> None:
        self._admin = AdminClient({"bootstrap.servers": stack.bootstrap})
        topic_is = (ResourceType.TOPIC, stack.prefix + topic.name, ResourcePatternType.LITERAL)
        everybody = ("User:ANONYMOUS", "*")
        self._rules = (
            (*topic_is, *everybody, AclOperation.ALL, AclPermissionType.ALLOW),
            (*topic_is, *everybody, operation, AclPermissionType.DENY),
        )

    def take(self) -> None:
        """Nobody has it any more; all else that may be done with the topic still may."""
        made = [AclBinding(*rule) for rule in self._rules]
        for future in self._admin.create_acls(made).values():
            future.result()

    def give_back(self) -> None:
        """All have it again."""
        gone = [AclBindingFilter(*rule) for rule in self._rules]
        for future in self._admin.delete_acls(gone).values():
            future.result()


def checks(process: Process) -> dict[str, str]:
    """What a service says of its readiness."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{process.port}/readyz") as answer:
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    found: dict[str, str] = json.loads(body)["checks"]
    return found


def test_what_it_may_not_write_or_read_waits_and_the_rest_goes_on(stack, reporter):
    process = stack.start("registry")
    process.ready()
    to_write = Right(stack, topics.ACTORS, AclOperation.WRITE)
    to_read = Right(stack, topics.ACTOR_REPORTS, AclOperation.READ)
    with reporter.load(per_second=50):
        to_write.take()
        eventually(lambda: "topic not usable" in process.tail())
        first = reporter.report()
        eventually(lambda: first in stack.outcomes(), 30)
        to_write.give_back()
        to_read.take()
        eventually(lambda: "Authorization" in checks(process)["reading"], 60)
        to_read.give_back()
    reporter.settled()
    process.ready()
    reporter.check()
