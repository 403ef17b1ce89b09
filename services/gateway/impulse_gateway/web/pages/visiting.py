"""Interest in a listing of those who act for no organisation yet: who they are comes first.

Visitors say which organisation is theirs, and who they are. The link that shows that the address is
theirs holds what they said, and leads back here: only then is anything asked for. A known
organisation is claimed, and its people or a broker decide; a new one they administer at once.
"""

from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, BackgroundTasks
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_chassis import stable_uuid
from impulse_contracts.codes import ListingStatus
from impulse_contracts.message import Command
from impulse_contracts.registry.actors import ActorState, RegisterActor
from impulse_contracts.registry.joining import ClaimActor
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.people import PendingMembership
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, members
from impulse_gateway.web import listing_form, organisation_form, reading
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms, visitor
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/listings/{listing_id}/ask", include_in_schema=False)

KEPT = ("actor", "legal_name", "kind", "postcode", "city")
"""What is said of an organisation, and held by the link."""
FOUND = 10
"""So many organisations are shown of those that may be meant."""


class Asked(NamedTuple):
    """The listing that somebody would like to ask for, and what they are already."""

    wanted: ListingState
    chosen: ActorState | None
    found: list[ActorState]
    own: list[ActorState]
    """Their organisations, with which they can ask at once."""
    waiting: tuple[PendingMembership, ...]
    owners: dict[UUID, ActorState]


@router.get("")
async def begin(request: Request, listing_id: UUID) -> Response:
    """Which organisation it is and who asks; with what was said before, if a link leads here."""
    values = listing_form.entered(request.query_params.multi_items())
    asked = await _asked(request, listing_id, values)
    if len(asked.own) == 1:
        query = urlencode({"actor": str(asked.own[0].actor_id)})
        return RedirectResponse(f"/listings/{listing_id}/answer?{query}", 303)
    if asked.own:
        return RedirectResponse(f"/listings/{listing_id}", 303)
    return _show(request, asked, values, [])


@router.post("")
async def ask(request: Request, background: BackgroundTasks, listing_id: UUID) -> Response:
    """Claims or registers the organisation; a visitor is sent a link that leads back here."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    asked = await _asked(request, listing_id, values)
    said, faults = _organisation(asked, values)
    back = f"/listings/{listing_id}/ask?{_kept(values)}"
    if not faults and forms.local(back) != back:
        faults = [Fault("legal_name", "bitte kürzer fassen", "please make it shorter")]
    if viewer.person_id is not None:
        if faults:
            return _show(request, asked, values, faults)
        operation = forms.operation_id(one(values, "operation"))
        command = _command(asked, said, viewer.person_id, operation)
        query = urlencode({"then": f"/listings/{listing_id}/ask"})
        then = f"/operations/{operation}?{query}"
        return await forms.send(request, command, str(operation), then=then)
    if faults := [*faults, *visitor.faults(values)]:
        return _show(request, asked, values, faults)
    return await visitor.introduce(request, background, values, back)


# ------------------------------------------------------------------------------- the parts


async def _asked(request: Request, listing_id: UUID, values: Entered) -> Asked:
    """The open listing, and what is known of who asks for it. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    actor_id = forms.uuid(one(values, "actor"))
    words = one(values, "q").strip()

    def read(connection: Connection) -> Asked:
        wanted = reading.listing(connection, viewer, listing_id)
        if wanted.status != ListingStatus.OPEN:
            raise Problem.not_found()
        found = actors.search(connection, q=words).items if words else []
        own = members.own(connection, viewer.person_id) if viewer.person_id else None
        waiting = own.pending if own else ()
        return Asked(
            wanted,
            reading.actor(connection, viewer, actor_id) if actor_id else None,
            [each for each in found if each.example == wanted.example][:FOUND],
            actors.to_answer_for(connection, viewer, wanted),
            waiting,
            actors.by_id(connection, [wanted.actor_id, *(each.actor_id for each in waiting)]),
        )

    asked: Asked = await site_of(request).db(read)
    return asked


def _show(request: Request, asked: Asked, values: Entered, faults: list[Fault]) -> Response:
    """The page with the form; with faults its answer says so."""
    viewer: Viewer = request.state.viewer
    return page(
        request,
        "listing_ask.html",
        status=422 if faults else 200,
        values=values,
        faults=faults,
        registers=not viewer.memberships,
        new_operation=uuid4,
        **asked._asdict(),
    )


def _organisation(asked: Asked, values: Entered) -> tuple[dict[str, Any], list[Fault]]:
    """What was said of a new organisation, or what is wrong with it; of a known one nothing."""
    if asked.chosen is not None:
        return {}, []
    said = {name: values[name] for name in KEPT if name in values}
    profile, faults = organisation_form.profile(said, example=asked.wanted.example)
    return (profile.model_dump() if profile else {}), faults


def _command(asked: Asked, said: dict[str, Any], person_id: UUID, operation: UUID) -> Command:
    """What makes somebody act for the organisation: a claim on a known one, or a new one."""
    if asked.chosen is not None:
        return ClaimActor(
            person_id=person_id,
            actor_id=asked.chosen.actor_id,
            listing_id=asked.wanted.listing_id,
        )
    actor_id = stable_uuid("actor", str(operation))
    return RegisterActor.model_validate({**said, "actor_id": actor_id})


def _kept(values: Entered) -> str:
    """What the link holds."""
    return urlencode([(name, each) for name in KEPT for each in values.get(name, [])[:1] if each])
