"""Editions as staff make them: announced, changed, called off, closed."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts.booking.codes import SelectionMode
from impulse_contracts.booking.editions import (
    AnnounceEdition,
    CancelEdition,
    ChangeEdition,
    CloseEdition,
    EditionFact,
)
from impulse_gateway.domain.access import Viewer
from impulse_gateway.web import edition_form, reading
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/editions", include_in_schema=False)


@router.get("/new")
async def new(request: Request, typed: forms.Refused) -> Response:
    """The form of a new edition."""
    return _form(request, None, typed, [])


@router.post("/new")
async def announce(request: Request) -> Response:
    """Announces what was entered, or shows the form with what is wrong."""
    values = await entered(request)
    edition_id = stable_uuid("edition", one(values, "operation"))
    fixed = {"edition_id": edition_id}
    command, wrong = edition_form.command(AnnounceEdition, values, fixed, None)
    if command is None:
        return _form(request, None, values, wrong)
    return await forms.send(request, command, one(values, "operation"), typed=values)


@router.get("/{edition_id}/edit")
async def edit(request: Request, edition_id: UUID, typed: forms.Refused) -> Response:
    """The form with what an edition says."""
    found = await _edition(request, edition_id)
    return _form(request, found, typed or edition_form.of_edition(found), [])


@router.post("/{edition_id}/edit")
async def change(request: Request, edition_id: UUID) -> Response:
    """Replaces what an edition says, or shows the form with what is wrong."""
    found = await _edition(request, edition_id)
    values = await entered(request)
    fixed = {"edition_id": edition_id}
    command, wrong = edition_form.command(ChangeEdition, values, fixed, found)
    if command is None:
        return _form(request, found, values, wrong)
    return await forms.send(request, command, one(values, "operation"), typed=values)


@router.post("/{edition_id}/cancel")
async def cancel(request: Request, edition_id: UUID, operation: Annotated[str, Form()]) -> Response:
    """Calls an edition off, with all bookings."""
    await _edition(request, edition_id)
    return await forms.send(request, CancelEdition(edition_id=edition_id), operation)


@router.post("/{edition_id}/close")
async def close(request: Request, edition_id: UUID, operation: Annotated[str, Form()]) -> Response:
    """Says that the results of an edition are complete."""
    await _edition(request, edition_id)
    return await forms.send(request, CloseEdition(edition_id=edition_id), operation)


async def _edition(request: Request, edition_id: UUID) -> EditionFact:
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.run_edition(connection, viewer, edition_id)
    )


def _form(
    request: Request, edition: EditionFact | None, values: Entered, wrong: list[Fault]
) -> Response:
    return page(
        request,
        "edition_form.html",
        status=422 if wrong else 200,
        edition=edition,
        values=values,
        faults=wrong,
        formats=edition_form.FORMATS,
        selections=SelectionMode,
        new_operation=uuid4,
    )
