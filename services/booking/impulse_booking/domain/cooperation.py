"""A cooperation: opened when both sides accept, to be carried out until a day, reminded of.

About 30 % of agreements are never carried out (docs/domain.md), so the parties are reminded twice:
some time before the last day, and when it has passed.
"""

from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

from impulse_booking.domain.days import day_of, months_later, morning_of
from impulse_chassis.aggregate import Aggregate
from impulse_contracts.codes import CooperationState, SocietalTopic
from impulse_contracts.matching import ProposalMutuallyAccepted, ProposalTransferred
from impulse_contracts.types import Open

DUE_SOON = timedelta(days=30)
"""How long before its last day a cooperation is due soon."""

TO_BE_CARRIED_OUT = frozenset(
    {
        CooperationState.INTRODUCED,
        CooperationState.NEGOTIATING,
        CooperationState.AGREED,
        CooperationState.PREPARING,
        CooperationState.IN_DELIVERY,
    }
)
"""The states in which there is something to remind of."""


class Reminder(StrEnum):
    """What the parties are reminded of."""

    DUE_SOON = "due_soon"
    OVERDUE = "overdue"


class Cooperation(Aggregate, key="cooperation_id"):
    """A cooperation. Fields as in `CooperationFact`; `reminded` is the last reminder that was
    given."""

    cooperation_id: UUID
    proposal_id: UUID
    need_id: UUID
    offer_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    topics: tuple[Open[SocietalTopic], ...] = ()
    example: bool = False
    state: CooperationState
    opened_at: datetime
    redeem_by: date
    reminded: Reminder | None = None


def cooperation_id(proposal_id: UUID) -> UUID:
    """The id of the cooperation that comes of a proposal: always the same, whoever asks."""
    return uuid5(proposal_id, "cooperation")


def open_cooperation(
    proposal: ProposalMutuallyAccepted, now: datetime, redeem_months: int
) -> Cooperation:
    """The cooperation that both sides want: they get to know each other, and have time until the
    day `redeem_months` calendar months later."""
    return Cooperation(
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
        redeem_by=months_later(day_of(now), redeem_months),
    )


def follow(cooperation: Cooperation, proposal: ProposalTransferred) -> Cooperation:
    """The cooperation of the actors that are the sides of its proposal now; as it is, if these are
    the same."""
    now = {
        "need_actor_id": proposal.need_actor_id,
        "offer_actor_id": proposal.offer_actor_id,
    }
    if all(getattr(cooperation, side) == actor_id for side, actor_id in now.items()):
        return cooperation
    return cooperation.evolve(**now)


def next_reminder(cooperation: Cooperation) -> datetime | None:
    """When to look at the cooperation again; None when nothing is left to remind of."""
    if cooperation.state not in TO_BE_CARRIED_OUT:
        return None
    match cooperation.reminded:
        case None:
            return morning_of(cooperation.redeem_by - DUE_SOON)
        case Reminder.DUE_SOON:
            return morning_of(_day_after(cooperation.redeem_by))
        case Reminder.OVERDUE:
            return None


def due_reminder(cooperation: Cooperation, now: datetime) -> Reminder | None:
    """What the parties are to be reminded of at `now`, if anything.

    Each reminder is given once and none that is stale: when the last day has passed, `overdue` is
    all that is said, also if `due_soon` was missed. What is due by a day may be
    done on that day.
    """
    if next_reminder(cooperation) is None:
        return None
    today = day_of(now)
    if today > cooperation.redeem_by:
        return Reminder.OVERDUE
    if today >= cooperation.redeem_by - DUE_SOON and cooperation.reminded is None:
        return Reminder.DUE_SOON
    return None


def _day_after(day: date) -> date:
    return day + timedelta(days=1)
