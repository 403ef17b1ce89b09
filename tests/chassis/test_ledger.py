"""Rows that are only added: all of a batch in one statement."""

from uuid import UUID

import pytest
from sqlmodel import Field

from impulse_chassis import Ledger, Table
from impulse_chassis.testing import START
from impulse_chassis.transaction import Transaction
from tests.chassis.records import rows
from tests.fixtures.statements import counting


class LoanRow(Table, table=True):
    """That a book was lent."""

    __tablename__ = "loan"
    book_id: UUID = Field(primary_key=True)
    reader: str


loans = Ledger(LoanRow)


def test_what_is_added_is_there_after_one_statement(engine):
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE loan (id bigint GENERATED ALWAYS AS IDENTITY, book_id uuid, reader text)"
        )
    with counting(engine) as count, engine.begin() as connection:
        tx = Transaction(connection, "lending", START)
        for number in range(100):
            loans.add(tx, book_id=UUID(int=number), reader=f"Leser {number % 7}")
        assert tx.changes == 100, "who has added something can't refuse any more"
        tx.flush()
    assert count.total == 1
    kept = rows(engine, "SELECT book_id, reader FROM loan ORDER BY id")
    assert kept == [(UUID(int=number), f"Leser {number % 7}") for number in range(100)]


def test_a_row_has_all_its_columns_and_no_other(engine):
    with engine.begin() as connection:
        tx = Transaction(connection, "lending", START)
        for row in ({"reader": "x"}, {"book_id": UUID(int=1), "reader": "x", "due": 1}):
            with pytest.raises(TypeError, match="loan has the columns book_id, reader"):
                loans.add(tx, **row)
        assert tx.changes == 0


def test_a_batch_without_rows_costs_nothing(engine):
    with counting(engine) as count, engine.begin() as connection:
        Transaction(connection, "lending", START).flush()
    assert count.total == 0
