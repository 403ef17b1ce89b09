"""Organisations that may be one. For brokers and operators."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request

from impulse_contracts.codes import PairState
from impulse_contracts.registry.duplicates import KeepApart, Pair, UndoMerge
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import duplicates
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    Merging,
    OperationView,
)
from impulse_gateway.web.merging import merge_of
from impulse_gateway.web.site import site_of

router = APIRouter(
    prefix="/api/duplicates", tags=["duplicates"], responses={**PROBLEMS, **REFUSALS}
)


@router.get("")
async def list_duplicates(
    request: Request, state: PairState = PairState.SUSPECTED, after: str | None = None
) -> Page[Pair]:
    """The pairs in a state, the likeliest first."""
    return await site_of(request).db(
        lambda connection: duplicates.search(connection, state=state, after=after)
    )


@router.get("/{pair_id}")
async def get_duplicate(request: Request, pair_id: UUID) -> Pair:
    """Two organisations that may be one, and the evidence."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.duplicate(connection, viewer, pair_id)
    )


@router.post("/{pair_id}/merge", status_code=202)
async def merge_duplicate(ask: Asking, pair_id: UUID, body: Merging) -> OperationView:
    """They are one; the survivor goes on for both. It can be undone."""
    found = await get_duplicate(ask.request, pair_id)
    command = merge_of(ask.request, found, body.survivor_id, body.succession)
    return await ask(command)


@router.post("/{pair_id}/keep-apart", status_code=202)
async def keep_duplicate_apart(ask: Asking, pair_id: UUID) -> OperationView:
    """They are two; nobody is asked again."""
    found = await get_duplicate(ask.request, pair_id)
    command = KeepApart(pair_id=found.pair_id)
    return await ask(command)


@router.post("/{pair_id}/undo", status_code=202)
async def undo_duplicate(ask: Asking, pair_id: UUID) -> OperationView:
    """They were merged by mistake: each stands by itself again."""
    found = await get_duplicate(ask.request, pair_id)
    command = UndoMerge(pair_id=found.pair_id)
    return await ask(command)
