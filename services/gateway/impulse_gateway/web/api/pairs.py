"""Proposals: for their parties, brokers and operators; examples for everybody."""

from uuid import UUID

from fastapi import APIRouter, Response
from starlette.requests import Request

from impulse_contracts.codes import Direction, ProposalState
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ProposalFact,
    ReleaseProposal,
)
from impulse_gateway.domain import access
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import pairs
from impulse_gateway.store.rows import Page
from impulse_gateway.web import reading
from impulse_gateway.web.api.models import (
    PROBLEMS,
    REFUSALS,
    Acceptance,
    OperationId,
    OperationView,
    Refusal,
    asked,
    chosen,
)
from impulse_gateway.web.commands import submit
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api", responses=PROBLEMS)


@router.get("/proposals", tags=["proposals"])
async def list_proposals(
    request: Request,
    state: ProposalState | None = None,
    in_charge: bool = False,
    after: str | None = None,
) -> Page[ProposalFact]:
    """The proposals that you may see, the newest first.

    `in_charge`: those of listings that you are in charge of. Suggestions that are not released are
    shown to brokers and operators alone.
    """
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: pairs.proposals(
            connection, viewer, state=state, charged=in_charge, after=after
        )
    )


@router.get("/proposals/{proposal_id}", tags=["proposals"])
async def get_proposal(request: Request, proposal_id: UUID) -> ProposalFact:
    """One proposal and everything that explains it."""
    viewer: Viewer = request.state.viewer
    return await site_of(request).db(
        lambda connection: reading.proposal(connection, viewer, proposal_id)
    )


async def _need_id(request: Request, proposal_id: UUID, side: Direction) -> UUID:
    """The key of the commands on a proposal, if the viewer may answer for that side."""
    viewer: Viewer = request.state.viewer
    found = await get_proposal(request, proposal_id)
    if not viewer.answers_for(access.party(found, side)):
        raise Problem.not_allowed()
    return found.need_id


@router.post(
    "/proposals/{proposal_id}/release", status_code=202, responses=REFUSALS, tags=["proposals"]
)
async def release_proposal(
    request: Request, response: Response, proposal_id: UUID, idempotency_key: OperationId = None
) -> OperationView:
    """Lets both sides see a suggestion, and answer it. For brokers and operators."""
    found = await get_proposal(request, proposal_id)
    command = ReleaseProposal(proposal_id=proposal_id)
    operation = await submit(request, command, chosen(idempotency_key), key=str(found.need_id))
    return asked(response, operation)


@router.post(
    "/proposals/{proposal_id}/accept", status_code=202, responses=REFUSALS, tags=["proposals"]
)
async def accept_proposal(
    request: Request,
    response: Response,
    proposal_id: UUID,
    body: Acceptance,
    idempotency_key: OperationId = None,
) -> OperationView:
    """One side says yes; the offer is reserved for this need.

    For that side, brokers and operators.
    """
    need_id = await _need_id(request, proposal_id, body.side)
    command = AcceptProposal(proposal_id=proposal_id, side=body.side, on_behalf=body.on_behalf)
    operation = await submit(request, command, chosen(idempotency_key), key=str(need_id))
    return asked(response, operation)


@router.post(
    "/proposals/{proposal_id}/decline", status_code=202, responses=REFUSALS, tags=["proposals"]
)
async def decline_proposal(
    request: Request,
    response: Response,
    proposal_id: UUID,
    body: Refusal,
    idempotency_key: OperationId = None,
) -> OperationView:
    """One side says no, and why. For that side, brokers and operators."""
    need_id = await _need_id(request, proposal_id, body.side)
    command = DeclineProposal(
        proposal_id=proposal_id, side=body.side, reason=body.reason, on_behalf=body.on_behalf
    )
    operation = await submit(request, command, chosen(idempotency_key), key=str(need_id))
    return asked(response, operation)
