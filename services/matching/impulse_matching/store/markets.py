"""Plans of markets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Repository,
    Table,
    json_column,
    moment_column,
)
from impulse_matching.domain.market import MarketPlan


class MarketPlanRow(Table, table=True):
    """`MarketPlan`."""

    __tablename__ = "market_plan"
    edition_id: UUID = Field(primary_key=True)
    version: int
    format: str
    companies: list[Any] = json_column()
    nonprofits: list[Any] = json_column()
    rounds: int | None
    tables: int | None
    talks: list[Any] = json_column()
    alone: list[Any] = json_column()
    ruleset_version: str
    planned_at: datetime = moment_column()


markets: Repository[MarketPlan, UUID] = Repository(MarketPlanRow, MarketPlan)
