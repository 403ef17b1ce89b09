"""Reminders as people judge them: nobody is reminded of what is over, has begun or is done."""

from datetime import datetime

from impulse_booking.domain.cooperation import OPEN
from impulse_booking.domain.days import day_of
from impulse_contracts.booking.cooperations import (
    CooperationDueSoon,
    CooperationEscalated,
    CooperationFact,
    CooperationOverdue,
    DeliverySoon,
    NextActionDue,
    PreparationDue,
)

REMINDERS = (
    *(CooperationDueSoon, CooperationOverdue, CooperationEscalated),
    *(NextActionDue, PreparationDue, DeliverySoon),
)


def demand_in_time(fact: CooperationFact, at: datetime) -> None:
    """AssertionError for a reminder of what is over, has begun, or is late already."""
    assert fact.state in OPEN
    action, today = fact.next_action, day_of(at)
    assert action is not None
    match fact:
        case CooperationDueSoon():
            assert (today <= fact.redeem_by, fact.redeemed_at) == (True, None)
        case CooperationOverdue():
            assert (today > fact.redeem_by, fact.redeemed_at) == (True, None)
        case NextActionDue():
            assert today <= action.due
        case CooperationEscalated():
            assert today > action.due
        case DeliverySoon():
            assert at < fact.dates[0].starts
        case PreparationDue():
            assert at < fact.dates[0].starts
            due = [each for each in fact.checklist if each.item in fact.due_items]
            assert due
            assert all(each.done_on is None and today <= each.due for each in due)
