"""Reports for the funder: who may have one, and how long its evidence is kept.

They are counted beside the batches (`beside`).
"""

from impulse_booking.domain.report.cutting import Report
from impulse_booking.handlers.asking import demand_runs, read_people
from impulse_booking.store.reports import Deleted, read_deleted, reports
from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.booking.reports import (
    CutReport,
    ReportRequested,
    ReportSubmitted,
    SubmitReport,
    submission_key,
)
from impulse_contracts.reasons import Reason

handlers = Handlers()


@handlers.load(CutReport, SubmitReport)
def load_reports(tx: Transaction, messages: Messages) -> None:
    """Locks the reports, and reads who asks, and from when on there is evidence."""
    reports.lock(tx, {message.data.report_id for message in messages})
    read_people(tx, messages)
    read_deleted(tx)


@handlers.on(CutReport)
def cut_report(tx: Transaction, command: CutReport) -> Report:
    """Takes a report on; nothing is counted for who may not have it."""
    demand_runs(tx, None)
    if reports.get(tx, command.report_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=reports.subject)
    deleted = tx.memo(Deleted).until
    if deleted is not None and command.begins <= deleted:
        raise Refused(Reason.EVIDENCE_DELETED, detail=f"{deleted:%d.%m.%Y}")
    report = reports.put(tx, Report.requested(command, tx.now))
    tx.publish(ReportRequested.of(report))
    return report


@handlers.on(SubmitReport)
def submit_report(tx: Transaction, command: SubmitReport) -> Report:
    """Notes when a report went to the funder; the years that its evidence is kept begin."""
    demand_runs(tx, None)
    before = reports.require(tx, command.report_id)
    years = tx.settings.evidence_years
    report = reports.put(tx, before.submitted(command.submitted_on, years))
    tx.publish(ReportSubmitted.of(report), key=submission_key(report.report_id))
    return report
