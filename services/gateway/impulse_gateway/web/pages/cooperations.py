"""Cooperations: what is next in them, a cooperation's own page, and its steps."""

from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.codes import CooperationState, Direction
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.domain.access import Viewer, party
from impulse_gateway.store import actors, cooperations, editions, listings, members
from impulse_gateway.store.members import Contact, Member
from impulse_gateway.store.rows import Page
from impulse_gateway.web import cooperation_form, language, listing_form, reading
from impulse_gateway.web.cooperation_form import Form
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)

Actors = dict[UUID, ActorState]
People = dict[Direction, list[Member]]
"""Those of each side that somebody speaks for."""


def _parties(connection: Connection, *found: CooperationFact) -> Actors:
    ids = {each for pair in found for each in (pair.need_actor_id, pair.offer_actor_id)}
    return actors.by_id(connection, ids)


@router.get("/cooperations")
async def overview(
    request: Request,
    state: str = "",
    due: str = "",
    mine: str = "",
    charge: str = "",
    after: str | None = None,
) -> Response:
    """Cooperations that the viewer may see, the newest first; or those with something to do."""
    viewer: Viewer = request.state.viewer
    chosen = forms.choice(CooperationState, state)
    own = bool(mine) and viewer.person_id is not None
    charged = bool(charge) and viewer.sees_all

    def read(connection: Connection) -> tuple[Page[CooperationFact], Actors]:
        found = cooperations.page(
            connection,
            viewer,
            state=chosen,
            due=bool(due),
            mine=own,
            charged=charged,
            after=after,
        )
        return found, _parties(connection, *found.items)

    found, owners = await site_of(request).db(read)
    return page(
        request,
        "cooperations.html",
        found=found,
        owners=owners,
        state=chosen,
        due=bool(due),
        mine=own,
        charge=charged,
        first=after is None,
        today=forms.today(site_of(request).now()),
    )


@router.get("/cooperations/{cooperation_id}")
async def cooperation(request: Request, cooperation_id: UUID) -> Response:
    """One cooperation: who does what, until when, whom to talk to, and what can be done now."""
    return await _show(request, cooperation_id, {}, [])


@router.get("/cooperations/{cooperation_id}/printed")
async def printed(request: Request, cooperation_id: UUID) -> Response:
    """The agreement, to be printed."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> tuple[CooperationFact, Actors, dict[UUID, str]]:
        found = reading.cooperation(connection, viewer, cooperation_id)
        if found.terms is None:
            raise Problem.not_found()
        named = {each.person_id for each in found.signatures if each.person_id}
        named |= {found.terms.witness_id} if found.terms.witness_id else set()
        may_see = viewer.person_id is not None and not found.example
        names = members.names(connection, named) if may_see else {}
        return found, _parties(connection, found), names

    found, owners, names = await site_of(request).db(read)
    return page(request, "agreement.html", cooperation=found, owners=owners, names=names)


@router.get("/cooperations/{cooperation_id}/{step}")
async def step_form(
    request: Request, cooperation_id: UUID, step: str, typed: forms.Refused
) -> Response:
    """The cooperation's page with what was typed in the form of a step; without that the page as
    it is."""
    form = cooperation_form.BY_PATH.get(step)
    if form is None:
        raise Problem.not_found()
    if not typed:
        return RedirectResponse(f"/cooperations/{cooperation_id}", 303)
    return await _show(request, cooperation_id, typed, [], form)


@router.post("/cooperations/{cooperation_id}/{step}")
async def take(request: Request, cooperation_id: UUID, step: str) -> Response:
    """Takes a step, or shows the page with what is wrong."""
    viewer: Viewer = request.state.viewer
    form = cooperation_form.BY_PATH.get(step)
    if form is None:
        raise Problem.not_found()
    found = await site_of(request).db(
        lambda connection: reading.cooperation(connection, viewer, cooperation_id)
    )
    sides = sides_of(viewer, found)
    if not sides:
        raise Problem.not_allowed()
    values = await entered(request)
    chosen = forms.choice(Direction, one(values, "side"))
    side = chosen if chosen in sides else sides[0] if len(sides) == 1 else None
    told: ReportedOnBehalf | None = None
    wrong: list[Fault] = []
    if side is not None and viewer.acts_for_others(party(found, side)):
        told, wrong = listing_form.on_behalf(values)
    command, faulty = cooperation_form.command_of(
        form, cooperation_id, side, told, values, viewer.person_id
    )
    if command is None or wrong:
        return await _show(request, cooperation_id, values, [*wrong, *faulty], form)
    names_others = any(field.kind == "person" for field in form.fields)
    typed = None if names_others else values
    return await forms.send(request, command, one(values, "operation"), typed=typed)


def sides_of(viewer: Viewer, cooperation: CooperationFact) -> list[Direction]:
    """The sides that somebody speaks for."""
    return [side for side in Direction if viewer.answers_for(party(cooperation, side))]


async def _show(
    request: Request,
    cooperation_id: UUID,
    values: Entered,
    wrong: list[Fault],
    form: Form | None = None,
) -> Response:
    """The page; `values` were entered in a `form`, which may not be there any more."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(
        connection: Connection,
    ) -> tuple[
        CooperationFact,
        Actors,
        dict[UUID, ListingState],
        list[Contact],
        list[str],
        People,
        EditionFact | None,
    ]:
        found = reading.cooperation(connection, viewer, cooperation_id)
        people = {
            side: members.members(connection, party(found, side))
            for side in sides_of(viewer, found)
        }
        parties = (found.need_actor_id, found.offer_actor_id)
        return (
            found,
            _parties(connection, found),
            listings.by_id(connection, [found.need_id, found.offer_id]),
            members.contacts(connection, viewer, found.proposal_id, now),
            members.on_both_sides(connection, *parties) if viewer.sees_all else [],
            people,
            editions.get(connection, found.edition_id) if found.edition_id else None,
        )

    found, owners, both, contacts, conflicting, people, edition = await site_of(request).db(read)
    sides = sides_of(viewer, found)
    shown: list[Form] = cooperation_form.forms_of(found, as_broker=viewer.sees_all) if sides else []
    lost = None
    if form is not None and form not in shown:
        lost = cooperation_form.in_words(form, values, language.of_page(request))
    return page(
        request,
        "cooperation.html",
        status=422 if wrong else 200,
        here=f"/cooperations/{cooperation_id}" if wrong else "",
        cooperation=found,
        owners=owners,
        listings=both,
        contacts=contacts,
        conflicting=conflicting,
        sides=sides,
        for_others=[side for side in sides if viewer.acts_for_others(party(found, side))],
        step_forms=shown,
        lost=lost,
        next_path=cooperation_form.next_of(found),
        waits=cooperation_form.waits(found),
        edition=edition,
        people=people,
        values=values,
        faults=wrong,
        today=forms.today(now),
        new_operation=uuid4,
    )
