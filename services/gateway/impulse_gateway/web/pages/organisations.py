"""Organisations."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts.codes import ActorKind
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, listings
from impulse_gateway.web import reading
from impulse_gateway.web.pages.forms import choice
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/organisations")
async def organisations(
    request: Request, q: str = "", kind: str = "", after: str | None = None
) -> Response:
    """Organisations by name, searched by words and kind."""
    chosen = choice(ActorKind, kind)
    found = await site_of(request).db(
        lambda connection: actors.search(connection, q=q, kind=chosen, after=after)
    )
    return page(request, "organisations.html", found=found, q=q, kind=chosen, first=after is None)


@router.get("/organisations/{actor_id}")
async def organisation(request: Request, actor_id: UUID) -> Response:
    """One organisation and its listings."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> tuple[ActorState, list[ListingState]]:
        actor = reading.actor(connection, viewer, actor_id)
        hidden = viewer.sees_all_of(actor.actor_id)
        return actor, listings.of_actor(connection, actor.actor_id, hidden=hidden)

    actor, own = await site_of(request).db(read)
    if actor.actor_id != actor_id:
        return RedirectResponse(f"/organisations/{actor.actor_id}", 301)
    return page(request, "organisation.html", actor=actor, listings=own)
