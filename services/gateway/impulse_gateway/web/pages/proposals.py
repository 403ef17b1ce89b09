"""Proposals."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.codes import DeclineReason, Direction, ProposalState
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ProposalFact,
    ReleaseProposal,
)
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.domain import access
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, cooperations, listings, members, pairs
from impulse_gateway.store.rows import Page
from impulse_gateway.web import language, listing_form, reading
from impulse_gateway.web.commands import submit
from impulse_gateway.web.pages import forms
from impulse_gateway.web.pages.forms import choice
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)

Actors = dict[UUID, ActorState]


def _parties(connection: Connection, *found: ProposalFact) -> Actors:
    ids = {each for pair in found for each in (pair.need_actor_id, pair.offer_actor_id)}
    return actors.by_id(connection, ids)


@router.get("/proposals")
async def proposals(
    request: Request,
    state: str = "",
    mine: str = "",
    charge: str = "",
    after: str | None = None,
) -> Response:
    """Proposals that the viewer may see, the newest first; for brokers also what to release."""
    viewer: Viewer = request.state.viewer
    chosen = choice(ProposalState, state)
    own = bool(mine) and viewer.person_id is not None
    charged = bool(charge) and viewer.sees_all

    def read(connection: Connection) -> tuple[Page[ProposalFact], Actors]:
        found = pairs.proposals(
            connection, viewer, state=chosen, mine=own, charged=charged, after=after
        )
        return found, _parties(connection, *found.items)

    found, owners = await site_of(request).db(read)
    return page(
        request,
        "proposals.html",
        found=found,
        owners=owners,
        state=chosen,
        mine=own,
        charge=charged,
        first=after is None,
        now=site_of(request).now(),
        new_operation=uuid4,
    )


@router.get("/proposals/{proposal_id}")
async def proposal(request: Request, proposal_id: UUID) -> Response:
    """One proposal: who, why, and what can be answered."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[ProposalFact, Actors, dict[UUID, ListingState], CooperationFact | None, list[str]]:
        found = reading.proposal(connection, viewer, proposal_id)
        parties = (found.need_actor_id, found.offer_actor_id)
        return (
            found,
            _parties(connection, found),
            listings.by_id(connection, [found.need_id, found.offer_id]),
            cooperations.of_proposal(connection, proposal_id),
            members.on_both_sides(connection, *parties) if viewer.sees_all else [],
        )

    found, owners, both, cooperation, conflicting = await site_of(request).db(read)
    return page(
        request,
        "proposal.html",
        proposal=found,
        owners=owners,
        listings=both,
        cooperation=cooperation,
        conflicting=conflicting,
        acceptable=access.may_accept(viewer, found),
        declinable=access.may_decline(viewer, found),
        releasable=access.may_release(viewer, found),
        for_others=[
            side for side in Direction if viewer.acts_for_others(access.party(found, side))
        ],
        now=site_of(request).now(),
        today=forms.today(site_of(request).now()),
        new_operation=uuid4,
    )


async def _answerable(request: Request, proposal_id: UUID, side: Direction) -> ProposalFact:
    """The proposal, if the viewer may answer for that side. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.proposal(connection, viewer, proposal_id)
    )
    if not viewer.answers_for(access.party(found, side)):
        raise Problem.not_allowed()
    return found


def _told(request: Request, actor_id: UUID, channel: str, on: str) -> ReportedOnBehalf | None:
    """How and when a side told a broker, who answers for it. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    if not viewer.acts_for_others(actor_id):
        return None
    told, faults = listing_form.on_behalf({"channel": [channel], "on": [on]})
    if faults:
        english = language.of_page(request) == "en"
        raise Problem.invalid(
            [{"field": each.field, "message": each.en if english else each.de} for each in faults]
        )
    return told


@router.post("/proposals/{proposal_id}/release")
async def release(
    request: Request, proposal_id: UUID, operation: Annotated[str, Form()]
) -> Response:
    """Lets both sides see a suggestion."""
    viewer: Viewer = request.state.viewer
    found = await site_of(request).db(
        lambda connection: reading.proposal(connection, viewer, proposal_id)
    )
    command = ReleaseProposal(proposal_id=proposal_id)
    asked = await submit(request, command, forms.operation_id(operation), key=str(found.need_id))
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)


@router.post("/proposals/{proposal_id}/accept")
async def accept(
    request: Request,
    proposal_id: UUID,
    operation: Annotated[str, Form()],
    side: Annotated[str, Form()] = "",
    channel: Annotated[str, Form()] = "",
    on: Annotated[str, Form()] = "",
) -> Response:
    """One side says yes, itself or to a broker."""
    chosen = forms.required(request, Direction, "side", side)
    found = await _answerable(request, proposal_id, chosen)
    told = _told(request, access.party(found, chosen), channel, on)
    asked = await submit(
        request,
        AcceptProposal(proposal_id=proposal_id, side=chosen, on_behalf=told),
        forms.operation_id(operation),
        key=str(found.need_id),
    )
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)


@router.post("/proposals/{proposal_id}/decline")
async def decline(
    request: Request,
    proposal_id: UUID,
    operation: Annotated[str, Form()],
    side: Annotated[str, Form()] = "",
    reason: Annotated[str, Form()] = "",
    channel: Annotated[str, Form()] = "",
    on: Annotated[str, Form()] = "",
) -> Response:
    """One side says no, itself or to a broker, and why."""
    chosen = forms.required(request, Direction, "side", side)
    why = forms.required(request, DeclineReason, "reason", reason)
    found = await _answerable(request, proposal_id, chosen)
    told = _told(request, access.party(found, chosen), channel, on)
    asked = await submit(
        request,
        DeclineProposal(proposal_id=proposal_id, side=chosen, reason=why, on_behalf=told),
        forms.operation_id(operation),
        key=str(found.need_id),
    )
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)
