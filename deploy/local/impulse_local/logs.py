"""Follows the log of a process: shows what is serious, keeps the file small."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

ROTATE_BYTES = 10 * 1024 * 1024
SHOWN_WIDTH = 300
SHOWN_LINES = 10  # in SHOWN_SECONDS; whoever says more is read in the file
SHOWN_SECONDS = 10.0

SERIOUS = re.compile(r"\b(warning|error|critical|fatal)\b|^Traceback |^\w+(\.\w+)*Error: ", re.I)
LEVELS = ("warning", "error", "critical")
NOISE = ("timestamp", "logger", "service", "stack")


class LogWatch:
    """Reads what is appended to one log file."""

    def __init__(
        self,
        path: Path,
        show: Callable[[str], None],
        serious: re.Pattern[str] = SERIOUS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._path = path
        self._show = show
        self._serious = serious
        self._clock = clock
        self._position = path.stat().st_size if path.exists() else 0
        self._rest = b""
        self._shown: deque[float] = deque(maxlen=SHOWN_LINES)
        self._hiding = False

    def poll(self) -> None:
        """Shows the serious lines since the last call, and starts a new file when it is long."""
        try:
            size = self._path.stat().st_size
        except FileNotFoundError:
            return
        if size < self._position:
            self._position, self._rest = 0, b""
        if size > self._position:
            with self._path.open("rb") as file:
                file.seek(self._position)
                fresh = file.read(size - self._position)
            self._position = size
            *lines, self._rest = (self._rest + fresh).split(b"\n")
            for line in lines:
                self._consider(line.decode(errors="replace"))
        if size > ROTATE_BYTES:
            # The process appends to the file that it has open, so the file must stay the same.
            shutil.copyfile(self._path, self._path.with_suffix(".log.1"))
            with self._path.open("r+b") as file:
                file.truncate(0)
            self._position, self._rest = 0, b""

    def _consider(self, line: str) -> None:
        text = serious_part(line, self._serious)
        if text is None:
            return
        now = self._clock()
        busy = len(self._shown) == SHOWN_LINES and now - self._shown[0] < SHOWN_SECONDS
        if busy:
            if not self._hiding:
                self._show(f"… more in {self._path}")
            self._hiding = True
            return
        self._hiding = False
        self._shown.append(now)
        self._show(text if len(text) <= SHOWN_WIDTH else text[:SHOWN_WIDTH] + " …")


def serious_part(line: str, serious: re.Pattern[str] = SERIOUS) -> str | None:
    """What a person should see of a line, None for the rest; takes JSON logs and plain ones."""
    if line.startswith("{"):
        try:
            entry = json.loads(line)
        except ValueError:
            return line if serious.search(line) else None
        level = str(entry.pop("level", "")).lower()
        if level not in LEVELS:
            return None
        event = entry.pop("event", "")
        trace = str(entry.pop("exception", "")).strip().splitlines()
        details = (f"{key}={value}" for key, value in entry.items() if key not in NOISE)
        return " ".join([f"{level}: {event}", *details, *trace[-1:]])
    return line if serious.search(line) else None
