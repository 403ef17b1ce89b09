"""Support: asked for with a text, withdrawn, and worked on by the programme."""

from datetime import timedelta
from functools import partial
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts import faults
from impulse_contracts.booking.codes import ProgrammeCategory
from impulse_contracts.booking.programme import ProgrammeOfferFact
from impulse_contracts.booking.support import (
    AcceptSupport,
    DeclineSupport,
    FinishSupport,
    RequestSupport,
    StartSupport,
    SupportFact,
    WithdrawSupport,
)
from impulse_contracts.message import Command
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.operation import Operation
from impulse_gateway.store import actors, bookings, members, operations, programme
from impulse_gateway.store.rows import Page
from impulse_gateway.web import listing_form, numbers, reading
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.choosing import Choice, choose
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)

STEPS = (AcceptSupport, StartSupport, FinishSupport, DeclineSupport)
"""What the programme does with a request."""
USUAL = timedelta(weeks=2)
"""How long support takes, as the form proposes it."""


@router.get("/programme/{programme_offer_id}/support")
async def form(
    request: Request, programme_offer_id: UUID, typed: forms.Refused, actor: str = "", q: str = ""
) -> Response:
    """The form in which an organisation says what it needs."""
    chosen = forms.uuid(actor or one(typed, "actor"))
    offer, choice = await _choice(request, programme_offer_id, chosen, q)
    return _form(request, offer, choice, typed, [])


@router.post("/programme/{programme_offer_id}/support")
async def ask(request: Request, programme_offer_id: UUID) -> Response:
    """Asks for support, or shows the form with what is wrong."""
    values = await entered(request)
    operation = forms.operation_id(one(values, "operation"))
    offer, choice = await _choice(request, programme_offer_id, forms.uuid(one(values, "actor")))
    wish = one(values, "wish")
    wrong = listing_form.with_contacts(values, "wish")
    told = None
    if choice.for_others:
        told, missing = listing_form.on_behalf(values)
        wrong += missing
    if wrong or choice.actor is None:
        return _form(request, offer, choice, values, wrong)
    try:
        command = RequestSupport(
            request_id=stable_uuid("support", str(operation)),
            programme_offer_id=programme_offer_id,
            actor_id=choice.actor.actor_id,
            wish=wish,
            on_behalf=told,
        )
    except ValidationError as errors:
        wrong = [Fault("wish", *faults.in_words(error)) for error in errors.errors()[:1]]
        return _form(request, offer, choice, values, wrong)
    return await forms.send(request, command, str(operation), typed=values)


@router.post("/support/{request_id}/withdraw")
async def withdraw(
    request: Request, request_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """The organisation does not need it any more."""
    viewer: Viewer = request.state.viewer
    await site_of(request).db(
        lambda connection: reading.own_support(connection, viewer, request_id)
    )
    command = WithdrawSupport(request_id=request_id)
    return await forms.send(request, command, operation, then="/bookings#asked")


# --------------------------------------------------------------------------- the programme


@router.get("/support")
async def to_do(request: Request, every: str = "", after: str | None = None) -> Response:
    """For the programme: what was asked for, and what is left to do."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: bookings.support_requests(
            connection, viewer, still_open=not every, after=after
        )
    )
    return await _show(request, found, {}, [], every=bool(every), first=after is None)


@router.post("/support/{request_id}/accept")
async def accept(request: Request, request_id: UUID) -> Response:
    """Whoever says so takes care of it, until a day."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    said = {"person_id": viewer.person_id, "until": one(values, "until")}
    return await _settle(request, request_id, AcceptSupport, values, **said)


@router.post("/support/{request_id}/start")
async def start(request: Request, request_id: UUID) -> Response:
    """Work on it has begun."""
    return await _settle(request, request_id, StartSupport, await entered(request))


@router.post("/support/{request_id}/finish")
async def finish(request: Request, request_id: UUID) -> Response:
    """It is done: hours and result."""
    values = await entered(request)
    said = {"hours": numbers.decimal(one(values, "hours")), "result": one(values, "result")}
    return await _settle(request, request_id, FinishSupport, values, **said)


@router.post("/support/{request_id}/decline")
async def decline(request: Request, request_id: UUID) -> Response:
    """It can't be given, and why."""
    values = await entered(request)
    return await _settle(request, request_id, DeclineSupport, values, reason=one(values, "reason"))


async def _settle(
    request: Request, request_id: UUID, kind: type[Command], values: Entered, **data: object
) -> Response:
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.run_support(connection, viewer, request_id)
    )
    again = partial(_show, request, Page(items=[found], total=1))
    return await forms.settle(
        request, kind, {"request_id": request_id, **data}, values, again, then="/support#asked"
    )


async def _show(
    request: Request,
    found: Page[SupportFact],
    values: Entered,
    wrong: list[Fault],
    *,
    every: bool = False,
    first: bool = True,
) -> Response:
    """The page of some requests; with faults its answer says so, at the form that they are of."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(
        connection: Connection,
    ) -> tuple[
        dict[UUID, ProgrammeOfferFact], dict[UUID, ActorState], dict[UUID, str], list[Operation]
    ]:
        return (
            programme.offers_by_id(connection, {each.programme_offer_id for each in found.items}),
            actors.by_id(connection, {each.actor_id for each in found.items}),
            members.names(connection, {each.person_id for each in found.items if each.person_id}),
            operations.newest(connection, viewer.person_id, now, commands=STEPS),
        )

    offers, owners, names, asked = await site_of(request).db(read)
    return page(
        request,
        "support.html",
        status=422 if wrong else 200,
        here="/support" if wrong else "",
        found=found,
        offers=offers,
        owners=owners,
        names=names,
        asked=asked,
        values=values,
        faults=wrong,
        every=every,
        first=first,
        now=now,
        until=forms.today(now + USUAL),
        new_operation=uuid4,
    )


async def _choice(
    request: Request, programme_offer_id: UUID, actor_id: UUID | None, q: str = ""
) -> tuple[ProgrammeOfferFact, Choice]:
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> tuple[ProgrammeOfferFact, Choice]:
        offer = reading.offer(connection, viewer, programme_offer_id)
        if offer.category != ProgrammeCategory.SUPPORT:
            raise Problem.not_found()
        return offer, choose(connection, viewer, actor_id, q)

    return await site_of(request).db(read)


def _form(
    request: Request,
    offer: ProgrammeOfferFact,
    choice: Choice,
    values: Entered,
    wrong: list[Fault],
) -> Response:
    return page(
        request,
        "support_form.html",
        status=422 if wrong else 200,
        offer=offer,
        **choice._asdict(),
        q=request.query_params.get("q", ""),
        values=values,
        faults=wrong,
        today=forms.today(site_of(request).now()),
        new_operation=uuid4,
    )
