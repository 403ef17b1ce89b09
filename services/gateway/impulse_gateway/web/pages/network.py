"""The network of intermediaries: who helps where, and the operator's page on it."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts.message import Command
from impulse_contracts.registry.network import AdmitIntermediary, EndAdmission
from impulse_contracts.ruhr import DISTRICTS
from impulse_gateway.domain.network import coverage
from impulse_gateway.store import network
from impulse_gateway.web import language
from impulse_gateway.web.commands import submit
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/places")
async def places(request: Request) -> Response:
    """Who helps in each of the 53 municipalities, and where nobody does yet."""
    found = coverage(await site_of(request).db(network.members))
    return page(request, "places.html", places=found, open=sum(not each.by for each in found))


@router.get("/network")
async def members(request: Request) -> Response:
    """The intermediaries and their areas."""
    found = await site_of(request).db(network.members)
    names = {each.place.ags: each.place.name for each in coverage(())} | DISTRICTS
    return page(request, "network.html", members=found, names=names, new_operation=uuid4)


@router.post("/network")
async def change(
    request: Request,
    operation: Annotated[str, Form()],
    actor_id: Annotated[UUID, Form()],
    areas: Annotated[str, Form()] = "",
    answer: Annotated[str, Form()] = "",
) -> Response:
    """Admits an intermediary, says where it helps, or ends its admission."""
    keys = tuple(areas.replace(",", " ").split())
    try:
        command: Command = (
            EndAdmission(actor_id=actor_id)
            if answer == "end"
            else AdmitIntermediary(actor_id=actor_id, service_area=keys)
        )
    except ValidationError:
        english = language.of_page(request) == "en"
        message = "keys of 5 or 8 digits" if english else "Schlüssel mit 5 oder 8 Ziffern"
        raise Problem.invalid([{"field": "areas", "message": message}]) from None
    asked = await submit(request, command, forms.operation_id(operation))
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)
