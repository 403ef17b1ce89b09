"""What organisations have booked and asked for: seen, answered and given back by their people."""

from typing import Annotated, NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts.booking.bookings import BookingFact, CancelBooking, DeclinePlace, TakePlace
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.booking.support import SupportFact, WithdrawSupport
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.operation import Operation
from impulse_gateway.store import actors, bookings, members, operations, programme
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/bookings", include_in_schema=False)

ANSWERS = (TakePlace, DeclinePlace, CancelBooking, WithdrawSupport)
"""What the people of an organisation say to what they booked or asked for."""


class Own(NamedTuple):
    """What organisations have booked: what is `ahead`, what is over, and what support they asked
    for."""

    ahead: list[BookingFact]
    found: Page[BookingFact]
    support: Page[SupportFact]
    sessions: dict[UUID, SessionFact]
    offers: dict[UUID, ProgrammeOfferFact]
    owners: dict[UUID, ActorState]
    names: dict[UUID, str]
    turns: dict[UUID, int]
    asked: list[Operation]


@router.get("")
async def own(request: Request, after: str | None = None) -> Response:
    """The bookings of the viewer's organisations, the next first, and what support they asked
    for."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> Own:
        ahead = bookings.ahead(connection, viewer, now) if after is None else []
        found = bookings.others(connection, viewer, now, after=after)
        support = bookings.support_requests(connection, viewer, mine=True)
        booked = [*ahead, *found.items]
        sessions = programme.sessions_by_id(connection, {each.session_id for each in booked})
        both: list[BookingFact | SupportFact] = [*booked, *support.items]
        people = {person for each in booked for person in each.attendees}
        people |= {each.person_id for each in support.items if each.person_id}
        return Own(
            ahead,
            found,
            support,
            sessions,
            programme.offers_by_id(connection, {each.programme_offer_id for each in both}),
            actors.by_id(connection, {each.actor_id for each in both}),
            members.names(connection, people),
            bookings.turns(connection, {each.session_id for each in ahead}),
            operations.newest(connection, viewer.person_id, now, commands=ANSWERS),
        )

    found = await site_of(request).db(read)
    return page(
        request,
        "bookings.html",
        **found._asdict(),
        first=after is None,
        now=now,
        new_operation=uuid4,
    )


@router.get("/{booking_id}")
async def one(request: Request, booking_id: UUID) -> Response:
    """Where a booking is to be seen: who runs its session sees it there, others among theirs."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> str:
        try:
            found = reading.run_booking(connection, viewer, booking_id)
        except Problem:
            reading.booking(connection, viewer, booking_id)
            return "/bookings"
        return f"/sessions/{found.session_id}#booking-{booking_id}"

    return RedirectResponse(await site_of(request).db(read), 303)


@router.post("/{booking_id}/take")
async def take(request: Request, booking_id: UUID, operation: Annotated[str, Form()]) -> Response:
    """Takes the place that was offered."""
    return await _ask(request, TakePlace(booking_id=booking_id), operation)


@router.post("/{booking_id}/decline")
async def decline(
    request: Request, booking_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """Does without the place that was offered."""
    return await _ask(request, DeclinePlace(booking_id=booking_id), operation)


@router.post("/{booking_id}/cancel")
async def cancel(request: Request, booking_id: UUID, operation: Annotated[str, Form()]) -> Response:
    """Gives a place or a turn in the waiting list back."""
    command = CancelBooking(booking_id=booking_id, by=CancelledBy.BOOKER)
    return await _ask(request, command, operation)


async def _ask(
    request: Request, command: TakePlace | DeclinePlace | CancelBooking, operation: str
) -> Response:
    """Sends what somebody of the organisation that booked decided. Raises `Problem` for others."""
    viewer: Viewer = request.state.viewer
    await site_of(request).db(
        lambda connection: reading.own_booking(connection, viewer, command.booking_id)
    )
    return await forms.send(request, command, operation, then="/bookings#asked")
