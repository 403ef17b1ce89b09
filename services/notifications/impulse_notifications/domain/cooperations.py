"""What people are told on the way from the handshake to what came of it."""

from datetime import datetime
from typing import Any

from impulse_contracts.booking.cooperation_codes import Responsible
from impulse_contracts.booking.cooperations import (
    AgreementDrafted,
    AgreementSigned,
    ContactLeft,
    CooperationAgreed,
    CooperationCancelled,
    CooperationCompleted,
    CooperationContinued,
    CooperationDeclined,
    CooperationDueSoon,
    CooperationEntered,
    CooperationEscalated,
    CooperationFact,
    CooperationHeld,
    CooperationNotRedeemed,
    CooperationOpened,
    CooperationOverdue,
    CooperationResumed,
    CooperationWithdrawn,
    DeliveryDecided,
    DeliveryPlanned,
    DeliveryReported,
    DeliverySoon,
    NextActionDue,
    PreparationDue,
    RedemptionChecked,
)
from impulse_contracts.booking.preparations import ChecklistItem
from impulse_contracts.codes import CooperationState, Direction
from impulse_notifications.domain.message import Matter, Template
from impulse_notifications.domain.notice import Notice, standing
from impulse_notifications.domain.progress import Found, Progress, found_of, progress_of

TEMPLATES: dict[type[CooperationFact], Template] = {
    CooperationOpened: Template.COOPERATION_OPENED,
    CooperationEntered: Template.COOPERATION_ENTERED,
    AgreementDrafted: Template.COOPERATION_TO_SIGN,
    AgreementSigned: Template.COOPERATION_TO_SIGN,
    CooperationAgreed: Template.COOPERATION_AGREED,
    CooperationHeld: Template.COOPERATION_CHANGED,
    CooperationResumed: Template.COOPERATION_CHANGED,
    CooperationDeclined: Template.COOPERATION_CHANGED,
    CooperationWithdrawn: Template.COOPERATION_CHANGED,
    CooperationCancelled: Template.COOPERATION_CHANGED,
    CooperationNotRedeemed: Template.COOPERATION_CHANGED,
    NextActionDue: Template.COOPERATION_ACTION_DUE,
    CooperationEscalated: Template.COOPERATION_ESCALATED,
    ContactLeft: Template.COOPERATION_CONTACT_LEFT,
    DeliveryPlanned: Template.COOPERATION_PLANNED,
    PreparationDue: Template.COOPERATION_ITEMS_DUE,
    DeliverySoon: Template.COOPERATION_DAY_SOON,
    DeliveryReported: Template.COOPERATION_REPORTED,
    DeliveryDecided: Template.COOPERATION_DECIDED,
    CooperationCompleted: Template.COOPERATION_CHANGED,
    CooperationContinued: Template.COOPERATION_CHANGED,
    RedemptionChecked: Template.COOPERATION_UNREDEEMED,
    CooperationDueSoon: Template.COOPERATION_DUE_SOON,
    CooperationOverdue: Template.COOPERATION_OVERDUE,
}
"""What the steps of a cooperation say."""

_BOTH = (Direction.NEED, Direction.OFFER)
_TO_BE_CARRIED_OUT = frozenset(
    {
        CooperationState.INTRODUCED,
        CooperationState.NEGOTIATING,
        CooperationState.AGREED,
        CooperationState.PREPARING,
        CooperationState.IN_DELIVERY,
        CooperationState.ON_HOLD,
    }
)
_RESPONSIBLE = {
    Responsible.NEED: (Direction.NEED,),
    Responsible.OFFER: (Direction.OFFER,),
    Responsible.BOTH: _BOTH,
}


def is_for_brokers(fact: CooperationFact) -> bool:
    """Whether whoever is in charge is told instead of the sides."""
    if isinstance(fact, NextActionDue):
        return fact.next_action is not None and fact.next_action.responsible == Responsible.BROKER
    return isinstance(fact, CooperationEscalated | ContactLeft)


def is_for_operator_too(fact: CooperationFact) -> bool:
    """Whether whoever runs Impulse is told besides: of what is late even after it was told."""
    return isinstance(fact, CooperationEscalated) and fact.times > 1


