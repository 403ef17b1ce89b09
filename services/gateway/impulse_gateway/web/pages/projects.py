"""Projects of an edition: submitted and changed by non-profits, claimed by companies."""

from typing import NamedTuple
from uuid import UUID, uuid4

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_chassis import stable_uuid
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.projects import (
    ChangeProject,
    ClaimProject,
    ProjectFact,
    ReleaseProject,
    SubmitProject,
    WithdrawProject,
)
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, bookings
from impulse_gateway.web import listing_form, project_form, reading
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.choosing import Choice, choose
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)


class Sheet(NamedTuple):
    """A project as somebody sees it; `claimants` are those that they may claim it for."""

    project: ProjectFact
    edition: EditionFact
    owners: dict[UUID, ActorState]
    claimants: list[ActorState]


@router.get("/projects/{project_id}")
async def project(request: Request, project_id: UUID) -> Response:
    """One project: what is to be done, and whether it can be claimed."""
    return await _show(request, project_id, {}, [])


@router.post("/projects/{project_id}/claim")
async def claim(request: Request, project_id: UUID) -> Response:
    """Claims a project for a company that has a place."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    actor_id = forms.uuid(one(values, "actor"))
    if actor_id is None:
        wrong = [Fault("actor", "bitte wählen", "please choose")]
        return await _show(request, project_id, values, wrong)
    if not viewer.answers_for(actor_id):
        raise Problem.not_allowed()
    await _read(request, project_id)
    told, wrong = _told(viewer, actor_id, values)
    if wrong:
        return await _show(request, project_id, values, wrong)
    command = ClaimProject(project_id=project_id, actor_id=actor_id, on_behalf=told)
    return await forms.send(request, command, one(values, "operation"))


@router.post("/projects/{project_id}/release")
async def release(request: Request, project_id: UUID) -> Response:
    """Gives back a project that was claimed."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    found = await site_of(request).db(
        lambda connection: reading.claimed_project(connection, viewer, project_id)
    )
    told, wrong = _told(viewer, found.claimed_by or found.actor_id, values)
    if wrong:
        return await _show(request, project_id, values, wrong)
    command = ReleaseProject(project_id=project_id, on_behalf=told)
    return await forms.send(request, command, one(values, "operation"))


