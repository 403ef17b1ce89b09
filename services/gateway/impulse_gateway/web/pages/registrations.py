"""Who comes to an edition, by side: for staff."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.codes import ActorKind
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, bookings
from impulse_gateway.web import reading
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/editions/{edition_id}", include_in_schema=False)


@dataclass
class Side:
    """The bookings of a side: who has a place, who waits in order, who is to be decided on."""

    places: int
    confirmed: list[BookingFact] = field(default_factory=list)
    offered: list[BookingFact] = field(default_factory=list)
    waiting: list[BookingFact] = field(default_factory=list)
    requested: list[BookingFact] = field(default_factory=list)


_LISTS = {
    BookingState.CONFIRMED: "confirmed",
    BookingState.ATTENDED: "confirmed",
    BookingState.NO_SHOW: "confirmed",
    BookingState.OFFERED: "offered",
    BookingState.WAITLISTED: "waiting",
    BookingState.REQUESTED: "requested",
}


def by_side(
    edition: EditionFact, booked: list[BookingFact], owners: Mapping[UUID, ActorState]
) -> dict[str, Side]:
    """The bookings of an edition's day: those of companies, and of all others."""
    sides = {
        "companies": Side(edition.places.companies),
        "nonprofits": Side(edition.places.nonprofits),
    }
    for each in booked:
        owner = owners.get(each.actor_id)
        is_company = owner is not None and owner.kind == ActorKind.COMPANY
        if name := _LISTS.get(each.state):
            getattr(sides["companies" if is_company else "nonprofits"], name).append(each)
    return sides


@router.get("/registrations")
async def registrations(request: Request, edition_id: UUID) -> Response:
    """Who takes part, who waits and who is to be decided on, by side."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[EditionFact, list[BookingFact], dict[UUID, ActorState], dict[UUID, int]]:
        found = reading.run_edition(connection, viewer, edition_id)
        booked = bookings.of_session(connection, found.session_id)
        owners = actors.by_id(connection, {each.actor_id for each in booked})
        return found, booked, owners, bookings.turns(connection, [found.session_id])

    found, booked, owners, turns = await site_of(request).db(read)
    return page(
        request,
        "edition_registrations.html",
        edition=found,
        sides=by_side(found, booked, owners),
        owners=owners,
        turns=turns,
        new_operation=uuid4,
    )
