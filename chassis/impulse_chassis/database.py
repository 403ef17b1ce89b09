"""The database of a service: its engine, what its errors mean, its migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum, auto
from pathlib import Path
from typing import Any

import psycopg
from psycopg import errors
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from impulse_chassis.inbox import Conflict

# A handler that hangs must not hold the group for ever; a session that forgets to commit must not
# stop the vacuum.
_SESSION = (
    "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s "
    "-c idle_in_transaction_session_timeout=60s"
)

# Who vanished is noticed in some 25 s on both sides, not in hours: the relay's leader holds a lock.
SERVER_KEEPALIVE = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3"
)
CLIENT_KEEPALIVE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}


_DIALECT = PGDialect_psycopg()  # type: ignore[no-untyped-call]


class Unavailable(Exception):
    """The database is away: nothing was done; wait and do the same again."""


class Trouble(Enum):
    """What an error in a transaction asks for."""

    CONFLICT = auto()
    """Somebody was faster: repeat at once."""
    UNAVAILABLE = auto()
    """The database is away, locked or full: wait, then repeat."""
    FAULT = auto()
    """Ours: repeating will not help for ever."""


def classify(error: BaseException) -> Trouble:
    """What to do about an error that ended a transaction."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, _CONFLICTS):
        return Trouble.CONFLICT
    if isinstance(cause, _TOO_MUCH):
        return Trouble.FAULT
    if isinstance(cause, _AWAY):
        return Trouble.UNAVAILABLE
    return Trouble.FAULT


_CONFLICTS = (
    Conflict,
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.UniqueViolation,
)
# Operational errors by name, but of one message: a value too long for an index, say.
_TOO_MUCH = (errors.ProgramLimitExceeded, errors.StatementTooComplex)
_AWAY = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    PoolTimeout,
    # A database that was not migrated or granted as it should be is the operator's to mend;
    # taking it for bad messages would bury all of them.
    errors.UndefinedTable,
    errors.UndefinedColumn,
    errors.InsufficientPrivilege,
    errors.ReadOnlySqlTransaction,
)


def service_url(server: str, service: str) -> URL:
    """The URL of the service's database on `server`.

    A URL that names a database is taken as it is; one that names none, or `postgres`, means the
    database `impulse_<service>` there.
    """
    url = make_url(server).set(drivername="postgresql+psycopg")
    if url.database in (None, "", "postgres"):
        url = url.set(database=f"impulse_{service}")
    return url


def directly(url: URL, **arguments: Any) -> "psycopg.Connection[Any]":
    """A connection of the driver itself, in autocommit mode; `arguments` come before the URL's.

    Raises psycopg.OperationalError. The URL is not handed on as text: SQLAlchemy writes a space in
    it as a plus, such as in the path of a socket, and libpq reads that as one.
    """
    _, given = _DIALECT.create_connect_args(url)  # type: ignore[no-untyped-call]
    return psycopg.connect(**{**given, "connect_timeout": 5, **arguments}, autocommit=True)


def connect(url: URL, *, pool: int = 4, **connect_args: Any) -> Engine:
    """An engine on the service's database; connections speak UTC and never wait for ever."""
    engine = create_engine(
        url,
        pool_size=pool,
        max_overflow=4,
        pool_pre_ping=True,
        pool_timeout=5,
        connect_args={
            "options": f"{_SESSION} {SERVER_KEEPALIVE}",
            "connect_timeout": 5,
            **CLIENT_KEEPALIVE,
            **connect_args,
        },
    )

    @event.listens_for(engine, "connect")
    def _always_prepared(connection: Any, _: object) -> None:
        # A batch is a handful of statements, always the same: worth preparing at the second use.
        connection.prepare_threshold = 2

    return engine


@contextmanager
def reading(engine: Engine) -> "Iterator[psycopg.Connection[Any]]":
    """A connection of the driver to read with, each statement by itself.

    No transaction is rolled back at its end: that would make the driver forget every statement
    that it has prepared on the connection.
    """
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        driver: Any = connection.connection.driver_connection
        yield driver


def migrate(engine: Engine, migrations: Path | None) -> None:
    """Brings the chassis' tables and the service's (`migrations`) to their newest revision.

    Safe to run on every start and by several replicas at once: one migrates, the others wait.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT pg_advisory_lock(hashtext('impulse.migrations'))")
        connection.commit()
        try:
            for name, folder in (
                ("alembic_version_chassis", Path(__file__).parent / "migrations"),
                ("alembic_version", migrations),
            ):
                if folder is not None:
                    _upgrade(connection, folder, name)
        finally:
            connection.rollback()
            connection.exec_driver_sql("SELECT pg_advisory_unlock(hashtext('impulse.migrations'))")
            connection.commit()


def _upgrade(connection: Any, folder: Path, version_table: str) -> None:
    # Takes a third of a second to load, which only who migrates should wait for.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(folder / "versions").replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    command.upgrade(config, "head")
