"""Registering an organisation by hand, and changing what it says of itself, by form."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts.registry.actors import ActorState, ChangeActor, RegisterActor
from impulse_contracts.ruhr import MUNICIPALITIES
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.profile import IcnpoGroup, SpokenLanguage
from impulse_gateway.web import listing_form, organisation_form, reading
from impulse_gateway.web.listing_form import BERLIN, Entered, Fault
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/organisations", include_in_schema=False)


@router.get("/new")
async def new(request: Request, typed: forms.Refused) -> Response:
    """The empty form, in which staff record what a party told them."""
    return _show(request, None, typed, [])


@router.post("/new")
async def register(request: Request) -> Response:
    """Registers what was entered, or shows the form with what is wrong."""
    return await _settle(request, None)


@router.get("/{actor_id}/change")
async def edit(request: Request, actor_id: UUID, typed: forms.Refused) -> Response:
    """The form with what stands of an organisation."""
    actor = await _managed(request, actor_id)
    return _show(request, actor, typed or organisation_form.of_actor(actor), [])


@router.post("/{actor_id}/change")
async def change(request: Request, actor_id: UUID) -> Response:
    """Replaces what is said of an organisation by hand, or shows the form with what is wrong."""
    return await _settle(request, await _managed(request, actor_id))


# ------------------------------------------------------------------------------- the parts


async def _settle(request: Request, actor: ActorState | None) -> Response:
    """Sends the command if nothing is wrong with what was entered, or shows the form again."""
    values = listing_form.entered((await request.form()).multi_items())
    profile, wrong = organisation_form.profile(values, example=actor is not None and actor.example)
    told: dict[str, Any] = {}
    if _for_others(request, actor):
        on_behalf, more = listing_form.on_behalf(values)
        wrong = [*more, *wrong]
        if on_behalf is not None:
            told = {"channel": on_behalf.channel, "said_on": on_behalf.on}
    if profile is None or wrong:
        return _show(request, actor, values, wrong)
    operation = forms.operation_id(values.get("operation", [""])[0])
    kind = ChangeActor if actor else RegisterActor
    actor_id = actor.actor_id if actor else stable_uuid("actor", str(operation))
    command = kind.model_validate({**profile.model_dump(), **told, "actor_id": actor_id})
    return await forms.send(request, command, str(operation), typed=values)


def _show(
    request: Request, actor: ActorState | None, values: Entered, faults: list[Fault]
) -> Response:
    """The page with the form; with faults its answer says so."""
    now: datetime = site_of(request).now()
    return page(
        request,
        "organisation_form.html",
        status=422 if faults else 200,
        actor=actor,
        values=values,
        faults=faults,
        for_others=_for_others(request, actor),
        municipalities=sorted(MUNICIPALITIES, key=lambda each: each.name),
        icnpo_groups=IcnpoGroup,
        spoken_languages=SpokenLanguage,
        today=now.astimezone(BERLIN).date().isoformat(),
        new_operation=uuid4,
    )


def _for_others(request: Request, actor: ActorState | None) -> bool:
    """Whether somebody writes down what others told them, and so says how and when they did."""
    viewer: Viewer = request.state.viewer
    return actor is None or viewer.acts_for_others(actor.actor_id)


async def _managed(request: Request, actor_id: UUID) -> ActorState:
    """An organisation that the viewer may change. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    actor = await site_of(request).db(lambda each: reading.actor(each, viewer, actor_id))
    if not viewer.manages(actor.actor_id):
        raise Problem.not_allowed()
    return actor
