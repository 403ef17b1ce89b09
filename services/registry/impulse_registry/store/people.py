"""People, and what they are to actors."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.addresses import normal, spellings
from impulse_registry.domain.people import Memberships, Person


class PersonRow(Table, table=True):
    """A person's contact details."""

    __tablename__ = "person"
    person_id: UUID = Field(primary_key=True)
    version: int
    name: str
    email: str
    phone: str | None
    language: str
    consents: list[Any] = json_column()
    contact_of: dict[str, Any] | None = json_column()
    confirmed_at: datetime | None = moment_column()


class MembershipRow(Table, table=True):
    """What a person is to actors, and may become; ids only."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: list[Any] = json_column()
    pending: list[Any] = json_column()


people: Repository[Person, UUID] = Repository(PersonRow, Person, ("Die Person", "The person"))
memberships: Repository[Memberships, UUID] = Repository(MembershipRow, Memberships)


def lock_contacts_at(tx: Transaction, addresses: Iterable[str]) -> list[Person]:
    """Locks whom partners name with one of these addresses. One statement."""
    lowered = sorted({each for address in addresses for each in spellings(address)})
    where = "lower(t.email) = ANY(%b) AND jsonb_typeof(t.contact_of) = 'object'"
    return people.select(tx, where, (lowered,)) if lowered else []


def contacts_at(tx: Transaction, address: str) -> list[Person]:
    """Whom partners name with an address, as they are now in this transaction; loaded before."""
    return people.naming(tx, _contact_at, normal(address))


def _contact_at(person: Person) -> list[str]:
    return [person.reported_address] if person.reported_address else []


def lock_members(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks what the people of these actors are to actors. One statement."""
    _select_members(tx, actor_ids, " FOR UPDATE OF t")


def lock_attached(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """As `lock_members`, and of those who asked, or are asked, to become one. One statement."""
    ids = [str(actor_id) for actor_id in actor_ids]
    memberships.select(
        tx,
        """
        jsonb_path_query_array(t.memberships, '$[*].actor_id') ?| %b::text[]
        OR jsonb_path_query_array(t.pending, '$[*].actor_id') ?| %b::text[]
        """,
        (ids, ids),
    )


def read_members(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """As `lock_members`, for one who changes nothing about them. One statement."""
    _select_members(tx, actor_ids, "")


def _select_members(tx: Transaction, actor_ids: Iterable[UUID], lock: str) -> None:
    memberships.select(
        tx,
        "jsonb_path_query_array(t.memberships, '$[*].actor_id') ?| %b::text[]",
        ([str(actor_id) for actor_id in actor_ids],),
        lock=lock,
    )


def members_of(tx: Transaction, actor_id: UUID) -> list[Memberships]:
    """The people of an actor, as they are now in this transaction; loaded by one of those."""
    return memberships.naming(tx, _actors_of, actor_id)


def _actors_of(person: Memberships) -> list[UUID]:
    return [each.actor_id for each in person.memberships]


def attached_to(tx: Transaction, actor_id: UUID) -> list[Memberships]:
    """As `members_of`, and those who asked, or are asked, to become one; loaded by
    `lock_attached`."""
    return memberships.naming(tx, _possible_actors_of, actor_id)


def _possible_actors_of(person: Memberships) -> list[UUID]:
    return [*_actors_of(person), *(each.actor_id for each in person.pending)]
