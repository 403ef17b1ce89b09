"""Editions, their projects, and the batches in which their agreements were entered."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.agreement_batches import AgreementBatch
from impulse_booking.domain.editions import Edition
from impulse_booking.domain.projects import Project
from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.booking.edition_codes import ProjectState


class EditionRow(Table, table=True):
    """`Edition`."""

    __tablename__ = "edition"
    edition_id: UUID = Field(primary_key=True)
    version: int
    stage: str
    since: datetime = moment_column()
    title: str
    format: str
    description: str
    topics: list[Any] = json_column()
    provider_actor_id: UUID | None
    ags: str | None
    place: dict[str, Any] | None = json_column()
    online: bool
    programme_offer_id: UUID
    session_id: UUID
    starts: datetime = moment_column()
    ends: datetime = moment_column()
    timezone: str
    meetings: list[Any] = json_column()
    places: dict[str, Any] = json_column()
    registration_opens: datetime | None = moment_column()
    registration_closes: datetime | None = moment_column()
    selection_mode: str
    workshop: dict[str, Any] | None = json_column()
    deadlines: dict[str, Any] | None = json_column()
    results: dict[str, Any] | None = json_column()
    example: bool


class AgreementBatchRow(Table, table=True):
    """`AgreementBatch`."""

    __tablename__ = "agreement_batch"
    batch_id: UUID = Field(primary_key=True)
    version: int
    edition_id: UUID
    entered_at: datetime = moment_column()
    lines: list[Any] = json_column()


class ProjectRow(Table, table=True):
    """`Project`."""

    __tablename__ = "project"
    project_id: UUID = Field(primary_key=True)
    version: int
    edition_id: UUID
    actor_id: UUID
    state: str
    title: str
    description: str
    resource_category: str
    team: dict[str, Any] | None = json_column()
    hours: float | None
    topics: list[Any] = json_column()
    cv_format: str | None
    cv_mode: str | None
    submitted_at: datetime = moment_column()
    on_behalf: dict[str, Any] | None = json_column()
    claimed_by: UUID | None
    claimed_at: datetime | None = moment_column()
    cooperation_id: UUID | None
    claims: int
    example: bool


editions: Repository[Edition, UUID] = Repository(
    EditionRow, Edition, ("Die Veranstaltung", "The event")
)
batches: Repository[AgreementBatch, UUID] = Repository(
    AgreementBatchRow, AgreementBatch, ("Der Stapel", "The batch")
)
projects: Repository[Project, UUID] = Repository(
    ProjectRow, Project, ("Das Projekt", "The project")
)


def claimed_for(project: Project) -> Iterator[Hashable]:
    """What a project is found by: the cooperation that came of it."""
    if project.cooperation_id is not None:
        yield project.cooperation_id


def free_at(project: Project) -> Iterator[Hashable]:
    """What a project that is free is found by: its edition."""
    if project.state is ProjectState.FREE:
        yield project.edition_id


def lock_free(tx: Transaction, edition_ids: Iterable[UUID]) -> None:
    """Locks the projects of editions that are free."""
    ids = sorted(set(edition_ids))
    projects.select(tx, "t.edition_id = ANY(%b) AND t.state = 'free'", (ids,))


def lock_claimed_for(tx: Transaction, cooperation_ids: Iterable[UUID]) -> None:
    """Locks the projects of which cooperations came."""
    projects.select(tx, "t.cooperation_id = ANY(%b)", (sorted(set(cooperation_ids)),))
