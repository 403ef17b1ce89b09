"""Editions: for everybody to read; their projects; their agreements, entered by staff."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Connection
from starlette.requests import Request

from impulse_chassis import stable_uuid
from impulse_contracts.booking.agreement_batches import (
    AgreementsEntered,
    EnterAgreements,
)
from impulse_contracts.booking.editions import (
    AnnounceEdition,
    CancelEdition,
    ChangeEdition,
    CloseEdition,
    EditionFact,
    EditionTerms,
)
from impulse_contracts.booking.projects import (
    ChangeProject,
    ClaimProject,
    ProjectFact,
    ProjectTerms,
    ReleaseProject,
    SubmitProject,
    WithdrawProject,
)
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import editions
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Ask, Asking
from impulse_gateway.web.api.edition_models import (
    AgreementLines,
    Claim,
    NewEdition,
    NewProject,
    Projects,
    Told,
)
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api", tags=["editions"], responses=PROBLEMS)


@router.get("/editions")
async def list_editions(
    request: Request, over: bool = False, after: str | None = None
) -> Page[EditionFact]:
    """The editions that are not over, the next first; or (`over`) those that are closed or
    cancelled, the newest first."""
    read = editions.over if over else editions.ahead
    return await site_of(request).db(lambda connection: read(connection, after=after))


@router.get("/editions/{edition_id}")
async def get_edition(ask: Asking, edition_id: UUID) -> EditionFact:
    """One edition: when, where, for how many, how far it is, and what came of it.

    Who wants to take part books its session, as any other (`POST /api/bookings`)."""
    return await ask.find(reading.edition, edition_id)


@router.post("/editions", status_code=202, responses=REFUSALS)
async def announce_edition(ask: Asking, body: NewEdition) -> OperationView:
    """Announces an edition: what is booked of it is made by that. For brokers and operators."""
    said = body.model_dump(exclude={"edition_id"})
    edition_id = body.edition_id or stable_uuid("edition", str(ask.key))
    return await ask(AnnounceEdition(edition_id=edition_id, **said))


@router.put("/editions/{edition_id}", status_code=202, responses=REFUSALS)
async def change_edition(ask: Asking, edition_id: UUID, body: EditionTerms) -> OperationView:
    """Replaces what an edition says, until its day begins; bookings stand. For brokers, operators
    and the people of the organisation that gives it."""
    return await ask.about(
        reading.run_edition, ChangeEdition(edition_id=edition_id, **body.model_dump())
    )


@router.delete("/editions/{edition_id}", status_code=202, responses=REFUSALS)
async def cancel_edition(ask: Asking, edition_id: UUID) -> OperationView:
    """It does not take place: all bookings are cancelled. For whoever may change it."""
    return await ask.about(reading.run_edition, CancelEdition(edition_id=edition_id))


@router.post("/editions/{edition_id}/close", status_code=202, responses=REFUSALS)
async def close_edition(ask: Asking, edition_id: UUID) -> OperationView:
    """Its results are complete, and nothing is entered any more. For whoever may change it."""
    return await ask.about(reading.run_edition, CloseEdition(edition_id=edition_id))


# ------------------------------------------------------------------------------ agreements


@router.post("/editions/{edition_id}/agreements", status_code=202, responses=REFUSALS)
async def enter_agreements(ask: Asking, edition_id: UUID, body: AgreementLines) -> OperationView:
    """Enters agreements as they were made on the floor, up to 200 at once. For brokers and
    operators.

    A line that is refused stops no other; what became of each is told by
    `GET /api/editions/{edition_id}/agreements/{batch_id}`. The same lines again change nothing.
    """
    await ask.find(reading.run_edition, edition_id)
    batch_id = body.batch_id or stable_uuid("agreements", str(ask.key))
    return await ask(EnterAgreements(batch_id=batch_id, edition_id=edition_id, lines=body.lines))


@router.get("/editions/{edition_id}/agreements/{batch_id}", responses=REFUSALS)
async def get_agreements_entered(
    ask: Asking, edition_id: UUID, batch_id: UUID
) -> AgreementsEntered:
    """What became of the lines of a batch, in their order; not found until it is known. For
    brokers and operators."""
    await ask.find(reading.run_edition, edition_id)
    several = await site_of(ask.request).db(
        lambda connection: editions.batches(connection, edition_id)
    )
    found = next((each for each in several if each.batch_id == batch_id), None)
    if found is None:
        raise Problem.not_found()
    return found


# -------------------------------------------------------------------------------- projects


@router.get("/editions/{edition_id}/projects")
async def list_projects(request: Request, edition_id: UUID) -> Projects:
    """The projects of an edition, those first that can be claimed."""
    viewer: Viewer = request.state.viewer

    def read(connection: Connection) -> list[ProjectFact]:
        reading.edition(connection, viewer, edition_id)
        return editions.projects(connection, edition_id)

    return Projects(items=await site_of(request).db(read))


@router.get("/projects/{project_id}")
async def get_project(ask: Asking, project_id: UUID) -> ProjectFact:
    """One project: what is to be done, and who has claimed it."""
    return await ask.find(reading.project, project_id)


@router.post("/editions/{edition_id}/projects", status_code=202, responses=REFUSALS)
async def submit_project(ask: Asking, edition_id: UUID, body: NewProject) -> OperationView:
    """Submits a project. For the people of a non-profit with a confirmed place who may bind it,
    brokers and operators."""
    _demand_binds(ask, body.actor_id)
    await ask.find(reading.edition, edition_id)
    project_id = body.project_id or stable_uuid("project", str(ask.key))
    said = body.model_dump(exclude={"project_id"})
    return await ask(SubmitProject(project_id=project_id, edition_id=edition_id, **said))


@router.put("/projects/{project_id}", status_code=202, responses=REFUSALS)
async def change_project(ask: Asking, project_id: UUID, body: ProjectTerms) -> OperationView:
    """Replaces what a project says, until it is claimed. For who may submit it."""
    return await ask.about(
        reading.own_project, ChangeProject(project_id=project_id, **body.model_dump())
    )


@router.post("/projects/{project_id}/withdraw", status_code=202, responses=REFUSALS)
async def withdraw_project(ask: Asking, project_id: UUID, body: Told) -> OperationView:
    """Takes a project back, until it is claimed. For who may submit it."""
    return await ask.about(
        reading.own_project, WithdrawProject(project_id=project_id, on_behalf=body.on_behalf)
    )


@router.post("/projects/{project_id}/claim", status_code=202, responses=REFUSALS)
async def claim_project(ask: Asking, project_id: UUID, body: Claim) -> OperationView:
    """Claims a project that is free; a cooperation begins by that. For the people of a company with
    a confirmed place who may bind it, brokers and operators."""
    _demand_binds(ask, body.actor_id)
    command = ClaimProject(project_id=project_id, actor_id=body.actor_id, on_behalf=body.on_behalf)
    return await ask.about(reading.project, command)


@router.post("/projects/{project_id}/release", status_code=202, responses=REFUSALS)
async def release_project(ask: Asking, project_id: UUID, body: Told) -> OperationView:
    """Gives a project back that was claimed; another company can claim it. For who claimed it."""
    return await ask.about(
        reading.claimed_project, ReleaseProject(project_id=project_id, on_behalf=body.on_behalf)
    )


def _demand_binds(ask: Ask, actor_id: UUID) -> None:
    if not ask.viewer.answers_for(actor_id):
        raise Problem.not_allowed()
