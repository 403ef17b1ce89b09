"""Reports: those that were asked for, and what is known of those that were cut; what they say is on
their topic."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.days import day_of
from impulse_booking.domain.report.cutting import Report
from impulse_chassis import Repository, Table, Transaction, moment_column

_BY_MYSELF = "SELECT pg_try_advisory_xact_lock(hashtext('impulse.booking.counting'))"
_PATIENTLY = """
    SET LOCAL statement_timeout = '30min';
    SET LOCAL max_parallel_workers_per_gather = 0
"""
_WANTED = """
    SELECT report_id FROM report WHERE cut_at IS NULL ORDER BY requested_at, report_id LIMIT 1
"""
_PAST = """
    SELECT report_id FROM report WHERE evidence_until < %s AND NOT evidence_deleted
    ORDER BY cut_off, report_id LIMIT 1
"""


class ReportRow(Table, table=True):
    """`Report`."""

    __tablename__ = "report"
    report_id: UUID = Field(primary_key=True)
    version: int
    begins: date
    cut_off: date
    requested_at: datetime = moment_column()
    preliminary: bool | None
    cut_at: datetime | None = moment_column()
    digest: str | None
    parts: int
    submitted_on: date | None
    evidence_until: date | None
    evidence_deleted: bool


reports: Repository[Report, UUID] = Repository(ReportRow, Report, ("Der Bericht", "The report"))


class Deleted:
    """The last day whose evidence is deleted; None while all is there."""

    until: date | None = None


def read_deleted(tx: Transaction) -> None:
    """Reads from when on there is evidence; one statement."""
    found = tx.cursor().execute("SELECT max(cut_off) FROM report WHERE evidence_deleted").fetchone()
    tx.memo(Deleted).until = found and found[0]


def is_work(tx: Transaction) -> bool:
    """Whether a report is to be counted, or evidence to be deleted."""
    found = tx.cursor().execute(f"({_WANTED}) UNION ALL ({_PAST})", (day_of(tx.now),))
    return found.fetchone() is not None


def next_wanted(tx: Transaction) -> Report | None:
    """The report to be counted next, for whoever does so by themselves; None while another does."""
    return _next(tx, _WANTED, ())


def next_past(tx: Transaction) -> Report | None:
    """The next report whose evidence need not be kept any more; as `next_wanted`."""
    return _next(tx, _PAST, (day_of(tx.now),))


def _next(tx: Transaction, which: str, parameters: tuple[object, ...]) -> Report | None:
    # The lock ends with the transaction, also where that ends with its process.
    cursor = tx.cursor()
    cursor.execute(_PATIENTLY)
    locked = cursor.execute(_BY_MYSELF).fetchone()
    found = cursor.execute(which, parameters).fetchone() if locked and locked[0] else None
    if found is None:
        return None
    reports.read(tx, found)
    return reports.get(tx, found[0])
