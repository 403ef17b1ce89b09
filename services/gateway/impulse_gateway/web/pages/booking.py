"""Booking a session for an organisation, and asking whether one may."""

from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts import faults
from impulse_contracts.booking.bookings import CheckEligibility, RequestBooking
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import bookings, members, programme
from impulse_gateway.store.members import Member
from impulse_gateway.web import listing_form, numbers, reading
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.choosing import Choice, choose
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/sessions/{session_id}/book", include_in_schema=False)


class Sheet(NamedTuple):
    """The form in which an organisation books a session; without one the page asks which.

    `attended` are the offers that it has attended, of which some may be `prerequisites`."""

    session: SessionFact
    offer: ProgrammeOfferFact
    choice: Choice
    people: list[Member]
    prerequisites: dict[UUID, ProgrammeOfferFact]
    attended: set[UUID]

    def show(self, request: Request, values: Entered, wrong: list[Fault]) -> Response:
        """The page with the form; with faults its answer says so."""
        now = site_of(request).now()
        return page(
            request,
            "booking_form.html",
            status=422 if wrong else 200,
            session=self.session,
            offer=self.offer,
            **self.choice._asdict(),
            q=request.query_params.get("q", ""),
            people=self.people,
            prerequisites=self.prerequisites,
            attended=self.attended,
            now=now,
            values=values,
            faults=wrong,
            today=forms.today(now),
            new_operation=uuid4,
        )


@router.get("")
async def form(
    request: Request, session_id: UUID, typed: forms.Refused, actor: str = "", q: str = ""
) -> Response:
    """The form: for whom, how many come, and who."""
    chosen = forms.uuid(actor or one(typed, "actor"))
    return (await _sheet(request, session_id, chosen, q)).show(request, typed, [])


@router.post("")
async def book(request: Request, session_id: UUID) -> Response:
    """Books what was entered, or asks whether that may be; or shows the form with what is wrong."""
    values = await entered(request)
    sheet = await _sheet(request, session_id, forms.uuid(one(values, "actor")))
    actor = sheet.choice.actor
    if actor is None:
        return sheet.show(request, values, [])
    operation_id = forms.operation_id(one(values, "operation"))
    data: dict[str, object] = {
        "session_id": session_id,
        "actor_id": actor.actor_id,
        "party_size": numbers.whole(one(values, "party_size")) or None,
        "attendees": values.get("attendees", []),
    }
    known = {str(each.person_id) for each in sheet.people}
    if not known.issuperset(values.get("attendees", [])):
        raise Problem.not_allowed()
    command: RequestBooking | CheckEligibility
    try:
        if one(values, "ask") == "check":
            # Asked again with other people it is another question.
            operation_id = stable_uuid("check", f"{operation_id} {sorted(map(str, data.items()))}")
            command = CheckEligibility.model_validate(data)
        else:
            data["booking_id"] = stable_uuid("booking", str(operation_id))
            if sheet.choice.for_others:
                told, wrong = listing_form.on_behalf(values)
                if wrong:
                    return sheet.show(request, values, wrong)
                data["on_behalf"] = told
            command = RequestBooking.model_validate(data)
    except ValidationError as errors:
        error = errors.errors()[0]
        field = str(error["loc"][0]) if error["loc"] else "attendees"
        return sheet.show(request, values, [Fault(field, *faults.in_words(error))])
    # Who comes are others: their ids would be kept for longer than they are.
    typed = {name: said for name, said in values.items() if name != "attendees"}
    return await forms.send(request, command, str(operation_id), typed=typed)


async def _sheet(request: Request, session_id: UUID, actor_id: UUID | None, q: str = "") -> Sheet:
    """The form for an organisation that the viewer may bind. Raises `Problem`."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> Sheet:
        session = reading.session(connection, viewer, session_id)
        offer = reading.offer(connection, viewer, session.programme_offer_id)
        choice = choose(connection, viewer, actor_id, q)
        actor = choice.actor
        return Sheet(
            session,
            offer,
            choice,
            members.members(connection, actor.actor_id) if actor else [],
            programme.offers_by_id(connection, offer.prerequisites),
            bookings.attended(connection, actor.actor_id) if actor else set(),
        )

    return await site_of(request).db(read)
