"""The programme as staff make it: offers, and the dates on which they can be had."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts.booking.programme import (
    ChangeProgrammeOffer,
    ProgrammeOfferFact,
    PublishProgrammeOffer,
    RescheduleSession,
    ScheduleSession,
    SessionFact,
    WithdrawProgrammeOffer,
)
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.profile import SpokenLanguage
from impulse_gateway.store import programme
from impulse_gateway.web import programme_form, reading, session_form
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.pages.programme import MOST
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/programme/new")
async def new(request: Request, typed: forms.Refused) -> Response:
    """The form of a new offer."""
    return await _offer_form(request, None, typed or programme_form.beginning(), [])


@router.post("/programme/new")
async def publish(request: Request) -> Response:
    """Publishes what was entered, or shows the form with what is wrong."""
    values = await entered(request)
    said, wrong = programme_form.terms(values, None)
    if said is None:
        return await _offer_form(request, None, values, wrong)
    offer_id = stable_uuid("programme offer", one(values, "operation"))
    command = PublishProgrammeOffer(programme_offer_id=offer_id, **said.model_dump())
    return await forms.send(request, command, one(values, "operation"), typed=values)


@router.get("/programme/{programme_offer_id}/edit")
async def edit(request: Request, programme_offer_id: UUID, typed: forms.Refused) -> Response:
    """The form with what an offer says."""
    found = await _offer(request, programme_offer_id)
    return await _offer_form(request, found, typed or programme_form.of_offer(found), [])


@router.post("/programme/{programme_offer_id}/edit")
async def change(request: Request, programme_offer_id: UUID) -> Response:
    """Replaces what an offer says, or shows the form with what is wrong."""
    found = await _offer(request, programme_offer_id)
    values = await entered(request)
    said, wrong = programme_form.terms(values, found)
    if said is None:
        return await _offer_form(request, found, values, wrong)
    command = ChangeProgrammeOffer(programme_offer_id=programme_offer_id, **said.model_dump())
    return await forms.send(request, command, one(values, "operation"), typed=values)


@router.post("/programme/{programme_offer_id}/withdraw")
async def withdraw(
    request: Request, programme_offer_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """Takes an offer back; bookings stand."""
    await _offer(request, programme_offer_id)
    command = WithdrawProgrammeOffer(programme_offer_id=programme_offer_id)
    return await forms.send(request, command, operation)


# -------------------------------------------------------------------------------- sessions


@router.get("/programme/{programme_offer_id}/sessions/new")
async def new_session(request: Request, programme_offer_id: UUID, typed: forms.Refused) -> Response:
    """The form of a new session."""
    return _session_form(request, await _offer(request, programme_offer_id), None, typed, [])


@router.post("/programme/{programme_offer_id}/sessions/new")
async def schedule(request: Request, programme_offer_id: UUID) -> Response:
    """Sets the session that was entered, or shows the form with what is wrong."""
    offer = await _offer(request, programme_offer_id)
    values = await entered(request)
    session_id = stable_uuid("session", one(values, "operation"))
    fixed = {"session_id": session_id, "programme_offer_id": programme_offer_id}
    now = site_of(request).now()
    command, wrong = session_form.command(ScheduleSession, values, fixed, now)
    if command is None:
        return _session_form(request, offer, None, values, wrong)
    return await forms.send(request, command, one(values, "operation"), typed=values)


@router.get("/sessions/{session_id}/reschedule")
async def move(request: Request, session_id: UUID, typed: forms.Refused) -> Response:
    """The form with the times of a session."""
    session, offer = await _session(request, session_id)
    return _session_form(request, offer, session, typed or session_form.of_session(session), [])


@router.post("/sessions/{session_id}/reschedule")
async def reschedule(request: Request, session_id: UUID) -> Response:
    """Moves a session to the times that were entered, or shows the form with what is wrong."""
    session, offer = await _session(request, session_id)
    values = await entered(request)
    now = site_of(request).now()
    fixed = {"session_id": session_id}
    command, wrong = session_form.command(RescheduleSession, values, fixed, now)
    if command is None:
        return _session_form(request, offer, session, values, wrong)
    return await forms.send(request, command, one(values, "operation"), typed=values)


# ------------------------------------------------------------------------------- the parts


async def _offer(request: Request, programme_offer_id: UUID) -> ProgrammeOfferFact:
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.offer(connection, viewer, programme_offer_id)
    )


async def _session(request: Request, session_id: UUID) -> tuple[SessionFact, ProgrammeOfferFact]:
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.run_session(connection, viewer, session_id)
    )


async def _offer_form(
    request: Request, offer: ProgrammeOfferFact | None, values: Entered, wrong: list[Fault]
) -> Response:
    own = offer.programme_offer_id if offer else None
    known = offer.prerequisites if offer else ()

    def read(connection: Connection) -> list[ProgrammeOfferFact]:
        found = programme.offers(connection, limit=MOST).items
        found += programme.offers_by_id(connection, known).values()
        return list({each.programme_offer_id: each for each in found}.values())

    others = await site_of(request).db(read)
    return page(
        request,
        "programme_form.html",
        status=422 if wrong else 200,
        offer=offer,
        values=values,
        faults=wrong,
        rows=programme_form.rows(values),
        others=[each for each in others if each.programme_offer_id != own],
        spoken_languages=SpokenLanguage,
        new_operation=uuid4,
    )


def _session_form(
    request: Request,
    offer: ProgrammeOfferFact,
    session: SessionFact | None,
    values: Entered,
    wrong: list[Fault],
) -> Response:
    return page(
        request,
        "session_form.html",
        status=422 if wrong else 200,
        offer=offer,
        session=session,
        quotas=session_form.QUOTAS,
        values=values,
        faults=wrong,
        new_operation=uuid4,
    )
