"""What booking does when both sides accept a proposal or one becomes another, and when a reminder
comes due."""

from collections.abc import Sequence

from impulse_booking.domain.cooperation import (
    Cooperation,
    Reminder,
    cooperation_id,
    due_reminder,
    follow,
    next_reminder,
    open_cooperation,
)
from impulse_booking.settings import Settings
from impulse_booking.store.cooperations import cooperations
from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.booking.cooperations import (
    CooperationDueSoon,
    CooperationFact,
    CooperationOpened,
    CooperationOverdue,
    CooperationTransferred,
    RemindOfCooperation,
)
from impulse_contracts.matching import ProposalFact, ProposalMutuallyAccepted, ProposalTransferred

_FACTS: dict[Reminder, type[CooperationFact]] = {
    Reminder.DUE_SOON: CooperationDueSoon,
    Reminder.OVERDUE: CooperationOverdue,
}


handlers = Handlers()


@handlers.load(ProposalMutuallyAccepted, ProposalTransferred)
def load_proposed(tx: Transaction, messages: Sequence[Received[ProposalFact]]) -> None:
    """Locks the cooperations that may exist already."""
    cooperations.lock(tx, {cooperation_id(message.data.proposal_id) for message in messages})


@handlers.on(ProposalMutuallyAccepted)
def accepted(tx: Transaction, proposal: ProposalMutuallyAccepted) -> None:
    """Opens a cooperation, unless this proposal has opened one before."""
    if cooperations.get(tx, cooperation_id(proposal.proposal_id)) is not None:
        return
    settings: Settings = tx.settings
    cooperation = open_cooperation(proposal, tx.now, settings.redeem_months)
    cooperations.put(tx, cooperation)
    tx.publish(CooperationOpened.of(cooperation))
    _schedule(tx, cooperation)


@handlers.on(ProposalTransferred)
def transferred(tx: Transaction, proposal: ProposalTransferred) -> None:
    """Makes the cooperation, if the proposal has opened one, that of the same actors."""
    before = cooperations.get(tx, cooperation_id(proposal.proposal_id))
    if before is not None and (after := follow(before, proposal)) is not before:
        cooperations.put(tx, after)
        tx.publish(CooperationTransferred.of(after))


@handlers.load(RemindOfCooperation)
def load_reminded(tx: Transaction, messages: Sequence[Received[RemindOfCooperation]]) -> None:
    """Locks the cooperations to remind of."""
    cooperations.lock(tx, {message.data.cooperation_id for message in messages})


@handlers.on(RemindOfCooperation)
def remind(tx: Transaction, timer: RemindOfCooperation) -> None:
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
