"""Asking for a listing of another organisation with a new one of one's own."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_chassis import stable_uuid
from impulse_contracts.codes import Direction, ListingStatus
from impulse_contracts.matching import ExpressInterest
from impulse_contracts.registry.listings import PublishListing
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors
from impulse_gateway.web import listing_form, reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.listing_form import one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import Sheet, checked, entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/listings/{listing_id}/answer")
async def begin(request: Request, listing_id: UUID, actor: str = "") -> Response:
    """The form for a new listing that begins with what the other one says."""
    sheet = await _sheet(request, listing_id, actor)
    assert sheet.wanted is not None
    return sheet.show(request, listing_form.answer_to(sheet.wanted), [])


@router.post("/listings/{listing_id}/answer")
async def answer(request: Request, listing_id: UUID) -> Response:
    """Publishes what was entered and asks with it, or shows the form with what is wrong.

    Matching waits for the listing, should it hear of the interest first.
    """
    values = await entered(request)
    sheet = await _sheet(request, listing_id, one(values, "actor"))
    assert sheet.wanted is not None
    operation_id = forms.operation_id(one(values, "operation"))
    mine = stable_uuid("listing", str(operation_id))
    offered = sheet.wanted.direction == Direction.OFFER
    values["direction"] = [Direction.NEED if offered else Direction.OFFER]
    fixed = {"listing_id": mine, "actor_id": sheet.actor.actor_id}
    said = checked(request, sheet, values, PublishListing, fixed)
    if isinstance(said, Response):
        return said
    await submit(request, said, operation_id)
    interest_id = stable_uuid("interest", str(operation_id))
    command = ExpressInterest(
        interest_id=interest_id,
        need_id=mine if offered else listing_id,
        offer_id=listing_id if offered else mine,
        actor_id=sheet.actor.actor_id,
    )
    await submit(request, command, interest_id)
    return RedirectResponse(f"/operations/{interest_id}", 303)


async def _sheet(request: Request, listing_id: UUID, actor: str) -> Sheet:
    """The form for an organisation of the viewer's that may ask. Raises `Problem`."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> Sheet:
        wanted = reading.listing(connection, viewer, listing_id)
        asking = actors.to_answer_for(connection, viewer, wanted)
        chosen = [each for each in asking if each.actor_id == forms.uuid(actor)]
        if not chosen or wanted.status != ListingStatus.OPEN:
            raise Problem.not_allowed()
        return Sheet(chosen[0], wanted=wanted)

    return await site_of(request).db(read)
