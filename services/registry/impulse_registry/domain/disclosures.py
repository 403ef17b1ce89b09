"""When a contact is disclosed to the other side: both said yes, and not longer than needed."""

from datetime import datetime, timedelta
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.booking.cooperation_codes import CooperationOrigin
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.codes import CooperationState
from impulse_contracts.matching import ProposalMutuallyAccepted
from impulse_contracts.purposes import TERMS, Purpose
from impulse_registry.domain.joining import end_of

AFTERWARDS = timedelta(days=30)
"""How long after the end of a cooperation its contacts can be seen, or without one."""
KNOWN_AFTERWARDS = timedelta(days=TERMS[Purpose.DISCLOSURE].days)
"""How long it is known then that they could be seen."""

_OVER = frozenset(
    {
        CooperationState.COMPLETED,
        CooperationState.DECLINED,
        CooperationState.WITHDRAWN,
        CooperationState.NOT_REDEEMED,
        CooperationState.CANCELLED,
    }
)

Pair = ProposalMutuallyAccepted | CooperationFact
"""What discloses contacts. A cooperation does too: it may be heard of before its proposal."""


class Disclosure(Aggregate, key="disclosure_id"):
    """That the people of an actor may see a contact; fields as in `DisclosureState`."""

    disclosure_id: UUID
    person_id: UUID
    actor_id: UUID
    to_actor_id: UUID
    proposal_id: UUID
    cooperation_id: UUID | None = None
    disclosed_at: datetime
    until: datetime
    ended_at: datetime | None = None


def disclosure_id(proposal_id: UUID, person_id: UUID, to_actor_id: UUID) -> UUID:
    """The id of a disclosure: the same whoever says first that both sides accepted."""
    return stable_uuid("disclosure", str(proposal_id), str(person_id), str(to_actor_id))


def sides(pair: Pair) -> tuple[tuple[UUID, UUID], tuple[UUID, UUID]]:
    """Whose contacts are disclosed to whom: actor and other actor, for both sides."""
    return (
        (pair.need_actor_id, pair.offer_actor_id),
        (pair.offer_actor_id, pair.need_actor_id),
    )


def disclose(
    pair: Pair, person_id: UUID, actor_id: UUID, to_actor_id: UUID, now: datetime
) -> Disclosure | None:
    """The disclosure of a contact because of `pair`; None where it is over already, and where a
    broker entered it alone: then both sides agree first."""
    until = until_of(pair, now)
    if until <= now or not _is_agreed_to(pair):
        return None
    return Disclosure(
        version=1,
        disclosure_id=disclosure_id(pair.proposal_id, person_id, to_actor_id),
        person_id=person_id,
        actor_id=actor_id,
        to_actor_id=to_actor_id,
        proposal_id=pair.proposal_id,
        cooperation_id=pair.cooperation_id if isinstance(pair, CooperationFact) else None,
        disclosed_at=now,
        until=until,
    )


def _is_agreed_to(pair: Pair) -> bool:
    if not isinstance(pair, CooperationFact):
        return True
    by_both = pair.origin != CooperationOrigin.ENTERED or pair.number is not None
    return by_both and pair.state not in _OVER


def prolong(disclosure: Disclosure, pair: Pair, now: datetime) -> Disclosure | None:
    """The disclosure with the end that a cooperation gives it; None if that changes nothing."""
    if disclosure.ended_at is not None or not isinstance(pair, CooperationFact):
        return None
    until = until_of(pair, now)
    if pair.state in _OVER and disclosure.cooperation_id == pair.cooperation_id:
        # What is over was over when it was first said so.
        until = min(until, disclosure.until)
    changes = {"until": until, "cooperation_id": pair.cooperation_id}
    if all(getattr(disclosure, name) == value for name, value in changes.items()):
        return None
    return disclosure.evolve(**changes)


def moved(disclosure: Disclosure, giver_id: UUID, taker_id: UUID) -> Disclosure | None:
    """The disclosure with another actor in the place of one of its two.

    None where that one is not of it, where it is over, or where both would be the same: nothing is
    disclosed to one's own side.
    """
    both = (disclosure.actor_id, disclosure.to_actor_id)
    if disclosure.ended_at is not None or giver_id not in both or taker_id in both:
        return None
    actor_id, to_actor_id = (taker_id if each == giver_id else each for each in both)
    return disclosure.evolve(actor_id=actor_id, to_actor_id=to_actor_id)


def until_of(pair: Pair, now: datetime) -> datetime:
    """When the contacts of a pair are hidden again: some time after its cooperation's last day."""
    if not isinstance(pair, CooperationFact) or pair.state in _OVER:
        return now + AFTERWARDS
    return end_of(pair.redeem_by) + AFTERWARDS


def end_now(disclosure: Disclosure, now: datetime) -> Disclosure | None:
    """The disclosure ended before its time, because the contact is gone; None if it was over."""
    if disclosure.ended_at is not None:
        return None
    return disclosure.evolve(ended_at=now, until=min(now, disclosure.until))


def end(disclosure: Disclosure, now: datetime) -> Disclosure | None:
    """The disclosure ended; None if it was, or its time has not come."""
    if disclosure.ended_at is not None or now < disclosure.until:
        return None
    return disclosure.evolve(ended_at=now)
