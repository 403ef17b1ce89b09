"""Reports that were cut; what they say is on their topic."""

from datetime import date, datetime
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.report.cutting import Report
from impulse_chassis import Repository, Table, moment_column


class ReportRow(Table, table=True):
    """`Report`."""

    __tablename__ = "report"
    report_id: UUID = Field(primary_key=True)
    version: int
    begins: date
    cut_off: date
    preliminary: bool
    cut_at: datetime = moment_column()
    digest: str


reports: Repository[Report, UUID] = Repository(ReportRow, Report, ("Der Bericht", "The report"))
