"""What sides and brokers say of a cooperation besides its agreement."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.booking.cooperation_codes import NotRedeemedReason, Responsible
from impulse_contracts.codes import DeclineReason, Direction
from impulse_contracts.message import Command
from impulse_contracts.parts import ReportedOnBehalf
from impulse_contracts.types import Day, Title


class CooperationCommand(Command, topic=topics.BOOKING_COMMANDS, key="cooperation_id"):
    """What a side says of its cooperation, or the brokers do."""

    cooperation_id: UUID
    side: Direction | None = None
    """Who says it; null: the brokers themselves."""
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the side said it to them. It shows as such."""


class HoldCooperation(CooperationCommand, ce_type="impulse.booking.hold_cooperation.v1"):
    """Put it on hold until a day, and say why."""

    reason: NotRedeemedReason
    until: Day


class ResumeCooperation(CooperationCommand, ce_type="impulse.booking.resume_cooperation.v1"):
    """Go on where it was put on hold."""


class DeclineCooperation(CooperationCommand, ce_type="impulse.booking.decline_cooperation.v1"):
    """A side does not want it, before anything is agreed."""

    reason: DeclineReason


class WithdrawCooperation(CooperationCommand, ce_type="impulse.booking.withdraw_cooperation.v1"):
    """A side can't go on, before anything is agreed."""

    reason: NotRedeemedReason


class CancelCooperation(CooperationCommand, ce_type="impulse.booking.cancel_cooperation.v1"):
    """What was agreed is called off."""

    reason: NotRedeemedReason


class EndUnredeemed(CooperationCommand, ce_type="impulse.booking.end_unredeemed.v1"):
    """What was agreed was not carried out, and will not be."""

    reason: NotRedeemedReason


class SetNextAction(CooperationCommand, ce_type="impulse.booking.set_next_action.v1"):
    """Say what is to be done next, by whom and until when, until something else happens."""

    text: Title
    """Without e-mail addresses and telephone numbers."""
    responsible: Responsible
    due: Day
