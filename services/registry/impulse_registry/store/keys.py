"""What natural keys stand for."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, moment_column
from impulse_registry.domain.identity import IdentityKey


class IdentityKeyRow(Table, table=True):
    """What a natural key stands for."""

    __tablename__ = "identity_key"
    key: str = Field(primary_key=True)
    version: int
    subject_id: UUID
    reported_at: datetime | None = moment_column()
    withdrawn_at: datetime | None = moment_column()
    contact: bool


keys: Repository[IdentityKey, str] = Repository(IdentityKeyRow, IdentityKey)
