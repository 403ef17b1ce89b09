"""The database of a service: what the driver keeps on its connections."""

from sqlalchemy import Engine

from impulse_chassis.database import reading


def test_reading_leaves_what_the_driver_has_prepared(engine: Engine):
    """A rollback would not: it takes away every prepared statement of the connection."""
    for _ in range(4):
        with reading(engine) as connection:
            connection.execute("SELECT count(*) FROM book WHERE version = %s", (1,))
    with reading(engine) as connection:
        prepared = connection.execute("SELECT statement FROM pg_prepared_statements").fetchall()
    assert ("SELECT count(*) FROM book WHERE version = $1",) in prepared
