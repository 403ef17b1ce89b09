"""What became of something that was asked for: pending, until its outcome comes."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.booking.agreement_batches import EnterAgreements
from impulse_contracts.message import Command
from impulse_contracts.outcomes import BothLanguages, Outcome
from impulse_contracts.types import Coded

ACCEPTED_IN_PARTS = frozenset({EnterAgreements.ce_type})
"""Commands that are accepted even where parts of them are refused: those are mended in the form."""


class OperationState(Coded):
    """Where an operation is in its life."""

    PENDING = "pending", "wird bearbeitet", "pending"
    ACCEPTED = "accepted", "angenommen", "accepted"
    REFUSED = "refused", "abgelehnt", "refused"


class Operation(Aggregate, key="operation_id"):
    """A command of a person, by its id, and its outcome."""

    operation_id: UUID
    person_id: UUID
    command_type: str
    subject_id: str
    """The id of what the command is about."""
    fingerprint: str
    """Tells whether a repeated id comes with the same command."""
    state: OperationState = OperationState.PENDING
    reason: str | None = None
    message: BothLanguages | None = None
    result_id: str | None = None
    result_version: int | None = None
    attempt: int = 0
    form: str | None = None
    """The address of the form in which it was asked for, where that can be filled again."""
    entered: dict[str, list[str]] | None = None
    """What was typed there. None, too, when it is forgotten."""
    requested_at: datetime
    resolved_at: datetime | None = None


def fingerprint(command: Command) -> str:
    """A short digest of what a command says."""
    return blake2b(command.model_dump_json().encode(), digest_size=16).hexdigest()


def begin(
    operation_id: UUID,
    person_id: UUID,
    command: Command,
    now: datetime,
    form: str | None = None,
    entered: Mapping[str, list[str]] | None = None,
) -> Operation:
    """A command was asked for."""
    return Operation(
        version=1,
        operation_id=operation_id,
        person_id=person_id,
        command_type=command.ce_type,
        subject_id=command.key,
        fingerprint=fingerprint(command),
        form=form,
        entered=dict(entered) if entered is not None else None,
        requested_at=now,
    )


def resolve(operation: Operation, outcome: Outcome, now: datetime) -> Operation:
    """The outcome is known; of several attempts the highest stands. Where nothing is left to mend,
    what was typed is forgotten."""
    if outcome.attempt <= operation.attempt:
        return operation
    mended = bool(outcome.reason) or operation.command_type in ACCEPTED_IN_PARTS
    return operation.evolve(
        state=OperationState.REFUSED if outcome.reason else OperationState.ACCEPTED,
        reason=outcome.reason,
        message=outcome.message,
        result_id=outcome.aggregate_id,
        result_version=outcome.version,
        attempt=outcome.attempt,
        form=operation.form if mended else None,
        entered=operation.entered if mended else None,
        resolved_at=now,
    )
