"""The tables of the registry and every query on them; rows are what migrations made."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.listings import Listing
from impulse_registry.domain.people import ErasedPerson, Memberships, Person


class IdentityKeyRow(Table, table=True):
    """What a natural key stands for."""

    __tablename__ = "identity_key"
    key: str = Field(primary_key=True)
    version: int
    subject_id: UUID
    reported_at: datetime | None = moment_column()
    withdrawn_at: datetime | None = moment_column()
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
    register_entry: dict[str, Any] | None = json_column("register")
    w_idnr: str | None
    seat: dict[str, Any] = json_column()
    topics: list[str] = json_column()
    icnpo_group: int | None
    size_class: str | None
    languages: list[str] = json_column()
    website: str | None
    example: bool
    sources: list[Any] = json_column()
    merged_into: UUID | None
    confirmed_at: datetime = moment_column()
    changed_at: datetime | None = moment_column()


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
    skills: list[str] = json_column()
    quantity: dict[str, Any] | None = json_column()
    team_size: dict[str, Any] | None = json_column()
    time: dict[str, Any] = json_column()
    place: dict[str, Any] = json_column()
    topics: list[str] = json_column()
    target_groups: list[str] = json_column()
    requirements: list[str] = json_column()
    accessibility: list[str] = json_column()
    counter_offers: list[Any] = json_column()
    valid_until: date | None
    example: bool
    sources: list[Any] = json_column()
    confirmed_at: datetime = moment_column()
    changed_at: datetime | None = moment_column()


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


keys: Repository[IdentityKey, str] = Repository(IdentityKeyRow, IdentityKey)
actors: Repository[Actor, UUID] = Repository(ActorRow, Actor, ("Die Organisation", "The actor"))
listings: Repository[Listing, UUID] = Repository(
    ListingRow, Listing, ("Das Angebot oder der Bedarf", "The listing")
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
