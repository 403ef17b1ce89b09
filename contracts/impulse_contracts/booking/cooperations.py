"""Cooperations: what comes of a proposal that both sides accepted."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import CooperationState, SocietalTopic
from impulse_contracts.message import Fact, Timer
from impulse_contracts.types import Day, Moment, Open


class RemindOfCooperation(
    Timer,
    ce_type="impulse.booking.remind_of_cooperation.v1",
    topic=topics.BOOKING_COMMANDS,
    key="cooperation_id",
):
    """A cooperation is due soon, or overdue: tell the parties."""

    cooperation_id: UUID


class CooperationFact(Fact, topic=topics.COOPERATIONS, key="cooperation_id"):
    """A cooperation: what both sides agreed to do, until when, and how far it is."""

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
    state: Open[CooperationState]
    opened_at: Moment
    redeem_by: Day


class CooperationOpened(CooperationFact, ce_type="impulse.booking.cooperation.opened.v1"):
    """Both sides accepted a proposal; now it has to be carried out."""


class CooperationDueSoon(CooperationFact, ce_type="impulse.booking.cooperation.due_soon.v1"):
    """A cooperation should be carried out soon."""


class CooperationOverdue(CooperationFact, ce_type="impulse.booking.cooperation.overdue.v1"):
    """A cooperation was not carried out in time."""


class CooperationTransferred(CooperationFact, ce_type="impulse.booking.cooperation.transferred.v1"):
    """A side of a cooperation is another organisation now; what was agreed stands."""
