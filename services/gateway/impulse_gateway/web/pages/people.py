"""People: one's own data, claiming an organisation, and who acts for it."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import APIRouter, BackgroundTasks, Form
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response

from impulse_contracts import rights
from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.message import Command
from impulse_contracts.purposes import BY_CONSENT, Purpose
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.consents import GiveConsent, WithdrawConsent
from impulse_contracts.registry.joining import (
    AcceptInvitation,
    ChangeRoles,
    ClaimActor,
    ConfirmClaim,
    DeclineInvitation,
    HandOverOffice,
    InvitePerson,
    LeaveActor,
    RefuseClaim,
)
from impulse_contracts.registry.people import ChangeDetails, ErasePerson
from impulse_gateway.domain.access import Viewer
from impulse_gateway.domain.consents import TEXT_VERSION
from impulse_gateway.store import actors, listings, members, people
from impulse_gateway.web import language as languages
from impulse_gateway.web import reading, sessions, sign_in
from impulse_gateway.web.commands import submit
from impulse_gateway.web.listing_form import Entered, Fault, one
from impulse_gateway.web.pages import forms, visitor
from impulse_gateway.web.pages.forms import choice
from impulse_gateway.web.pages.listing_forms import entered
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(include_in_schema=False)

GIVEN = tuple(role for role in PersonRole if role in rights.FUNCTIONS | rights.RIGHTS)
"""The functions and rights that an organisation gives its people."""

Operation = Annotated[str, Form()]


def _invalid(request: Request, field: str, de: str, en: str) -> Problem:
    message = en if languages.of_page(request) == "en" else de
    return Problem.invalid([{"field": field, "message": message}])


# ------------------------------------------------------------------------------- one's own


@router.get("/me")
async def me(request: Request) -> Response:
    """What Impulse knows of the person who asks, and what they may change about it."""
    person_id = _own_id(request)

    def read(connection: Connection) -> dict[str, Any]:
        found = members.own(connection, person_id)
        if found is None:
            raise Problem.not_found()
        disclosed = members.disclosures_of(connection, person_id)
        ids = {each.actor_id for each in found.memberships}
        ids |= {each.actor_id for each in found.pending}
        ids |= {each.to_actor_id for each in disclosed}
        return {
            "own": found,
            "disclosed": disclosed,
            "owners": actors.by_id(connection, ids),
        }

    found = await site_of(request).db(read)
    return page(
        request,
        "me.html",
        purposes=sorted(BY_CONSENT),
        new_operation=uuid4,
        now=site_of(request).now(),
        **found,
    )


@router.post("/me")
async def change_details(
    request: Request,
    operation: Operation,
    name: Annotated[str, Form()] = "",
    phone: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
) -> Response:
    """Corrects name, telephone number and language."""
    chosen = forms.required(request, Language, "language", language)
    try:
        command = ChangeDetails(
            person_id=_own_id(request), name=name, phone=phone or None, language=chosen
        )
    except ValidationError:
        raise _invalid(request, "name", "bitte angeben", "please give one") from None
    return await forms.send(request, command, operation)


@router.post("/me/erase")
async def erase(
    request: Request, operation: Operation, sure: Annotated[str, Form()] = ""
) -> Response:
    """Has all data on the person erased, and signs them out: they are nobody here any more."""
    if sure != "yes":
        raise _invalid(request, "sure", "bitte bestätigen", "please confirm")
    await submit(request, ErasePerson(person_id=_own_id(request)), forms.operation_id(operation))
    request.state.viewer = Viewer()
    response = page(request, "erased.html")
    await sessions.end(request, response)
    return response


@router.post("/me/consents/{purpose}")
async def consent(
    request: Request, purpose: str, operation: Operation, stands: Annotated[str, Form()] = ""
) -> Response:
    """Gives a consent, or withdraws it."""
    chosen = choice(Purpose, purpose)
    if chosen not in BY_CONSENT:
        raise Problem.not_found()
    person_id = _own_id(request)
    command: Command = (
        GiveConsent(person_id=person_id, purpose=chosen, text_version=TEXT_VERSION)
        if stands == "yes"
        else WithdrawConsent(person_id=person_id, purpose=chosen)
    )
    return await forms.send(request, command, operation)


@router.post("/me/invitations/{actor_id}")
async def answer_invitation(
    request: Request, actor_id: UUID, operation: Operation, answer: Annotated[str, Form()] = ""
) -> Response:
    """Accepts an invitation, or declines it."""
    kind = AcceptInvitation if answer == "yes" else DeclineInvitation
    return await forms.send(request, kind(person_id=_own_id(request), actor_id=actor_id), operation)


def _own_id(request: Request) -> UUID:
    viewer: Viewer = request.state.viewer
    assert viewer.person_id is not None
    return viewer.person_id


# ---------------------------------------------------------------------------------- claims


@router.get("/organisations/{actor_id}/claim")
async def ask_claim(request: Request, actor_id: UUID) -> Response:
    """Asks whether it is one's own organisation; visitors say who they are first."""
    return _claim_page(request, await _actor(request, actor_id), {}, [])


