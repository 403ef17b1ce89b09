"""Row classes name the columns that migrations made: neither list can drift from the other."""

from importlib import import_module

import pytest
from sqlalchemy import Engine, text

from impulse_chassis import Service, Table
from impulse_local.settings import SERVICES
from tests.fixtures.services import Engines

BY_A_TRIGGER = {
    ("matching", table, "changed_in") for table in ("actor", "listing", "offer_capacity")
}


def rows_of(service: Service) -> list[type[Table]]:
    package = f"impulse_{service.name}."
    return [row for row in Table.__subclasses__() if row.__module__.startswith(package)]


def columns(engine: Engine, table: str) -> set[str]:
    """The columns of a table, without those that it makes itself."""
    statement = text(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = :table"
        " AND is_generated = 'NEVER' AND is_identity = 'NO'"
    )
    with engine.connect() as connection:
        return set(connection.scalars(statement, {"table": table}))


@pytest.mark.parametrize("name", SERVICES)
def test_rows_have_the_columns_of_their_tables(name: str, engine_of: Engines):
    service: Service = import_module(f"impulse_{name}.app").service
    engine = engine_of(service)
    rows = rows_of(service)
    assert rows
    for row in rows:
        table = row.__table__  # type: ignore[attr-defined]
        made = {column for owner, of, column in BY_A_TRIGGER if (owner, of) == (name, table.name)}
        named = {column.name for column in table.columns}
        assert named == columns(engine, table.name) - made, row.__name__
