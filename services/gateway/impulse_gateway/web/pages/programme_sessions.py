"""A session as staff see it: who has a place and who waits, and what they decide."""

from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts import faults
from impulse_contracts.booking.advice import RecordAdvice
from impulse_contracts.booking.bookings import (
    BookingFact,
    CancelBooking,
    DecideApplication,
    OfferPlace,
    RecordAttendance,
)
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    DrawLots,
    ProgrammeOfferFact,
    SessionFact,
)
from impulse_contracts.message import Command
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, bookings, members
from impulse_gateway.web import language, reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.listing_form import Entered
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered, one
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/sessions/{session_id}")
async def session(request: Request, session_id: UUID) -> Response:
    """The bookings of a session, who waits in the waiting order."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[
        SessionFact,
        ProgrammeOfferFact,
        list[BookingFact],
        dict[UUID, ActorState],
        dict[UUID, str],
        dict[UUID, int],
    ]:
        found = reading.session(connection, session_id)
        offer = reading.offer(connection, viewer, found.programme_offer_id)
        booked = bookings.of_session(connection, session_id)
        people = {person for each in booked for person in each.attendees}
        return (
            found,
            offer,
            booked,
            actors.by_id(connection, {each.actor_id for each in booked}),
            members.names(connection, people),
            bookings.turns(connection, [session_id]),
        )

    found, offer, booked, owners, names, turns = await site_of(request).db(read)
    return page(
        request,
        "session.html",
        session=found,
        offer=offer,
        bookings=booked,
        owners=owners,
        names=names,
        turns=turns,
        now=site_of(request).now(),
        new_operation=uuid4,
    )


@router.post("/sessions/{session_id}/cancel")
async def cancel_session(request: Request, session_id: UUID) -> Response:
    """It does not take place: all bookings are cancelled."""
    return await _sent(request, CancelSession, {"session_id": session_id}, await entered(request))


@router.post("/sessions/{session_id}/capacity")
async def capacity(request: Request, session_id: UUID) -> Response:
    """More places, or fewer."""
    values = await entered(request)
    written = one(values, "capacity")
    places = int(written) if written.isdecimal() and len(written) < 9 else written
    data = {"session_id": session_id, "capacity": places}
    return await _sent(request, ChangeCapacity, data, values)


@router.post("/sessions/{session_id}/lots")
async def lots(request: Request, session_id: UUID) -> Response:
    """Draws lots with a seed."""
    values = await entered(request)
    data = {"session_id": session_id, "seed": one(values, "seed")}
    return await _sent(request, DrawLots, data, values)


# -------------------------------------------------------------------------------- bookings


@router.post("/bookings/{booking_id}/offer")
async def offer_place(request: Request, booking_id: UUID) -> Response:
    """Offers a free place to one who waits."""
    return await _of_booking(request, OfferPlace, booking_id, await entered(request))


@router.post("/bookings/{booking_id}/decide")
async def decide(request: Request, booking_id: UUID) -> Response:
    """Accepts an application, or declines it."""
    values = await entered(request)
    accepted = one(values, "accepted") == "yes"
    reason = None if accepted else one(values, "reason") or None
    return await _of_booking(
        request, DecideApplication, booking_id, values, accepted=accepted, reason=reason
    )


@router.post("/bookings/{booking_id}/cancel-by-programme")
async def cancel_booking(request: Request, booking_id: UUID) -> Response:
    """The programme takes a booking back, and says why."""
    values = await entered(request)
    reason = one(values, "reason") or None
    return await _of_booking(
        request, CancelBooking, booking_id, values, by=CancelledBy.PROVIDER, reason=reason
    )


@router.post("/bookings/{booking_id}/attendance")
async def attendance(request: Request, booking_id: UUID) -> Response:
    """Writes down who was there, as far as something was chosen."""
    values = await entered(request)
    said: list[dict[str, object]] = []
    for name in values:
        kind, _, rest = name.partition("_")
        meeting, _, person = rest.partition("_")
        if kind == "presence" and meeting.isdecimal():
            who = forms.uuid(person)
            said.append(
                {"meeting": int(meeting[:4]), "person_id": who, "presence": one(values, name)}
            )
    return await _of_booking(request, RecordAttendance, booking_id, values, attendance=said)


@router.post("/bookings/{booking_id}/advice")
async def advice(request: Request, booking_id: UUID) -> Response:
    """Writes down what came of a talk."""
    values = await entered(request)
    data = {name: one(values, name) for name in ("topic_of_talk", "outcome")}
    next_step = one(values, "next_step") or None
    return await _of_booking(request, RecordAdvice, booking_id, values, **data, next_step=next_step)


async def _of_booking(
    request: Request, kind: type[Command], booking_id: UUID, values: Entered, **data: Any
) -> Response:
    viewer: Viewer = request.state.viewer
    await site_of(request).db(lambda connection: reading.booking(connection, viewer, booking_id))
    return await _sent(request, kind, {"booking_id": booking_id, **data}, values)


async def _sent(
    request: Request, kind: type[Command], data: dict[str, Any], values: Entered
) -> Response:
    """Sends what was entered as a command. Raises `Problem` with what is wrong with it."""
    try:
        command = kind.model_validate(data)
    except ValidationError as errors:
        english = language.of_page(request) == "en"
        raise Problem.invalid(
            [
                {"field": str(each["loc"][0]), "message": faults.in_words(each)[english]}
                for each in errors.errors()
            ]
        ) from None
    asked = await submit(request, command, forms.operation_id(one(values, "operation")))
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)