@router.post("/projects/{project_id}/withdraw")
async def withdraw(request: Request, project_id: UUID) -> Response:
    """Takes a project back."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    found = await _own(request, project_id)
    told, wrong = _told(viewer, found.actor_id, values)
    if wrong:
        return await _show(request, project_id, values, wrong)
    command = WithdrawProject(project_id=project_id, on_behalf=told)
    return await forms.send(request, command, one(values, "operation"))


@router.get("/projects/{project_id}/edit")
async def edit(request: Request, project_id: UUID, typed: forms.Refused) -> Response:
    """The form with what a project says."""
    found = await _own(request, project_id)
    return await _change_form(request, found, typed or project_form.of_project(found), [])


@router.post("/projects/{project_id}/edit")
async def change(request: Request, project_id: UUID) -> Response:
    """Replaces what a project says, or shows the form with what is wrong."""
    viewer: Viewer = request.state.viewer
    found = await _own(request, project_id)
    values = await entered(request)
    terms, wrong = project_form.terms(values)
    told, untold = _told(viewer, found.actor_id, values)
    if terms is None or untold:
        return await _change_form(request, found, values, [*untold, *wrong])
    command = ChangeProject(project_id=project_id, on_behalf=told, **terms.model_dump())
    return await forms.send(request, command, one(values, "operation"), typed=values)


@router.get("/editions/{edition_id}/projects/new")
async def new(
    request: Request, edition_id: UUID, typed: forms.Refused, actor: str = "", q: str = ""
) -> Response:
    """The form of a new project."""
    chosen = forms.uuid(actor or one(typed, "actor"))
    edition, choice = await _choice(request, edition_id, chosen, q)
    return _form(request, edition, None, choice, typed, [])


@router.post("/editions/{edition_id}/projects/new")
async def submit(request: Request, edition_id: UUID) -> Response:
    """Submits what was entered, or shows the form with what is wrong."""
    viewer: Viewer = request.state.viewer
    values = await entered(request)
    edition, choice = await _choice(request, edition_id, forms.uuid(one(values, "actor")))
    if choice.actor is None:
        return _form(request, edition, None, choice, values, [])
    actor_id = choice.actor.actor_id
    terms, wrong = project_form.terms(values)
    told, untold = _told(viewer, actor_id, values)
    if terms is None or untold:
        return _form(request, edition, None, choice, values, [*untold, *wrong])
    command = SubmitProject(
        project_id=stable_uuid("project", one(values, "operation")),
        edition_id=edition_id,
        actor_id=actor_id,
        on_behalf=told,
        **terms.model_dump(),
    )
    return await forms.send(request, command, one(values, "operation"), typed=values)


# ------------------------------------------------------------------------------- the parts


def _told(
    viewer: Viewer, actor_id: UUID, values: Entered
) -> tuple[ReportedOnBehalf | None, list[Fault]]:
    return listing_form.on_behalf(values) if viewer.acts_for_others(actor_id) else (None, [])


async def _read(request: Request, project_id: UUID) -> ProjectFact:
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.project(connection, viewer, project_id)
    )


async def _own(request: Request, project_id: UUID) -> ProjectFact:
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.own_project(connection, viewer, project_id)
    )


async def _choice(
    request: Request, edition_id: UUID, actor_id: UUID | None, q: str = ""
) -> tuple[EditionFact, Choice]:
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: (
            reading.edition(connection, viewer, edition_id),
            choose(connection, viewer, actor_id, q),
        )
    )


async def _show(
    request: Request, project_id: UUID, values: Entered, wrong: list[Fault]
) -> Response:
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> Sheet:
        found = reading.project(connection, viewer, project_id)
        edition = reading.edition(connection, viewer, found.edition_id)
        booked = bookings.of_session(connection, edition.session_id)
        there = {each.actor_id for each in booked if each.state in bookings.HELD}
        named = {found.actor_id, *([found.claimed_by] if found.claimed_by else [])}
        owners = actors.by_id(connection, named | there)
        claimants = [
            owners[each]
            for each in there
            if each in owners and viewer.answers_for(each) and owners[each].kind == "company"
        ]
        return Sheet(
            found,
            edition,
            owners,
            sorted(claimants, key=lambda each: each.display_name or each.legal_name),
        )

    found = await site_of(request).db(read)
    sided = {"own": found.project.actor_id, "claimed": found.project.claimed_by}
    mine = {name for name, each in sided.items() if each and viewer.answers_for(each)}
    return page(
        request,
        "project.html",
        status=422 if wrong else 200,
        here=f"/projects/{project_id}" if wrong else "",
        **found._asdict(),
        mine=mine,
        told_for={name for name, each in sided.items() if each and viewer.acts_for_others(each)}
        | ({"claimant"} if viewer.sees_all else set()),
        values=values,
        faults=wrong,
        today=forms.today(now),
        now=now,
        new_operation=uuid4,
    )


async def _change_form(
    request: Request, project: ProjectFact, values: Entered, wrong: list[Fault]
) -> Response:
    edition, choice = await _choice(request, project.edition_id, project.actor_id)
    return _form(request, edition, project, choice, values, wrong)


def _form(
    request: Request,
    edition: EditionFact,
    project: ProjectFact | None,
    choice: Choice,
    values: Entered,
    wrong: list[Fault],
) -> Response:
    return page(
        request,
        "project_form.html",
        status=422 if wrong else 200,
        edition=edition,
        project=project,
        **choice._asdict(),
        q=request.query_params.get("q", ""),
        values=values,
        faults=wrong,
        today=forms.today(site_of(request).now()),
        new_operation=uuid4,
    )
