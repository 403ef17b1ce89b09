"""What who runs a session decides on its bookings, and who was there."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_chassis import stable_uuid
from impulse_contracts.booking.advice import RecordAdvice
from impulse_contracts.booking.bookings import (
    BookingFact,
    CancelBooking,
    DecideApplication,
    OfferPlace,
    RecordAttendance,
    ReportedAttended,
)
from impulse_contracts.booking.codes import BookingState, CancelledBy, Presence
from impulse_contracts.message import Command
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import bookings
from impulse_gateway.web import reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.pages.programme_sessions import show
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)

THERE = (BookingState.CONFIRMED, BookingState.ATTENDED, BookingState.NO_SHOW)
"""The states of a booking in which it is written down who was there."""


@router.post("/bookings/{booking_id}/offer")
async def offer_place(request: Request, booking_id: UUID) -> Response:
    """Offers a free place to one who waits."""
    return await _settle(request, OfferPlace, booking_id, await entered(request))


@router.post("/bookings/{booking_id}/decide")
async def decide(request: Request, booking_id: UUID) -> Response:
    """Accepts an application, or declines it."""
    values = await entered(request)
    accepted = one(values, "accepted") == "yes"
    reason = None if accepted else one(values, "reason") or None
    return await _settle(
        request, DecideApplication, booking_id, values, accepted=accepted, reason=reason
    )


@router.post("/bookings/{booking_id}/cancel-by-programme")
async def cancel_booking(request: Request, booking_id: UUID) -> Response:
    """The programme takes a booking back, and says why."""
    values = await entered(request)
    reason = one(values, "reason") or None
    return await _settle(
        request, CancelBooking, booking_id, values, by=CancelledBy.PROVIDER, reason=reason
    )


@router.post("/bookings/{booking_id}/advice")
async def advice(request: Request, booking_id: UUID) -> Response:
    """Writes down what came of a talk."""
    values = await entered(request)
    said = {name: one(values, name) for name in ("topic_of_talk", "outcome")}
    next_step = one(values, "next_step") or None
    return await _settle(request, RecordAdvice, booking_id, values, **said, next_step=next_step)


@router.post("/sessions/{session_id}/attendance")
async def attendance(request: Request, session_id: UUID) -> Response:
    """Writes down who was there, for all bookings at once: a command for each of which something
    was chosen. With `rest` those of whom nothing is known yet were present."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()
    values = await entered(request)
    operation = forms.operation_id(one(values, "operation"))
    (session, _), booked = await site_of(request).db(
        lambda connection: (
            reading.run_session(connection, viewer, session_id),
            bookings.of_session(connection, session_id),
        )
    )
    starts = [each.starts for each in session.meetings] or [session.starts]
    begun = [number for number, start in enumerate(starts) if start <= now]
    sent = 0
    for booking in booked:
        said = _said(booking, begun, values) if booking.state in THERE else ()
        if said:
            command = RecordAttendance(booking_id=booking.booking_id, attendance=said)
            await submit(request, command, stable_uuid(str(operation), str(booking.booking_id)))
            sent += 1
    if not sent:
        nothing = Fault("attendance", "Es wurde nichts gewählt.", "Nothing was chosen.")
        return await show(request, session_id, values, [nothing])
    return RedirectResponse(f"/sessions/{session_id}#asked", 303)


def field(booking: BookingFact, meeting: int, person_id: UUID | None) -> str:
    """The field in which it is said whether somebody was at a meeting."""
    return f"presence_{booking.booking_id}_{meeting}_{person_id or ''}"


def _said(booking: BookingFact, begun: list[int], values: Entered) -> tuple[ReportedAttended, ...]:
    """What was chosen of a booking's people, besides what is known of them."""
    known = {(each.meeting, each.person_id): each.presence for each in booking.attendance}
    rest = Presence.PRESENT if one(values, "rest") else None
    said = []
    for meeting in begun:
        for person_id in booking.attendees or (None,):
            chosen = forms.choice(Presence, one(values, field(booking, meeting, person_id)))
            was = known.get((meeting, person_id))
            presence = chosen or (rest if was is None else None)
            if presence is not None and presence != was:
                said.append(
                    ReportedAttended(meeting=meeting, person_id=person_id, presence=presence)
                )
    return tuple(said)


async def _settle(
    request: Request, kind: type[Command], booking_id: UUID, values: Entered, **data: object
) -> Response:
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.run_booking(connection, viewer, booking_id)
    )
    here = f"/sessions/{found.session_id}#booking-{booking_id}"
    again = partial(show, request, found.session_id)
    return await forms.settle(
        request, kind, {"booking_id": booking_id, **data}, values, again, then=here
    )
