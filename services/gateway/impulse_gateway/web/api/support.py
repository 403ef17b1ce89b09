"""Support: for the people of the organisation that asks; brokers and operators work on it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request

from impulse_chassis import stable_uuid
from impulse_contracts.booking.support import (
    AcceptSupport,
    DeclineSupport,
    FinishSupport,
    RequestSupport,
    StartSupport,
    SupportFact,
    WithdrawSupport,
)
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.types import Day, Description, Number, OptionalName
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import bookings
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/support", tags=["support"], responses={**PROBLEMS, **REFUSALS})


class NewRequest(BaseModel):
    """What an organisation needs; and how it said so to a broker who records it."""

    programme_offer_id: UUID
    actor_id: UUID
    wish: Annotated[Description, Field(min_length=1)]
    on_behalf: ReportedOnBehalf | None = None


class Taking(BaseModel):
    """Who takes care of it, and until when."""

    person_id: UUID
    until: Day


class Result(BaseModel):
    """How many hours it took, and what came of it."""

    hours: Annotated[Number, Field(ge=0, le=1_000)]
    result: Annotated[Description, Field(min_length=1)]


class Why(BaseModel):
    """Why it can't be given."""

    reason: Annotated[OptionalName, Field(min_length=1)]


@router.get("")
async def list_support(
    request: Request, still_open: bool = False, after: str | None = None
) -> Page[SupportFact]:
    """The requests for support that you may see, the newest first."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: bookings.support_requests(
            connection, viewer, still_open=still_open, after=after
        )
    )


@router.get("/{request_id}")
async def get_support(ask: Asking, request_id: UUID) -> SupportFact:
    """One request for support, as far as it is."""
    return await ask.find(reading.support, request_id)


@router.post("", status_code=202)
async def request_support(ask: Asking, body: NewRequest) -> OperationView:
    """Asks for support, for an organisation that you act for."""
    if not ask.viewer.answers_for(body.actor_id):
        raise Problem.not_allowed()
    command = RequestSupport(request_id=stable_uuid("support", str(ask.key)), **dict(body))
    return await ask(command)


@router.post("/{request_id}/withdraw", status_code=202)
async def withdraw_support(ask: Asking, request_id: UUID) -> OperationView:
    """The organisation does not need it any more."""
    return await ask.about(reading.own_support, WithdrawSupport(request_id=request_id))


@router.post("/{request_id}/accept", status_code=202)
async def accept_support(ask: Asking, request_id: UUID, body: Taking) -> OperationView:
    """Somebody takes care of it until a day. For who runs it."""
    command = AcceptSupport(request_id=request_id, person_id=body.person_id, until=body.until)
    return await ask.about(reading.run_support, command)


@router.post("/{request_id}/start", status_code=202)
async def start_support(ask: Asking, request_id: UUID) -> OperationView:
    """Work on it has begun. For who runs it."""
    return await ask.about(reading.run_support, StartSupport(request_id=request_id))


@router.post("/{request_id}/finish", status_code=202)
async def finish_support(ask: Asking, request_id: UUID, body: Result) -> OperationView:
    """It is done. For who runs it."""
    command = FinishSupport(request_id=request_id, hours=body.hours, result=body.result)
    return await ask.about(reading.run_support, command)


@router.post("/{request_id}/decline", status_code=202)
async def decline_support(ask: Asking, request_id: UUID, body: Why) -> OperationView:
    """It can't be given, and why. For who runs it."""
    command = DeclineSupport(request_id=request_id, reason=body.reason)
    return await ask.about(reading.run_support, command)
