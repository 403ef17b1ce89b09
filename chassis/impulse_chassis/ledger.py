"""Tables that only grow: what happened, a row each, written in bulk when the batch ends."""

from typing import Any

from psycopg import Cursor
from pydantic_core import to_json
from sqlmodel import SQLModel

from impulse_chassis.transaction import Transaction


class Ledger:
    """The rows of one table, which are added and never changed: one statement a batch.

    `table` is the SQLModel of the rows; columns that PostgreSQL makes itself (an identity) are
    left out of it.
    """

    def __init__(self, table: type[SQLModel]) -> None:
        self.name = str(table.__table__.name)  # type: ignore[attr-defined]
        self._columns = {str(each.name) for each in table.__table__.columns}  # type: ignore[attr-defined]
        columns = ", ".join(f'"{name}"' for name in sorted(self._columns))
        self._insert = f"""
            INSERT INTO "{self.name}" ({columns})
            SELECT {columns} FROM jsonb_populate_recordset(null::"{self.name}", %s)
        """  # noqa: S608  (names of our own tables)

    def add(self, tx: Transaction, **row: object) -> None:
        """Adds a row when the batch ends: the value of each column, by its name.

        Values and no SQLModel, which takes longer to make than all else about a row.
        """
        if row.keys() != self._columns:
            raise TypeError(f"{self.name} has the columns {', '.join(sorted(self._columns))}")
        tx.changed()
        rows: list[dict[str, object]] = tx.identity_map.setdefault(self, [])
        rows.append(row)

    def flush(self, tx: Transaction, cursor: Cursor[Any]) -> None:
        """Writes what was added: one statement."""
        cursor.execute(self._insert, (to_json(tx.identity_map[self]).decode(),))
