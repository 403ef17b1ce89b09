"""What people are to organisations."""

from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Aggregate,
    Forgetting,
    Held,
    Repository,
    Table,
    json_column,
)
from impulse_contracts.registry.people import Membership


class KnownMemberships(Aggregate, key="person_id"):
    """What a person is to organisations."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()


class MembershipRow(Table, table=True):
    """What the registry published about a person's memberships; ids only."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: list[Any] = json_column()


memberships: Repository[KnownMemberships, UUID] = Repository(MembershipRow, KnownMemberships)


forgetting = Forgetting(Held("membership"))
