"""`python crashing.py SERVICE POINT COUNT`: runs a service that kills itself at a point.

`before_offset_commit`: the database has committed, Kafka does not know yet. `before_delete`: Kafka
has the records, the outbox still holds them. It happens at the COUNTth time, with kill -9.
"""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any

from impulse_chassis.consumer import Consumer
from impulse_chassis.relay import Relay


def main() -> None:
    """Patches the point and runs the service."""
    service, point, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    del sys.argv[1:]
    left = count

    def reached() -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    if point == "before_offset_commit":
        commit: Callable[..., Any] = Consumer._commit

        async def crash_instead(self: Consumer, progress: Any) -> None:
            reached()
            await commit(self, progress)

        Consumer._commit = crash_instead  # type: ignore[method-assign]
    elif point == "before_delete":
        forget: Callable[..., Any] = Relay._next

        def crash_before(self: Relay, sent: Any, left_out: Any) -> Any:
            if sent:
                reached()
            return forget(self, sent, left_out)

        Relay._next = crash_before  # type: ignore[method-assign]
    else:
        sys.exit(f"no such point: {point}")
    import_module(f"impulse_{service}.app").service.main()


main()
