"""Projects of an edition: a non-profit submits one, and a company claims it, once."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.booking.edition_codes import ProjectState
from impulse_contracts.codes import CvFormat, CvMode, ResourceCategory, SocietalTopic
from impulse_contracts.message import Command, Fact, Part
from impulse_contracts.parts import OnBehalf, ReportedOnBehalf, TeamSize
from impulse_contracts.types import Description, Moment, Number, Open, Title


class ProjectTerms(Part):
    """What is to be done together, and by how many. Texts without addresses and numbers."""

    title: Title
    description: Description = ""
    resource_category: ResourceCategory
    team: TeamSize | None = None
    hours: Annotated[Number, Field(gt=0, le=1_000)] | None = None
    """How long it takes, from beginning to end."""
    topics: Annotated[tuple[SocietalTopic, ...], Field(max_length=6)] = ()
    cv_format: CvFormat | None = None
    cv_mode: CvMode | None = None


class _ProjectCommand(Command, topic=topics.BOOKING_COMMANDS, key="project_id"):
    project_id: UUID
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the organisation said it to them. It shows as such."""


class SubmitProject(ProjectTerms, _ProjectCommand, ce_type="impulse.booking.submit_project.v1"):
    """For a non-profit with a confirmed place: offer a project to the companies of the edition."""

    edition_id: UUID
    actor_id: UUID


class ChangeProject(ProjectTerms, _ProjectCommand, ce_type="impulse.booking.change_project.v1"):
    """Replace what a project says, until it is claimed."""


class WithdrawProject(_ProjectCommand, ce_type="impulse.booking.withdraw_project.v1"):
    """Take a project back, until it is claimed."""


class ClaimProject(_ProjectCommand, ce_type="impulse.booking.claim_project.v1"):
    """For a company with a confirmed place: take a project that is free; a cooperation begins."""

    actor_id: UUID


class ReleaseProject(_ProjectCommand, ce_type="impulse.booking.release_project.v1"):
    """For the company that claimed it: give a project back, so that another one can claim it."""


class ProjectFact(Fact, topic=topics.EDITIONS, key="project_id"):
    """A project of an edition: whose, what is to be done, and who has claimed it."""

    project_id: UUID
    edition_id: UUID
    actor_id: UUID
    state: Open[ProjectState]
    title: str
    description: str = ""
    resource_category: Open[ResourceCategory]
    team: TeamSize | None = None
    hours: float | None = None
    topics: tuple[Open[SocietalTopic], ...] = ()
    cv_format: Open[CvFormat] | None = None
    cv_mode: Open[CvMode] | None = None
    submitted_at: Moment
    on_behalf: OnBehalf | None = None
    """Submitted by a broker, whom the organisation told."""
    claimed_by: UUID | None = None
    """The company, by actor id; null: nobody has it."""
    claimed_at: Moment | None = None
    cooperation_id: UUID | None = None
    """What came of it; null: nobody has it."""
    claims: int = 0
    """How often it was claimed: more than once, if it was given back."""
    example: bool = False


class ProjectSubmitted(ProjectFact, ce_type="impulse.booking.project.submitted.v1"):
    """A project can be claimed."""


class ProjectChanged(ProjectFact, ce_type="impulse.booking.project.changed.v1"):
    """What a project says changed."""


class ProjectWithdrawn(ProjectFact, ce_type="impulse.booking.project.withdrawn.v1"):
    """A project is not to be claimed any more: taken back, not needed, or without an edition."""


class ProjectClaimed(ProjectFact, ce_type="impulse.booking.project.claimed.v1"):
    """A company claimed a project."""


class ProjectReleased(ProjectFact, ce_type="impulse.booking.project.released.v1"):
    """A project can be claimed again."""
