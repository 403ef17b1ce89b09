"""Records that Kafka refuses for good: set aside and seen, and nothing else is held up."""

import urllib.request

import pytest

from tests.fixtures.stack import eventually

pytestmark = pytest.mark.fault

# Written past the checks of the chassis, which would not let such a record into the outbox.
TOO_LARGE = """INSERT INTO outbox (topic, key, value, headers)
               VALUES ('impulse.actors', 'k', convert_to(repeat('x', 1500000), 'UTF8'), '[]')"""
WITHOUT_KEY = """INSERT INTO outbox (topic, key, value, headers)
                 VALUES ('impulse.actors', NULL, '{}', '[]')"""


@pytest.mark.parametrize("culprit", [TOO_LARGE, WITHOUT_KEY], ids=["too large", "without a key"])
def test_the_culprit_is_parked_and_the_others_go_on(stack, reporter, culprit):
    process = stack.start("registry")
    process.ready()
    for _ in range(50):
        reporter.report()
    stack.flush()
    with stack.database("registry") as connection:
        connection.execute(culprit)
    for _ in range(50):
        reporter.report()
    stack.flush()
    eventually(lambda: stack.query("registry", "SELECT count(*) FROM outbox_parked") == [(1,)], 90)
    reporter.settled()
    reporter.check()
    [(error,)] = stack.query("registry", "SELECT error FROM outbox_parked")
    assert error

    def parked() -> bool:
        metrics = urllib.request.urlopen(f"http://127.0.0.1:{process.port}/metrics").read().decode()
        return 'impulse_outbox_parked{service="registry"} 1.0' in metrics

    eventually(parked)
