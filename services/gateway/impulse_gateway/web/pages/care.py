"""Care of an organisation's entry: confirming it, evidence, suspension, and who is in charge."""

from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts.codes import EvidenceKind, IntakeChannel, SuspensionReason
from impulse_contracts.message import Command
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.life import (
    CheckEvidence,
    ConfirmActor,
    ReactivateActor,
    SubmitEvidence,
    SuspendActor,
)
from impulse_contracts.registry.network import HandOverActor
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, network
from impulse_gateway.web import language, reading
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/organisations/{actor_id}/care", include_in_schema=False)

Operation = Annotated[str, Form()]
Text = Annotated[str, Form()]


@router.get("")
async def care(request: Request, actor_id: UUID) -> Response:
    """What its own people and staff may do with an entry, and who was in charge of it."""
    viewer: Viewer = request.state.viewer

    def read(
        connection: Connection,
    ) -> tuple[ActorState, list[ActorState], dict[UUID, ActorState]]:
        actor = reading.actor(connection, viewer, actor_id)
        if not viewer.manages(actor.actor_id):
            raise Problem.not_allowed()
        named = {each.checked_by for each in actor.evidence}
        named |= {side for each in actor.handovers for side in (each.given_by, each.taken_by)}
        known = actors.by_id(connection, [each for each in {*named, actor.in_charge} if each])
        return actor, network.members(connection), known

    actor, members, known = await site_of(request).db(read)
    return page(
        request, "care.html", actor=actor, members=members, known=known, new_operation=uuid4
    )


@router.post("/confirm")
async def confirm(
    request: Request, actor_id: UUID, operation: Operation, channel: Text = ""
) -> Response:
    """Confirms that the entry is current."""
    command = ConfirmActor(actor_id=actor_id, channel=forms.choice(IntakeChannel, channel))
    return await forms.send(request, command, operation)


@router.post("/evidence")
async def submit_evidence(
    request: Request,
    actor_id: UUID,
    operation: Operation,
    kind: Text = "",
    issuer: Text = "",
    issued_on: Text = "",
) -> Response:
    """Names a piece of evidence."""
    try:
        command = SubmitEvidence(
            actor_id=actor_id,
            evidence_id=forms.operation_id(operation),
            kind=forms.required(request, EvidenceKind, "kind", kind),
            issuer=issuer or None,
            issued_on=_day(request, "issued_on", issued_on),
        )
    except ValidationError:
        raise _invalid(request, "issuer") from None
    return await forms.send(request, command, operation)


@router.post("/evidence/{evidence_id}")
async def check_evidence(
    request: Request,
    actor_id: UUID,
    evidence_id: UUID,
    operation: Operation,
    answer: Text = "",
    valid_until: Text = "",
) -> Response:
    """Says what came of checking a piece of evidence."""
    command = CheckEvidence(
        actor_id=actor_id,
        evidence_id=evidence_id,
        accepted=answer == "yes",
        valid_until=_day(request, "valid_until", valid_until),
    )
    return await forms.send(request, command, operation)


@router.post("/suspend")
async def suspend(
    request: Request, actor_id: UUID, operation: Operation, reason: Text = ""
) -> Response:
    """Takes the entry out of sight; without a reason it comes back."""
    chosen = forms.choice(SuspensionReason, reason)
    command: Command = (
        SuspendActor(actor_id=actor_id, reason=chosen)
        if chosen
        else ReactivateActor(actor_id=actor_id)
    )
    return await forms.send(request, command, operation)


@router.post("/hand-over")
async def hand_over(
    request: Request, actor_id: UUID, operation: Operation, to: Text = ""
) -> Response:
    """Puts an intermediary in charge; nobody chosen: whoever the areas say."""
    try:
        command = HandOverActor(actor_id=actor_id, to=UUID(to) if to else None)
    except ValueError:
        raise _invalid(request, "to") from None
    return await forms.send(request, command, operation)


def _day(request: Request, field: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise _invalid(request, field) from None


def _invalid(request: Request, field: str) -> Problem:
    english = language.of_page(request) == "en"
    message = "please check this" if english else "bitte prüfen"
    return Problem.invalid([{"field": field, "message": message}])
