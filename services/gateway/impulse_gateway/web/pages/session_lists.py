"""Lists of who takes part in a session: to print and sign, and the organisations as a table."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts import directory
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, bookings
from impulse_gateway.web import reading
from impulse_gateway.web.pages.programme_sessions import Sheet, sheet
from impulse_gateway.web.pages.session_bookings import THERE
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/sessions/{session_id}", include_in_schema=False)

COLUMNS = (
    *("booking_id", "state", "requested_at", "party_size", "free_of_charge"),
    *("actor_id", "organisation", "kind", "carrier", "postcode", "city", "ags"),
)
"""The columns of the table; nobody is named in it."""


@router.get("/list")
async def to_print(request: Request, session_id: UUID) -> Response:
    """Who has a place, with room to sign."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> Sheet:
        found = sheet(connection, viewer, session_id, now)
        if not found.runs:
            raise Problem.not_allowed()
        return found

    found = await site_of(request).db(read)
    there = [each for each in found.bookings if each.state in THERE]
    return page(
        request,
        "session_list.html",
        session=found.session,
        owners=found.owners,
        names=found.names,
        bookings=there,
    )


@router.get("/bookings.csv")
async def as_csv(request: Request, session_id: UUID) -> Response:
    """The organisations that booked, as CSV (RFC 4180, UTF-8)."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> tuple[list[BookingFact], dict[UUID, ActorState]]:
        reading.run_session(connection, viewer, session_id)
        booked = bookings.of_session(connection, session_id)
        return booked, actors.by_id(connection, {each.actor_id for each in booked})

    booked, owners = await site_of(request).db(read)
    lines = [_cells(each, owners.get(each.actor_id)) for each in booked]
    return Response(
        "".join(map(directory.line, [COLUMNS, *lines])),
        media_type="text/csv; header=present",
        headers={"Content-Disposition": 'attachment; filename="bookings.csv"'},
    )


def _cells(booking: BookingFact, owner: ActorState | None) -> tuple[object, ...]:
    """A booking and its organisation, by `COLUMNS`."""
    whose: tuple[object, ...] = (None,) * 6
    if owner is not None:
        seat = owner.seat
        name = owner.display_name or owner.legal_name
        whose = (name, owner.kind, owner.carrier, seat.postcode, seat.city, seat.ags)
    return (
        *(booking.booking_id, booking.state, booking.requested_at.isoformat()),
        *(booking.party_size, "yes" if booking.free_of_charge else "no", booking.actor_id, *whose),
    )
