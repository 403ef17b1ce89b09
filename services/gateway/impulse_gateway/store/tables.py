"""The tables that facts fill. Their columns are the fields of the facts: rows are facts again."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Forgetting, Held, Table, json_column, moment_column, project
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.markets import MarketPlanned
from impulse_contracts.matching import ProposalFact
from impulse_contracts.notifications import MessageFact
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.disclosures import DisclosureState
from impulse_contracts.registry.duplicates import Pair
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.people import MembershipsState, PersonState
from impulse_gateway.store import edition_tables, programme_tables, reports


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
    register_entry: Any = json_column("register")
    w_idnr: str | None
    seat: Any = json_column()
    topics: Any = json_column()
    icnpo_group: int | None
    size_class: str | None
    languages: Any = json_column()
    website: str | None
    example: bool
    sources: Any = json_column()
    carrier_actor_id: UUID | None
    merged_into: UUID | None
    absorbed: Any = json_column()
    provenance: Any = json_column()
    evidence: Any = json_column()
    inherited: Any = json_column()
    needs_renewal: bool
    suspended_for: str | None
    in_charge: UUID | None
    handed_over: bool
    handovers: Any = json_column()
    admitted_at: datetime | None = moment_column()
    service_area: Any = json_column()
    confirmed_at: datetime = moment_column()


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
    skills: Any = json_column()
    cv_format: str | None
    cv_mode: str | None
    cc_instrument: str | None
    worktime_basis: str | None
    quantity: Any = json_column()
    team_size: Any = json_column()
    time: Any = json_column()
    place: Any = json_column()
    topics: Any = json_column()
    target_groups: Any = json_column()
    requirements: Any = json_column()
    accessibility: Any = json_column()
    costs: Any = json_column()
    counter_offers: Any = json_column()
    visibility: str
    valid_until: date | None
    example: bool
    sources: Any = json_column()
    on_behalf: Any = json_column()
    in_charge: UUID | None
    handovers: Any = json_column()
    confirmed_at: datetime = moment_column()
    confirm_by: datetime | None = moment_column()


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
    contributions: Any = json_column()
    reasons: Any = json_column()
    blockers: Any = json_column()
    ruleset_version: str
    inputs_hash: str
    topics: Any = json_column()
    example: bool
    state: str
    declined_by: str | None
    decline_reason: str | None
    answer_until: datetime | None = moment_column()
    suggested_at: datetime = moment_column()
    origin: str
    released_at: datetime | None = moment_column()
    answers: Any = json_column()
    note: str | None
    adjustment: Any = json_column()


class CooperationRow(Table, table=True):
    """The newest `CooperationFact`. The table adds `next_due`, which it makes itself."""

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
    topics: Any = json_column()
    example: bool
    state: str
    opened_at: datetime = moment_column()
    redeem_by: date
    origin: str
    format: str | None
    in_charge: UUID | None
    since: datetime | None = moment_column()
    terms: Any = json_column()
    missing: Any = json_column()
    signatures: Any = json_column()
    number: str | None
    agreed_at: datetime | None = moment_column()
    hold: Any = json_column()
    next_action: Any = json_column()
    warnings: Any = json_column()
    steps: Any = json_column()
    reminded: Any = json_column()
    dates: Any = json_column()
    reports: Any = json_column()
    decision: Any = json_column()
    redeemed_at: datetime | None = moment_column()
    evaluations: Any = json_column()
    redemption: Any = json_column()
    checklist: Any = json_column()
    contacts: Any = json_column()
    edition_id: UUID | None
    edition_number: int | None


class DuplicateRow(Table, table=True):
    """The newest `Pair`."""

    __tablename__ = "duplicate"
    pair_id: UUID = Field(primary_key=True)
    version: int
    state: str
    actor_a_id: UUID
    actor_b_id: UUID
    score: float
    evidence: Any = json_column()
    survivor_id: UUID | None
    succession: str | None
    found_at: datetime = moment_column()
    decided_at: datetime | None = moment_column()


class MarketPlanRow(Table, table=True):
    """The newest `MarketPlanned`."""

    __tablename__ = "market_plan"
    edition_id: UUID = Field(primary_key=True)
    version: int
    format: str
    companies: Any = json_column()
    nonprofits: Any = json_column()
    rounds: int | None
    tables: int | None
    talks: Any = json_column()
    alone: Any = json_column()
    ruleset_version: str
    planned_at: datetime = moment_column()


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
    about: list[Any] = json_column()
    path: str | None
    attempts: int
    detail: str | None
    queued_at: datetime = moment_column()
    sent_at: datetime | None = moment_column()


class PersonRow(Table, table=True):
    """The newest `PersonState`; a tombstone deletes it, and sessions."""

    __tablename__ = "person"
    person_id: UUID = Field(primary_key=True)
    version: int
    name: str
    email: str
    phone: str | None
    language: str
    consents: Any = json_column()
    contact_of: Any = json_column()
    confirmed_at: datetime | None = moment_column()


class MembershipRow(Table, table=True):
    """The newest `MembershipsState`."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: Any = json_column()
    pending: Any = json_column()


class DisclosureRow(Table, table=True):
    """The newest `DisclosureState`."""

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


PROJECTIONS = [
    project(ActorState, into=ActorRow),
    project(ListingState, into=ListingRow),
    project(ProposalFact, into=ProposalRow),
    project(CooperationFact, into=CooperationRow),
    project(Pair, into=DuplicateRow),
    project(MarketPlanned, into=MarketPlanRow),
    project(MessageFact, into=MessageRow),
    project(PersonState, into=PersonRow),
    project(MembershipsState, into=MembershipRow),
    project(DisclosureState, into=DisclosureRow),
    *programme_tables.PROJECTIONS,
    *edition_tables.PROJECTIONS,
    *reports.PROJECTIONS,
]

FORGETTING = Forgetting(
    Held("session"),
    Held("operation"),
    Held("disclosure"),
    Held("message"),
    Held("membership"),
    Held("person"),
    *programme_tables.HELD,
)
"""What the gateway holds on persons; used links and attempts to sign in are digests alone."""
