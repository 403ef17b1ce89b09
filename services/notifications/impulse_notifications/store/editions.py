"""The editions as booking publishes them, and their projects."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.booking.edition_codes import ProjectState
from impulse_contracts.codes import ActorKind
from impulse_notifications.domain.editions import KnownEdition


class EditionRow(Table, table=True):
    """`KnownEdition`."""

    __tablename__ = "edition"
    edition_id: UUID = Field(primary_key=True)
    version: int
    stage: str
    session_id: UUID
    title: str
    deadlines: dict[str, Any] | None = json_column()
    provider_actor_id: UUID | None
    since: datetime | None = moment_column()


class ProjectRow(Table, table=True):
    """Who submitted a project, and who claimed it. Columns as in `ProjectFact`."""

    __tablename__ = "project"
    project_id: UUID = Field(primary_key=True)
    version: int
    edition_id: UUID
    actor_id: UUID
    state: str
    claimed_by: UUID | None


editions: Repository[KnownEdition, UUID] = Repository(
    EditionRow, KnownEdition, ("Die Veranstaltung", "The event")
)


def with_projects(tx: Transaction, edition_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """The editions, each with the organisations that have submitted or claimed a project of it."""
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT edition_id, unnest(ARRAY[actor_id, claimed_by]) FROM project
        WHERE edition_id = ANY(%s) AND state <> %s
        """,
        (sorted(set(edition_ids)), ProjectState.WITHDRAWN.value),
    )
    return {(edition_id, actor_id) for edition_id, actor_id in cursor.fetchall() if actor_id}


def companies(tx: Transaction, actor_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these organisations are companies."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT actor_id FROM actor WHERE actor_id = ANY(%s) AND kind = %s",
        (sorted(set(actor_ids)), ActorKind.COMPANY.value),
    )
    return {actor_id for (actor_id,) in cursor.fetchall()}
