"""Interest in a listing of another organisation."""

from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel

from impulse_contracts.codes import Direction
from impulse_contracts.matching import ExpressInterest
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.types import OptionalName
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    OperationView,
)
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/listings", tags=["listings"], responses=PROBLEMS)


class Interest(BaseModel):
    """Who is interested, with which listing of their own, and what the other side should know.

    Without a `listing_id` it is the open offer that fits best; who asks for an offer names a need.
    """

    actor_id: UUID
    listing_id: UUID | None = None
    note: OptionalName | None = None
    on_behalf: ReportedOnBehalf | None = None


@router.post("/{listing_id}/interest", status_code=202, responses=REFUSALS)
async def express_interest(ask: Asking, listing_id: UUID, body: Interest) -> OperationView:
    """Asks for a listing of another organisation: opens a proposal that your side has said yes to.

    For whoever answers for `actor_id`, brokers and operators.
    """
    viewer = ask.viewer
    found = await site_of(ask.request).db(lambda each: reading.listing(each, viewer, listing_id))
    if not viewer.answers_for(body.actor_id):
        raise Problem.not_allowed()
    need_id, offer_id = listing_id, body.listing_id
    if found.direction == Direction.OFFER:
        if body.listing_id is None:
            raise Problem.not_found()
        need_id, offer_id = body.listing_id, listing_id
    command = ExpressInterest(
        interest_id=ask.key,
        need_id=need_id,
        offer_id=offer_id,
        actor_id=body.actor_id,
        note=body.note or None,
        on_behalf=body.on_behalf,
    )
    return await ask(command)
