"""What names and natural keys stand for."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.naturalkeys import NaturalKey


class IdentityKeyRow(Table, table=True):
    """What a partner's name for a thing stands for, and what was said under it."""

    __tablename__ = "identity_key"
    key: str = Field(primary_key=True)
    version: int
    subject_id: UUID
    reported_at: datetime | None = moment_column()
    withdrawn_at: datetime | None = moment_column()
    gone: bool
    contact: bool
    record: dict[str, Any] | None = json_column()


class NaturalKeyRow(Table, table=True):
    """Which actors a register entry, a number, or a name at a place speaks of."""

    __tablename__ = "natural_key"
    key: str = Field(primary_key=True)
    version: int
    holders: list[Any] = json_column()
    crowded: bool


keys: Repository[IdentityKey, str] = Repository(IdentityKeyRow, IdentityKey)
natural_keys: Repository[NaturalKey, str] = Repository(NaturalKeyRow, NaturalKey)


def lock_names(tx: Transaction, actor_ids: Iterable[UUID]) -> list[IdentityKey]:
    """Locks all names of actors; returns what was said under them. One statement."""
    return keys.select(tx, "t.subject_id = ANY(%b)", (list(actor_ids),))
