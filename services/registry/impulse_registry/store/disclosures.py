"""Disclosures of contacts."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, moment_column
from impulse_registry.domain.disclosures import Disclosure


class DisclosureRow(Table, table=True):
    """That the people of an actor may see a contact; ids only."""

    __tablename__ = "disclosure"
    disclosure_id: UUID = Field(primary_key=True)
    version: int
    person_id: UUID
    actor_id: UUID
    to_actor_id: UUID
    proposal_id: UUID
    cooperation_id: UUID | None
    disclosed_at: datetime = moment_column()
    until: datetime = moment_column()
    ended_at: datetime | None = moment_column()


disclosures: Repository[Disclosure, UUID] = Repository(DisclosureRow, Disclosure)


def lock_disclosures_of(tx: Transaction, person_ids: Iterable[UUID]) -> list[Disclosure]:
    """Locks the disclosures of people that stand. One statement."""
    return disclosures.select(
        tx, "t.person_id = ANY(%b) AND t.ended_at IS NULL", (list(person_ids),)
    )


def lock_disclosures_at(tx: Transaction, actor_ids: Iterable[UUID]) -> list[Disclosure]:
    """Locks what stands of disclosures by or to actors. One statement."""
    ids = list(actor_ids)
    where = "(t.actor_id = ANY(%b) OR t.to_actor_id = ANY(%b)) AND t.ended_at IS NULL"
    return disclosures.select(tx, where, (ids, ids))


def disclosures_of(tx: Transaction, person_id: UUID) -> list[Disclosure]:
    """The disclosures of a person, as they are now in this transaction; loaded before."""
    return disclosures.naming(tx, _person_of, person_id)


def disclosures_at(tx: Transaction, actor_id: UUID) -> list[Disclosure]:
    """The disclosures by or to an actor, as they are now in this transaction; loaded before."""
    return disclosures.naming(tx, _actors_of, actor_id)


def lock_disclosures_for(tx: Transaction, proposal_ids: Iterable[UUID]) -> list[Disclosure]:
    """Locks what was disclosed for proposals. One statement."""
    return disclosures.select(tx, "t.proposal_id = ANY(%b)", (list(proposal_ids),))


def disclosures_for(tx: Transaction, proposal_id: UUID) -> list[Disclosure]:
    """What was disclosed for a proposal, as it is now in this transaction; loaded before."""
    return disclosures.naming(tx, _proposal_of, proposal_id)


def _person_of(disclosure: Disclosure) -> list[UUID]:
    return [disclosure.person_id]


def _actors_of(disclosure: Disclosure) -> list[UUID]:
    return [disclosure.actor_id, disclosure.to_actor_id]


def _proposal_of(disclosure: Disclosure) -> list[UUID]:
    return [disclosure.proposal_id]
