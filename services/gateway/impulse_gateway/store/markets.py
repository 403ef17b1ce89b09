"""Queries on the plans of markets."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.markets import MarketPlanned
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page


def search(connection: Connection, *, after: str | None = None) -> Page[MarketPlanned]:
    """The plans, the newest first. Raises `BadCursor`."""
    return rows.page(
        connection,
        MarketPlanned,
        "market_plan",
        [],
        {},
        order=("planned_at", "edition_id"),
        kind=datetime.fromisoformat,
        descending=True,
        after=after,
    )


def get(connection: Connection, edition_id: UUID) -> MarketPlanned | None:
    """The newest plan of a market."""
    found = rows.find(
        connection,
        MarketPlanned,
        "SELECT row_to_json(t)::text FROM market_plan AS t WHERE edition_id = %(id)s",
        {"id": edition_id},
    )
    return found[0] if found else None
