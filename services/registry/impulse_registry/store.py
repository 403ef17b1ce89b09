"""The tables of the registry and every query on them; rows are what migrations made."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from impulse_chassis import Repository, Transaction
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.listings import Listing
from impulse_registry.domain.people import ErasedPerson, Memberships, Person


class Table(SQLModel):
    """A table of this service; other services have tables of the same names."""

    metadata: ClassVar[MetaData] = MetaData()


def _json(name: str | None = None) -> Any:
    return Field(sa_column=Column(name, JSONB) if name else Column(JSONB))


def _moment() -> Any:
    return Field(sa_column=Column(DateTime(timezone=True)))


class IdentityKeyRow(Table, table=True):
    """What a natural key stands for."""

    __tablename__ = "identity_key"
    key: str = Field(primary_key=True)
    version: int
    subject_id: UUID
    reported_at: datetime | None = _moment()
    withdrawn_at: datetime | None = _moment()
    contact: bool


class ActorRow(Table, table=True):
    """An actor."""

    __tablename__ = "actor"
    actor_id: UUID = Field(primary_key=True)
    version: int
    status: str
    kind: str
    actor_type: str
    carrier: str
    unit: str | None
    legal_name: str
    display_name: str | None
    legal_form: str | None
    register_entry: dict[str, Any] | None = _json("register")
    w_idnr: str | None
    seat: dict[str, Any] = _json()
    topics: list[str] = _json()
    icnpo_group: int | None
    size_class: str | None
    languages: list[str] = _json()
    website: str | None
    example: bool
    sources: list[Any] = _json()
    merged_into: UUID | None
    confirmed_at: datetime = _moment()
    changed_at: datetime | None = _moment()


class ListingRow(Table, table=True):
    """An offer or a need."""

    __tablename__ = "listing"
    listing_id: UUID = Field(primary_key=True)
    version: int
    actor_id: UUID
    status: str
    direction: str
    title: str
    description: str
    resource_category: str
    skills: list[str] = _json()
    quantity: dict[str, Any] | None = _json()
    team_size: dict[str, Any] | None = _json()
    time: dict[str, Any] = _json()
    place: dict[str, Any] = _json()
    topics: list[str] = _json()
    target_groups: list[str] = _json()
    requirements: list[str] = _json()
    accessibility: list[str] = _json()
    counter_offers: list[Any] = _json()
    valid_until: date | None
    example: bool
    sources: list[Any] = _json()
    confirmed_at: datetime = _moment()
    changed_at: datetime | None = _moment()


class PersonRow(Table, table=True):
    """A person's contact details."""

    __tablename__ = "person"
    person_id: UUID = Field(primary_key=True)
    version: int
    name: str
    email: str
    phone: str | None
    language: str
    contact_of: dict[str, Any] | None = _json()


class MembershipRow(Table, table=True):
    """What a person is to actors; ids only."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: list[Any] = _json()


class ErasedPersonRow(Table, table=True):
    """That a person was erased; ids only."""

    __tablename__ = "erased_person"
    person_id: UUID = Field(primary_key=True)
    version: int
    contact_of: dict[str, Any] | None = _json()
    erased_at: datetime = _moment()


# The German names are the same as subject and object of a sentence, as refusals need both.
keys: Repository[IdentityKey, str] = Repository(IdentityKeyRow, IdentityKey)
actors: Repository[Actor, UUID] = Repository(ActorRow, Actor, ("Die Organisation", "The actor"))
listings: Repository[Listing, UUID] = Repository(
    ListingRow, Listing, ("Das Angebot oder Gesuch", "The listing")
)
people: Repository[Person, UUID] = Repository(PersonRow, Person, ("Die Person", "The person"))
memberships: Repository[Memberships, UUID] = Repository(MembershipRow, Memberships)
erased: Repository[ErasedPerson, UUID] = Repository(ErasedPersonRow, ErasedPerson)


def lock_visible_listings(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks the open and stale listings of actors. One statement.

    The actors must be locked before: who publishes a listing holds its actor, so none is missed.
    """
    listings.select(
        tx,
        "t.actor_id = ANY(%b) AND t.status IN ('open', 'stale')",
        (list(actor_ids),),
    )


def lock_actors_of_listings(tx: Transaction, listing_ids: Iterable[UUID]) -> None:
    """Locks the actors whose listings these are. One statement."""
    actors.select(
        tx,
        "t.actor_id IN (SELECT actor_id FROM listing WHERE listing_id = ANY(%b))",
        (list(listing_ids),),
    )
