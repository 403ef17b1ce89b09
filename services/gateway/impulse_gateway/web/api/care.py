"""Care of an organisation's entry: confirming, evidence, suspension, and who is in charge."""

from uuid import UUID

from fastapi import APIRouter

from impulse_contracts.message import Command
from impulse_contracts.registry.life import (
    CheckEvidence,
    ConfirmActor,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
)
from impulse_contracts.registry.network import HandOverActor
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Ask, Asking
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    Check,
    Confirmation,
    NewEvidence,
    OperationView,
    Suspension,
    Target,
)
from impulse_gateway.web.problems import Problem

router = APIRouter(prefix="/api/actors/{actor_id}", tags=["actors"], responses=PROBLEMS)


@router.post("/confirm", status_code=202, responses=REFUSALS)
async def confirm_actor(ask: Asking, actor_id: UUID, body: Confirmation) -> OperationView:
    """Confirms that an entry is current. Brokers who confirm for others say by which channel."""
    command = ConfirmActor(actor_id=actor_id, channel=body.channel, said_on=body.said_on)
    return await _ask(ask, command, actor_id)


@router.post("/evidence", status_code=202, responses=REFUSALS)
async def submit_evidence(ask: Asking, actor_id: UUID, body: NewEvidence) -> OperationView:
    """Names a piece of evidence; its id is that of the operation. No document is kept."""
    values = {**body.model_dump(), "actor_id": actor_id, "evidence_id": ask.key}
    command = SubmitEvidence.model_validate(values)
    return await _ask(ask, command, actor_id)


@router.post("/evidence/{evidence_id}", status_code=202, responses=REFUSALS)
async def check_evidence(
    ask: Asking, actor_id: UUID, evidence_id: UUID, body: Check
) -> OperationView:
    """Says what came of checking a piece of evidence. For brokers and operators."""
    values = {**body.model_dump(), "actor_id": actor_id, "evidence_id": evidence_id}
    command = CheckEvidence.model_validate(values)
    return await _ask(ask, command, actor_id)


@router.post("/suspend", status_code=202, responses=REFUSALS)
async def suspend_actor(ask: Asking, actor_id: UUID, body: Suspension) -> OperationView:
    """Takes an organisation and its listings out of sight. For brokers and operators."""
    command = SuspendActor(actor_id=actor_id, reason=body.reason)
    return await _ask(ask, command, actor_id)


@router.post("/reactivate", status_code=202, responses=REFUSALS)
async def reactivate_actor(ask: Asking, actor_id: UUID) -> OperationView:
    """Lifts a suspension. For brokers and operators."""
    command = ReactivateActor(actor_id=actor_id)
    return await _ask(ask, command, actor_id)


@router.post("/hand-over", status_code=202, responses=REFUSALS)
async def hand_over_actor(ask: Asking, actor_id: UUID, body: Target) -> OperationView:
    """Puts an intermediary in charge, or whoever the areas say. For brokers and operators."""
    command = HandOverActor(actor_id=actor_id, to=body.to)
    return await _ask(ask, command, actor_id)


async def _ask(ask: Ask, command: Command, actor_id: UUID) -> OperationView:
    """Sends a command on an organisation that the viewer manages. Raises `Problem`."""
    if not ask.viewer.manages((await ask.find(reading.actor, actor_id)).actor_id):
        raise Problem.not_allowed()
    return await ask(command)