def _claim_page(
    request: Request, actor: ActorState, values: Entered, faults: list[Fault]
) -> Response:
    return page(
        request,
        "claim.html",
        status=422 if faults else 200,
        actor=actor,
        values=values,
        faults=faults,
        new_operation=uuid4,
    )


@router.post("/organisations/{actor_id}/claim")
async def claim(request: Request, background: BackgroundTasks, actor_id: UUID) -> Response:
    """Claims an organisation; a visitor is sent a link that leads back here."""
    viewer: Viewer = request.state.viewer
    actor = await _actor(request, actor_id)
    values = await entered(request)
    if viewer.person_id is not None:
        command = ClaimActor(person_id=viewer.person_id, actor_id=actor.actor_id)
        return await forms.send(request, command, one(values, "operation"))
    if faults := visitor.faults(values):
        return _claim_page(request, actor, values, faults)
    back = f"/organisations/{actor.actor_id}/claim"
    return await visitor.introduce(request, background, values, back)


@router.get("/claims")
async def claims(request: Request) -> Response:
    """All claims that wait for a decision, for brokers."""

    def read(connection: Connection) -> dict[str, Any]:
        found = [each for each in members.waiting(connection) if each.kind == "claimed"]
        owners = actors.by_id(connection, {each.actor_id for each in found})
        wanted = listings.by_id(connection, [each.listing_id for each in found if each.listing_id])
        return {"claims": found, "owners": owners, "listings": wanted}

    found = await site_of(request).db(read)
    return page(request, "claims.html", new_operation=uuid4, **found)


@router.post("/organisations/{actor_id}/claims/{person_id}")
async def decide_claim(
    request: Request,
    actor_id: UUID,
    person_id: UUID,
    operation: Operation,
    answer: Annotated[str, Form()] = "",
) -> Response:
    """Confirms a claim, or refuses it."""
    actor = await _managed(request, actor_id)
    kind = ConfirmClaim if answer == "yes" else RefuseClaim
    return await forms.send(request, kind(person_id=person_id, actor_id=actor.actor_id), operation)


# ------------------------------------------------------------------------------- colleagues


@router.get("/organisations/{actor_id}/people")
async def colleagues(request: Request, actor_id: UUID) -> Response:
    """Who acts for an organisation; its administrators and brokers change it here."""
    viewer: Viewer = request.state.viewer
    actor = await _managed(request, actor_id)

    def read(connection: Connection) -> dict[str, Any]:
        return {
            "members": members.members(connection, actor.actor_id),
            "waiting": members.waiting(connection, actor.actor_id),
        }

    found = await site_of(request).db(read)
    return page(
        request,
        "people.html",
        actor=actor,
        manages_people=viewer.manages_people(actor.actor_id),
        given=GIVEN,
        new_operation=uuid4,
        **found,
    )


