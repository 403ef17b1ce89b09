"""Reports for the funder, cut from the evidence."""

from impulse_booking.domain.report.cutting import Cutting, Draft, Report
from impulse_booking.domain.report.evidence import Period
from impulse_booking.handlers.asking import demand_runs, read_people
from impulse_booking.store.evidence import lives
from impulse_booking.store.reports import reports
from impulse_chassis import Handlers, Messages, Refused, Transaction, stable_uuid
from impulse_contracts.booking.reports import CutReport, ReportCut, ReportEvidence
from impulse_contracts.reasons import Reason

handlers = Handlers()


class _Drafts(dict[Period, Draft]):
    """The reports of a batch, by period."""


@handlers.load(CutReport)
def load_evidence(tx: Transaction, messages: Messages) -> None:
    """Counts all that is asked for in one pass over the evidence."""
    reports.lock(tx, {message.data.report_id for message in messages})
    read_people(tx, messages)
    periods = {Period(each.data.begins, each.data.cut_off) for each in messages}
    cuttings = [(period, Cutting(period)) for period in periods]
    for noun, subject, evidence in lives(tx):
        for _, cutting in cuttings:
            cutting.see(noun, subject, evidence)
    tx.memo(_Drafts).update((period, cutting.draft()) for period, cutting in cuttings)


@handlers.on(CutReport)
def cut_report(tx: Transaction, command: CutReport) -> Report:
    """Cuts a report: the figures in one fact, and what is behind them in as many as it takes."""
    demand_runs(tx, None)
    if reports.get(tx, command.report_id) is not None:
        raise Refused(Reason.ALREADY_EXISTS, subject=reports.subject)
    period = Period(command.begins, command.cut_off)
    draft = tx.memo(_Drafts)[period]
    report = reports.put(
        tx,
        Report(
            version=1,
            report_id=command.report_id,
            begins=command.begins,
            cut_off=command.cut_off,
            preliminary=not period.is_complete(tx.now),
            cut_at=tx.now,
            digest=draft.digest,
        ),
    )
    for number, behind in enumerate(draft.parts, 1):
        part_id = stable_uuid("report", str(report.report_id), str(number))
        tx.publish(
            ReportEvidence(
                version=1,
                part_id=part_id,
                report_id=report.report_id,
                number=number,
                behind=behind,
            )
        )
    tx.publish(ReportCut.of(report, figures=draft.figures, late=draft.late, parts=len(draft.parts)))
    return report
