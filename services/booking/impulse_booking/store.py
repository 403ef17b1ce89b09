"""The tables of booking, and every query on them."""

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Column, DateTime, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from impulse_booking.domain.cooperation import Cooperation
from impulse_chassis import Repository


class Table(SQLModel):
    """A table of this service; other services have tables of the same names."""

    metadata: ClassVar[MetaData] = MetaData()


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
    topics: list[Any] = Field(sa_column=Column(JSONB, nullable=False))
    example: bool
    state: str
    opened_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))
    redeem_by: date
    reminded: str | None


cooperations: Repository[Cooperation, UUID] = Repository(
    CooperationRow, Cooperation, ("Die Kooperation", "The cooperation")
)
