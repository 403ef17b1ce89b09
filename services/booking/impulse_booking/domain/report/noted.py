"""What of each fact is noted as evidence: ids, codes and numbers; never who a person is.

Examples leave nothing, apart from organisations that are examples: what these do is left out.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from impulse_booking.domain.days import day_of
from impulse_booking.domain.redemption import delivered_on, hindrance
from impulse_booking.domain.report.evidence import Noun
from impulse_contracts.booking.bookings import Attended, BookingFact, RequestBooking
from impulse_contracts.booking.codes import Presence
from impulse_contracts.booking.cooperation_codes import DeliveryOutcome
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.programme import (
    PlacesChanged,
    ProgrammeOfferFact,
    SessionFact,
)
from impulse_contracts.booking.support import SupportFact
from impulse_contracts.codes import ListingStatus
from impulse_contracts.matching import ProposalFact, ProposalReminded, ProposalRescored
from impulse_contracts.message import Message
from impulse_contracts.outcomes import OutcomeRefused
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState

Said = dict[str, Any]
_THERE = frozenset({Presence.PRESENT, Presence.LATE})


def of_actor(fact: ActorState) -> Said:
    """What an organisation is, and where."""
    return {
        "type": fact.actor_type,
        "kind": fact.kind,
        "ags": fact.seat.ags,
        "merged_into": fact.merged_into,
        "example": fact.example,
    }


def of_offer(fact: ProgrammeOfferFact) -> Said | None:
    """What the programme gives."""
    if fact.example:
        return None
    return {"category": fact.category, "format": fact.event_format, "topics": fact.topics}


def of_session(fact: SessionFact) -> Said | None:
    """When a session is, and for how many; how many places are taken is counted by bookings."""
    if fact.example or isinstance(fact, PlacesChanged):
        return None
    times = [(each.starts, each.ends) for each in fact.meetings] or [(fact.starts, fact.ends)]
    return {
        "offer": fact.programme_offer_id,
        "category": fact.category,
        "state": fact.state,
        "ends": fact.ends,
        "minutes": _minutes(times),
        "capacity": fact.capacity,
    }


def of_edition(fact: EditionFact) -> Said | None:
    """Which event it is."""
    if fact.example:
        return None
    return {"format": fact.format, "day": day_of(fact.starts)}


def of_listing(fact: ListingState) -> Said | None:
    """An offer or a need, and how far it is; templates are none yet."""
    if fact.example or fact.status == ListingStatus.TEMPLATE:
        return None
    return {
        "actor": fact.actor_id,
        "direction": fact.direction,
        "status": fact.status,
        "topics": fact.topics,
        "ags": fact.place.ags,
        "format": fact.cv_format,
        "accessibility": fact.accessibility,
    }


def of_proposal(fact: ProposalFact) -> Said | None:
    """Which pair was proposed, and what became of it."""
    if fact.example or isinstance(fact, ProposalRescored | ProposalReminded):
        return None
    return {
        "need": fact.need_id,
        "need_actor": fact.need_actor_id,
        "state": fact.state,
        "reason": fact.decline_reason,
    }


def of_request(command: RequestBooking) -> Said:
    """For which session somebody asked for a place."""
    return {"session": command.session_id, "actor": command.actor_id}


def of_refusal(outcome: OutcomeRefused) -> Said | None:
    """Why there was none."""
    if outcome.command_type != RequestBooking.ce_type:
        return None
    return {"reason": outcome.reason}


def of_booking(fact: BookingFact) -> Said | None:
    """Who booked what for how many, and how many came."""
    if fact.example:
        return None
    present, absent = _came(fact.attendance, fact.party_size)
    return {
        "session": fact.session_id,
        "offer": fact.programme_offer_id,
        "actor": fact.actor_id,
        "state": fact.state,
        "reason": fact.reason,
        "persons": fact.party_size,
        "present": present,
        "absent": absent,
        "certificates": sum(each.person_id is not None for each in fact.certificates),
    }


def of_support(fact: SupportFact) -> Said | None:
    """Who asked for support, and how many hours it took."""
    if fact.example:
        return None
    return {
        "offer": fact.programme_offer_id,
        "actor": fact.actor_id,
        "state": fact.state,
        "hours": fact.hours,
    }


def of_cooperation(fact: CooperationFact) -> Said | None:
    """Who agreed on what with whom, and how far it is."""
    if fact.example:
        return None
    decided = fact.decision
    stands = decided if decided and decided.outcome != DeliveryOutcome.NOT_DONE else None
    return {
        "proposal": fact.proposal_id,
        "need": fact.need_id,
        "offer": fact.offer_id,
        "edition": fact.edition_id,
        "need_actor": fact.need_actor_id,
        "offer_actor": fact.offer_actor_id,
        "topics": fact.topics,
        "state": fact.state,
        "mode": fact.format,
        "redeem_by": fact.redeem_by,
        "in_return": bool(fact.terms and fact.terms.counter_performance),
        "value": fact.terms and fact.terms.estimated_value_eur,
        "method": fact.terms and fact.terms.value_method,
        "agreed": fact.agreed_at and day_of(fact.agreed_at),
        "reason": hindrance(fact),
        "redeemed": fact.redeemed_at is not None,
        "delivered": delivered_on(fact),
        "persons": stands and stands.persons,
        "hours": stands and stands.hours,
        "grades": [[each.structure, each.process, each.result] for each in fact.evaluations],
    }


NOTED: dict[type[Message], tuple[Noun, Callable[[Any], Said | None]]] = {
    ActorState: (Noun.ACTOR, of_actor),
    ProgrammeOfferFact: (Noun.OFFER, of_offer),
    SessionFact: (Noun.SESSION, of_session),
    EditionFact: (Noun.EDITION, of_edition),
    ListingState: (Noun.LISTING, of_listing),
    ProposalFact: (Noun.PROPOSAL, of_proposal),
    RequestBooking: (Noun.REQUEST, of_request),
    OutcomeRefused: (Noun.REQUEST, of_refusal),
    BookingFact: (Noun.BOOKING, of_booking),
    SupportFact: (Noun.SUPPORT, of_support),
    CooperationFact: (Noun.COOPERATION, of_cooperation),
}
"""What is evidence: what it is about, and what is noted of it."""


def _minutes(times: list[tuple[datetime, datetime]]) -> int:
    return sum((ends - starts) // timedelta(minutes=1) for starts, ends in times)


def _came(attendance: tuple[Attended, ...], party_size: int) -> tuple[int, int]:
    """How many persons of a party were there at least once, and how many of those written down
    never were."""
    there = {each.person_id for each in attendance if each.presence in _THERE}
    if None in there:
        return party_size, 0
    never: set[UUID | None] = {each.person_id for each in attendance} - there
    if None in never:
        return len(there), party_size - len(there)
    return len(there), len(never)
