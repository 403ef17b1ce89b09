"""What organisations have booked and asked for: seen, answered and given back by their people."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts.booking.bookings import BookingFact, CancelBooking, DeclinePlace, TakePlace
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.booking.support import SupportFact
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, bookings, members, programme
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/bookings", include_in_schema=False)


@router.get("")
async def own(request: Request, after: str | None = None) -> Response:
    """The bookings of the viewer's organisations and what support they asked for."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[
        Page[BookingFact],
        Page[SupportFact],
        dict[UUID, SessionFact],
        dict[UUID, ProgrammeOfferFact],
        dict[UUID, ActorState],
        dict[UUID, str],
        dict[UUID, int],
    ]:
        found = bookings.bookings(connection, viewer, mine=True, after=after)
        support = bookings.support_requests(connection, viewer, mine=True)
        sessions = programme.sessions_by_id(connection, {each.session_id for each in found.items})
        both: list[BookingFact | SupportFact] = [*found.items, *support.items]
        people = {person for each in found.items for person in each.attendees}
        people |= {each.person_id for each in support.items if each.person_id}
        return (
            found,
            support,
            sessions,
            programme.offers_by_id(connection, {each.programme_offer_id for each in both}),
            actors.by_id(connection, {each.actor_id for each in both}),
            members.names(connection, people),
            bookings.turns(connection, sessions),
        )

    found, support, sessions, offers, owners, names, turns = await site_of(request).db(read)
    return page(
        request,
        "bookings.html",
        found=found,
        support=support,
        sessions=sessions,
        offers=offers,
        owners=owners,
        names=names,
        turns=turns,
        first=after is None,
        now=site_of(request).now(),
        new_operation=uuid4,
    )


@router.get("/{booking_id}")
async def one(request: Request, booking_id: UUID) -> Response:
    """Where a booking is to be seen: staff see it among those of its session."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.booking(connection, viewer, booking_id)
    )
    where = f"/sessions/{found.session_id}" if viewer.sees_all else "/bookings"
    return RedirectResponse(where, 303)


@router.post("/{booking_id}/take")
async def take(request: Request, booking_id: UUID, operation: Annotated[str, Form()]) -> Response:
    """Takes the place that was offered."""
    await _answered_for(request, booking_id)
    return await _ask(request, TakePlace(booking_id=booking_id), operation)


@router.post("/{booking_id}/decline")
async def decline(
    request: Request, booking_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """Does without the place that was offered."""
    await _answered_for(request, booking_id)
    return await _ask(request, DeclinePlace(booking_id=booking_id), operation)


@router.post("/{booking_id}/cancel")
async def cancel(request: Request, booking_id: UUID, operation: Annotated[str, Form()]) -> Response:
    """Gives a place or a turn in the waiting list back."""
    await _answered_for(request, booking_id)
    command = CancelBooking(booking_id=booking_id, by=CancelledBy.BOOKER)
    return await _ask(request, command, operation)


async def _answered_for(request: Request, booking_id: UUID) -> None:
    """Raises `Problem` unless the viewer may act for the organisation that booked."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.booking(connection, viewer, booking_id)
    )
    if not viewer.answers_for(found.actor_id):
        raise Problem.not_allowed()


async def _ask(
    request: Request, command: TakePlace | DeclinePlace | CancelBooking, operation: str
) -> Response:
    asked = await submit(request, command, forms.operation_id(operation))
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)
