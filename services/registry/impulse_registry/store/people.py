"""People, and what they are to actors."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, json_column, moment_column
from impulse_registry.domain.people import ErasedPerson, Memberships, Person


class PersonRow(Table, table=True):
    """A person's contact details."""

    __tablename__ = "person"
    person_id: UUID = Field(primary_key=True)
    version: int
    name: str
    email: str
    phone: str | None
    language: str
    contact_of: dict[str, Any] | None = json_column()


class MembershipRow(Table, table=True):
    """What a person is to actors; ids only."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: list[Any] = json_column()


class ErasedPersonRow(Table, table=True):
    """That a person was erased; ids only."""

    __tablename__ = "erased_person"
    person_id: UUID = Field(primary_key=True)
    version: int
    contact_of: dict[str, Any] | None = json_column()
    erased_at: datetime = moment_column()


people: Repository[Person, UUID] = Repository(PersonRow, Person, ("Die Person", "The person"))
memberships: Repository[Memberships, UUID] = Repository(MembershipRow, Memberships)
erased: Repository[ErasedPerson, UUID] = Repository(ErasedPersonRow, ErasedPerson)
