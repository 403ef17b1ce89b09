"""Interest in a listing of another organisation, from its page."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.codes import Direction
from impulse_contracts.matching import ExpressInterest
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.web import reading
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.post("/listings/{listing_id}/interest")
async def express(
    request: Request,
    listing_id: UUID,
    operation: Annotated[str, Form()],
    own: Annotated[str, Form()] = "",
    note: Annotated[str, Form(max_length=300)] = "",
) -> Response:
    """Asks for a listing with one of one's own."""
    viewer: Viewer = request.state.viewer
    own_id = forms.uuid(own)
    if own_id is None:
        raise Problem.not_found()

    def read(connection: Connection) -> tuple[ListingState, ListingState]:
        return (
            reading.listing(connection, viewer, listing_id),
            reading.listing(connection, viewer, own_id),
        )

    found, mine = await site_of(request).db(read)
    if not viewer.answers_for(mine.actor_id):
        raise Problem.not_allowed()
    need, offer = (mine, found) if found.direction == Direction.OFFER else (found, mine)
    operation_id = forms.operation_id(operation)
    command = ExpressInterest(
        interest_id=operation_id,
        need_id=need.listing_id,
        offer_id=offer.listing_id,
        actor_id=mine.actor_id,
        note=note.strip() or None,
    )
    return await forms.send(request, command, str(operation_id))
