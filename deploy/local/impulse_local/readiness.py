"""Asks a service whether it is ready."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from typing import NamedTuple

SECONDS = 5.0


class NotReady(NamedTuple):
    """Why a service is not ready, in a line."""

    reason: str
    only_paused: bool = False
    """Nothing but paused partitions: those wait for an operator, who needs the stack to run."""


def why_not_ready(metrics_port: int) -> NotReady | None:
    """None when `/readyz` on 127.0.0.1:`metrics_port` answers 200, else what it says instead."""
    address = f"http://127.0.0.1:{metrics_port}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=SECONDS):
            return None
    except urllib.error.HTTPError as error:
        answer = error.read().decode(errors="replace").strip()
        reason = f"{address} answers {error.code}: {answer[:300]}"
        return NotReady(reason, _only_paused(answer))
    except OSError as error:
        return NotReady(f"{address}: {getattr(error, 'reason', error)}")


def _only_paused(answer: str) -> bool:
    try:
        checks = json.loads(answer)["checks"]
    except (ValueError, LookupError, TypeError, AttributeError):
        return False  # a page of somebody else
    return [name for name, found in checks.items() if found != "ok"] == ["paused"]


def listens(port: int) -> bool:
    """Whether a server takes connections on 127.0.0.1:`port`."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS).close()
    except OSError:
        return False
    return True
