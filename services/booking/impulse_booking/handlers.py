"""What booking does when both sides accept a proposal, and when a reminder comes due."""

from collections.abc import Sequence

from impulse_booking.domain.cooperation import (
    Cooperation,
    Reminder,
    cooperation_id,
    due_reminder,
    next_reminder,
    open_cooperation,
)
from impulse_booking.store import cooperations
from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking import (
    CooperationDueSoon,
    CooperationFact,
    CooperationOpened,
    CooperationOverdue,
    RemindOfCooperation,
)
from impulse_contracts.matching import ProposalMutuallyAccepted

_FACTS: dict[Reminder, type[CooperationFact]] = {
    Reminder.DUE_SOON: CooperationDueSoon,
    Reminder.OVERDUE: CooperationOverdue,
}


class Booking:
    """The handlers; a cooperation has `redeem_months` calendar months to be carried out."""

    def __init__(self, redeem_months: int) -> None:
        self.redeem_months = redeem_months
        self.handlers = Handlers()
        self.handlers.load(ProposalMutuallyAccepted)(self.load_accepted)
        self.handlers.on(ProposalMutuallyAccepted)(self.accepted)
        self.handlers.load(RemindOfCooperation)(self.load_reminded)
        self.handlers.on(RemindOfCooperation)(self.remind)

    def load_accepted(
        self, tx: Transaction, messages: Sequence[Received[ProposalMutuallyAccepted]]
    ) -> None:
        """Locks the cooperations that may exist already."""
        cooperations.lock(tx, {cooperation_id(message.data.proposal_id) for message in messages})

    def accepted(self, tx: Transaction, proposal: ProposalMutuallyAccepted) -> None:
        """Opens a cooperation, unless this proposal has opened one before."""
        if cooperations.get(tx, cooperation_id(proposal.proposal_id)) is not None:
            return
        cooperation = open_cooperation(proposal, tx.now, self.redeem_months)
        cooperations.put(tx, cooperation)
        tx.publish(CooperationOpened.of(cooperation))
        _schedule(tx, cooperation)

    def load_reminded(
        self, tx: Transaction, messages: Sequence[Received[RemindOfCooperation]]
    ) -> None:
        """Locks the cooperations to remind of."""
        cooperations.lock(tx, {message.data.cooperation_id for message in messages})

    def remind(self, tx: Transaction, timer: RemindOfCooperation) -> None:
        """Says that a cooperation is due soon or overdue, if it is, and sets the next reminder."""
        cooperation = cooperations.require(tx, timer.cooperation_id)
        reminder = due_reminder(cooperation, tx.now)
        if reminder is not None:
            cooperation = cooperations.put(tx, cooperation.evolve(reminded=reminder))
            tx.publish(_FACTS[reminder].of(cooperation))
        _schedule(tx, cooperation)


def _schedule(tx: Transaction, cooperation: Cooperation) -> None:
    at = next_reminder(cooperation)
    if at is not None:
        tx.schedule(RemindOfCooperation(cooperation_id=cooperation.cooperation_id), at=at)
