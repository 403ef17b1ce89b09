"""The tables of the registry and every query on them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from impulse_chassis import Repository, Transaction
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.listings import Listing
from impulse_registry.domain.people import ErasedPerson, Memberships, Person

Json = Any
Moment = DateTime(timezone=True)


class IdentityKeyRow(SQLModel, table=True):
    """`identity_key`: what a natural key stands for."""

    __tablename__ = "identity_key"
    key: str = Field(primary_key=True, sa_type=Text)
    version: int
    subject_id: UUID
    reported_at: datetime | None = Field(sa_type=Moment)  # type: ignore[call-overload]
    withdrawn_at: datetime | None = Field(sa_type=Moment)  # type: ignore[call-overload]
