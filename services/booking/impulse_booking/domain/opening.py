"""How a cooperation begins: both sides accepted a proposal, a company claims a project, or a broker
enters it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from impulse_booking.domain.agreement import draft, gaps, sign
from impulse_booking.domain.cooperation import Cooperation, cooperation_id
from impulse_booking.domain.days import day_of, months_later
from impulse_booking.domain.projects import Project
from impulse_booking.domain.projects import cooperation_id as cooperation_id_of
from impulse_booking.domain.steps import Said, settled
from impulse_booking.domain.texts import demand_no_contact
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking.agreements import Entry, Signing, Terms
from impulse_contracts.booking.cooperation_codes import CooperationOrigin, CooperationStep
from impulse_contracts.booking.cooperations import Step
from impulse_contracts.codes import CooperationState, Direction
from impulse_contracts.matching import ProposalMutuallyAccepted
from impulse_contracts.reasons import Reason


def open_cooperation(
    proposal: ProposalMutuallyAccepted, now: datetime, redeem_months: int
) -> Cooperation:
    """The cooperation that both sides want: they get to know each other, and have time until the
    day `redeem_months` calendar months later."""
    return settled(
        Cooperation(
            version=1,
            cooperation_id=cooperation_id(proposal.proposal_id),
            proposal_id=proposal.proposal_id,
            need_id=proposal.need_id,
            offer_id=proposal.offer_id,
            need_actor_id=proposal.need_actor_id,
            offer_actor_id=proposal.offer_actor_id,
            need_title=proposal.need_title,
            offer_title=proposal.offer_title,
            topics=proposal.topics,
            example=proposal.example,
            state=CooperationState.INTRODUCED,
            opened_at=now,
            since=now,
            redeem_by=months_later(day_of(now), redeem_months),
            steps=(_first(CooperationStep.OPENED, now),),
        )
    )


def enter(
    command: Entry,
    need_actor_id: UUID,
    offer_actor_id: UUID,
    now: datetime,
    redeem_months: int,
    number: str,
    *,
    example: bool = False,
    edition_id: UUID | None = None,
) -> Cooperation:
    """A cooperation that a broker enters: agreed, if its terms are complete and signed; a draft
    with what is missing, if there are terms; and else one whose sides get to know each other.

    Refuses with `same_organisation` one with itself, with `contact_in_text` contacts in a text,
    and a last day that is past.
    """
    for title in (command.need_title, command.offer_title):
        demand_no_contact(title, ("Titel", "title"))
    entered = _unproposed(
        CooperationOrigin.ENTERED,
        now,
        redeem_months,
        cooperation_id=command.cooperation_id,
        need_actor_id=need_actor_id,
        offer_actor_id=offer_actor_id,
        need_title=command.need_title,
        offer_title=command.offer_title,
        topics=command.topics,
        format=command.format,
        example=example,
        edition_id=edition_id,
    )
    if command.terms is not None:
        entered = draft(entered, Said(now), command.terms)
    if command.signing is not None and command.terms is not None and not entered.missing:
        entered = _signed(entered, command.signing, now, number)
    # What a broker enters at once is one version.
    return entered.model_copy(update={"version": 1})


def enter_again(
    cooperation: Cooperation,
    entry: Entry,
    need_actor_id: UUID,
    offer_actor_id: UUID,
    edition_id: UUID,
    now: datetime,
    number: str,
) -> Cooperation:
    """What was entered before: a draft is completed by terms that are complete and signed; whatever
    says the same is left as it is.

    Refuses with `already_exists` what is another agreement: nothing is lost, or changed, because
    two took the same number.
    """
    signing, terms = entry.signing, entry.terms
    stands = (cooperation.edition_id, cooperation.need_actor_id, cooperation.offer_actor_id)
    is_it = (*stands, cooperation.need_title, cooperation.offer_title) == (
        *(edition_id, need_actor_id, offer_actor_id),
        *(entry.need_title, entry.offer_title),
    )
    if is_it and cooperation.number is None and signing and terms and not gaps(terms):
        drafted = draft(cooperation, Said(now), terms, entry.format)
        completed = _signed(drafted, signing, now, number)
        return completed.model_copy(update={"version": cooperation.version + 1})
    if is_it and _plain(cooperation.terms) == _plain(terms):
        return cooperation
    raise Refused(Reason.ALREADY_EXISTS, subject=_ANOTHER)


def from_project(
    project: Project, nonprofit_id: UUID, company_id: UUID, now: datetime, redeem_months: int
) -> Cooperation:
    """The cooperation with a company that has claimed a project: they get to know each other."""
    return _unproposed(
        CooperationOrigin.PROJECT,
        now,
        redeem_months,
        cooperation_id=cooperation_id_of(project.project_id, project.claims),
        need_actor_id=nonprofit_id,
        offer_actor_id=company_id,
        need_title=project.title,
        offer_title=project.title,
        topics=project.topics,
        format=project.cv_mode,
        example=project.example,
        edition_id=project.edition_id,
    )


_ANOTHER = (
    "Eine andere Vereinbarung unter dieser Nummer",
    "Another agreement under this number",
)


def _plain(terms: Terms | None) -> dict[str, Any] | None:
    return terms.model_dump() if terms else None


def _signed(cooperation: Cooperation, signing: Signing, now: datetime, number: str) -> Cooperation:
    for side, person_id in (
        (Direction.NEED, signing.need_signatory_id),
        (Direction.OFFER, signing.offer_signatory_id),
    ):
        said = Said(now, side, signing.on_behalf)
        cooperation = sign(cooperation, said, side, person_id, number)
    return cooperation


def _unproposed(
    origin: CooperationOrigin,
    now: datetime,
    redeem_months: int,
    *,
    cooperation_id: UUID,
    need_actor_id: UUID,
    offer_actor_id: UUID,
    **said: Any,
) -> Cooperation:
    """One that came of no proposal: its own id stands for proposal, need and offer."""
    if need_actor_id == offer_actor_id:
        raise Refused(Reason.SAME_ORGANISATION)
    by_broker = origin is CooperationOrigin.ENTERED
    step = CooperationStep.ENTERED if by_broker else CooperationStep.OPENED
    return settled(
        Cooperation(
            version=1,
            cooperation_id=cooperation_id,
            proposal_id=cooperation_id,
            need_id=cooperation_id,
            offer_id=cooperation_id,
            need_actor_id=need_actor_id,
            offer_actor_id=offer_actor_id,
            origin=origin,
            state=CooperationState.INTRODUCED,
            opened_at=now,
            since=now,
            redeem_by=months_later(day_of(now), redeem_months),
            steps=(_first(step, now),),
            **said,
        )
    )


def _first(step: CooperationStep, now: datetime) -> Step:
    return Step(step=step, at=now, state=CooperationState.INTRODUCED)