def of_cooperation(
    fact: CooperationFact, cause_id: str, happened_at: datetime, now: datetime
) -> tuple[Notice, ...]:
    """What `fact` says to whom.

    Of a complete draft those are told who have not signed it, of a step the side that did not take
    it itself, of what is due whose turn it is, of what is late, and of a side without a contact,
    whoever is in charge; and both, that it is not carried out, not even partly, after so many
    months. Where the operator is in charge, the notice is to a side, and told to brokers and
    operators.
    """
    template = TEMPLATES[type(fact)]
    if isinstance(fact, ContactLeft):
        lost = [side for side in _BOTH if side in fact.lost]
        return tuple(
            _notice(template, fact, side, cause_id, happened_at, now, True) for side in lost
        )
    if is_for_brokers(fact):
        return (_notice(template, fact, Direction.NEED, cause_id, happened_at, now, True),)
    return tuple(_notice(template, fact, side, cause_id, happened_at, now) for side in _sides(fact))


def _sides(fact: CooperationFact) -> tuple[Direction, ...]:
    match fact:
        case NextActionDue():
            return _RESPONSIBLE.get(fact.next_action.responsible, ()) if fact.next_action else ()
        case AgreementDrafted() if fact.missing:
            return ()
        case AgreementDrafted() | AgreementSigned():
            signed = {each.side for each in fact.signatures}
            return tuple(side for side in _BOTH if side not in signed)
        case PreparationDue():
            return tuple(side for side in _BOTH if _to_prepare(fact, side))
        case RedemptionChecked():
            is_due = fact.redeemed_at is None and fact.state in _TO_BE_CARRIED_OUT
            return _BOTH if is_due else ()
        case CooperationOpened() | CooperationEntered() | CooperationAgreed() | DeliverySoon():
            return _BOTH
        case CooperationDueSoon() | CooperationOverdue():
            return _BOTH
        case _:
            newest = fact.steps[-1] if fact.steps else None
            own = newest.side if newest and newest.on_behalf is None else None
            return tuple(side for side in _BOTH if side != own)


def _to_prepare(fact: PreparationDue, side: Direction) -> list[ChecklistItem]:
    """What of the list that is due is a side's."""
    return [
        each
        for each in fact.checklist
        if each.item in fact.due_items and side in _RESPONSIBLE.get(each.responsible, _BOTH)
    ]


def _progress(fact: CooperationFact, side: Direction) -> Progress:
    progress = progress_of(fact)
    said: dict[str, object] = {}
    if isinstance(fact, PreparationDue):
        own = _to_prepare(fact, side)
        said = {
            "items": tuple(each.item for each in own if each.item != "unknown"),
            "due": own[0].due if own else None,
        }
    elif isinstance(fact, DeliveryDecided):
        said = {"decided": found_of(fact.decision), "reported": _reported(fact, side)}
    return progress.model_copy(update=said)


def _reported(fact: CooperationFact, side: Direction) -> Found | None:
    """What a side had said of what happened."""
    return next((found_of(each) for each in fact.reports if each.side == side), None)


def _rests_on(fact: CooperationFact, side: Direction) -> tuple[dict[str, Any], ...]:
    """What must still be so when it is sent, as the cooperation's facts say it: its state, and the
    day, the next step, or something of the list that is reminded of. What somebody has done stays
    done: that is told in any case."""
    state = {"state": fact.state}
    match fact:
        case DeliveryPlanned() | DeliverySoon() if fact.dates:
            first = fact.dates[0].model_dump(mode="json", include={"starts"})
            return ({**state, "dates": [first]},)
        case NextActionDue() | CooperationEscalated() if fact.next_action:
            return ({**state, "next_action": fact.next_action.model_dump(mode="json")},)
        case PreparationDue():
            open_item = {"needed": True, "done_on": None}
            own = _to_prepare(fact, side)
            items = (each.model_dump(mode="json", include={"item", "due"}) for each in own)
            return tuple({**state, "checklist": [{**each, **open_item}]} for each in items)
        case RedemptionChecked() | CooperationDueSoon() | CooperationOverdue():
            return tuple({"state": each} for each in sorted(_TO_BE_CARRIED_OUT))
        case AgreementDrafted() | AgreementSigned():
            return (state,)
        case _:
            return ()


def _notice(
    template: Template,
    fact: CooperationFact,
    side: Direction,
    cause_id: str,
    happened_at: datetime,
    now: datetime,
    for_brokers: bool = False,
) -> Notice:
    actors = (fact.need_actor_id, fact.offer_actor_id)
    actor_id, partner_id = actors if side is Direction.NEED else actors[::-1]
    matter = Matter(
        side=side,
        actor_id=actor_id,
        partner_id=partner_id,
        need_title=fact.need_title,
        offer_title=fact.offer_title,
        redeem_by=fact.redeem_by,
        progress=_progress(fact, side),
        cooperation_id=fact.cooperation_id,
        rests_on=_rests_on(fact, side),
        path=f"/cooperations/{fact.cooperation_id}",
    )
    told = fact.in_charge if for_brokers else None
    return standing(template, matter, cause_id, happened_at, now, told)
