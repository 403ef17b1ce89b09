"""The URL of a PostgreSQL server, as `IMPULSE_DATABASE_URL` names one."""

from __future__ import annotations

from urllib.parse import urlsplit

from impulse_local.errors import StackError


def of_database(url: str, database: str) -> str:
    """The URL of one database on the server of `url`, as SQLAlchemy takes it."""
    parts = urlsplit(url)
    query = f"?{parts.query}" if parts.query else ""
    return f"postgresql+psycopg://{parts.netloc}/{database}{query}"


def for_libpq(url: str) -> str:
    """The URL as psycopg takes it, which knows nothing of SQLAlchemy's drivers."""
    return "postgresql" + url[url.index("://") :]


def without_password(url: str) -> str:
    """The URL for people to read."""
    parts = urlsplit(url)
    return url.replace(f":{parts.password}@", ":***@") if parts.password else url


def check(url: str) -> None:
    """Raises StackError when `url` does not name a PostgreSQL server."""
    scheme, separator, _ = url.partition("://")
    if not separator or scheme.partition("+")[0] not in ("postgresql", "postgres"):
        raise StackError(
            f"IMPULSE_DATABASE_URL={without_password(url)!r} names no PostgreSQL server: "
            "it should be like postgresql://user:password@host:5432/postgres"
        )
