"""Plans of markets. For brokers and operators."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request

from impulse_contracts.markets import MarketPlanned, PlanMarket
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import markets
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    OperationView,
)
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/markets", tags=["markets"], responses={**PROBLEMS, **REFUSALS})


@router.get("")
async def list_markets(request: Request, after: str | None = None) -> Page[MarketPlanned]:
    """The plans, the newest first."""
    return await site_of(request).db(lambda connection: markets.search(connection, after=after))


@router.get("/{edition_id}")
async def get_market(request: Request, edition_id: UUID) -> MarketPlanned:
    """The newest plan of a market."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.market(connection, viewer, edition_id)
    )


@router.post("", status_code=202)
async def plan_market(ask: Asking, body: PlanMarket) -> OperationView:
    """Who should talk with whom. A further plan of the same edition replaces the one before."""
    return await ask(body)
