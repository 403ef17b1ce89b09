"""Reports: those that were asked for, and what is known of those that were cut; what they say is on
their topic."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.report.cutting import Report
from impulse_chassis import Repository, Table, Transaction, moment_column

_BY_MYSELF = "SELECT pg_try_advisory_xact_lock(hashtext('impulse.booking.counting'))"
_PATIENTLY = """
    SET LOCAL statement_timeout = '30min';
    SET LOCAL max_parallel_workers_per_gather = 0
"""
_WANTED = "SELECT report_id FROM report WHERE cut_at IS NULL ORDER BY requested_at, report_id"


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


reports: Repository[Report, UUID] = Repository(ReportRow, Report, ("Der Bericht", "The report"))


def is_wanted(tx: Transaction) -> bool:
    """Whether a report is to be counted."""
    return tx.cursor().execute(_WANTED + " LIMIT 1").fetchone() is not None


def next_wanted(tx: Transaction) -> Report | None:
    """The report to be counted next, for whoever counts by themselves; None while another does.

    The lock ends with the transaction, also where that ends with its process.
    """
    cursor = tx.cursor()
    cursor.execute(_PATIENTLY)
    locked = cursor.execute(_BY_MYSELF).fetchone()
    found = cursor.execute(_WANTED + " LIMIT 1").fetchone() if locked and locked[0] else None
    if found is None:
        return None
    reports.read(tx, found)
    return reports.get(tx, found[0])
