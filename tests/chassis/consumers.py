"""A consumer of the chassis by itself, without a service."""

from typing import Any
from unittest.mock import Mock

from impulse_chassis.consumer import Consumer

NOBODY = Mock(topics={"a": None}, service="test")


def a_consumer(processor: Any = NOBODY, **changes: Any) -> Consumer:
    """A consumer of `processor`, with no broker and nothing paused apart from `changes`."""
    given: dict[str, Any] = {
        "bootstrap_servers": "127.0.0.1:1",
        "group": "g",
        "instance": None,
        "batch_size": 500,
        "linger": 0,
        "session_timeout_ms": 10_000,
        "security": {},
        "paused": dict,
        "pause": print,
        "after": print,
    }
    return Consumer(processor, **{**given, **changes})
