"""How far a cooperation is, as far as messages say it."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from impulse_contracts.booking.cooperation_codes import (
    ActionKind,
    DeliveryOutcome,
    NotRedeemedReason,
    PreparationItem,
)
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.deliveries import DeliveryReport
from impulse_contracts.codes import CooperationState, DeclineReason


class Found(BaseModel):
    """What came of it, as a side or the decision says it."""

    model_config = ConfigDict(frozen=True)

    outcome: DeliveryOutcome
    persons: int | None = None
    hours: float | None = None


class Progress(BaseModel):
    """Where it is, what is next and until when, and why it came to that. No text about a person:
    `text` is what somebody has set as next."""

    model_config = ConfigDict(frozen=True)

    state: CooperationState | None = None
    number: str | None = None
    action: ActionKind | None = None
    text: str | None = None
    due: date | None = None
    reason: NotRedeemedReason | DeclineReason | None = None
    until: date | None = None
    """Until when it is on hold."""
    starts: datetime | None = None
    """When they come together."""
    items: tuple[PreparationItem, ...] = ()
    """What the side is to prepare, until `due`."""
    months: int | None = None
    """How many months after the agreement this is."""
    decided: Found | None = None
    """What stands of what both reported."""
    reported: Found | None = None
    """What the side itself had reported."""


def found_of(report: DeliveryReport | None) -> Found | None:
    """What a report says; one with an outcome that is not known here is not mentioned."""
    if report is None or not isinstance(report.outcome, DeliveryOutcome):
        return None
    return Found(outcome=report.outcome, persons=report.persons, hours=report.hours)


def progress_of(fact: CooperationFact) -> Progress:
    """What a fact says of it; a code that is not known here is not mentioned."""
    action, newest = fact.next_action, fact.steps[-1] if fact.steps else None
    reason = (newest.reason or newest.decline_reason) if newest else None
    said = {
        "state": fact.state,
        "number": fact.number,
        "action": action.kind if action else None,
        "text": action.text if action else None,
        "due": action.due if action else None,
        "reason": reason,
        "until": fact.hold.until if fact.hold else None,
        "starts": fact.dates[0].starts if fact.dates else None,
        "months": fact.redemption[-1].months if fact.redemption else None,
    }
    return Progress.model_validate({name: each for name, each in said.items() if each != "unknown"})
