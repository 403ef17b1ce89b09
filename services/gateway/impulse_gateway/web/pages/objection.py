"""Objecting to what a partner reported of oneself: by a link that was mailed, without signing in.

The link says who objects. A mail program may call it too, with one click of the person and no page
in between (RFC 8058); a scanner that only opens it changes nothing.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts import objections
from impulse_contracts.registry.people import ObjectToReport
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/objection/{token}")
async def ask(request: Request, token: str) -> Response:
    """Says what objecting does, and asks for the one click."""
    known = _objection(request, token) is not None
    return page(request, "objection.html", known=known, done=False, status=200 if known else 404)


@router.post("/objection/{token}")
async def object_to(request: Request, token: str) -> Response:
    """Has the person erased, and their address not taken up again.

    Whoever was named in their place since is not touched: the registry knows which of them it is.
    """
    objection = _objection(request, token)
    if objection is None:
        return page(request, "objection.html", known=False, done=False, status=404)
    person_id = objection.person_id
    command = ObjectToReport(person_id=person_id, mark=objection.mark.hex())
    await site_of(request).transact(lambda tx: tx.publish(command, principal=str(person_id)))
    return page(request, "objection.html", known=True, done=True)


def _objection(request: Request, token: str) -> objections.Objection | None:
    return objections.read(site_of(request).settings.privacy_key.get_secret_value(), token)
