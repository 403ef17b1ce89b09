"""What the API of editions takes and gives besides the facts themselves."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, Field

from impulse_contracts.booking.agreement_batches import MOST_LINES
from impulse_contracts.booking.agreements import Entry
from impulse_contracts.booking.editions import EditionTerms
from impulse_contracts.booking.projects import ProjectFact, ProjectTerms
from impulse_contracts.parts import ReportedOnBehalf


class NewEdition(EditionTerms):
    """An edition to announce; `edition_id` is chosen by whoever asks, or made here."""

    edition_id: UUID | None = None


class AgreementLines(BaseModel):
    """Agreements to enter; `batch_id` is chosen by whoever asks, or made here."""

    batch_id: UUID | None = None
    lines: Annotated[tuple[Entry, ...], Field(min_length=1, max_length=MOST_LINES)]


class Told(BaseModel):
    """How an organisation said so to a broker who records it."""

    on_behalf: ReportedOnBehalf | None = None


class Claim(Told):
    """Which company claims a project."""

    actor_id: UUID


class NewProject(ProjectTerms, Told):
    """A project to submit; `project_id` is chosen by whoever asks, or made here."""

    project_id: UUID | None = None
    actor_id: UUID


class Projects(BaseModel):
    """The projects of an edition."""

    items: list[ProjectFact]
