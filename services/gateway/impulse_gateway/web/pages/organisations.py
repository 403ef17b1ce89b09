"""Organisations."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts import ruhr
from impulse_contracts.codes import ActorKind
from impulse_contracts.registry.duplicates import SeparateName
from impulse_gateway.domain import access
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, duplicates, listings
from impulse_gateway.web import reading
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)

PLACES = frozenset(ruhr.DISTRICTS) | {each.ags for each in ruhr.MUNICIPALITIES}
"""The keys by which organisations can be filtered."""


@router.get("/organisations")
async def organisations(
    request: Request, q: str = "", kind: str = "", ags: str = "", after: str | None = None
) -> Response:
    """Organisations by name, searched by words, kind and place."""
    chosen = forms.choice(ActorKind, kind)
    place = ags if ags in PLACES else ""
    found = await site_of(request).db(
        lambda connection: actors.search(connection, q=q, kind=chosen, ags=place, after=after)
    )
    return page(
        request,
        "organisations.html",
        found=found,
        q=q,
        kind=chosen,
        ags=place,
        first=after is None,
        municipalities=sorted(ruhr.MUNICIPALITIES, key=lambda each: (each.district, each.name)),
        districts=ruhr.DISTRICTS,
    )


@router.get("/organisations/{actor_id}")
async def organisation(request: Request, actor_id: UUID) -> Response:
    """One organisation and its listings."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> dict[str, Any]:
        actor = reading.actor(connection, viewer, actor_id)
        bearer = actors.get(connection, actor.carrier_actor_id) if actor.carrier_actor_id else None
        helper = actors.get(connection, actor.in_charge) if actor.in_charge else None
        return {
            "actor": actor,
            "listings": listings.of_actor(connection, viewer, actor.actor_id),
            "bearer": bearer if bearer and access.sees_actor(viewer, bearer) else None,
            "helper": helper if helper and access.sees_actor(viewer, helper) else None,
            "units": actors.units_of(connection, actor.actor_id),
            "pairs": duplicates.of_actor(connection, actor.actor_id) if viewer.sees_all else [],
        }

    found = await site_of(request).db(read)
    if found["actor"].actor_id != actor_id:
        # Not for good: a merge can be undone.
        return RedirectResponse(f"/organisations/{found['actor'].actor_id}", 302)
    return page(request, "organisation.html", new_operation=uuid4, **found)


@router.post("/organisations/{actor_id}/separate")
async def separate(
    request: Request,
    actor_id: UUID,
    operation: Annotated[str, Form()],
    source: Annotated[str, Form()],
    external_id: Annotated[str, Form()],
) -> Response:
    """What a partner reports under one of its ids is another organisation."""
    try:
        command = SeparateName(actor_id=actor_id, source=source, external_id=external_id)
    except ValidationError:
        raise Problem.not_found() from None
    return await forms.send(request, command, operation)
