"""What is to be done next: every open cooperation has it, so that none is forgotten."""

from datetime import date, timedelta
from typing import Any

from impulse_booking.domain.cooperation import OPEN, SIDES, Cooperation
from impulse_booking.domain.days import day_of
from impulse_contracts.booking.cooperation_codes import ActionKind, DeliveryOutcome, Responsible
from impulse_contracts.booking.cooperations import NextAction
from impulse_contracts.booking.deliveries import DeliveryReport
from impulse_contracts.booking.preparations import ChecklistItem
from impulse_contracts.codes import CooperationState, Direction

SOON = timedelta(days=14)
"""How long the sides have to get acquainted, and to agree."""
TO_REPORT = timedelta(days=7)
"""How long after the last date they have to say what happened."""
FOR_A_DATE = timedelta(days=28)
"""How long they have to find a date; not longer than the agreement holds."""


def next_action(cooperation: Cooperation) -> NextAction | None:
    """What follows from where it is; None when it is over."""
    if cooperation.state not in OPEN:
        return None
    began = day_of(cooperation.began)
    match cooperation.state:
        case CooperationState.INTRODUCED:
            return _action(ActionKind.GET_ACQUAINTED, Responsible.BOTH, began + SOON)
        case CooperationState.NEGOTIATING if cooperation.terms is None or cooperation.missing:
            return _action(ActionKind.COMPLETE_AGREEMENT, Responsible.BOTH, began + SOON)
        case CooperationState.NEGOTIATING:
            signed = {each.side for each in cooperation.signatures}
            return _action(ActionKind.SIGN, responsible(signed), began + SOON)
        case CooperationState.ON_HOLD:
            until = cooperation.hold.until if cooperation.hold else began + SOON
            return _action(ActionKind.RESUME, Responsible.BOTH, until)
        case CooperationState.PREPARING if left := left_to_prepare(cooperation):
            action = _action(ActionKind.PREPARE, left[0].responsible, left[0].due)
            return action.model_copy(update={"item": left[0].item})
        case CooperationState.PREPARING if cooperation.dates:
            first = day_of(cooperation.dates[0].starts)
            return _action(ActionKind.CARRY_OUT, Responsible.BOTH, first)
        case CooperationState.IN_DELIVERY if cooperation.dates:
            last = day_of(cooperation.dates[-1].ends)
            return _action(ActionKind.REPORT, Responsible.BOTH, last + TO_REPORT)
        case CooperationState.EVALUATING:
            return _evaluating(cooperation, began)
        case _:
            last = max(began, min(began + FOR_A_DATE, cooperation.redeem_by))
            return _action(ActionKind.FIND_DATE, Responsible.BOTH, last)


def left_to_prepare(cooperation: Cooperation) -> list[ChecklistItem]:
    """What is needed and not done, in the order in which it is due."""
    return [each for each in cooperation.checklist if each.needed and each.done_on is None]


def _evaluating(cooperation: Cooperation, began: date) -> NextAction:
    """First it is settled what happened, then how good it was, then it is concluded."""
    if undecided(cooperation):
        return _action(ActionKind.DECIDE, approves(cooperation.reports), began + SOON)
    evaluated = {each.side for each in cooperation.evaluations}
    if not evaluated.issuperset(SIDES):
        return _action(ActionKind.EVALUATE, responsible(evaluated), began + 2 * SOON)
    return _action(ActionKind.CONCLUDE, Responsible.BOTH, began + 3 * SOON)


def undecided(cooperation: Cooperation) -> bool:
    """Whether it is still to be decided what stands: also where they came together once more since
    then, and a side has said that something was done."""
    decision = cooperation.decision
    return decision is None or any(
        each.outcome != DeliveryOutcome.NOT_DONE
        and any(decision.at < date.starts <= each.at for date in cooperation.dates)
        for each in cooperation.reports
    )


def approves(reports: tuple[DeliveryReport, ...]) -> Responsible:
    """As `approving`."""
    return Responsible.NEED if approving(reports) is Direction.NEED else Responsible.OFFER


def approving(reports: tuple[DeliveryReport, ...]) -> Direction:
    """The side that says what stands: the one with the need, unless it alone has reported."""
    sides = {each.side for each in reports}
    return Direction.OFFER if sides == {Direction.NEED} else Direction.NEED


def responsible(done: set[Any]) -> Responsible:
    """Whose turn it is where these sides have done their part."""
    left = [side for side in SIDES if side not in done]
    if len(left) != 1:
        return Responsible.BOTH
    return Responsible.NEED if left[0] is Direction.NEED else Responsible.OFFER


def _action(kind: ActionKind, who: Responsible, due: date) -> NextAction:
    return NextAction(kind=kind, responsible=who, due=due)
