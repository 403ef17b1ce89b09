"""Bookings: for the people of the organisation that books; brokers and operators see them all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.requests import Request

from impulse_chassis import stable_uuid
from impulse_contracts.booking.advice import RecordAdvice
from impulse_contracts.booking.bookings import (
    BookingFact,
    CancelBooking,
    CheckEligibility,
    DecideApplication,
    DeclinePlace,
    OfferPlace,
    RecordAttendance,
    ReportedAttended,
    RequestBooking,
    TakePlace,
    Wish,
)
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.types import Description, Flag, OptionalName, Title
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import bookings, members
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import ask
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationId, OperationView, chosen
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/bookings", tags=["bookings"], responses={**PROBLEMS, **REFUSALS})


class NewBooking(Wish):
    """A place to ask for; and how the organisation said so to a broker who records it."""

    on_behalf: ReportedOnBehalf | None = None


class Cancellation(BaseModel):
    """Which side cancels, and why; `provider` is for brokers and operators."""

    by: CancelledBy = CancelledBy.BOOKER
    reason: OptionalName | None = None


class Decision(BaseModel):
    """What becomes of an application, and why it is declined."""

    accepted: Flag
    reason: OptionalName | None = None


class Attendance(BaseModel):
    """Who was there."""

    attendance: Annotated[tuple[ReportedAttended, ...], Field(min_length=1, max_length=1_000)]


class Advice(BaseModel):
    """What came of a talk; without names and contact details."""

    topic_of_talk: Title
    outcome: Annotated[Description, Field(min_length=1)]
    next_step: OptionalName | None = None


@router.get("")
async def list_bookings(
    request: Request, mine: bool = False, after: str | None = None
) -> Page[BookingFact]:
    """The bookings that you may see, the newest first; `mine`: of your organisations."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: bookings.bookings(connection, viewer, mine=mine, after=after)
    )


@router.get("/{booking_id}")
async def get_booking(request: Request, booking_id: UUID) -> BookingFact:
    """One booking, as far as it is."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.booking(connection, viewer, booking_id)
    )


@router.post("", status_code=202)
async def request_booking(
    request: Request, response: Response, body: NewBooking, idempotency_key: OperationId = None
) -> OperationView:
    """Asks for a place, for an organisation that you act for and its people."""
    await _own(request, body)
    key = chosen(idempotency_key)
    booking_id = stable_uuid("booking", str(key))
    command = RequestBooking(booking_id=booking_id, **dict(body))
    return await ask(request, response, command, key)


@router.post("/check", status_code=202)
async def check_eligibility(
    request: Request, response: Response, body: Wish, idempotency_key: OperationId = None
) -> OperationView:
    """May you? The outcome is that of a booking, and nothing is booked."""
    await _own(request, body)
    return await ask(request, response, CheckEligibility(**dict(body)), idempotency_key)


@router.post("/{booking_id}/take", status_code=202)
async def take_place(
    request: Request, response: Response, booking_id: UUID, idempotency_key: OperationId = None
) -> OperationView:
    """Takes the place that was offered."""
    await _answered_for(request, booking_id)
    return await ask(request, response, TakePlace(booking_id=booking_id), idempotency_key)


@router.post("/{booking_id}/decline", status_code=202)
async def decline_place(
    request: Request, response: Response, booking_id: UUID, idempotency_key: OperationId = None
) -> OperationView:
    """Does without the place that was offered."""
    await _answered_for(request, booking_id)
    return await ask(request, response, DeclinePlace(booking_id=booking_id), idempotency_key)


@router.post("/{booking_id}/cancel", status_code=202)
async def cancel_booking(
    request: Request,
    response: Response,
    booking_id: UUID,
    body: Cancellation,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Gives a place or a turn in the waiting list back, or takes it back."""
    viewer: Viewer = request.state.viewer
    await _answered_for(request, booking_id)
    if body.by is CancelledBy.PROVIDER and not viewer.sees_all:
        raise Problem.not_allowed()
    command = CancelBooking(booking_id=booking_id, by=body.by, reason=body.reason)
    return await ask(request, response, command, idempotency_key)


# --------------------------------------------------------------------------- the programme


@router.post("/{booking_id}/offer", status_code=202)
async def offer_place(
    request: Request, response: Response, booking_id: UUID, idempotency_key: OperationId = None
) -> OperationView:
    """Offers a free place to one who waits. For brokers and operators."""
    await get_booking(request, booking_id)
    return await ask(request, response, OfferPlace(booking_id=booking_id), idempotency_key)


@router.post("/{booking_id}/decide", status_code=202)
async def decide_application(
    request: Request,
    response: Response,
    booking_id: UUID,
    body: Decision,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Accepts an application, or declines it. For brokers and operators."""
    await get_booking(request, booking_id)
    command = DecideApplication(booking_id=booking_id, accepted=body.accepted, reason=body.reason)
    return await ask(request, response, command, idempotency_key)


@router.put("/{booking_id}/attendance", status_code=202)
async def record_attendance(
    request: Request,
    response: Response,
    booking_id: UUID,
    body: Attendance,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Writes down who was there. For brokers and operators."""
    await get_booking(request, booking_id)
    command = RecordAttendance(booking_id=booking_id, attendance=body.attendance)
    return await ask(request, response, command, idempotency_key)


@router.put("/{booking_id}/advice", status_code=202)
async def record_advice(
    request: Request,
    response: Response,
    booking_id: UUID,
    body: Advice,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Writes down what came of a talk. For brokers and operators."""
    await get_booking(request, booking_id)
    command = RecordAdvice(booking_id=booking_id, **dict(body))
    return await ask(request, response, command, idempotency_key)


async def _own(request: Request, wish: Wish) -> None:
    """Raises `Problem` unless the viewer acts for the organisation, and brings its people."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> set[UUID]:
        return {each.person_id for each in members.members(connection, wish.actor_id)}

    allowed = viewer.answers_for(wish.actor_id)
    if not allowed or not set(wish.attendees) <= await site_of(request).db(read):
        raise Problem.not_allowed()


async def _answered_for(request: Request, booking_id: UUID) -> None:
    """Raises `Problem` unless the viewer may act for the organisation that booked."""
    viewer: Viewer = request.state.viewer
    if not viewer.answers_for((await get_booking(request, booking_id)).actor_id):
        raise Problem.not_allowed()
