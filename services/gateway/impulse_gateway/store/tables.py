"""The tables that facts fill. Their columns are the fields of the facts: rows are facts again."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, MetaData
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlmodel import Field, SQLModel

from impulse_chassis import project
from impulse_contracts.booking import CooperationFact
from impulse_contracts.matching import ProposalFact
from impulse_contracts.notifications import MessageFact
from impulse_contracts.registry import ActorState, ListingState, MembershipsState, PersonState


class Table(SQLModel):
    """A table of this service; other services have tables of the same names."""

    metadata: ClassVar[MetaData] = MetaData()


def _json(name: str | None = None) -> Any:
    return Field(sa_column=Column(name, JSONB) if name else Column(JSONB))


def moment() -> Any:
    """A column of points in time."""
    return Field(sa_column=Column(TIMESTAMP(timezone=True)))


class ActorRow(Table, table=True):
    """The newest `ActorState`. The table adds `sort_key` and `words`, which it makes itself."""

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
    register_entry: Any = _json("register")
    w_idnr: str | None
    seat: Any = _json()
    topics: Any = _json()
    icnpo_group: int | None
    size_class: str | None
    languages: Any = _json()
    website: str | None
    example: bool
    sources: Any = _json()
    merged_into: UUID | None
    confirmed_at: datetime = moment()


class ListingRow(Table, table=True):
    """The newest `ListingState`. The table adds `words`, which it makes itself."""

    __tablename__ = "listing"
    listing_id: UUID = Field(primary_key=True)
    version: int
    actor_id: UUID
    status: str
    direction: str
    title: str
    description: str
    resource_category: str
    skills: Any = _json()
    quantity: Any = _json()
    team_size: Any = _json()
    time: Any = _json()
    place: Any = _json()
    topics: Any = _json()
    target_groups: Any = _json()
    requirements: Any = _json()
    accessibility: Any = _json()
    counter_offers: Any = _json()
    valid_until: date | None
    example: bool
    sources: Any = _json()
    confirmed_at: datetime = moment()


class ProposalRow(Table, table=True):
    """The newest `ProposalFact`."""

    __tablename__ = "proposal"
    proposal_id: UUID = Field(primary_key=True)
    version: int
    need_id: UUID
    offer_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    score: float
    contributions: Any = _json()
    reasons: Any = _json()
    blockers: Any = _json()
    ruleset_version: str
    inputs_hash: str
    topics: Any = _json()
    example: bool
    state: str
    declined_by: str | None
    decline_reason: str | None
    answer_until: datetime | None = moment()
    suggested_at: datetime = moment()


class CooperationRow(Table, table=True):
    """The newest `CooperationFact`."""

    __tablename__ = "cooperation"
    cooperation_id: UUID = Field(primary_key=True)
    version: int
    proposal_id: UUID
    need_id: UUID
    offer_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    topics: Any = _json()
    example: bool
    state: str
    opened_at: datetime = moment()
    redeem_by: date


class MessageRow(Table, table=True):
    """The newest `MessageFact`; an inbox shows those of the channel `in_app`."""

    __tablename__ = "message"
    message_id: UUID = Field(primary_key=True)
    version: int
    person_id: UUID
    template: str
    channel: str
    language: str
    state: str
    cause_id: str
    title: str | None
    text: str | None
    attempts: int
    detail: str | None
    queued_at: datetime = moment()
    sent_at: datetime | None = moment()


class PersonRow(Table, table=True):
    """What signing in needs of the newest `PersonState`; a tombstone deletes it, and sessions."""

    __tablename__ = "person"
    person_id: UUID = Field(primary_key=True)
    version: int
    name: str
    email: str
    language: str


class MembershipRow(Table, table=True):
    """The newest `MembershipsState`."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: Any = _json()


PROJECTIONS = [
    project(ActorState, into=ActorRow),
    project(ListingState, into=ListingRow),
    project(ProposalFact, into=ProposalRow),
    project(CooperationFact, into=CooperationRow),
    project(MessageFact, into=MessageRow),
    project(PersonState, into=PersonRow),
    project(MembershipsState, into=MembershipRow),
]
