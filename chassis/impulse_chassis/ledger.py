"""Tables that only grow: what happened, a row each, written in bulk when the batch ends."""

from typing import Any

from psycopg import Cursor
from sqlmodel import SQLModel

from impulse_chassis.transaction import Transaction


class Ledger:
    """The rows of one table, which are added and never changed: one statement a batch.

    `table` is the SQLModel of the rows; columns that PostgreSQL makes itself (an identity) are
    left out of it.
    """

    def __init__(self, table: type[SQLModel]) -> None:
        self.name = str(table.__table__.name)  # type: ignore[attr-defined]
        columns = ", ".join(f'"{each.name}"' for each in table.__table__.columns)  # type: ignore[attr-defined]
        self._insert = f"""
            INSERT INTO "{self.name}" ({columns})
            SELECT {columns} FROM jsonb_populate_recordset(null::"{self.name}", %s)
        """  # noqa: S608  (names of our own tables)

    def add(self, tx: Transaction, row: SQLModel) -> None:
        """Adds a row when the batch ends."""
        tx.changed()
        rows: list[SQLModel] = tx.identity_map.setdefault(self, [])
        rows.append(row)

    def flush(self, tx: Transaction, cursor: Cursor[Any]) -> None:
        """Writes what was added: one statement."""
        rows = ",".join(row.model_dump_json(by_alias=True) for row in tx.identity_map[self])
        cursor.execute(self._insert, (f"[{rows}]",))
