"""Offers and needs."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request

from impulse_chassis import stable_uuid
from impulse_contracts.codes import Direction, ResourceCategory, SocietalTopic
from impulse_contracts.partner import ListingContent
from impulse_contracts.registry.listings import (
    ChangeListing,
    ConfirmListing,
    CopyListing,
    ListingState,
    PublishListing,
    WithdrawListing,
)
from impulse_contracts.registry.network import HandOverListing
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import listings
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Ask, Asking
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    NewListing,
    OperationView,
    Target,
)
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/listings", tags=["listings"], responses=PROBLEMS)


@router.get("")
async def list_listings(
    request: Request,
    q: str = "",
    direction: Direction | None = None,
    category: ResourceCategory | None = None,
    topic: SocietalTopic | None = None,
    ags: str = "",
    after: str | None = None,
) -> Page[ListingState]:
    """The open offers and needs, the newest first; `q` are beginnings of words, `ags` is the key of
    the municipality where it is."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: listings.search(
            connection,
            viewer,
            q=q,
            direction=direction,
            category=category,
            topic=topic,
            ags=ags,
            after=after,
        )
    )


@router.get("/{listing_id}")
async def get_listing(request: Request, listing_id: UUID) -> ListingState:
    """One offer or need."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.listing(connection, viewer, listing_id)
    )


@router.post("", status_code=202, responses=REFUSALS)
async def publish_listing(ask: Asking, body: NewListing) -> OperationView:
    """Publishes an offer or a need of an organisation. For its members, brokers and operators."""
    viewer = ask.viewer
    if not viewer.manages(body.actor_id):
        raise Problem.not_allowed()
    listing_id = body.listing_id or stable_uuid("listing", str(ask.key))
    command = PublishListing.model_validate({**body.model_dump(), "listing_id": listing_id})
    return await ask(command)


async def _managed(ask: Ask, listing_id: UUID) -> None:
    """Raises `Problem` for a listing that the viewer may not change."""
    found = await ask.find(reading.listing, listing_id)
    if not ask.viewer.manages(found.actor_id):
        raise Problem.not_allowed()


@router.put("/{listing_id}", status_code=202, responses=REFUSALS)
async def change_listing(ask: Asking, listing_id: UUID, body: ListingContent) -> OperationView:
    """Replaces what a listing says, and confirms it."""
    await _managed(ask, listing_id)
    command = ChangeListing.model_validate({**body.model_dump(), "listing_id": listing_id})
    return await ask(command)


@router.post("/{listing_id}/confirm", status_code=202, responses=REFUSALS)
async def confirm_listing(ask: Asking, listing_id: UUID) -> OperationView:
    """Says that a listing still stands as it is; it is open again if it was stale."""
    await _managed(ask, listing_id)
    command = ConfirmListing(listing_id=listing_id)
    return await ask(command)


@router.post("/{listing_id}/copy", status_code=202, responses=REFUSALS)
async def copy_listing(ask: Asking, listing_id: UUID, template: bool = False) -> OperationView:
    """Publishes a new listing that says what this one says, or keeps it as a template."""
    await _managed(ask, listing_id)
    new_id = stable_uuid("listing", str(ask.key))
    command = CopyListing(listing_id=new_id, original_id=listing_id, template=template)
    return await ask(command)


@router.post("/{listing_id}/hand-over", status_code=202, responses=REFUSALS)
async def hand_over_listing(ask: Asking, listing_id: UUID, body: Target) -> OperationView:
    """Puts an intermediary in charge of one listing. For brokers and operators."""
    await _managed(ask, listing_id)
    command = HandOverListing(listing_id=listing_id, to=body.to)
    return await ask(command)


@router.delete("/{listing_id}", status_code=202, responses=REFUSALS)
async def withdraw_listing(ask: Asking, listing_id: UUID) -> OperationView:
    """Takes a listing back."""
    await _managed(ask, listing_id)
    command = WithdrawListing(listing_id=listing_id)
    return await ask(command)
