"""Care of an organisation's entry: confirming, evidence, suspension, and who is in charge."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.requests import Request

from impulse_contracts.message import Command
from impulse_contracts.registry.life import (
    CheckEvidence,
    ConfirmActor,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
)
from impulse_contracts.registry.network import HandOverActor
from impulse_gateway.domain.access import Viewer
from impulse_gateway.web import reading
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    Check,
    Confirmation,
    NewEvidence,
    OperationId,
    OperationView,
    Suspension,
    Target,
    asked,
    chosen,
)
from impulse_gateway.web.commands import submit
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/actors/{actor_id}", tags=["actors"], responses=PROBLEMS)


@router.post("/confirm", status_code=202, responses=REFUSALS)
async def confirm_actor(
    request: Request,
    response: Response,
    actor_id: UUID,
    body: Confirmation,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Confirms that an entry is current. Brokers who confirm for others say by which channel."""
    command = ConfirmActor(actor_id=actor_id, channel=body.channel, said_on=body.said_on)
    return await _ask(request, response, command, actor_id, chosen(idempotency_key))


@router.post("/evidence", status_code=202, responses=REFUSALS)
async def submit_evidence(
    request: Request,
    response: Response,
    actor_id: UUID,
    body: NewEvidence,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Names a piece of evidence; its id is that of the operation. No document is kept."""
    operation_id = chosen(idempotency_key)
    values = {**body.model_dump(), "actor_id": actor_id, "evidence_id": operation_id}
    command = SubmitEvidence.model_validate(values)
    return await _ask(request, response, command, actor_id, operation_id)


@router.post("/evidence/{evidence_id}", status_code=202, responses=REFUSALS)
async def check_evidence(
    request: Request,
    response: Response,
    actor_id: UUID,
    evidence_id: UUID,
    body: Check,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Says what came of checking a piece of evidence. For brokers and operators."""
    values = {**body.model_dump(), "actor_id": actor_id, "evidence_id": evidence_id}
    command = CheckEvidence.model_validate(values)
    return await _ask(request, response, command, actor_id, chosen(idempotency_key))


@router.post("/suspend", status_code=202, responses=REFUSALS)
async def suspend_actor(
    request: Request,
    response: Response,
    actor_id: UUID,
    body: Suspension,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Takes an organisation and its listings out of sight. For brokers and operators."""
    command = SuspendActor(actor_id=actor_id, reason=body.reason)
    return await _ask(request, response, command, actor_id, chosen(idempotency_key))


@router.post("/reactivate", status_code=202, responses=REFUSALS)
async def reactivate_actor(
    request: Request, response: Response, actor_id: UUID, idempotency_key: OperationId = None
) -> OperationView:
    """Lifts a suspension. For brokers and operators."""
    command = ReactivateActor(actor_id=actor_id)
    return await _ask(request, response, command, actor_id, chosen(idempotency_key))


@router.post("/hand-over", status_code=202, responses=REFUSALS)
async def hand_over_actor(
    request: Request,
    response: Response,
    actor_id: UUID,
    body: Target,
    idempotency_key: OperationId = None,
) -> OperationView:
    """Puts an intermediary in charge, or whoever the areas say. For brokers and operators."""
    command = HandOverActor(actor_id=actor_id, to=body.to)
    return await _ask(request, response, command, actor_id, chosen(idempotency_key))


async def _ask(
    request: Request, response: Response, command: Command, actor_id: UUID, operation_id: UUID
) -> OperationView:
    """Sends a command on an organisation that the viewer manages. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(lambda each: reading.actor(each, viewer, actor_id))
    if not viewer.manages(found.actor_id):
        raise Problem.not_allowed()
    return asked(response, await submit(request, command, operation_id))