@router.post("/organisations/{actor_id}/people")
async def invite(
    request: Request,
    actor_id: UUID,
    operation: Operation,
    name: Annotated[str, Form()] = "",
    address: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "de",
    roles: Annotated[list[str] | None, Form()] = None,
    valid_to: Annotated[str, Form()] = "",
) -> Response:
    """Invites somebody to act for the organisation."""
    actor = await _administered(request, actor_id)
    email = sign_in.normal(address)
    if email is None:
        raise _invalid(request, "address", "keine E-Mail-Adresse", "not an e-mail address")
    known = await site_of(request).db(lambda connection: people.person_of(connection, email))
    try:
        command = InvitePerson(
            person_id=known or uuid4(),
            actor_id=actor.actor_id,
            name=name,
            email=email,
            language=choice(Language, language) or Language.DE,
            roles=_roles(roles),
            valid_to=_day(valid_to),
        )
    except ValidationError:
        raise _invalid(request, "name", "bitte angeben", "please give one") from None
    return await forms.send(request, command, operation)


@router.post("/organisations/{actor_id}/people/{person_id}/roles")
async def change_roles(
    request: Request,
    actor_id: UUID,
    person_id: UUID,
    operation: Operation,
    roles: Annotated[list[str] | None, Form()] = None,
    valid_to: Annotated[str, Form()] = "",
) -> Response:
    """Gives somebody other functions and rights."""
    actor = await _administered(request, actor_id)
    command = ChangeRoles(
        person_id=person_id,
        actor_id=actor.actor_id,
        roles=_roles(roles),
        valid_to=_day(valid_to),
    )
    return await forms.send(request, command, operation)


@router.post("/organisations/{actor_id}/people/{person_id}/leave")
async def leave(
    request: Request,
    actor_id: UUID,
    person_id: UUID,
    operation: Operation,
    successor: Annotated[str, Form()] = "",
) -> Response:
    """Ends a membership; functions and rights go to the successor, if one is named."""
    if person_id != _own_id(request):
        await _administered(request, actor_id)
    if not successor:
        return await forms.send(
            request, LeaveActor(person_id=person_id, actor_id=actor_id), operation
        )
    try:
        successor_id = UUID(successor)
    except ValueError:
        raise Problem.not_found() from None
    command = HandOverOffice(person_id=person_id, actor_id=actor_id, successor_id=successor_id)
    return await forms.send(request, command, operation)


@router.post("/organisations/{actor_id}/people/{person_id}/uninvite")
async def uninvite(
    request: Request, actor_id: UUID, person_id: UUID, operation: Operation
) -> Response:
    """Takes an invitation back."""
    actor = await _administered(request, actor_id)
    command = DeclineInvitation(person_id=person_id, actor_id=actor.actor_id)
    return await forms.send(request, command, operation)


# ------------------------------------------------------------------------------- the parts


async def _actor(request: Request, actor_id: UUID) -> ActorState:
    viewer: Viewer = request.state.viewer
    found: ActorState = await site_of(request).db(
        lambda connection: reading.actor(connection, viewer, actor_id)
    )
    return found


async def _managed(request: Request, actor_id: UUID) -> ActorState:
    """The organisation, if the viewer may see who belongs to it. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    found = await _actor(request, actor_id)
    if not viewer.manages(found.actor_id):
        raise Problem.not_allowed()
    return found


async def _administered(request: Request, actor_id: UUID) -> ActorState:
    """The organisation, if the viewer may change who belongs to it. Raises `Problem`."""
    viewer: Viewer = request.state.viewer
    found = await _actor(request, actor_id)
    if not viewer.manages_people(found.actor_id):
        raise Problem.not_allowed()
    return found


def _roles(values: list[str] | None) -> tuple[PersonRole, ...]:
    return tuple(role for role in GIVEN if role in (values or ()))


def _day(text: str) -> date | None:
    """A day of a form; None for none, or for what is no day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
