"""Reports for the funder: who may have one. They are counted beside the batches (`counting`)."""

from impulse_booking.domain.report.cutting import Report
from impulse_booking.handlers.asking import demand_runs, read_people
from impulse_booking.store.reports import reports
from impulse_chassis import Handlers, Messages, Refused, Transaction
from impulse_contracts.booking.reports import CutReport, ReportRequested
from impulse_contracts.reasons import Reason

handlers = Handlers()


@handlers.load(CutReport)
def load_reports(tx: Transaction, messages: Messages) -> None:
    """Locks the reports, and reads who asks."""
    reports.lock(tx, {message.data.report_id for message in messages})
    read_people(tx, messages)


@handlers.on(CutReport)
def cut_report(tx: Transaction, command: CutReport) -> Report:
    """Takes a report on; nothing is counted for who may not have it."""
    demand_runs(tx, None)
    if reports.get(tx, command.report_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=reports.subject)
    report = reports.put(tx, Report.requested(command, tx.now))
    tx.publish(ReportRequested.of(report))
    return report
