"""Ports of 127.0.0.1: which are free, and whose setting moves one."""

from __future__ import annotations

import itertools
import os
import socket

from impulse_local.errors import StackError

_FIRST, _MANY = 11_000, 21_000
"""Above what browsers refuse to open, below what Linux and macOS give to connections."""
_number = itertools.count(os.getpid() * 1_009)


class PortInUse(StackError):
    """A port of the stack is taken by another program."""

    def __init__(self, port: int, setting: str) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is in use by another program: "
            f"stop it, or choose another port with {setting}=<port>"
        )


def port_is_free(port: int) -> bool:
    """Whether a server could listen on 127.0.0.1:`port` now."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections still linger is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def require_free_port(port: int, setting: str) -> None:
    """Raises PortInUse, naming the `setting`, when 127.0.0.1:`port` is taken."""
    if not port_is_free(port):
        raise PortInUse(port, setting)


def free_port() -> int:
    """A port of 127.0.0.1 that nobody uses now, and that nobody else takes soon.

    It is none that the system gives to connections, and each call returns the next one: whoever
    asked may take seconds until it listens, or stop for a while. Processes begin far apart.
    """
    while not port_is_free(port := _FIRST + next(_number) % _MANY):
        pass
    return port
