"""The database of a service: what the driver keeps on its connections."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from impulse_chassis.database import connect, directly, reading


def test_reading_leaves_what_the_driver_has_prepared(engine: Engine):
    """A rollback would not: it takes away every prepared statement of the connection."""
    for _ in range(4):
        with reading(engine) as connection:
            connection.execute("SELECT count(*) FROM book WHERE version = %s", (1,))
    with reading(engine) as connection:
        prepared = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert ("SELECT count(*) FROM book WHERE version = $1",) in prepared


def test_a_space_in_the_path_of_the_socket_is_no_plus(engine: Engine, tmp_path: Path):
    """Nor is what has a plus in it anything else: both connections reach the same server."""
    sockets = engine.url.query.get("host") or pytest.skip("this one is reached without a path")
    (tmp_path / "Über + uns").symlink_to(str(sockets))
    url = engine.url.update_query_dict({"host": str(tmp_path / "Über + uns")})
    with directly(url) as connection, connect(url).connect() as other:
        query = "SELECT system_identifier FROM pg_control_system()"
        assert connection.execute(query).fetchone() == other.exec_driver_sql(query).one()
