"""The registry as a service: what it reads, and what a wrong setting gets."""

import os
import subprocess
import sys

import pytest

from impulse_contracts import topics
from impulse_contracts.message import MESSAGES, Fact, Incoming, Timer
from impulse_registry.app import service


def run(**settings: str) -> subprocess.CompletedProcess[str]:
    """`python -m impulse_registry` with no other settings of ours."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("IMPULSE_")}
    return subprocess.run(
        [sys.executable, "-m", "impulse_registry"],
        env=ours | settings,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("days", ["0", "soon"])
def test_a_wrong_setting_is_named_and_ends_the_process(days: str):
    url = "postgresql://127.0.0.1:1/nothing"
    ended = run(IMPULSE_DATABASE_URL=url, IMPULSE_REGISTRY_STALE_DAYS=days)
    assert ended.returncode == 2
    assert "IMPULSE_REGISTRY_STALE_DAYS" in ended.stderr


def test_it_handles_everything_that_comes_in_on_its_topics():
    reads = set(service.topics)
    asked = {topics.ACTOR_REPORTS.name, topics.REGISTRY_COMMANDS.name, topics.PEOPLE_COMMANDS.name}
    heard = {topics.PROPOSALS.name, topics.COOPERATIONS.name, topics.ERASURES.name}
    assert reads == asked | heard
    incoming = {
        message
        for message in MESSAGES.values()
        if issubclass(message, Incoming | Timer) and message.topic.name in reads
    }
    handled = {each for each in service.handlers.handlers if not issubclass(each, Fact)}
    assert handled == incoming
