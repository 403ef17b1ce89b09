"""Bookings: for the people of the organisation that books; brokers and operators see them all."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
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
from impulse_gateway.web.api.asking import Ask, Asking
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/bookings", tags=["bookings"], responses={**PROBLEMS, **REFUSALS})


class NewBooking(Wish):
    """A place to ask for; and how the organisation said so to a broker who records it."""

    on_behalf: ReportedOnBehalf | None = None


class Cancellation(BaseModel):
    """Which side cancels, and why; `provider` is for who runs the programme."""

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
async def get_booking(ask: Asking, booking_id: UUID) -> BookingFact:
    """One booking, as far as it is."""
    return await ask.find(reading.booking, booking_id)


@router.post("", status_code=202)
async def request_booking(ask: Asking, body: NewBooking) -> OperationView:
    """Asks for a place, for an organisation that you act for and its people."""
    await _own(ask, body)
    booking_id = stable_uuid("booking", str(ask.key))
    command = RequestBooking(booking_id=booking_id, **dict(body))
    return await ask(command)


@router.post("/check", status_code=202)
async def check_eligibility(ask: Asking, body: Wish) -> OperationView:
    """May you? The outcome is that of a booking, and nothing is booked."""
    await _own(ask, body)
    return await ask(CheckEligibility(**dict(body)))


@router.post("/{booking_id}/take", status_code=202)
async def take_place(ask: Asking, booking_id: UUID) -> OperationView:
    """Takes the place that was offered."""
    return await ask.about(reading.own_booking, TakePlace(booking_id=booking_id))


@router.post("/{booking_id}/decline", status_code=202)
async def decline_place(ask: Asking, booking_id: UUID) -> OperationView:
    """Does without the place that was offered."""
    return await ask.about(reading.own_booking, DeclinePlace(booking_id=booking_id))


@router.post("/{booking_id}/cancel", status_code=202)
async def cancel_booking(ask: Asking, booking_id: UUID, body: Cancellation) -> OperationView:
    """Gives a place or a turn in the waiting list back, or takes it back."""
    by_programme = body.by is CancelledBy.PROVIDER
    await ask.find(reading.run_booking if by_programme else reading.own_booking, booking_id)
    command = CancelBooking(booking_id=booking_id, by=body.by, reason=body.reason)
    return await ask(command)


# --------------------------------------------------------------------------- the programme


@router.post("/{booking_id}/offer", status_code=202)
async def offer_place(ask: Asking, booking_id: UUID) -> OperationView:
    """Offers a free place to one who waits. For who runs it."""
    return await ask.about(reading.run_booking, OfferPlace(booking_id=booking_id))


@router.post("/{booking_id}/decide", status_code=202)
async def decide_application(ask: Asking, booking_id: UUID, body: Decision) -> OperationView:
    """Accepts an application, or declines it. For who runs it."""
    command = DecideApplication(booking_id=booking_id, accepted=body.accepted, reason=body.reason)
    return await ask.about(reading.run_booking, command)


@router.put("/{booking_id}/attendance", status_code=202)
async def record_attendance(ask: Asking, booking_id: UUID, body: Attendance) -> OperationView:
    """Writes down who was there. For who runs it."""
    command = RecordAttendance(booking_id=booking_id, attendance=body.attendance)
    return await ask.about(reading.run_booking, command)


@router.put("/{booking_id}/advice", status_code=202)
async def record_advice(ask: Asking, booking_id: UUID, body: Advice) -> OperationView:
    """Writes down what came of a talk. For who runs it."""
    command = RecordAdvice(booking_id=booking_id, **dict(body))
    return await ask.about(reading.run_booking, command)


async def _own(ask: Ask, wish: Wish) -> None:
    """Raises `Problem` unless the viewer acts for the organisation, and brings its people."""

    def brings_own(connection: Connection, viewer: Viewer, actor_id: UUID) -> bool:
        own = {each.person_id for each in members.members(connection, actor_id)}
        return viewer.answers_for(actor_id) and set(wish.attendees) <= own

    if not await ask.find(brings_own, wish.actor_id):
        raise Problem.not_allowed()
