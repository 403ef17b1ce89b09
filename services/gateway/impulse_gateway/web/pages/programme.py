"""The programme as everybody sees it: advice, qualification and support, and when there is some."""

from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.booking.advice import AdviceHoursFact
from impulse_contracts.booking.codes import ProgrammeCategory
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain import access
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, advice, members, programme
from impulse_gateway.web import reading
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/programme", include_in_schema=False)

MOST = 200
"""So many offers, and so many sessions, one page shows at most."""


class Found(NamedTuple):
    """An offer as somebody sees it; `advisers` are those who give it and who could, for who runs
    it."""

    offer: ProgrammeOfferFact
    sessions: list[SessionFact]
    past: list[SessionFact]
    provider: ActorState | None
    prerequisites: dict[UUID, ProgrammeOfferFact]
    runs: bool
    hours: dict[UUID, AdviceHoursFact]
    advisers: dict[UUID, str]


@router.get("")
async def offers(request: Request) -> Response:
    """What the programme offers, by category, each with its next sessions."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> tuple[list[ProgrammeOfferFact], list[SessionFact], bool]:
        own = advice.hours(connection, viewer.person_id) if viewer.person_id else None
        return (
            programme.offers(connection, limit=MOST).items,
            programme.sessions(connection, now, limit=MOST).items,
            own is not None,
        )

    found, sessions, advises = await site_of(request).db(read)
    by_category = {
        category: [each for each in found if each.category == category]
        for category in ProgrammeCategory
    }
    return page(
        request,
        "programme.html",
        offers=by_category,
        sessions=sessions,
        advises=advises,
        now=now,
    )


@router.get("/{programme_offer_id}")
async def offer(request: Request, programme_offer_id: UUID) -> Response:
    """One offer: what it is, for whom, and all its sessions."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> Found:
        found = reading.offer(connection, viewer, programme_offer_id)
        sessions = programme.sessions(
            connection, now, programme_offer_id=programme_offer_id, limit=MOST
        )
        runs = access.runs(viewer, found)
        provider = found.provider_actor_id
        past = programme.past_sessions(connection, programme_offer_id, now) if runs else []
        advised = runs and found.category == ProgrammeCategory.ADVICE
        hours = advice.of_offer(connection, programme_offer_id) if advised else []
        possible = members.staff(connection) if advised else []
        if advised and provider:
            possible += [each.person_id for each in members.members(connection, provider)]
        return Found(
            found,
            sessions.items,
            past,
            actors.get(connection, provider) if provider else None,
            programme.offers_by_id(connection, found.prerequisites),
            runs,
            {each.adviser_id: each for each in hours},
            members.names(connection, [*possible, *(each.adviser_id for each in hours)]),
        )

    found = await site_of(request).db(read)
    return page(request, "programme_offer.html", **found._asdict(), now=now, new_operation=uuid4)
