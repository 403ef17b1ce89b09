"""The network of intermediaries: who helps where, and the operator's page on it."""

from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.message import Command
from impulse_contracts.registry.network import AdmitIntermediary, EndAdmission
from impulse_contracts.ruhr import DISTRICTS, MUNICIPALITIES
from impulse_gateway.domain.access import SHOWN_ACTORS
from impulse_gateway.domain.network import coverage
from impulse_gateway.store import actors, network, rows
from impulse_gateway.web import language
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/places")
async def places(request: Request) -> Response:
    """Who helps in each of the 53 municipalities, and where nobody does yet.

    An intermediary that is out of sight itself is not pointed to.
    """
    known = await site_of(request).db(network.members)
    found = coverage([each for each in known if each.status in SHOWN_ACTORS])
    return page(request, "places.html", places=found, open=sum(not each.by for each in found))


@router.get("/network")
async def members(request: Request, q: str = "") -> Response:
    """The intermediaries and their areas, and those that `q` finds to be admitted."""

    def read(connection: Connection) -> dict[str, Any]:
        known = network.members(connection)
        ids = {each.actor_id for each in known}
        found = actors.search(connection, q=q).items if rows.words(q) else []
        return {"members": known, "found": [each for each in found if each.actor_id not in ids]}

    lists = await site_of(request).db(read)
    return page(
        request,
        "network.html",
        q=q,
        names=_names(),
        districts=DISTRICTS,
        new_operation=uuid4,
        **lists,
    )


@router.post("/network")
async def change(
    request: Request,
    operation: Annotated[str, Form()],
    actor_id: Annotated[UUID, Form()],
    areas: Annotated[list[str] | None, Form()] = None,
    answer: Annotated[str, Form()] = "",
) -> Response:
    """Admits an intermediary, says where it helps, or ends its admission."""
    try:
        command: Command = (
            EndAdmission(actor_id=actor_id)
            if answer == "end"
            else AdmitIntermediary(actor_id=actor_id, service_area=tuple(areas or ()))
        )
    except ValidationError:
        english = language.of_page(request) == "en"
        message = "please choose from the list" if english else "bitte aus der Liste wählen"
        raise Problem.invalid([{"field": "areas", "message": message}]) from None
    return await forms.send(request, command, operation)


def _names() -> dict[str, str]:
    """The districts and municipalities of the Ruhr area by their keys, in the order of names.

    A city that is its own district is named once, as a municipality.
    """
    places = sorted(MUNICIPALITIES, key=lambda each: each.name)
    cities = {each.name for each in places}
    districts = sorted(DISTRICTS.items(), key=lambda item: item[1])
    named = {key: name for key, name in districts if name not in cities}
    return named | {each.ags: each.name for each in places}
