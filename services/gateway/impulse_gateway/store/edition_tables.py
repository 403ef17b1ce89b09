"""The tables that the facts of editions fill, as those in `tables`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Table, json_column, moment_column, project
from impulse_contracts.booking.agreement_batches import AgreementsEntered
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.projects import ProjectFact


class EditionRow(Table, table=True):
    """The newest `EditionFact`."""

    __tablename__ = "edition"
    edition_id: UUID = Field(primary_key=True)
    version: int
    stage: str
    since: datetime = moment_column()
    title: str
    format: str
    description: str
    topics: Any = json_column()
    provider_actor_id: UUID | None
    ags: str | None
    place: Any = json_column()
    online: bool
    programme_offer_id: UUID
    session_id: UUID
    starts: datetime = moment_column()
    ends: datetime = moment_column()
    timezone: str
    meetings: Any = json_column()
    places: Any = json_column()
    registration_opens: datetime | None = moment_column()
    registration_closes: datetime | None = moment_column()
    selection_mode: str
    workshop: Any = json_column()
    deadlines: Any = json_column()
    results: Any = json_column()
    example: bool


class ProjectRow(Table, table=True):
    """The newest `ProjectFact`."""

    __tablename__ = "project"
    project_id: UUID = Field(primary_key=True)
    version: int
    edition_id: UUID
    actor_id: UUID
    state: str
    title: str
    description: str
    resource_category: str
    team: Any = json_column()
    hours: float | None
    topics: Any = json_column()
    cv_format: str | None
    cv_mode: str | None
    submitted_at: datetime = moment_column()
    on_behalf: Any = json_column()
    claimed_by: UUID | None
    claimed_at: datetime | None = moment_column()
    cooperation_id: UUID | None
    claims: int
    example: bool


class AgreementBatchRow(Table, table=True):
    """What `AgreementsEntered` said of a batch."""

    __tablename__ = "agreement_batch"
    batch_id: UUID = Field(primary_key=True)
    version: int
    edition_id: UUID
    entered_at: datetime = moment_column()
    lines: Any = json_column()


PROJECTIONS = [
    project(EditionFact, into=EditionRow),
    project(ProjectFact, into=ProjectRow),
    project(AgreementsEntered, into=AgreementBatchRow),
]
