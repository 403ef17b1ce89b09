"""Reports for the funder: asked for, as booking cut them, and what is behind their figures."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection
from sqlmodel import Field

from impulse_chassis import Table, json_column, moment_column, project
from impulse_contracts.booking.reports import (
    ReportCut,
    ReportEvidence,
    ReportRequested,
    ReportSubmitted,
)
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page


class ReportRequestRow(Table, table=True):
    """`ReportRequested`; it stays when the report is there."""

    __tablename__ = "report_request"
    report_id: UUID = Field(primary_key=True)
    version: int
    begins: date
    cut_off: date
    requested_at: datetime = moment_column()


class ReportRow(Table, table=True):
    """The newest `ReportCut`."""

    __tablename__ = "report"
    report_id: UUID = Field(primary_key=True)
    version: int
    begins: date
    cut_off: date
    preliminary: bool
    cut_at: datetime = moment_column()
    figures: Any = json_column()
    late: int
    parts: int
    digest: str


class ReportPartRow(Table, table=True):
    """The newest `ReportEvidence`."""

    __tablename__ = "report_part"
    part_id: UUID = Field(primary_key=True)
    version: int
    report_id: UUID
    number: int
    behind: Any = json_column()


class ReportSubmissionRow(Table, table=True):
    """The newest `ReportSubmitted`."""

    __tablename__ = "report_submission"
    report_id: UUID = Field(primary_key=True)
    version: int
    begins: date
    cut_off: date
    submitted_on: date
    evidence_until: date


PROJECTIONS = [
    project(ReportSubmitted, into=ReportSubmissionRow),
    project(ReportRequested, into=ReportRequestRow),
    project(ReportCut, into=ReportRow),
    project(ReportEvidence, into=ReportPartRow),
]


def search(connection: Connection, *, after: str | None = None) -> Page[ReportCut]:
    """The reports, the newest first. Raises `BadCursor`."""
    return rows.page(
        connection,
        ReportCut,
        "report",
        [],
        {},
        order=("cut_at", "report_id"),
        kind=datetime.fromisoformat,
        descending=True,
        after=after,
    )


def counting(connection: Connection) -> list[ReportRequested]:
    """The reports that are being counted, the newest request first."""
    return rows.find(
        connection,
        ReportRequested,
        "SELECT row_to_json(t)::text FROM report_request AS t"
        " WHERE report_id NOT IN (SELECT report_id FROM report) ORDER BY requested_at DESC",
        {},
    )


def requested(connection: Connection, report_id: UUID) -> ReportRequested | None:
    """What was asked for under an id."""
    sql = "SELECT row_to_json(t)::text FROM report_request AS t WHERE report_id = %(id)s"
    found = rows.find(connection, ReportRequested, sql, {"id": report_id})
    return found[0] if found else None


def submission(connection: Connection, report_id: UUID) -> ReportSubmitted | None:
    """When a report went to the funder; None where nobody said so."""
    sql = "SELECT row_to_json(t)::text FROM report_submission AS t WHERE report_id = %(id)s"
    found = rows.find(connection, ReportSubmitted, sql, {"id": report_id})
    return found[0] if found else None


def get(connection: Connection, report_id: UUID) -> ReportCut | None:
    """A report."""
    sql = "SELECT row_to_json(t)::text FROM report AS t WHERE report_id = %(id)s"
    found = rows.find(connection, ReportCut, sql, {"id": report_id})
    return found[0] if found else None


def part(connection: Connection, report_id: UUID, number: int) -> ReportEvidence | None:
    """A part of what is behind a report."""
    found = rows.find(
        connection,
        ReportEvidence,
        "SELECT row_to_json(t)::text FROM report_part AS t"
        " WHERE report_id = %(id)s AND number = %(number)s",
        {"id": report_id, "number": number},
    )
    return found[0] if found else None
