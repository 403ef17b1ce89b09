"""Plans of markets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Repository,
    Table,
    Transaction,
    json_column,
    moment_column,
)
from impulse_contracts.registry.listings import ListingState
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


def taking_part(
    tx: Transaction, actor_ids: Iterable[UUID]
) -> list[tuple[ListingState, UUID | None]]:
    """The listings of organisations, open or not, not locked, and the legal entities that bear
    these; without the offers that were promised for good."""
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT l.fact::text, a.carrier_actor_id
        FROM listing AS l LEFT JOIN actor AS a USING (actor_id)
        LEFT JOIN offer_capacity AS c ON c.offer_id = l.listing_id AND c.promised
        WHERE l.actor_id = ANY(%s) AND c.offer_id IS NULL
        """,
        (sorted(set(actor_ids)),),
    )
    return [
        (ListingState.model_validate_json(fact), carrier) for fact, carrier in cursor.fetchall()
    ]
