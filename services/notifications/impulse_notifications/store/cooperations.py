"""The cooperations as booking publishes them: what e-mails that wait rest on."""

from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Table, json_column


class CooperationRow(Table, table=True):
    """What of a cooperation is reminded of. Columns as in `CooperationFact`."""

    __tablename__ = "cooperation"
    cooperation_id: UUID = Field(primary_key=True)
    version: int
    state: str
    next_action: dict[str, Any] | None = json_column()
    dates: list[Any] = json_column()
    checklist: list[Any] = json_column()
