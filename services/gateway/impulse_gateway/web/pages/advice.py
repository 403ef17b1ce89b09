"""Advice: when somebody has time for it, the talks that come of it, and those left to write up."""

from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.booking.advice import AdviceHoursFact
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, bookings, members
from impulse_gateway.store import advice as advising
from impulse_gateway.web import advice_form, reading
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/advice/{adviser_id}", include_in_schema=False)


class Sheet(NamedTuple):
    """Somebody's advice hours, their talks, and who comes to them, by session."""

    adviser_id: UUID
    adviser: str | None
    offer: ProgrammeOfferFact
    hours: AdviceHoursFact | None
    talks: list[SessionFact]
    unwritten: list[SessionFact]
    booked: dict[UUID, BookingFact]
    owners: dict[UUID, ActorState]

    def show(self, request: Request, values: Entered, wrong: list[Fault]) -> Response:
        """The page with the form; with faults its answer says so."""
        now = site_of(request).now()
        return page(
            request,
            "advice.html",
            status=422 if wrong else 200,
            here=f"/advice/{self.adviser_id}?offer={self.offer.programme_offer_id}",
            **self._asdict(),
            week=advice_form.WEEK,
            values=values,
            faults=wrong,
            now=now,
            new_operation=uuid4,
        )


@router.get("")
async def hours(request: Request, adviser_id: UUID, offer: str = "") -> Response:
    """When somebody gives advice, in a form, and their talks."""
    sheet = await _sheet(request, adviser_id, forms.uuid(offer))
    known = sheet.hours
    values = advice_form.of_hours(known) if known else advice_form.beginning()
    return sheet.show(request, values, [])


@router.post("")
async def set_hours(request: Request, adviser_id: UUID) -> Response:
    """Sets the hours that were entered, or shows the form with what is wrong."""
    values = await entered(request)
    sheet = await _sheet(request, adviser_id, forms.uuid(one(values, "offer")))
    said, wrong = advice_form.command(values, adviser_id, sheet.offer.programme_offer_id)
    if said is None:
        return sheet.show(request, values, wrong)
    return await forms.send(request, said, one(values, "operation"))


async def _sheet(request: Request, adviser_id: UUID, programme_offer_id: UUID | None) -> Sheet:
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> Sheet:
        offer, known = reading.advice(connection, viewer, adviser_id, programme_offer_id)
        talks = advising.talks(connection, adviser_id, now)
        booked = bookings.of_sessions(connection, [each.session_id for each in talks])
        return Sheet(
            adviser_id,
            members.names(connection, [adviser_id]).get(adviser_id),
            offer,
            known,
            [each for each in talks if each.ends > now],
            [
                each
                for each in talks
                if each.ends <= now
                and each.session_id in booked
                and booked[each.session_id].advice is None
            ],
            booked,
            actors.by_id(connection, {each.actor_id for each in booked.values()}),
        )

    return await site_of(request).db(read)
