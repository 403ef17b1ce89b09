"""Ports that are free, and stay so until whoever asked for them listens."""

from __future__ import annotations

import itertools
import socket

import pytest

from impulse_local import ports
from impulse_local.ports import free_port


def test_a_port_is_given_once_though_nobody_listens_on_it_yet() -> None:
    given = [free_port() for _ in range(1_000)]
    assert len(set(given)) == len(given)


def test_no_connection_is_given_it_meanwhile() -> None:
    """Linux begins at 32768, macOS at 49152."""
    assert max(free_port() for _ in range(1_000)) < 32_768


def test_one_that_is_taken_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        number = free_port()
        taken.bind(("127.0.0.1", number))
        taken.listen()
        monkeypatch.setattr(ports, "_number", itertools.count(number - ports._FIRST))
        assert free_port() > number
