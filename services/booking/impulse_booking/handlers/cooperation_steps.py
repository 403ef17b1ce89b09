"""What sides and brokers say of a cooperation besides its agreement."""

from impulse_booking.domain import steps as rules
from impulse_booking.domain.cooperation import Cooperation
from impulse_booking.handlers.keeping_cooperations import asked, keep, load_cooperations
from impulse_booking.handlers.projects import free_project
from impulse_chassis import Handlers, Transaction
from impulse_contracts.booking.cooperation_codes import CooperationStep
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    DeclineCooperation,
    EndUnredeemed,
    HoldCooperation,
    ResumeCooperation,
    SetNextAction,
    WithdrawCooperation,
)
from impulse_contracts.booking.cooperations import (
    CooperationCancelled,
    CooperationDeclined,
    CooperationFact,
    CooperationHeld,
    CooperationNotRedeemed,
    CooperationResumed,
    CooperationWithdrawn,
    NextActionSet,
)

Ending = WithdrawCooperation | CancelCooperation | EndUnredeemed
_ENDINGS: dict[type[Ending], tuple[CooperationStep, type[CooperationFact]]] = {
    WithdrawCooperation: (CooperationStep.WITHDRAWN, CooperationWithdrawn),
    CancelCooperation: (CooperationStep.CANCELLED, CooperationCancelled),
    EndUnredeemed: (CooperationStep.NOT_REDEEMED, CooperationNotRedeemed),
}

handlers = Handlers()
handlers.load(HoldCooperation, ResumeCooperation, DeclineCooperation, SetNextAction, *_ENDINGS)(
    load_cooperations
)


@handlers.on(HoldCooperation)
def hold_cooperation(tx: Transaction, command: HoldCooperation) -> Cooperation:
    """Puts it on hold until a day."""
    before, said = asked(tx, command)
    after = rules.put_on_hold(before, said, command.reason, command.until)
    return keep(tx, after, CooperationHeld)


@handlers.on(ResumeCooperation)
def resume_cooperation(tx: Transaction, command: ResumeCooperation) -> Cooperation:
    """It goes on."""
    return keep(tx, rules.resume(*asked(tx, command)), CooperationResumed)


@handlers.on(DeclineCooperation)
def decline_cooperation(tx: Transaction, command: DeclineCooperation) -> Cooperation:
    """A side does not want it."""
    after = keep(tx, rules.decline(*asked(tx, command), command.reason), CooperationDeclined)
    free_project(tx, after)
    return after


@handlers.on(*_ENDINGS)
def end_cooperation(tx: Transaction, command: Ending) -> Cooperation:
    """It ends without having been carried out."""
    step, fact = _ENDINGS[type(command)]
    before, said = asked(tx, command)
    after = keep(tx, rules.end(before, step, said, command.reason), fact)
    if not isinstance(command, EndUnredeemed):
        free_project(tx, after)
    return after


@handlers.on(SetNextAction)
def set_next_action(tx: Transaction, command: SetNextAction) -> Cooperation:
    """Says what is to be done next."""
    before, said = asked(tx, command)
    after = rules.set_action(before, said, command.text, command.responsible, command.due)
    return keep(tx, after, NextActionSet)
