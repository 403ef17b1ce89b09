"""Organisations."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.requests import Request

from impulse_chassis import stable_uuid
from impulse_contracts.codes import ActorKind
from impulse_contracts.parts import Source
from impulse_contracts.registry.actors import ActorState, ArchiveActor, ChangeActor, RegisterActor
from impulse_contracts.registry.duplicates import SeparateName
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    NewActor,
    OperationView,
    Profile,
)
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/actors", tags=["actors"], responses=PROBLEMS)


@router.get("")
async def list_actors(
    request: Request,
    q: str = "",
    kind: ActorKind | None = None,
    ags: Annotated[str, Query(pattern="^([0-9]{5}|[0-9]{8})?$")] = "",
    after: str | None = None,
) -> Page[ActorState]:
    """The organisations by name; `q` are beginnings of words of name, city and postcode, `ags` is
    the key of a municipality (8 digits) or district (5)."""
    return await site_of(request).db(
        lambda connection: actors.search(connection, q=q, kind=kind, ags=ags, after=after)
    )


@router.get("/{actor_id}")
async def get_actor(request: Request, actor_id: UUID) -> ActorState:
    """One organisation; of one that was merged the survivor."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(lambda connection: reading.actor(connection, viewer, actor_id))


@router.post("", status_code=202, responses=REFUSALS)
async def register_actor(ask: Asking, body: NewActor) -> OperationView:
    """Registers an organisation that no partner has reported. For brokers and operators."""
    actor_id = body.actor_id or stable_uuid("actor", str(ask.key))
    command = RegisterActor.model_validate({**body.model_dump(), "actor_id": actor_id})
    return await ask(command)


async def _managed(request: Request, actor_id: UUID) -> ActorState:
    viewer: Viewer = request.state.viewer
    found = await get_actor(request, actor_id)
    if not viewer.manages(found.actor_id):
        raise Problem.not_allowed()
    return found


@router.put("/{actor_id}", status_code=202, responses=REFUSALS)
async def change_actor(ask: Asking, actor_id: UUID, body: Profile) -> OperationView:
    """Replaces an organisation's profile. For its members, brokers and operators.

    Who records it for others says through which `channel`, and on which day, they said so."""
    actor = await _managed(ask.request, actor_id)
    command = ChangeActor.model_validate({**body.model_dump(), "actor_id": actor.actor_id})
    return await ask(command)


@router.delete("/{actor_id}", status_code=202, responses=REFUSALS)
async def archive_actor(ask: Asking, actor_id: UUID) -> OperationView:
    """Takes an organisation and its listings out of sight. For its members, brokers, operators."""
    actor = await _managed(ask.request, actor_id)
    command = ArchiveActor(actor_id=actor.actor_id)
    return await ask(command)


@router.post("/{actor_id}/separate", status_code=202, responses=REFUSALS)
async def separate_name(ask: Asking, actor_id: UUID, body: Source) -> OperationView:
    """What a partner reports under one of its ids is another organisation. For staff."""
    command = SeparateName(actor_id=actor_id, source=body.source, external_id=body.external_id)
    return await ask(command)
