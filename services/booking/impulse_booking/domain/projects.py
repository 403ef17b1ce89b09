"""Projects of an edition: submitted by who is registered, and claimed by one company at a time."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from impulse_booking.domain import editions
from impulse_booking.domain.days import written
from impulse_booking.domain.editions import Edition
from impulse_booking.domain.texts import demand_no_contact
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.edition_codes import EditionStage, ProjectState
from impulse_contracts.booking.projects import ProjectTerms, SubmitProject
from impulse_contracts.codes import CvFormat, CvMode, ResourceCategory, SocietalTopic
from impulse_contracts.parts import OnBehalf, TeamSize
from impulse_contracts.reasons import Reason


class Project(Aggregate, key="project_id"):
    """A project. Fields as in `ProjectFact`."""

    project_id: UUID
    edition_id: UUID
    actor_id: UUID
    state: ProjectState
    title: str
    description: str
    resource_category: ResourceCategory
    team: TeamSize | None
    hours: float | None
    topics: tuple[SocietalTopic, ...]
    cv_format: CvFormat | None
    cv_mode: CvMode | None
    submitted_at: datetime
    on_behalf: OnBehalf | None
    claimed_by: UUID | None = None
    claimed_at: datetime | None = None
    cooperation_id: UUID | None = None
    claims: int = 0
    example: bool


def cooperation_id(project_id: UUID, claims: int) -> UUID:
    """The cooperation that comes of a claim of a project, the first, second …"""
    return uuid5(project_id, f"cooperation/{claims}")


def submit(command: SubmitProject, actor_id: UUID, edition: Edition, now: datetime) -> Project:
    """A new project of an organisation that is registered.

    Refuses with `no_projects` where none are submitted, with `deadline_over` after the time for it,
    with `contact_in_text` contacts in its texts.
    """
    editions.require(edition, editions.RUNNING, now)
    if edition.deadlines is None:
        raise Refused(Reason.NO_PROJECTS)
    _demand_before(edition.deadlines.submit_by, now)
    return Project(
        version=1,
        project_id=command.project_id,
        edition_id=edition.edition_id,
        actor_id=actor_id,
        state=ProjectState.FREE,
        submitted_at=now,
        on_behalf=command.on_behalf,
        example=edition.example,
        **_said(command),
    )


def change(project: Project, terms: ProjectTerms) -> Project:
    """The project with other terms. Refuses with `wrong_state` what is not free."""
    _require_free(project)
    return project.evolve(**_said(terms))


def withdraw(project: Project) -> Project:
    """It is not to be claimed any more. Refuses with `wrong_state` what is not free."""
    _require_free(project)
    return project.evolve(state=ProjectState.WITHDRAWN)


def claim(project: Project, edition: Edition, company_id: UUID, now: datetime) -> Project:
    """A company has it; the cooperation that comes of it has an id of its own for each claim.

    Refuses with `project_taken` what another company has, with `wrong_state` what was withdrawn,
    with `deadline_over` after the time for it.
    """
    editions.require(edition, editions.RUNNING, now)
    if project.state is ProjectState.CLAIMED:
        raise Refused(Reason.PROJECT_TAKEN)
    _require_free(project)
    if edition.deadlines is not None:
        _demand_before(edition.deadlines.claim_by, now)
    claims = project.claims + 1
    return project.evolve(
        state=ProjectState.CLAIMED,
        claimed_by=company_id,
        claimed_at=now,
        cooperation_id=cooperation_id(project.project_id, claims),
        claims=claims,
    )


def release(project: Project, edition: Edition, now: datetime) -> Project:
    """Nobody has it any more; it is withdrawn, if its edition does not take place. Refuses with
    `wrong_state` what nobody has, with `deadline_over` when nobody else could claim it."""
    if project.state is not ProjectState.CLAIMED:
        raise Refused(Reason.WRONG_STATE, state=(project.state.de, project.state.en))
    if edition.stage is EditionStage.CANCELLED:
        return give_up(project)
    editions.require(edition, editions.RUNNING, now)
    if edition.deadlines is not None:
        _demand_before(edition.deadlines.claim_by, now)
    return project.evolve(**_NOBODYS, state=ProjectState.FREE)


def give_up(project: Project) -> Project:
    """Nobody has it, nor is to: it is not wanted any more, or there is no day for it."""
    return project.evolve(**_NOBODYS, state=ProjectState.WITHDRAWN)


_NOBODYS: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "cooperation_id": None}


def _require_free(project: Project) -> None:
    if project.state is not ProjectState.FREE:
        raise Refused(Reason.WRONG_STATE, state=(project.state.de, project.state.en))


def _demand_before(deadline: datetime, now: datetime) -> None:
    if now >= deadline:
        raise Refused(Reason.DEADLINE_OVER, detail=written(deadline))


def _said(terms: ProjectTerms) -> dict[str, Any]:
    demand_no_contact(terms.title, ("Titel", "title"))
    demand_no_contact(terms.description, ("Beschreibung", "description"))
    return {name: getattr(terms, name) for name in ProjectTerms.model_fields}
