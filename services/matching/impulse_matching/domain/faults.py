"""What a listing may say that cannot be: it is left out of matching, and counted."""

from __future__ import annotations

from math import inf

from impulse_contracts import recurrence
from impulse_contracts.codes import TimeMode
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.types import Coded


class Fault(Coded):
    """Why nothing can match a listing."""

    ENDS_BEFORE_IT_BEGINS = (
        "ends_before_it_begins",
        "die Zeit endet, bevor sie beginnt",
        "its time ends before it begins",
    )
    NO_DURATION = (
        "no_duration",
        "die Dauer ist keine",
        "its duration is none",
    )
    NO_TEAM = "no_team", "die Teamgröße ist keine", "its team size is none"
    NEGATIVE_RADIUS = "negative_radius", "der Umkreis ist negativ", "its radius is below zero"
    NO_RULE = (
        "no_rule",
        "die Wiederholung ist keine Regel",
        "its recurrence is no rule",
    )
    ENDLESS = (
        "endless",
        "die Wiederholung hat kein Ende",
        "its recurrence has no end",
    )


def fault_of(state: ListingState) -> Fault | None:
    """The first thing that cannot be; None where all can."""
    time, team, reach = state.time, state.team_size, state.place.max_distance_km
    if time.start and time.end and time.end < time.start:
        return Fault.ENDS_BEFORE_IT_BEGINS
    if time.duration_hours is not None and not 0 <= time.duration_hours < inf:
        return Fault.NO_DURATION
    if team and not 0 < team.min <= team.max:
        return Fault.NO_TEAM
    if reach is not None and reach < 0:
        return Fault.NEGATIVE_RADIUS
    if time.mode is TimeMode.RECURRING and time.rrule:
        if recurrence.parts(time.rrule) is None:
            return Fault.NO_RULE
        if not (time.end or state.valid_until or recurrence.has_end(time.rrule)):
            return Fault.ENDLESS
    return None
