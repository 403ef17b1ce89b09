"""Cutting a report: every figure of a period, counted in one pass over the evidence.

A report is asked for first and cut later: counting takes a while, and nobody waits for it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Protocol, Self
from uuid import UUID

from impulse_booking.domain.days import months_later
from impulse_booking.domain.report.brokerage import Brokerage
from impulse_booking.domain.report.cooperations import Cooperations
from impulse_booking.domain.report.evidence import Evidence, Life, Noun, Period
from impulse_booking.domain.report.exposure import Exposure
from impulse_booking.domain.report.known import Known
from impulse_booking.domain.report.programme import Programme
from impulse_booking.domain.report.reached import Reached
from impulse_booking.domain.report.tally import Tally
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.booking.reports import Behind, CutReport, Figure
from impulse_contracts.reasons import Reason

PART_BYTES = 800_000
"""So much evidence goes into a part at most: with all else about a record it stays below 1 MiB."""


class Group(Protocol):
    """Some figures that are counted together, from what was said of things of some nouns."""

    nouns: ClassVar[frozenset[Noun]]

    def see(self, noun: Noun, life: Life) -> None:
        """Counts what became of one thing until the end of the period."""

    def tallies(self) -> Iterator[Tally]:
        """The figures, when everything was seen."""


class Report(Aggregate, key="report_id"):
    """That a report was asked for and, when it is cut, what its content is known by."""

    report_id: UUID
    begins: date
    cut_off: date
    requested_at: datetime
    preliminary: bool | None = None
    cut_at: datetime | None = None
    digest: str | None = None
    parts: int = 0
    """How many parts the evidence behind its figures was told in."""
    submitted_on: date | None = None
    evidence_until: date | None = None
    """The last day on which its evidence is kept; null: for good."""
    evidence_deleted: bool = False

    @classmethod
    def requested(cls, command: CutReport, now: datetime) -> Self:
        """One that will be cut."""
        return cls(
            version=1,
            report_id=command.report_id,
            begins=command.begins,
            cut_off=command.cut_off,
            requested_at=now,
        )

    @property
    def period(self) -> Period:
        """What it is about."""
        return Period(self.begins, self.cut_off)

    def part_id(self, number: int) -> UUID:
        """The id of a part of the evidence behind its figures, counted from 1."""
        return stable_uuid("report", str(self.report_id), str(number))

    def part_ids(self) -> Iterator[UUID]:
        """Those of all of them."""
        return map(self.part_id, range(1, self.parts + 1))

    def cut(self, digest: str, parts: int, now: datetime) -> Self:
        """It, with what was counted from all that was known at `now`."""
        is_complete = self.period.is_complete(now)
        return self.evolve(preliminary=not is_complete, cut_at=now, digest=digest, parts=parts)

    def submitted(self, day: date, years: int) -> Self:
        """It went to the funder on a day: its evidence is kept for so many years after.

        Refuses a report that is not complete, and one whose evidence is deleted already.
        """
        if self.cut_at is None or self.preliminary:
            raise Refused(Reason.NOT_CUT_YET)
        if self.evidence_deleted:
            raise Refused(Reason.EVIDENCE_DELETED, detail=f"{self.cut_off:%d.%m.%Y}")
        return self.evolve(submitted_on=day, evidence_until=months_later(day, 12 * years))

    def without_evidence(self) -> Self:
        """It, when its evidence was deleted."""
        return self.evolve(evidence_deleted=True)


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a report: its figures, and what is behind them, in parts, each made when it
    is asked for, and once."""

    figures: tuple[Figure, ...]
    parts: Iterator[tuple[Behind, ...]]
    late: int


class Cutting:
    """Counts the figures of a period. Things are seen noun by noun, in the order of `Noun`, with
    all the evidence on them in the order of its versions."""

    def __init__(self, period: Period) -> None:
        self._period = period
        self._start, self._end = period.start, period.end
        self._known = Known()
        self._groups: tuple[Group, ...] = (
            Reached(self._known),
            Programme(self._known, period),
            Brokerage(self._known),
            Exposure(self._known),
            Cooperations(self._known, period),
        )
        self._by_noun = {
            noun: [group for group in self._groups if noun in group.nouns] for noun in Noun
        }
        self._late = 0

    def see(self, noun: Noun, subject: str, evidence: Sequence[Evidence]) -> None:
        """Takes a thing into account."""
        life = Life(subject, evidence, self._start, self._end)
        self._known.learn(noun, life)
        if life.all:
            self._late += sum(each.late for each in life.now)
            for group in self._by_noun[noun]:
                group.see(noun, life)

    def draft(self) -> Draft:
        """The report, when everything was seen."""
        tallies = [tally for group in self._groups for tally in group.tallies()]
        figures = tuple(tally.figure() for tally in tallies)
        parts = _parts(behind for tally in tallies for behind in tally.behind())
        return Draft(figures, parts, self._late)


def _parts(behind: Iterator[Behind]) -> Iterator[tuple[Behind, ...]]:
    """Evidence in parts of `PART_BYTES` at most; what is behind one row may go on in the next."""
    part: list[Behind] = []
    size = 0
    for row in behind:
        head = 100 + sum(len(each) + 3 for each in (row.figure, *row.key))
        facts: list[str] = []
        size += head
        for fact in row.facts:
            if size + len(fact) + 3 > PART_BYTES:
                if facts:
                    part.append(row.model_copy(update={"facts": tuple(facts)}))
                yield tuple(part)
                part, facts, size = [], [], head
            facts.append(fact)
            size += len(fact) + 3
        part.append(row.model_copy(update={"facts": tuple(facts)}))
    if part:
        yield tuple(part)
