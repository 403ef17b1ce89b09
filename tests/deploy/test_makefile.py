"""The ways in, in folders as people have them."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
WITHOUT_VENV = """#!/bin/sh
case "$*" in *venv*) exit 1 ;; esac
exec /usr/bin/env python3 "$@"
"""


def test_where_there_is_a_space_in_the_path_nothing_beside_it_is_touched(tmp_path: Path) -> None:
    checkout, beside = tmp_path / "Über uns" / "impulse", tmp_path / "Über"
    for name in ("Makefile", "requirements-dev.lock", "deploy/local/jgo.lock.toml"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    beside.mkdir()
    (beside / "kept.txt").touch()
    python = tmp_path / "python3"
    python.write_text(WITHOUT_VENV)
    python.chmod(0o755)
    # Not those of the make that runs this test.
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    ended = subprocess.run(
        ["make", "setup", f"PYTHON={python}"],
        cwd=checkout,
        env=environment | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert ended.stdout == "Making the virtual environment (.venv) …\n"
    assert ended.stderr.splitlines()[:-1] == [
        "python3 -m venv failed; on Debian: apt install python3-venv"
    ]
    assert [each.name for each in beside.iterdir()] == ["kept.txt"]
