"""Asks a service whether it is ready."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request

SECONDS = 5.0


def why_not_ready(metrics_port: int) -> str | None:
    """None when `/readyz` on 127.0.0.1:`metrics_port` answers 200, else what it says instead."""
    address = f"http://127.0.0.1:{metrics_port}/readyz"
    try:
        with urllib.request.urlopen(address, timeout=SECONDS):
            return None
    except urllib.error.HTTPError as error:
        return f"{address} answers {error.code}: {error.read(300).decode(errors='replace').strip()}"
    except OSError as error:
        return f"{address}: {getattr(error, 'reason', error)}"


def only_paused(metrics_port: int) -> bool:
    """Whether nothing but paused partitions keeps the service from being ready.

    Those wait for an operator, who needs the stack to run meanwhile.
    """
    address = f"http://127.0.0.1:{metrics_port}/readyz"
    try:
        urllib.request.urlopen(address, timeout=SECONDS).close()
    except urllib.error.HTTPError as error:
        checks = json.loads(error.read()).get("checks", {})
        return [name for name, found in checks.items() if found != "ok"] == ["paused"]
    except OSError:
        pass
    return False


def listens(port: int) -> bool:
    """Whether a server takes connections on 127.0.0.1:`port`."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS).close()
    except OSError:
        return False
    return True
