"""Cooperations."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.cooperation import Cooperation
from impulse_chassis import Repository, Table, json_column, moment_column


class CooperationRow(Table, table=True):
    """`Cooperation`."""

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
    topics: list[Any] = json_column()
    example: bool
    state: str
    opened_at: datetime = moment_column()
    redeem_by: date
    reminded: str | None


cooperations: Repository[Cooperation, UUID] = Repository(
    CooperationRow, Cooperation, ("Die Kooperation", "The cooperation")
)
