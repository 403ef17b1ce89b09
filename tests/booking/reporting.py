"""A year of a small programme, for reports: who booked, who came, what was agreed."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from impulse_booking.beside import count_next
from impulse_chassis.testing import START, Log
from impulse_contracts.booking.bookings import RecordAttendance
from impulse_contracts.booking.reports import CutReport, Figure, ReportCut, ReportEvidence
from impulse_contracts.codes import ListingStatus
from impulse_contracts.matching import ProposalMutuallyAccepted
from impulse_contracts.registry.listings import ListingState
from tests.booking.given import mutually_accepted
from tests.booking.programme import NEXT_WEEK, SESSION, BookingWorld, ident, request

BEGINS, CUT_OFF = date(2026, 11, 1), date(2026, 12, 31)


def agreed(need: str, offer: str, **fields: Any) -> ProposalMutuallyAccepted:
    """A proposal that two organisations accepted; no example."""
    names = {"need_actor_id": ident(need), "offer_actor_id": ident(offer), "example": False}
    proposal = mutually_accepted(ident(f"{need}+{offer}"))
    return proposal.model_copy(update={**names, **fields})


def listing(kind: type[ListingState], name: str, owner: str, **fields: Any) -> ListingState:
    """A fact on a need of an organisation."""
    return kind.model_validate(
        {
            "version": 1,
            "listing_id": ident(name),
            "actor_id": ident(owner),
            "status": ListingStatus.OPEN,
            "direction": "need",
            "title": name,
            "resource_category": "hands",
            "topics": ["social_cohesion"],
            "confirmed_at": START,
            **fields,
        }
    )


class ReportWorld(BookingWorld):
    """Booking, and the reports that it cut."""

    def __init__(self, engine: Engine, log: Log | None = None) -> None:
        super().__init__(engine, **({"log": log} if log else {}))

    def workshop(self, **came: tuple[int, str]) -> None:
        """A workshop to which organisations came with so many persons, or did not come at all."""
        self.offered(len(came), *came)
        for name, (persons, _) in came.items():
            self.ask(request(name, SESSION, party_size=persons))
        self.advance(timedelta(hours=NEXT_WEEK))
        for name, (_, presence) in came.items():
            there = {"booking_id": ident(f"booking/{name}"), "attendance": [{"presence": presence}]}
            self.accepted(RecordAttendance.model_validate(there))

    def cut(self, begins: date = BEGINS, cut_off: date = CUT_OFF) -> ReportCut:
        """A report of the period."""
        report_id = uuid4()
        self.accepted(CutReport(report_id=report_id, begins=begins, cut_off=cut_off))
        self.count()
        cut: list[ReportCut] = [each.data for each in self.heard(ReportCut)]
        [found] = [each for each in cut if each.report_id == report_id]
        return found

    def count(self) -> None:
        """Counts all reports that were asked for, as the service's task has it done."""
        while count_next(self.engine, self.now):
            self.settle()

    def behind(self, report: ReportCut) -> dict[tuple[str, tuple[str, ...]], list[str]]:
        """The facts behind the rows of a report."""
        found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        parts = [each.data for each in self.heard(ReportEvidence)]
        own = [each for each in parts if each.report_id == report.report_id]
        assert sorted(each.number for each in own) == list(range(1, report.parts + 1))
        for part in sorted(own, key=lambda each: each.number):
            for row in part.behind:
                found.setdefault((row.figure, row.key), []).extend(row.facts)
        return found


def figure(report: ReportCut, name: str) -> Figure:
    """One figure of a report."""
    [found] = [each for each in report.figures if each.name == name]
    return found


def values(report: ReportCut, name: str) -> dict[tuple[str, ...], float]:
    """The rows of a figure."""
    return {row.key: row.value for row in figure(report, name).rows}


def content(report: ReportCut) -> str:
    """What a report says, without which one it is and when it was cut."""
    return report.model_dump_json(exclude={"report_id", "cut_at"})
