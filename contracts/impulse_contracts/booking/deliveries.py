"""How a cooperation is carried out: when, by how many, for how long, and what came of it."""

from itertools import pairwise
from typing import Annotated

from pydantic import Field, field_validator

from impulse_contracts.booking.cooperation_codes import DeliveryOutcome, NotRedeemedReason
from impulse_contracts.booking.cooperation_commands import CooperationCommand
from impulse_contracts.codes import CooperationState, Direction
from impulse_contracts.faults import Broken
from impulse_contracts.message import Part
from impulse_contracts.parts import OnBehalf
from impulse_contracts.types import Day, Flag, Moment, Number, Open, Whole

Persons = Annotated[Whole, Field(ge=0, le=100_000)]
Hours = Annotated[Number, Field(ge=0, le=1_000_000)]
"""Of all persons together."""
Grade = Annotated[Whole, Field(ge=1, le=5)]
"""From 1, not at all, to 5, entirely."""


class DeliveryDate(Part):
    """From when to when they come together; a whole day or a night is one, too."""

    starts: Moment
    ends: Moment


class PlanDelivery(CooperationCommand, ce_type="impulse.booking.plan_delivery.v1"):
    """They have found a date, or several, or others than before: all of them, those that have
    begun, too. Where something was done already, what is left of it gets dates of its own."""

    dates: Annotated[tuple[DeliveryDate, ...], Field(min_length=1, max_length=100)]

    @field_validator("dates")
    @classmethod
    def _apart(cls, dates: tuple[DeliveryDate, ...]) -> tuple[DeliveryDate, ...]:
        in_order = sorted(dates, key=lambda each: each.starts)
        if any(later.starts < each.ends for each, later in pairwise(in_order)):
            raise Broken("Termine überschneiden sich", "dates overlap")
        return dates


class ReportDelivery(CooperationCommand, ce_type="impulse.booking.report_delivery.v1"):
    """A side says what happened. Said again, it replaces what it said before."""

    side: Direction
    outcome: DeliveryOutcome
    reason: NotRedeemedReason | None = None
    """Why, if it was not done or partly; necessary then."""
    persons: Persons | None = None
    hours: Hours | None = None


class DecideDelivery(CooperationCommand, ce_type="impulse.booking.decide_delivery.v1"):
    """The approving side says what stands, whatever both have reported.

    That is the side with the need, which was there; and the other one where the side with the need
    alone has reported.
    """

    side: Direction
    outcome: DeliveryOutcome
    reason: NotRedeemedReason | None = None
    persons: Persons | None = None
    hours: Hours | None = None


class EvaluateCooperation(CooperationCommand, ce_type="impulse.booking.evaluate_cooperation.v1"):
    """A side says how good it was: what it was built on, how it went, and what came of it."""

    side: Direction
    structure: Grade
    process: Grade
    result: Grade
    again: Flag | None = None
    """Whether they would do it again."""


class CompleteCooperation(CooperationCommand, ce_type="impulse.booking.complete_cooperation.v1"):
    """It was carried out, and is over. A side says so when it was decided what stands; brokers, for
    themselves, also when nobody decides."""


class ContinueCooperation(CooperationCommand, ce_type="impulse.booking.continue_cooperation.v1"):
    """It was carried out, and goes on as a lasting partnership. When it is possible, as
    `CompleteCooperation`."""


class DeliveryReport(Part):
    """What a side, or in the end the approving one, says of what happened."""

    side: Open[Direction]
    at: Moment
    outcome: Open[DeliveryOutcome]
    reason: Open[NotRedeemedReason] | None = None
    persons: int | None = None
    hours: float | None = None
    on_behalf: OnBehalf | None = None
    on_both_sides: bool = False
    """Whether who says so belongs to both organisations."""


class Evaluation(Part):
    """How good a side finds it, from 1 to 5."""

    side: Open[Direction]
    at: Moment
    structure: int
    process: int
    result: int
    again: bool | None = None
    on_behalf: OnBehalf | None = None


class RedemptionCheck(Part):
    """Whether an agreement was carried out so many months after it was made, as far as is known,
    and else why not."""

    months: int
    on: Day
    redeemed: bool
    state: Open[CooperationState]
    """Where it was when this was looked at."""
    reason: Open[NotRedeemedReason] | None = None
