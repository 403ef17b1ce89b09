"""One's own data: to see and take along, to correct, to agree to, and to have erased."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.requests import Request

from impulse_contracts.codes import Language
from impulse_contracts.purposes import BY_CONSENT, Purpose
from impulse_contracts.registry.consents import GiveConsent, WithdrawConsent
from impulse_contracts.registry.disclosures import DisclosureState
from impulse_contracts.registry.joining import AcceptInvitation, DeclineInvitation
from impulse_contracts.registry.people import ChangeDetails, ErasePerson
from impulse_contracts.types import Name, OptionalName
from impulse_gateway.domain.consents import TEXT_VERSION
from impulse_gateway.store import members
from impulse_gateway.store.members import Own
from impulse_gateway.web import language, sessions
from impulse_gateway.web.api.asking import Asking, own_id
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, OperationView
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/me", tags=["me"], responses={**PROBLEMS, **REFUSALS})

ByConsent = Annotated[Purpose, Path(description="One that rests on a consent; else 404.")]


class OwnView(BaseModel):
    """What Impulse knows of you, and to whom your contact was disclosed."""

    person: Own
    disclosures: list[DisclosureState]
    consent_text: Annotated[
        str, Field(description="The version of the texts to which consents are given now.")
    ] = TEXT_VERSION


class Details(BaseModel):
    """Your details as they are to stand. The address with which you sign in is none of them."""

    name: Name
    phone: OptionalName | None = None
    language: Language = Language.DE


class Agreement(BaseModel):
    """To which version of the texts you agree: the one that you were shown."""

    text_version: str


@router.get("")
async def get_me(request: Request) -> OwnView:
    """What Impulse knows of you: the file that you take along."""
    person_id = own_id(request)

    def read(connection: Connection) -> OwnView:
        found = members.own(connection, person_id)
        if found is None:
            raise Problem.not_found()
        disclosed = members.disclosures_of(connection, person_id)
        return OwnView(person=found, disclosures=disclosed)

    shown: OwnView = await site_of(request).db(read)
    return shown


@router.put("", status_code=202)
async def change_me(ask: Asking, body: Details) -> OperationView:
    """Corrects your details, and confirms them: partners do not change them any more."""
    command = ChangeDetails(person_id=ask.own_id, **body.model_dump())
    return await ask(command)


@router.delete("", status_code=202)
async def erase_me(ask: Asking) -> OperationView:
    """Has everything on you erased, for good, and signs you out. The operation goes, too."""
    command = ErasePerson(person_id=ask.own_id)
    operation = await ask(command)
    await sessions.end(ask.request, ask.response)
    return operation


@router.put("/consents/{purpose}", status_code=202)
async def give_consent(ask: Asking, purpose: ByConsent, body: Agreement) -> OperationView:
    """Agrees to a purpose, by the text that `/api/me` names. Another is refused with 422."""
    _demand_consent(purpose)
    if body.text_version != TEXT_VERSION:
        raise _old_text(ask.request)
    command = GiveConsent(person_id=ask.own_id, purpose=purpose, text_version=body.text_version)
    return await ask(command)


@router.delete("/consents/{purpose}", status_code=202)
async def withdraw_consent(ask: Asking, purpose: ByConsent) -> OperationView:
    """Withdraws a consent; what was done by it until now stays lawful."""
    _demand_consent(purpose)
    command = WithdrawConsent(person_id=ask.own_id, purpose=purpose)
    return await ask(command)


@router.post("/invitations/{actor_id}/accept", status_code=202)
async def accept_invitation(ask: Asking, actor_id: UUID) -> OperationView:
    """Accepts an invitation to act for an organisation."""
    command = AcceptInvitation(person_id=ask.own_id, actor_id=actor_id)
    return await ask(command)


@router.post("/invitations/{actor_id}/decline", status_code=202)
async def decline_invitation(ask: Asking, actor_id: UUID) -> OperationView:
    """Declines an invitation to act for an organisation."""
    command = DeclineInvitation(person_id=ask.own_id, actor_id=actor_id)
    return await ask(command)


def _demand_consent(purpose: Purpose) -> None:
    if purpose not in BY_CONSENT:
        raise Problem.not_found()


def _old_text(request: Request) -> Problem:
    german = f"Jetzt gilt der Text {TEXT_VERSION}; bitte zeigen Sie ihn vorher."
    english = f"The text is {TEXT_VERSION} now; please show it first."
    message = english if language.of_request(request) == "en" else german
    return Problem.invalid([{"field": "text_version", "message": message}])
