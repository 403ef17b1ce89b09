"""A session: for everybody when, where and by which rules; for who runs it who has a place and who
waits, and what they decide."""

from datetime import datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    DrawLots,
    ProgrammeOfferFact,
    SessionFact,
)
from impulse_contracts.message import Command
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain import access
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.lots import lot
from impulse_gateway.domain.operation import Operation
from impulse_gateway.store import actors, bookings, members, operations, programme
from impulse_gateway.web import numbers, reading
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/sessions/{session_id}", include_in_schema=False)


class Sheet(NamedTuple):
    """A session as somebody sees it. `bookings` are those that they may see, `lots` the ids of all
    in the order of their lots; `asked` is what became of what they asked for last."""

    session: SessionFact
    offer: ProgrammeOfferFact
    provider: ActorState | None
    prerequisites: dict[UUID, ProgrammeOfferFact]
    runs: bool
    bookings: list[BookingFact]
    lots: list[UUID]
    owners: dict[UUID, ActorState]
    names: dict[UUID, str]
    turns: dict[UUID, int]
    asked: list[Operation]


def sheet(connection: Connection, viewer: Viewer, session_id: UUID, now: datetime) -> Sheet:
    """Reads what somebody sees of a session. Raises `Problem`."""
    session = reading.session(connection, viewer, session_id)
    offer = reading.offer(connection, viewer, session.programme_offer_id)
    runs = access.runs(viewer, offer, session)
    needed = viewer.person_id is not None or session.seed is not None
    every = bookings.of_session(connection, session_id) if needed else []
    seen = [each for each in every if runs or viewer.sees_all_of(each.actor_id)]
    people = {person for each in seen for person in each.attendees}
    people |= {session.adviser_id} if session.adviser_id else set()
    provider = offer.provider_actor_id
    subjects = [session_id, *(each.booking_id for each in seen)]
    ids = [each.booking_id for each in every]
    seed = session.seed
    return Sheet(
        session,
        offer,
        actors.get(connection, provider) if provider else None,
        programme.offers_by_id(connection, offer.prerequisites),
        runs,
        seen,
        sorted(ids, key=lambda each: lot(seed, each)) if seed is not None else [],
        actors.by_id(connection, {each.actor_id for each in seen}),
        members.names(connection, people),
        bookings.turns(connection, [session_id]),
        operations.newest(connection, viewer.person_id, now, subject_ids=subjects) if runs else [],
    )


async def show(request: Request, session_id: UUID, values: Entered, wrong: list[Fault]) -> Response:
    """The page of a session; with faults its answer says so, at the form that they are of."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()
    found = await site_of(request).db(lambda connection: sheet(connection, viewer, session_id, now))
    return page(
        request,
        "session.html",
        status=422 if wrong else 200,
        here=f"/sessions/{session_id}",
        **found._asdict(),
        own=[each for each in found.bookings if each.actor_id in viewer.actors],
        values=values,
        faults=wrong,
        now=now,
        new_operation=uuid4,
    )


@router.get("")
async def session(request: Request, session_id: UUID) -> Response:
    """What a session is, and for who runs it its bookings."""
    return await show(request, session_id, {}, [])


@router.post("/cancel")
async def cancel(request: Request, session_id: UUID) -> Response:
    """It does not take place: all bookings are cancelled."""
    return await _settle(request, session_id, CancelSession, await entered(request))


@router.post("/capacity")
async def capacity(request: Request, session_id: UUID) -> Response:
    """More places, or fewer."""
    values = await entered(request)
    places = numbers.whole(one(values, "capacity"))
    return await _settle(request, session_id, ChangeCapacity, values, capacity=places)


@router.post("/lots")
async def lots(request: Request, session_id: UUID) -> Response:
    """Draws lots with a seed."""
    values = await entered(request)
    return await _settle(request, session_id, DrawLots, values, seed=one(values, "seed"))


async def _settle(
    request: Request, session_id: UUID, kind: type[Command], values: Entered, **data: object
) -> Response:
    viewer: Viewer = request.state.viewer
    await site_of(request).db(
        lambda connection: reading.run_session(connection, viewer, session_id)
    )
    here = f"/sessions/{session_id}#asked"
    again = partial(show, request, session_id)
    return await forms.settle(
        request, kind, {"session_id": session_id, **data}, values, again, then=here
    )
