"""Advice hours: set by who runs an offer of advice, and by advisers themselves."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection

from impulse_contracts.booking.advice import AdviceHoursFact, SetAdviceHours
from impulse_contracts.booking.programme import ProgrammeOfferFact
from impulse_gateway.domain.access import Viewer
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.problems import Problem

router = APIRouter(prefix="/api/advice", tags=["programme"], responses={**PROBLEMS, **REFUSALS})


@router.get("/{adviser_id}/hours")
async def get_advice_hours(ask: Asking, adviser_id: UUID) -> AdviceHoursFact:
    """When somebody gives advice; their slots are among the sessions of the offer."""
    _, hours = await ask.find(reading.advice, adviser_id)
    if hours is None:
        raise Problem.not_found()
    return hours


@router.put("/{adviser_id}/hours", status_code=202)
async def set_advice_hours(ask: Asking, adviser_id: UUID, body: SetAdviceHours) -> OperationView:
    """Sets when somebody gives advice; the adviser of the address counts. For who runs the offer,
    who says so first, and for the adviser."""

    def settable(connection: Connection, viewer: Viewer, person_id: UUID) -> ProgrammeOfferFact:
        return reading.advice(connection, viewer, person_id, body.programme_offer_id)[0]

    await ask.find(settable, adviser_id)
    return await ask(body.model_copy(update={"adviser_id": adviser_id}))
