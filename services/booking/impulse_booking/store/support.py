"""Requests for support."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.support import SupportRequest
from impulse_chassis import Repository, Table, json_column, moment_column


class SupportRequestRow(Table, table=True):
    """`SupportRequest`."""

    __tablename__ = "support_request"
    request_id: UUID = Field(primary_key=True)
    version: int
    programme_offer_id: UUID
    actor_id: UUID
    wish: str
    state: str
    free_of_charge: bool
    requested_at: datetime = moment_column()
    on_behalf: dict[str, Any] | None = json_column()
    person_id: UUID | None
    until: date | None
    hours: float | None
    result: str | None
    reason: str | None
    example: bool


support_requests: Repository[SupportRequest, UUID] = Repository(
    SupportRequestRow, SupportRequest, ("Die Anfrage", "The request")
)
