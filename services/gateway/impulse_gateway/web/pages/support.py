"""Support: asked for with a text, withdrawn, and worked on by the programme."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_chassis import stable_uuid
from impulse_contracts import faults, free_text
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
from impulse_gateway.store import actors, bookings, members, programme
from impulse_gateway.store.rows import Page
from impulse_gateway.web import language, reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.listing_form import Entered, Fault
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered, one
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/programme/{programme_offer_id}/support")
async def form(request: Request, programme_offer_id: UUID) -> Response:
    """The form in which an organisation says what it needs."""
    return await _form(request, programme_offer_id, {}, [])


@router.post("/programme/{programme_offer_id}/support")
async def ask(request: Request, programme_offer_id: UUID) -> Response:
    """Asks for support, or shows the form with what is wrong."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    operation = forms.operation_id(one(values, "operation"))
    actor_id = forms.uuid(one(values, "actor"))
    if actor_id is None or not viewer.answers_for(actor_id):
        raise Problem.not_allowed()
    wish = one(values, "wish")
    if free_text.has_contact(wish):
        without = Fault(
            "wish",
            "bitte ohne E-Mail-Adresse und Telefonnummer",
            "please without e-mail address and telephone number",
        )
        return await _form(request, programme_offer_id, values, [without])
    try:
        command = RequestSupport(
            request_id=stable_uuid("support", str(operation)),
            programme_offer_id=programme_offer_id,
            actor_id=actor_id,
            wish=wish,
        )
    except ValidationError as errors:
        wrong = [Fault("wish", *faults.in_words(error)) for error in errors.errors()[:1]]
        return await _form(request, programme_offer_id, values, wrong)
    return await _sent(request, command, str(operation))


@router.post("/support/{request_id}/withdraw")
async def withdraw(
    request: Request, request_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """The organisation does not need it any more."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.support(connection, viewer, request_id)
    )
    if not viewer.answers_for(found.actor_id):
        raise Problem.not_allowed()
    return await _sent(request, WithdrawSupport(request_id=request_id), operation)


# --------------------------------------------------------------------------- the programme


@router.get("/support")
async def to_do(request: Request, every: str = "", after: str | None = None) -> Response:
    """For the programme: what was asked for, and what is left to do."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[
        Page[SupportFact], dict[UUID, ProgrammeOfferFact], dict[UUID, ActorState], dict[UUID, str]
    ]:
        found = bookings.support_requests(connection, viewer, still_open=not every, after=after)
        offers = {each.programme_offer_id for each in found.items}
        people = {each.person_id for each in found.items if each.person_id}
        return (
            found,
            programme.offers_by_id(connection, offers),
            actors.by_id(connection, {each.actor_id for each in found.items}),
            members.names(connection, people),
        )

    found, offers, owners, names = await site_of(request).db(read)
    return page(
        request,
        "support.html",
        found=found,
        offers=offers,
        owners=owners,
        names=names,
        every=bool(every),
        first=after is None,
        today=forms.today(site_of(request).now()),
        new_operation=uuid4,
    )


@router.post("/support/{request_id}/accept")
async def accept(request: Request, request_id: UUID) -> Response:
    """Whoever says so takes care of it, until a day."""
    viewer: Viewer = request.state.viewer
    return await _work(request, request_id, AcceptSupport, person_id=viewer.person_id)


@router.post("/support/{request_id}/start")
async def start(request: Request, request_id: UUID) -> Response:
    """Work on it has begun."""
    return await _work(request, request_id, StartSupport)


@router.post("/support/{request_id}/finish")
async def finish(request: Request, request_id: UUID) -> Response:
    """It is done: hours and result."""
    return await _work(request, request_id, FinishSupport)


@router.post("/support/{request_id}/decline")
async def decline(request: Request, request_id: UUID) -> Response:
    """It can't be given, and why."""
    return await _work(request, request_id, DeclineSupport)


async def _work(
    request: Request, request_id: UUID, kind: type[Command], **fixed: object
) -> Response:
    """Sends what staff entered on a request. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    await site_of(request).db(lambda connection: reading.support(connection, viewer, request_id))
    data: dict[str, object] = {"request_id": request_id, **fixed}
    for field in kind.model_fields.keys() - data.keys():
        data[field] = one(values, field)
    if "hours" in data:
        data["hours"] = _number(str(data["hours"]))
    try:
        command = kind.model_validate(data)
    except ValidationError as errors:
        raise _invalid(request, errors) from None
    return await _sent(request, command, one(values, "operation"))


def _number(written: str) -> object:
    """A number as people write it; what is none stays text, and is a fault in the command."""
    try:
        return float(written.replace(",", "."))
    except ValueError:
        return written


def _invalid(request: Request, errors: ValidationError) -> Problem:
    english = language.of_page(request) == "en"
    return Problem.invalid(
        [
            {"field": str(each["loc"][0]), "message": faults.in_words(each)[english]}
            for each in errors.errors()
        ]
    )


async def _sent(request: Request, command: Command, operation: str) -> Response:
    asked = await submit(request, command, forms.operation_id(operation))
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)


async def _form(
    request: Request, programme_offer_id: UUID, values: Entered, wrong: list[Fault]
) -> Response:
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> tuple[ProgrammeOfferFact, list[ActorState]]:
        offer = reading.offer(connection, viewer, programme_offer_id)
        if offer.category != ProgrammeCategory.SUPPORT:
            raise Problem.not_found()
        own = [each for each in viewer.actors if viewer.answers_for(each)]
        return offer, list(actors.by_id(connection, own).values())

    offer, own = await site_of(request).db(read)
    return page(
        request,
        "support_form.html",
        status=422 if wrong else 200,
        offer=offer,
        own=own,
        values=values,
        faults=wrong,
        new_operation=uuid4,
    )
