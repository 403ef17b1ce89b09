"""The embedded database."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from impulse_local.errors import StackError
from impulse_local.postgres import SOCKET_PATH_BYTES, Database


@pytest.fixture(params=["short", "deep"])
def database(request: pytest.FixtureRequest, tmp_path: Path):
    folder = tmp_path / "database"
    if request.param == "deep":
        folder = tmp_path / ("tief" * 15) / ("ä" * SOCKET_PATH_BYTES) / "database"
    server = Database(folder, durable=False)
    yield server
    server.stop()


def test_comes_back_with_its_data_after_a_crash(database: Database) -> None:
    database.start()
    assert database.create_database("impulse_test")
    assert not database.create_database("impulse_test")
    open_connection = database.connect("impulse_test")
    open_connection.execute("CREATE TABLE kept AS SELECT lower('Ä') AS value")

    database.kill()
    assert not database.start()
    with pytest.raises(psycopg.OperationalError):
        open_connection.execute("SELECT 1")
    with database.connect("impulse_test") as connection:
        assert connection.execute("SELECT value FROM kept").fetchall() == [("ä",)]


def test_a_running_server_is_taken_over(database: Database) -> None:
    database.start()
    later = Database(database.data_dir, durable=False)
    assert later.start()
    assert later.daemon.find() == database.daemon.find()
    later.stop()
    assert not database.running


def test_a_foreign_process_with_the_same_id_is_not_taken_over(database: Database) -> None:
    database.start()
    database.stop()
    pid_file = database.daemon.pid_file
    pid_file.write_text("1 1000000000.0\n")
    assert not database.running
    assert not database.start()


def test_broken_data_is_said_with_the_servers_own_words(database: Database) -> None:
    database.start()
    database.stop()
    (database.data_dir / "data" / "global" / "pg_control").unlink()
    with pytest.raises(StackError, match="pg_control"):
        database.start()
