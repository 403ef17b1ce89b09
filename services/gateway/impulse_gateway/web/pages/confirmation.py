"""Confirming a listing by the link of a reminder, without signing in.

The link says which listing and who was sent it. A scanner that only opens it confirms nothing: the
page has one button. Whether that person may still act for the organisation decides the registry.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts import confirmations
from impulse_contracts.codes import ListingStatus
from impulse_contracts.registry.listings import ConfirmListing
from impulse_gateway.store import listings
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/confirmation/{token}")
async def ask(request: Request, token: str) -> Response:
    """Says which listing it is, and asks for the one click."""
    return await _answer(request, token, done=False)


@router.post("/confirmation/{token}")
async def confirm(request: Request, token: str) -> Response:
    """Says that the listing still stands, as whoever was sent the link."""
    return await _answer(request, token, done=True)


async def _answer(request: Request, token: str, *, done: bool) -> Response:
    site = site_of(request)
    link = confirmations.read(site.settings.privacy_key.get_secret_value(), token, site.now())
    found = None
    if link is not None:
        listing_id = link.listing_id
        found = await site.db(lambda connection: listings.get(connection, listing_id))
    can = found is not None and found.status in (ListingStatus.OPEN, ListingStatus.STALE)
    if link is not None and can and done:
        command = ConfirmListing(listing_id=link.listing_id)
        # Clicked twice it is one message.
        once = str(stable_uuid("confirmation", token))
        await site.transact(
            lambda tx: tx.publish(command, message_id=once, principal=str(link.person_id))
        )
    return page(
        request,
        "confirmation.html",
        status=200 if link else 404,
        listing=found if link else None,
        can=can,
        done=done,
    )
