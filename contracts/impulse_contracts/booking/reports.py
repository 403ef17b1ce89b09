"""Reports for the funder: figures at a cut-off day, with the ids of the facts behind them.

A report is asked for by a command, whose answer is at once whether it will be cut
(`ReportRequested`); it is counted beside all else, and comes as one fact (`ReportCut`). What is
behind its figures may be much and comes in parts (`ReportEvidence`), each small enough for a
record.
"""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Self
from uuid import UUID

from pydantic import model_validator

from impulse_contracts import topics
from impulse_contracts.booking.codes import FigureUnit
from impulse_contracts.faults import Broken
from impulse_contracts.message import Command, Fact, Part
from impulse_contracts.types import Day, Moment, Open

LONGEST = 10 * 366
"""So many days a report covers at most."""


class CutReport(
    Command,
    ce_type="impulse.booking.cut_report.v1",
    topic=topics.BOOKING_COMMANDS,
    key="report_id",
):
    """For the programme: the figures of a period, by what had happened at the end of its last day.

    Days begin and end as they do in Germany. Accepted, it will be cut: `ReportCut` follows.
    """

    report_id: UUID
    begins: Day
    cut_off: Day
    """The last day that counts."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.cut_off < self.begins:
            raise Broken("cut_off: liegt vor begins", "cut_off: lies before begins")
        if (self.cut_off - self.begins).days >= LONGEST:
            raise Broken(
                "cut_off: höchstens zehn Jahre nach begins",
                "cut_off: at most ten years after begins",
            )
        return self


class SubmitReport(
    Command,
    ce_type="impulse.booking.submit_report.v1",
    topic=topics.BOOKING_COMMANDS,
    key="report_id",
):
    """For the programme: a report went to the funder. What is behind it is kept for some years from
    then on, and deleted afterwards. A further one corrects the day."""

    report_id: UUID
    submitted_on: Day


class FigureRow(Part):
    """One value of a figure: that of `key`, which has a code for each of its dimensions."""

    key: tuple[str, ...] = ()
    value: int | float
    facts: int | None = None
    """How many facts are behind it; null where it counts persons: their ids are not given."""


class Figure(Part):
    """What is counted, how it is defined, and what it comes to."""

    name: str
    de: str
    en: str
    definition_de: str
    definition_en: str
    unit: Open[FigureUnit]
    dimensions: tuple[str, ...] = ()
    of_persons: bool = False
    """Whether it counts or describes persons: small values are not given then."""
    total: int | float | None = None
    """Null: not given, or not to be added up."""
    hidden: bool = False
    """Whether there are values that are not given, as they would tell of fewer than five persons:
    then there are no rows, and no total where that is small itself."""
    rows: tuple[FigureRow, ...] = ()


class Behind(Part):
    """Ids (`ce_id`) of facts behind a row of a figure."""

    figure: str
    key: tuple[str, ...] = ()
    facts: tuple[str, ...]


def digest(begins: date, cut_off: date, figures: Iterable[Figure], behind: Iterable[Behind]) -> str:
    """SHA-256 of all that a report says: the period, then each figure and what is behind them in
    the order in which they stand, a JSON text in each line."""
    found = Digest(begins, cut_off, figures)
    for each in behind:
        found.add(each)
    return found.text()


class Digest:
    """The same, of what comes bit by bit."""

    def __init__(self, begins: date, cut_off: date, figures: Iterable[Figure]) -> None:
        self._found = hashlib.sha256(f"{begins}/{cut_off}\n".encode())
        for each in figures:
            self.add(each)

    def add(self, each: Figure | Behind) -> None:
        """Takes what comes next into account."""
        self._found.update(each.model_dump_json().encode() + b"\n")

    def text(self) -> str:
        """The digest of all that came."""
        return self._found.hexdigest()


class ReportFact(Fact, topic=topics.REPORTS, key="report_id"):
    """Something on a report: of which period it is."""

    report_id: UUID
    begins: Day
    cut_off: Day


class ReportRequested(ReportFact, ce_type="impulse.booking.report.requested.v1"):
    """A report will be cut: it is being counted."""

    requested_at: Moment


class ReportCut(ReportFact, ce_type="impulse.booking.report.cut.v1"):
    """The figures of a period at its cut-off day."""

    preliminary: bool
    """Whether more can still count: the period is not over, or has not been for a whole day."""
    cut_at: Moment
    figures: tuple[Figure, ...] = ()
    late: int = 0
    """How many facts of earlier days count here, as they were more than a day on their way."""
    parts: int
    """How many parts its evidence has."""
    digest: str
    """As `digest` makes it: what was cut from the same facts has the same."""


class ReportSubmitted(ReportFact, ce_type="impulse.booking.report.submitted.v1"):
    """A report went to the funder. Under a record key of its own, so that compaction keeps the
    figures (`submission_key`)."""

    submitted_on: Day
    evidence_until: Day
    """The last day on which what is behind it is kept."""


class EvidenceDeleted(ReportFact, ce_type="impulse.booking.report.evidence_deleted.v1"):
    """What booking kept of the period, and of all before it, is deleted, as it need not be kept any
    more; apart from what later reports rest on. The parts of its evidence end with a tombstone."""

    evidence_until: Day


def submission_key(report_id: UUID) -> str:
    """The record key of what is said on the submission of a report."""
    return f"{report_id}/submission"


class ReportEvidence(
    Fact, ce_type="impulse.booking.report.evidence.v1", topic=topics.REPORTS, key="part_id"
):
    """A part of what is behind the figures of a report."""

    part_id: UUID
    report_id: UUID
    number: int
    """Counted from 1."""
    behind: tuple[Behind, ...] = ()
