"""Organisations that may be one: brokers look at both, and decide."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.codes import PairState, SuccessionKind
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.duplicates import KeepApart, Pair, UndoMerge
from impulse_gateway.domain import duplicates as rules
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, duplicates
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.merging import merge_of
from impulse_gateway.web.pages import forms
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/duplicates", include_in_schema=False)

Actors = dict[UUID, ActorState]


def _both(connection: Connection, *found: Pair) -> Actors:
    ids = {each for pair in found for each in (pair.actor_a_id, pair.actor_b_id)}
    return actors.by_id(connection, ids)


@router.get("")
async def suspected(request: Request, state: str = "", after: str | None = None) -> Response:
    """The pairs that wait for a decision, or those that were decided, the likeliest first."""
    chosen = forms.choice(PairState, state) or PairState.SUSPECTED

    def read(connection: Connection) -> tuple[Page[Pair], Actors]:
        found = duplicates.search(connection, state=chosen, after=after)
        return found, _both(connection, *found.items)

    found, owners = await site_of(request).db(read)
    return page(
        request,
        "duplicates.html",
        found=found,
        actors=owners,
        state=chosen,
        first=after is None,
    )


@router.get("/{pair_id}")
async def pair(request: Request, pair_id: UUID) -> Response:
    """Both side by side, what speaks for one and what against it, and what can be decided."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> tuple[Pair, Actors]:
        found = reading.duplicate(connection, viewer, pair_id)
        return found, _both(connection, found)

    found, both = await site_of(request).db(read)
    return page(
        request,
        "duplicate.html",
        pair=found,
        a=both.get(found.actor_a_id),
        b=both.get(found.actor_b_id),
        rules=rules,
        new_operation=uuid4,
    )


async def _pair(request: Request, pair_id: UUID) -> Pair:
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.duplicate(connection, viewer, pair_id)
    )


@router.post("/{pair_id}/merge")
async def merge(
    request: Request,
    pair_id: UUID,
    operation: Annotated[str, Form()],
    survivor: Annotated[str, Form()] = "",
    succession: Annotated[str, Form()] = "",
) -> Response:
    """They are one; one of them goes on for both."""
    found = await _pair(request, pair_id)
    kind = forms.choice(SuccessionKind, succession)
    return await forms.send(request, merge_of(request, found, survivor, kind), operation)


@router.post("/{pair_id}/keep-apart")
async def keep_apart(
    request: Request, pair_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """They are two; nobody is asked again."""
    found = await _pair(request, pair_id)
    return await forms.send(request, KeepApart(pair_id=found.pair_id), operation)


@router.post("/{pair_id}/undo")
async def undo(request: Request, pair_id: UUID, operation: Annotated[str, Form()]) -> Response:
    """They were merged by mistake."""
    found = await _pair(request, pair_id)
    return await forms.send(request, UndoMerge(pair_id=found.pair_id), operation)
