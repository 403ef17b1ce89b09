"""The programme: offers and sessions for everybody to read, for brokers and operators to make."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.requests import Request

from impulse_chassis import stable_uuid
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    ChangeProgrammeOffer,
    DrawLots,
    Places,
    ProgrammeOfferFact,
    ProgrammeTerms,
    PublishProgrammeOffer,
    RescheduleSession,
    ScheduleSession,
    SessionFact,
    WithdrawProgrammeOffer,
)
from impulse_gateway.store import programme
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api", tags=["programme"], responses=PROBLEMS)


class NewOffer(ProgrammeTerms):
    """An offer to publish; `programme_offer_id` is chosen by whoever asks, or made here."""

    programme_offer_id: UUID | None = None


class Capacity(BaseModel):
    """How many places a session is to have."""

    capacity: Places


class Seed(BaseModel):
    """With what lots are drawn."""

    seed: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("/programme")
async def list_programme(request: Request, after: str | None = None) -> Page[ProgrammeOfferFact]:
    """What the programme offers now, by title."""
    return await site_of(request).db(lambda connection: programme.offers(connection, after=after))


@router.get("/programme/{programme_offer_id}")
async def get_programme_offer(ask: Asking, programme_offer_id: UUID) -> ProgrammeOfferFact:
    """One offer. Those that were withdrawn are shown to who has signed in."""
    return await ask.find(reading.offer, programme_offer_id)


@router.post("/programme", status_code=202, responses=REFUSALS)
async def publish_programme_offer(ask: Asking, body: NewOffer) -> OperationView:
    """Offers advice, qualification or support. For brokers and operators."""
    offer_id = body.programme_offer_id or stable_uuid("programme offer", str(ask.key))
    data = body.model_dump() | {"programme_offer_id": offer_id}
    return await ask(PublishProgrammeOffer.model_validate(data))


@router.put("/programme/{programme_offer_id}", status_code=202, responses=REFUSALS)
async def change_programme_offer(
    ask: Asking, programme_offer_id: UUID, body: ProgrammeTerms
) -> OperationView:
    """Replaces what an offer says. For brokers and operators."""
    command = ChangeProgrammeOffer(programme_offer_id=programme_offer_id, **body.model_dump())
    return await ask.about(reading.run_offer, command)


@router.delete("/programme/{programme_offer_id}", status_code=202, responses=REFUSALS)
async def withdraw_programme_offer(ask: Asking, programme_offer_id: UUID) -> OperationView:
    """Takes an offer back; bookings that were made stand. For brokers and operators."""
    command = WithdrawProgrammeOffer(programme_offer_id=programme_offer_id)
    return await ask.about(reading.run_offer, command)


# -------------------------------------------------------------------------------- sessions


@router.get("/sessions")
async def list_sessions(
    request: Request, programme_offer_id: UUID | None = None, after: str | None = None
) -> Page[SessionFact]:
    """The sessions that are not over, the next first; of one offer or of all."""
    now = site_of(request).now()
    return await site_of(request).db(
        lambda connection: programme.sessions(
            connection, now, programme_offer_id=programme_offer_id, after=after
        )
    )


@router.get("/sessions/{session_id}")
async def get_programme_session(ask: Asking, session_id: UUID) -> SessionFact:
    """One session: when and where, and how many places are taken."""
    return await ask.find(reading.session, session_id)


@router.post("/sessions", status_code=202, responses=REFUSALS)
async def schedule_session(ask: Asking, body: ScheduleSession) -> OperationView:
    """Sets a date on which an offer can be had. For brokers and operators."""
    return await ask(body)


@router.put("/sessions/{session_id}/times", status_code=202, responses=REFUSALS)
async def reschedule_session(
    ask: Asking, session_id: UUID, body: RescheduleSession
) -> OperationView:
    """Moves a session to other times; the session of the address counts. For brokers and
    operators."""
    command = body.model_copy(update={"session_id": session_id})
    return await ask.about(reading.run_session, command)


@router.put("/sessions/{session_id}/capacity", status_code=202, responses=REFUSALS)
async def change_capacity(ask: Asking, session_id: UUID, body: Capacity) -> OperationView:
    """Gives a session more places, or fewer. For brokers and operators."""
    command = ChangeCapacity(session_id=session_id, capacity=body.capacity)
    return await ask.about(reading.run_session, command)


@router.post("/sessions/{session_id}/lots", status_code=202, responses=REFUSALS)
async def draw_lots(ask: Asking, session_id: UUID, body: Seed) -> OperationView:
    """Draws who gets the places, in an order that anyone can recompute. For brokers and
    operators."""
    command = DrawLots(session_id=session_id, seed=body.seed)
    return await ask.about(reading.run_session, command)


@router.delete("/sessions/{session_id}", status_code=202, responses=REFUSALS)
async def cancel_session(ask: Asking, session_id: UUID) -> OperationView:
    """It does not take place: all bookings are cancelled. For brokers and operators."""
    return await ask.about(reading.run_session, CancelSession(session_id=session_id))
