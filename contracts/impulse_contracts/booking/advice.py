"""Advice: when advisers have time, and what came of a talk.

A slot is a session with one place, set from the adviser's working hours: it is booked, waited for
and cancelled like any other.
"""

from itertools import pairwise
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from impulse_contracts import topics
from impulse_contracts.faults import Broken
from impulse_contracts.message import Command, Fact, Part, Timer
from impulse_contracts.types import Day, Description, Flag, OptionalName, Title, Website, Whole

LONGEST_PAUSE = 240
"""So many minutes are between two talks at most."""
_CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
Clock = Annotated[str, Field(pattern=_CLOCK, examples=["09:30"])]
"""A time of day, by the clock of Germany."""


class WorkingHours(Part):
    """Some hours of a day of the week; 0 is Monday."""

    weekday: int
    begins: str
    ends: str


class ReportedWorkingHours(WorkingHours):
    """Some hours of a day of the week; 0 is Monday."""

    weekday: Annotated[Whole, Field(ge=0, le=6)]
    begins: Clock
    ends: Clock

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.begins >= self.ends:
            raise Broken("ends: liegt nicht nach begins", "ends: does not lie after begins")
        return self


class SetAdviceHours(
    Command,
    ce_type="impulse.booking.set_advice_hours.v1",
    topic=topics.BOOKING_COMMANDS,
    key="adviser_id",
):
    """When somebody gives advice. Slots that are free and do not fit any more are taken back;
    those that are booked stand."""

    adviser_id: UUID
    """The adviser, by person id."""
    programme_offer_id: UUID
    weekly: Annotated[tuple[ReportedWorkingHours, ...], Field(max_length=40)]
    """Without any, no more advice is given."""
    slot_minutes: Annotated[Whole, Field(ge=10, le=480)] = 45
    buffer_minutes: Annotated[Whole, Field(ge=0, le=LONGEST_PAUSE)] = 15
    """How long there is nothing after a talk."""
    notice_hours: Annotated[Whole, Field(ge=0, le=720)] = 24
    """How long before a talk it has to be booked."""
    weeks_ahead: Annotated[Whole, Field(ge=1, le=12)] = 4
    blocked: Annotated[tuple[Day, ...], Field(max_length=400)] = ()
    """Days on which there is none: holidays, leave."""
    online_link: Website | None = None
    keeps_link: Flag = False
    """Whether the link that was given before stands: it is shown to nobody who could repeat it."""

    @model_validator(mode="after")
    def _apart(self) -> Self:
        ordered = sorted(self.weekly, key=lambda each: (each.weekday, each.begins))
        for one, other in pairwise(ordered):
            if one.weekday == other.weekday and other.begins < one.ends:
                raise Broken("weekly: Zeiten überschneiden sich", "weekly: hours overlap")
        return self


class RecordAdvice(
    Command,
    ce_type="impulse.booking.record_advice.v1",
    topic=topics.BOOKING_COMMANDS,
    key="booking_id",
):
    """For the programme: what was talked about, what came of it, and what is next."""

    booking_id: UUID
    topic_of_talk: Title
    outcome: Annotated[Description, Field(min_length=1)]
    next_step: OptionalName | None = None


class OpenSlots(
    Timer,
    ce_type="impulse.booking.open_slots.v1",
    topic=topics.BOOKING_COMMANDS,
    key="adviser_id",
):
    """Another day is near enough to be booked."""

    adviser_id: UUID


class AdviceHoursFact(Fact, topic=topics.PROGRAMME, key="adviser_id"):
    """When an adviser has time."""

    adviser_id: UUID
    programme_offer_id: UUID
    weekly: tuple[WorkingHours, ...] = ()
    slot_minutes: int
    buffer_minutes: int
    notice_hours: int
    weeks_ahead: int
    blocked: tuple[Day, ...] = ()
    online: bool = False
    """Whether there is a link for talks online; it is told to those who have booked."""


class AdviceHoursSet(AdviceHoursFact, ce_type="impulse.booking.advice_hours.set.v1"):
    """An adviser has other hours now."""
