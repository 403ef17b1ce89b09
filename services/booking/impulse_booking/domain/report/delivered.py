"""What was delivered: by how many persons and for how long, as the approving side confirmed."""

from collections import defaultdict
from fractions import Fraction
from typing import Any, NamedTuple, Self

from impulse_booking.domain.report.evidence import Evidence
from impulse_booking.domain.report.tally import UNKNOWN, Definition, Tally, exact
from impulse_contracts.codes import CooperationState

CARRIED_OUT = frozenset(
    {CooperationState.EVALUATING, CooperationState.COMPLETED, CooperationState.CONTINUED}
)
"""The states of what was carried out."""


def is_carried_out(said: dict[str, Any]) -> bool:
    """Whether it stands that a cooperation was carried out, at least partly."""
    return bool(said.get("redeemed")) or said["state"] in CARRIED_OUT


class Confirmed(NamedTuple):
    """What the approving side confirmed of a cooperation."""

    mode: str
    persons: int
    hours: Fraction | None

    @classmethod
    def by(cls, fact: Evidence | None) -> Self | None:
        """What was confirmed by then; None where nothing was, or where it does not stand."""
        if fact is None or not is_carried_out(fact.said):
            return None
        persons, said = fact.said.get("persons"), fact.said.get("hours")
        if persons is None and said is None:
            return None
        # Where nobody said how many they were, it was somebody at least.
        at_least = 1 if persons is None and said else 0
        hours = None if said is None else exact(said)
        return cls(fact.said.get("mode") or UNKNOWN, persons or at_least, hours)


class Delivered:
    """Persons, and the hours of them, by something: by how much what is confirmed when the period
    ends is more, or less, than what was when it began."""

    def __init__(self, persons: Definition, hours: Definition) -> None:
        self.persons, self.hours = Tally(persons), Tally(hours)
        self._timed = Tally(persons)
        """The persons that the hours are those of: of others nobody said how long."""

    def count(
        self, before: tuple[str, Confirmed] | None, after: tuple[str, Confirmed] | None
    ) -> None:
        """What was confirmed of a cooperation before the period and until its end, each with the
        row in which it is counted."""
        timed: dict[str, list[int]] = defaultdict(list)
        for sign, found in ((-1, before), (1, after)):
            if found is not None:
                row, confirmed = found
                self.persons.add((row,), value=sign * confirmed.persons)
                if confirmed.hours is not None:
                    self.hours.add((row,), value=sign * confirmed.hours)
                    timed[row].append(confirmed.persons)
        for row, persons in timed.items():
            self._timed.add((row,), value=min(persons))

    def tallies(self) -> tuple[Tally, Tally]:
        """The figures."""
        self.hours.hide_as(self.persons, self._timed)
        return self.persons, self.hours
