"""Requests for support."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.support import SupportRequest
from impulse_chassis import Repository, Table, Transaction, json_column, moment_column


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
    formerly: list[Any] = json_column()
    example: bool


support_requests: Repository[SupportRequest, UUID] = Repository(
    SupportRequestRow, SupportRequest, ("Die Anfrage", "The request")
)


def asked_by(support: SupportRequest) -> Iterator[Hashable]:
    """What a request is found by: its organisation, and those before."""
    yield "actor", support.actor_id
    for actor_id in support.formerly:
        yield "formerly", actor_id


def lock_of_actors(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks what organisations asked for, and passed on."""
    ids = sorted(set(actor_ids))
    support_requests.select(
        tx,
        "t.actor_id = ANY(%b) OR (t.formerly <> '[]' AND t.formerly ?| %b::text[])",
        (ids, list(map(str, ids))),
    )
