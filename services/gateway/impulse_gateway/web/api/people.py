"""People: claims, and who acts for an organisation."""

from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.requests import Request

from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.joining import (
    ChangeRoles,
    ClaimActor,
    ConfirmClaim,
    DeclineInvitation,
    HandOverOffice,
    InvitePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.types import Day, EmailAddress, Name
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import members, people
from impulse_gateway.store.members import Contact, Member, Waiting
from impulse_gateway.web import reading
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api", tags=["people"], responses={**PROBLEMS, **REFUSALS})


class Colleagues(BaseModel):
    """Who acts for an organisation, and who asked to or was invited."""

    members: list[Member]
    waiting: list[Waiting]


class Invitation(BaseModel):
    """Whom to invite to act for an organisation."""

    name: Name
    email: EmailAddress
    language: Language = Language.DE
    roles: tuple[PersonRole, ...] = ()
    valid_to: Day | None = None


class Office(BaseModel):
    """The functions and rights that a member is to have, and until when."""

    roles: tuple[PersonRole, ...]
    valid_to: Day | None = None


class Successor(BaseModel):
    """Which member takes over."""

    successor_id: UUID


@router.get("/claims")
async def list_claims(request: Request) -> list[Waiting]:
    """All claims that wait for a decision. For brokers and operators."""
    found = await site_of(request).db(members.waiting)
    return [each for each in found if each.kind == "claimed"]


@router.get("/actors/{actor_id}/people")
async def list_people(request: Request, actor_id: UUID) -> Colleagues:
    """Who acts for an organisation. For its members, brokers and operators."""
    actor = await _actor(request, actor_id, manage=True)
    return await site_of(request).db(
        lambda connection: Colleagues(
            members=members.members(connection, actor.actor_id),
            waiting=members.waiting(connection, actor.actor_id),
        )
    )


@router.get("/cooperations/{cooperation_id}/contacts")
async def list_contacts(request: Request, cooperation_id: UUID) -> list[Contact]:
    """The contacts of the other side that are disclosed to you, as long as they are."""
    viewer: Viewer = request.state.viewer
    now = site_of(request).now()

    def read(connection: Connection) -> list[Contact]:
        found = reading.cooperation(connection, viewer, cooperation_id)
        return members.contacts(connection, viewer, found.proposal_id, now)

    return await site_of(request).db(read)


@router.post("/actors/{actor_id}/claim", status_code=202)
async def claim_actor(ask: Asking, actor_id: UUID) -> OperationView:
    """Says that an organisation is yours; a known contact or a broker decides."""
    actor = await _actor(ask.request, actor_id)
    command = ClaimActor(person_id=ask.own_id, actor_id=actor.actor_id)
    return await ask(command)


@router.post("/actors/{actor_id}/claims/{person_id}/confirm", status_code=202)
async def confirm_claim(ask: Asking, actor_id: UUID, person_id: UUID) -> OperationView:
    """Confirms a claim. For the organisation's own people, brokers and operators."""
    actor = await _actor(ask.request, actor_id, manage=True)
    command = ConfirmClaim(person_id=person_id, actor_id=actor.actor_id)
    return await ask(command)


@router.post("/actors/{actor_id}/claims/{person_id}/refuse", status_code=202)
async def refuse_claim(ask: Asking, actor_id: UUID, person_id: UUID) -> OperationView:
    """Refuses a claim. For the organisation's own people, brokers and operators."""
    actor = await _actor(ask.request, actor_id, manage=True)
    command = RefuseClaim(person_id=person_id, actor_id=actor.actor_id)
    return await ask(command)


@router.post("/actors/{actor_id}/people", status_code=202)
async def invite_person(ask: Asking, actor_id: UUID, body: Invitation) -> OperationView:
    """Invites somebody. For the organisation's administrators, brokers and operators."""
    actor = await _actor(ask.request, actor_id, administer=True)
    known = await site_of(ask.request).db(
        lambda connection: people.person_of(connection, body.email)
    )
    command = InvitePerson(person_id=known or uuid4(), actor_id=actor.actor_id, **body.model_dump())
    return await ask(command)


@router.delete("/actors/{actor_id}/people/{person_id}", status_code=202)
async def end_membership(ask: Asking, actor_id: UUID, person_id: UUID) -> OperationView:
    """Ends a membership: your own, or anybody's for administrators, brokers and operators."""
    if person_id != ask.own_id:
        await _actor(ask.request, actor_id, administer=True)
    command = LeaveActor(person_id=person_id, actor_id=actor_id)
    return await ask(command)


@router.put("/actors/{actor_id}/people/{person_id}/roles", status_code=202)
async def change_roles(ask: Asking, actor_id: UUID, person_id: UUID, body: Office) -> OperationView:
    """Gives a member other functions and rights. For administrators, brokers and operators."""
    actor = await _actor(ask.request, actor_id, administer=True)
    command = ChangeRoles(person_id=person_id, actor_id=actor.actor_id, **body.model_dump())
    return await ask(command)


@router.post("/actors/{actor_id}/people/{person_id}/hand-over", status_code=202)
async def hand_over_office(
    ask: Asking, actor_id: UUID, person_id: UUID, body: Successor
) -> OperationView:
    """Ends a membership, as its sister does, and gives its functions and rights to a successor."""
    if person_id != ask.own_id:
        await _actor(ask.request, actor_id, administer=True)
    command = HandOverOffice(person_id=person_id, actor_id=actor_id, successor_id=body.successor_id)
    return await ask(command)


@router.delete("/actors/{actor_id}/invitations/{person_id}", status_code=202)
async def take_invitation_back(ask: Asking, actor_id: UUID, person_id: UUID) -> OperationView:
    """Takes an invitation back. For administrators, brokers and operators."""
    actor = await _actor(ask.request, actor_id, administer=True)
    command = DeclineInvitation(person_id=person_id, actor_id=actor.actor_id)
    return await ask(command)


async def _actor(
    request: Request, actor_id: UUID, *, manage: bool = False, administer: bool = False
) -> ActorState:
    """The organisation, if the viewer may do what is said. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    found: ActorState = await site_of(request).db(
        lambda connection: reading.actor(connection, viewer, actor_id)
    )
    if manage and not viewer.manages(found.actor_id):
        raise Problem.not_allowed()
    if administer and not viewer.manages_people(found.actor_id):
        raise Problem.not_allowed()
    return found
