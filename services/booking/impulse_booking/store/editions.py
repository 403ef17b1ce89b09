"""Editions, their projects, and the batches in which their agreements were entered."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.editions import Edition
from impulse_chassis import Repository, Table, json_column, moment_column


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


editions: Repository[Edition, UUID] = Repository(
    EditionRow, Edition, ("Die Veranstaltung", "The event")
)
