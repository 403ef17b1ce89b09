"""A process that outlives whoever started it: found again by its pid file, stopped, killed.

The pid file holds the process id and when that process began, so that another process
which got the same id later is never taken for ours.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil


class Daemon:
    """One long-running program with a pid file and a log file."""

    def __init__(self, name: str, pid_file: Path, log_file: Path) -> None:
        self.name = name
        self.pid_file = pid_file
        self.log_file = log_file
        self._child: subprocess.Popen[bytes] | None = None
        self._log_begins: int | None = None

    def start(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
    ) -> int:
        """Starts `command` in a session of its own, its output appended to the log; the pid.

        `env` is the whole environment (default: ours), `user` whose rights it gets (as root only).
        Raises OSError where the disk is full, say; nothing runs then.
        """
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log:
            if self._log_begins is None:
                self._log_begins = log.tell()
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=env,
                cwd=cwd,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                start_new_session=True,
            )
        try:
            self._remember(self._child.pid)
        except OSError:
            self._child.kill()  # nobody would find it again
            self._child.wait()
            raise
        return self._child.pid

    def _remember(self, pid: int) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            began = psutil.Process(pid).create_time()
            waiting = self.pid_file.with_suffix(".new")
            waiting.write_text(f"{pid} {began}\n")
            waiting.replace(self.pid_file)

    def find(self) -> psutil.Process | None:
        """The running process that the pid file names, or None."""
        if self._child is not None and self._child.poll() is not None:
            return None
        try:
            pid, began = self.pid_file.read_text().split()
            process = psutil.Process(int(pid))
            alive = abs(process.create_time() - float(began)) < 0.05 and not _finished(process)
        except (OSError, ValueError, psutil.NoSuchProcess):
            return None
        return process if alive else None

    @property
    def running(self) -> bool:
        """Whether the process runs now, whoever started it."""
        return self.find() is not None

    @property
    def status(self) -> int | None:
        """How the process ended, as `subprocess` says it; None where that can't be known."""
        return self._child.poll() if self._child is not None else None

    @property
    def ending(self) -> str:
        """How the process ended, in words."""
        status = self.status
        if status is None:
            return "it was started by an earlier run"
        return f"exit status {status}" if status >= 0 else f"killed by signal {-status}"

    def stop(self, timeout: float, signal_number: int | None = None) -> bool:
        """Asks the process to end (SIGTERM, or `signal_number`), and kills it after `timeout` s.

        Returns whether it ended by itself (also when it did not run at all).
        """
        process = self.find()
        graceful = True
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                if signal_number is None:
                    process.terminate()
                else:
                    process.send_signal(signal_number)
                graceful = self._gone(process, timeout)
                if not graceful:
                    process.kill()
                    self._gone(process, 10)
        self.pid_file.unlink(missing_ok=True)
        return graceful

    def kill(self) -> None:
        """Ends the process at once (SIGKILL), as a crash would."""
        process = self.find()
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
                self._gone(process, 10)

    def _gone(self, process: psutil.Process, timeout: float) -> bool:
        until = time.monotonic() + timeout
        while self.find() is not None:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def last_lines(self, count: int = 15) -> str:
        """The end of what was logged since this object started it first, or of all of the log."""
        return "\n".join(tail(self.log_file, count, self._log_begins or 0))


def _finished(process: psutil.Process) -> bool:
    """Whether a process has ended and only waits to be fetched by its parent.

    While threads remain, a killed process may still hold its ports and files.
    """
    return bool(process.status() == psutil.STATUS_ZOMBIE and process.num_threads() <= 1)


def tail(path: Path, count: int, begin: int = 0) -> list[str]:
    """The last `count` lines of a file that may be large or absent, none from before `begin`.

    A file that has become shorter than that was emptied meanwhile: then all of it counts.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(begin if begin <= size else 0, size - 64 * 1024))
            return file.read().decode(errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return []
