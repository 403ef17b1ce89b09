"""What the API takes and gives besides the facts themselves."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Header, Response
from pydantic import BaseModel

from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    EvidenceKind,
    IntakeChannel,
    SuccessionKind,
    SuspensionReason,
)
from impulse_contracts.outcomes import BothLanguages
from impulse_contracts.partner import ActorProfile, ListingContent
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.types import Day, Flag, OptionalName
from impulse_gateway.domain.access import Role
from impulse_gateway.domain.operation import Operation, OperationState


class Profile(ActorProfile):
    """An organisation as it is to stand, and how it said so to somebody who records it for it."""

    channel: IntakeChannel | None = None
    said_on: Day | None = None


class NewActor(Profile):
    """An organisation to register; `actor_id` is chosen by whoever asks, or made here."""

    actor_id: UUID | None = None


class NewListing(ListingContent):
    """An offer or a need to publish; `listing_id` is chosen by whoever asks, or made here."""

    listing_id: UUID | None = None
    actor_id: UUID


class Acceptance(BaseModel):
    """Which side says yes; and how it said so to a broker who records it."""

    side: Direction
    on_behalf: ReportedOnBehalf | None = None


class Refusal(BaseModel):
    """Which side says no, and why; and how it said so to a broker who records it."""

    side: Direction
    reason: DeclineReason
    on_behalf: ReportedOnBehalf | None = None


class Merging(BaseModel):
    """Which of two organisations goes on for both, and why they have two register entries."""

    survivor_id: UUID
    succession: SuccessionKind | None = None


class Confirmation(BaseModel):
    """How an organisation's people said that its entry is current, to somebody who notes it."""

    channel: IntakeChannel | None = None
    said_on: Day | None = None


class NewEvidence(BaseModel):
    """A piece of evidence to name."""

    kind: EvidenceKind
    issuer: OptionalName | None = None
    issued_on: Day | None = None


class Check(BaseModel):
    """What came of checking a piece of evidence."""

    accepted: Flag
    checked_on: Day | None = None
    valid_until: Day | None = None


class Suspension(BaseModel):
    """Why an organisation is taken out of sight."""

    reason: SuspensionReason


class Target(BaseModel):
    """Which intermediary is to be in charge; null: whoever it is without a decision."""

    to: UUID | None = None


class NewReport(BaseModel):
    """A report to cut; `report_id` is chosen by whoever asks, or that of the operation."""

    report_id: UUID | None = None
    begins: Day
    cut_off: Day


class Submission(BaseModel):
    """When a report went to the funder."""

    submitted_on: Day


class OperationView(BaseModel):
    """What has become of a command; `pending` until its outcome is known."""

    operation_id: UUID
    command_type: str
    subject_id: str
    state: OperationState
    reason: str | None
    message: BothLanguages | None
    aggregate_id: str | None
    version: int | None
    requested_at: datetime
    resolved_at: datetime | None

    @classmethod
    def of(cls, operation: Operation) -> "OperationView":
        """What others than the gateway need of an operation."""
        values = operation.model_dump()
        result = {"aggregate_id": operation.result_id, "version": operation.result_version}
        return cls.model_validate({**values, **result})


class Membership(BaseModel):
    """What one is to an organisation."""

    actor_id: UUID
    roles: list[str]


class Session(BaseModel):
    """Who is asking, and the token to send as `X-CSRF-Token` with whatever changes something."""

    person_id: UUID | None
    roles: list[Role]
    memberships: list[Membership]
    csrf_token: str | None


class Fault(BaseModel):
    """A field and what is wrong with it."""

    field: str
    message: str


class ProblemView(BaseModel):
    """RFC 9457; title and detail in the language of `Accept-Language`."""

    type: str
    title: str
    status: int
    detail: str
    faults: list[Fault] | None = None


def _problem(description: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/ProblemView"}
    return {
        "description": description,
        "content": {"application/problem+json": {"schema": schema}},
    }


PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: _problem("There is no such thing, or none that you may see."),
    422: _problem("A parameter or field is missing or wrong."),
    503: _problem("Not available right now; see Retry-After."),
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    401: _problem("Nobody is signed in."),
    403: _problem("You may not do this, or the X-CSRF-Token is missing."),
    413: _problem("The request is too large."),
}

OperationId = Annotated[
    UUID | None,
    Header(
        alias="Idempotency-Key",
        description="A UUID, which becomes the command id: sent again, it gives the same operation",
    ),
]


def chosen(key: UUID | None) -> UUID:
    """The id of an operation: the one that was chosen, or a new one."""
    return key or uuid4()


def asked(response: Response, operation: Operation) -> OperationView:
    """The answer to a command."""
    response.status_code = 202
    response.headers["Location"] = f"/api/operations/{operation.operation_id}"
    return OperationView.of(operation)
