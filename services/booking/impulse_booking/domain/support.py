"""Requests for support: taken on by somebody, worked on, done, or declined with the reason."""

from datetime import date, datetime
from uuid import UUID

from impulse_booking.domain.eligibility import KnownActor, demand_meant, is_free
from impulse_booking.domain.offers import ProgrammeOffer, require_published
from impulse_booking.domain.texts import NOTE, demand_no_contact
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.codes import ProgrammeCategory, SupportState
from impulse_contracts.booking.support import RequestSupport
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason

OPEN = frozenset({SupportState.REQUESTED, SupportState.ACCEPTED, SupportState.IN_PROGRESS})
"""The states in which something is left to do."""


class SupportRequest(Aggregate, key="request_id"):
    """A request for support. Fields as in `SupportFact`."""

    request_id: UUID
    programme_offer_id: UUID
    actor_id: UUID
    wish: str
    state: SupportState
    free_of_charge: bool
    requested_at: datetime
    on_behalf: OnBehalf | None = None
    person_id: UUID | None = None
    until: date | None = None
    hours: float | None = None
    result: str | None = None
    reason: str | None = None
    formerly: tuple[UUID, ...] = ()
    example: bool = False


def request(
    command: RequestSupport, offer: ProgrammeOffer, actor: KnownActor, now: datetime
) -> SupportRequest:
    """A new request. Refuses whom the offer is not meant for, contacts in the text, and with
    `no_session_needed` what is no support."""
    require_published(offer)
    if offer.category is not ProgrammeCategory.SUPPORT:
        raise Refused(Reason.NO_SESSION_NEEDED)
    demand_meant(offer, actor)
    demand_no_contact(command.wish, ("Wunsch", "wish"))
    return SupportRequest(
        version=1,
        request_id=command.request_id,
        programme_offer_id=offer.programme_offer_id,
        actor_id=actor.actor_id,
        wish=command.wish,
        state=SupportState.REQUESTED,
        free_of_charge=is_free(offer, actor),
        requested_at=now,
        on_behalf=command.on_behalf,
        example=offer.example,
    )


def accept(support: SupportRequest, person_id: UUID, until: date, today: date) -> SupportRequest:
    """Somebody takes care of it until a day, or somebody else from now on."""
    _require(support, {SupportState.REQUESTED, SupportState.ACCEPTED, SupportState.IN_PROGRESS})
    if until < today:
        raise Refused(Reason.DATE_IN_PAST)
    state = support.state if support.state is SupportState.IN_PROGRESS else SupportState.ACCEPTED
    return support.evolve(state=state, person_id=person_id, until=until)


def start(support: SupportRequest) -> SupportRequest:
    """Work on it has begun."""
    _require(support, {SupportState.ACCEPTED})
    return support.evolve(state=SupportState.IN_PROGRESS)


def finish(support: SupportRequest, hours: float, result: str) -> SupportRequest:
    """It is done, in so many hours, with a result."""
    _require(support, {SupportState.ACCEPTED, SupportState.IN_PROGRESS})
    demand_no_contact(result, ("Ergebnis", "result"))
    return support.evolve(state=SupportState.DONE, hours=hours, result=result)


def decline(support: SupportRequest, reason: str) -> SupportRequest:
    """It can't be given."""
    _require(support, OPEN)
    demand_no_contact(reason, NOTE)
    return support.evolve(state=SupportState.DECLINED, reason=reason)


def withdraw(support: SupportRequest) -> SupportRequest:
    """It is not needed any more."""
    _require(support, OPEN)
    return support.evolve(state=SupportState.WITHDRAWN)


def _require(support: SupportRequest, states: frozenset[SupportState] | set[SupportState]) -> None:
    if support.state not in states:
        raise Refused(Reason.WRONG_STATE, state=(support.state.de, support.state.en))
