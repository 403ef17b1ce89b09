"""The tables of services: rows are what migrations made; SQLModel never creates a table here."""

from typing import Any

from sqlalchemy import Column, DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class Table(SQLModel):
    """Base of all tables: `class BookRow(Table, table=True)`.

    Each has a catalogue of its own, for two services may have tables of the same name.
    """

    @classmethod
    def __pydantic_init_subclass__(cls, **_: Any) -> None:
        cls.metadata = MetaData()


def json_column(name: str | None = None) -> Any:
    """A column of jsonb; `name` where the field can't be called as the column is."""
    return Field(sa_column=Column(name, JSONB) if name else Column(JSONB))


def moment_column() -> Any:
    """A column of points in time, timestamptz."""
    return Field(sa_column=Column(DateTime(timezone=True)))
