"""Evidence: what a fact leaves for reports, and the period whose figures are asked for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from impulse_booking.domain.days import day_of, midnight_of

ON_THE_WAY = timedelta(days=1)
"""So long after it happened a fact may reach the log and still count for when it happened."""


class Noun(StrEnum):
    """What facts are about. Those that others are explained by come before them."""

    ACTOR = "actor"
    OFFER = "offer"
    SESSION = "session"
    EDITION = "edition"
    LISTING = "listing"
    PROPOSAL = "proposal"
    REQUEST = "request"
    BOOKING = "booking"
    SUPPORT = "support"
    COOPERATION = "cooperation"
    ACT = "act"
    """The first that an organisation did, where the evidence of it is deleted."""


def counts_at(happened: datetime, logged: datetime) -> datetime:
    """When a fact counts: when it happened, or, where it was longer on its way than `ON_THE_WAY`,
    when it reached the log.

    So a day after the end of a period its evidence is complete in the log, and stays as it is:
    what comes later counts in the next one. `logged` is what the log says, for every reader the
    same.
    """
    return happened if logged - happened <= ON_THE_WAY else logged


class Evidence(NamedTuple):
    """What one fact left: its id and type, when it counts, and what figures need of it."""

    fact_id: str
    type: str
    version: int
    at: datetime
    late: bool
    said: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Period:
    """From the beginning of a day to the end of another, by the calendar of Germany."""

    begins: date
    cut_off: date

    @property
    def start(self) -> datetime:
        """The first moment that counts."""
        return midnight_of(self.begins).astimezone(UTC)

    @property
    def end(self) -> datetime:
        """The first moment that does not count any more."""
        return midnight_of(self.cut_off + timedelta(days=1)).astimezone(UTC)

    def is_complete(self, now: datetime) -> bool:
        """Whether nothing more can count: the period has been over for as long as facts may be on
        their way."""
        return now >= self.end + ON_THE_WAY


def quarter(at: datetime) -> str:
    """The quarter of a moment: `2027-Q1`."""
    day = day_of(at)
    return f"{day.year}-Q{(day.month + 2) // 3}"


class Life:
    """All evidence on one thing up to the end of a period, in the order of its versions, and what
    of it falls into the period (`now`)."""

    __slots__ = ("_start", "all", "known", "now", "subject")

    def __init__(
        self, subject: str, evidence: Sequence[Evidence], start: datetime, end: datetime
    ) -> None:
        self.subject = subject
        self._start = start
        self.all = [each for each in _in_order(evidence) if each.at < end]
        self.now = [each for each in self.all if each.at >= start]
        # What is known of a thing only from later on was the same before, as far as anybody knows.
        self.known = self.all[-1] if self.all else evidence[0]

    def held(self, where: Callable[[Evidence], bool]) -> bool:
        """Whether something was so at any time in the period: when it began, or by a fact of it."""
        before, _ = self.standing()
        return any(where(each) for each in ((before,) if before else ()) + (*self.now,))

    def standing(self, *types: str) -> tuple[Evidence | None, Evidence | None]:
        """The newest fact, of one of these types if any are named: when the period began, and when
        it ended.

        What counts by the difference between the two counts once, however time is divided.
        """
        found = [each for each in self.all if not types or each.type in types]
        before = [each for each in found if each.at < self._start]
        return (before[-1] if before else None), (found[-1] if found else None)

    def first(self, *types: str) -> Evidence | None:
        """The first fact of one of these types."""
        return next((each for each in self.all if each.type in types), None)

    def within(self, found: Evidence | None) -> Evidence | None:
        """`found`, if it falls into the period."""
        return found if found is not None and found.at >= self._start else None


def _in_order(evidence: Sequence[Evidence]) -> Iterator[Evidence]:
    """Evidence on a thing: where a fact was long on its way, what came after it counts no sooner,
    so that what was first at the end of one period is first at the end of the next one, too."""
    at: datetime | None = None
    for each in evidence:
        at = each.at if at is None else max(at, each.at)
        yield each if at == each.at else each._replace(at=at)
