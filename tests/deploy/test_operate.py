"""`make impulse`: the operators' command on the local stack."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def impulse(data_dir: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "impulse_local", "impulse", *arguments],
        env={**os.environ, "IMPULSE_DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("arguments", "says"),
    [([], "dead-letters"), (["--help"], "dead-letters"), (["outbox", "--help"], "retry")],
)
def test_its_commands_are_shown_while_nothing_runs(
    tmp_path: Path, arguments: list[str], says: str
) -> None:
    told = impulse(tmp_path, *arguments)
    assert "Usage: impulse" in told.stdout + told.stderr
    assert says in told.stdout + told.stderr


def test_without_the_stack_it_says_how_to_start_it(tmp_path: Path) -> None:
    told = impulse(tmp_path, "dead-letters", "list", "--service", "matching")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == f"the stack on {tmp_path} does not run: start it with make up\n"
