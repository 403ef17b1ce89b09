"""Entering a cooperation of which no proposal was made: for brokers and operators."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts import faults
from impulse_contracts.booking.agreements import EnterCooperation
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors
from impulse_gateway.web import cooperation_form, listing_form
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import BERLIN, page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


@router.get("/cooperations/new")
async def form(request: Request, typed: forms.Refused, need: str = "", offer: str = "") -> Response:
    """Finds the two organisations, then asks what they want to do together."""
    now: datetime = site_of(request).now()
    in_a_year = now.astimezone(BERLIN).date() + timedelta(days=365)
    values = {"need": [need], "offer": [offer], "redeem_by": [in_a_year.isoformat()]}
    return await _form(request, typed or values, [])


@router.post("/cooperations/new")
async def enter(request: Request) -> Response:
    """Enters the cooperation, or shows the form with what is wrong."""
    _demand_staff(request)
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    operation = forms.operation_id(one(values, "operation"))
    data: dict[str, Any] = {
        "cooperation_id": stable_uuid("cooperation", str(operation)),
        **{
            name: one(values, name)
            for name in ("need_actor_id", "offer_actor_id", "need_title", "offer_title")
        },
        **cooperation_form.entered_terms(values, viewer.person_id),
    }
    wrong = listing_form.with_contacts(values, *cooperation_form.TEXTS)
    if one(values, "channel"):
        told, untold = listing_form.on_behalf(values)
        wrong += untold
        data["signing"] = {"on_behalf": told} if told else None
    try:
        command = EnterCooperation.model_validate(data)
    except ValidationError as errors:
        wrong += [
            Fault(str(error["loc"][-1]), *faults.in_words(error)) for error in errors.errors()
        ]
    if wrong:
        return await _form(request, values, wrong)
    return await forms.send(request, command, str(operation), typed=values)


async def _form(request: Request, values: Entered, wrong: list[Fault]) -> Response:
    _demand_staff(request)
    need, offer = one(values, "need"), one(values, "offer")
    now: datetime = site_of(request).now()

    def read(connection: Connection) -> tuple[list[ActorState], list[ActorState]]:
        needs, offers = (
            actors.search(connection, q=words).items if words else [] for words in (need, offer)
        )
        return needs, offers

    needs, offers = await site_of(request).db(read)
    return page(
        request,
        "cooperation_new.html",
        status=422 if wrong else 200,
        here="/cooperations/new" if wrong else "",
        need=need,
        offer=offer,
        needs=needs,
        offers=offers,
        fields=cooperation_form.TERMS,
        values=values,
        faults=wrong,
        today=forms.today(now),
        new_operation=uuid4,
    )


def _demand_staff(request: Request) -> None:
    viewer: Viewer = request.state.viewer
    if viewer.person_id is None:
        raise Problem.sign_in()
    if not viewer.sees_all:
        raise Problem.not_allowed()
