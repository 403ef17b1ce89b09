"""The programme as everybody sees it: advice, qualification and support, and when there is some."""

from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.booking.codes import ProgrammeCategory
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, programme
from impulse_gateway.web import reading
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/programme", include_in_schema=False)

MOST = 200
"""So many offers, and so many sessions, one page shows at most."""


@router.get("")
async def offers(request: Request) -> Response:
    """What the programme offers, by category, each with its next sessions."""
    now = site_of(request).now()

    def read(connection: Connection) -> tuple[list[ProgrammeOfferFact], list[SessionFact]]:
        return (
            programme.offers(connection, limit=MOST).items,
            programme.sessions(connection, now, limit=MOST).items,
        )

    found, sessions = await site_of(request).db(read)
    by_category = {
        category: [each for each in found if each.category == category]
        for category in ProgrammeCategory
    }
    return page(request, "programme.html", offers=by_category, sessions=sessions, now=now)


@router.get("/{programme_offer_id}")
async def offer(request: Request, programme_offer_id: UUID) -> Response:
    """One offer: what it is, for whom, and all its sessions."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(
        connection: Connection,
    ) -> tuple[ProgrammeOfferFact, list[SessionFact], list[SessionFact], ActorState | None]:
        found = reading.offer(connection, viewer, programme_offer_id)
        sessions = programme.sessions(
            connection, now, programme_offer_id=programme_offer_id, limit=MOST
        )
        past = programme.past_sessions(connection, programme_offer_id, now)
        provider = found.provider_actor_id
        return (
            found,
            sessions.items,
            past if viewer.sees_all else [],
            actors.get(connection, provider) if provider else None,
        )

    found, sessions, past, provider = await site_of(request).db(read)
    return page(
        request,
        "programme_offer.html",
        offer=found,
        sessions=sessions,
        past=past,
        provider=provider,
        now=now,
        new_operation=uuid4,
    )
