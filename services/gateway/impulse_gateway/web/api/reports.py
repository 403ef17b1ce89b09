"""Reports for the funder. For brokers and operators."""

from uuid import UUID

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from impulse_contracts.booking.reports import CutReport, ReportCut, ReportRequested, SubmitReport
from impulse_gateway.store import reports
from impulse_gateway.store.rows import Page
from impulse_gateway.web.api.asking import Asking
from impulse_gateway.web.api.models import PROBLEMS, REFUSALS, NewReport, OperationView, Submission
from impulse_gateway.web.pages import reports as pages
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/api/reports", tags=["reports"], responses={**PROBLEMS, **REFUSALS})


@router.get("")
async def list_reports(request: Request, after: str | None = None) -> Page[ReportCut]:
    """The reports that were cut, the newest first."""
    return await site_of(request).db(lambda connection: reports.search(connection, after=after))


@router.post("", status_code=202)
async def cut_report(ask: Asking, body: NewReport) -> OperationView:
    """Has a report counted; the operation is done when it is taken on, and the report follows."""
    report_id = body.report_id or ask.key
    return await ask(CutReport(report_id=report_id, begins=body.begins, cut_off=body.cut_off))


@router.get("/{report_id}", responses={202: {"model": ReportRequested}})
async def get_report(
    request: Request, response: Response, report_id: UUID
) -> ReportCut | ReportRequested:
    """A report; while it is being counted, with status 202, what was asked for."""
    site = site_of(request)
    found = await site.db(lambda connection: reports.get(connection, report_id))
    if found is not None:
        return found
    asked = await site.db(lambda connection: reports.requested(connection, report_id))
    if asked is None:
        raise Problem.not_found()
    response.status_code = 202
    return asked


@router.get("/{report_id}/report.csv", response_class=Response)
async def get_report_csv(request: Request, report_id: UUID) -> Response:
    """The figures of a report as a table, in German, with the definitions."""
    return await pages.as_csv(request, report_id)


@router.get("/{report_id}/report.json", response_class=Response)
async def get_report_json(request: Request, report_id: UUID) -> StreamingResponse:
    """A report with the ids of the facts behind its figures."""
    return await pages.as_json(request, report_id)


@router.put("/{report_id}/submission", status_code=202)
async def submit_report(ask: Asking, report_id: UUID, body: Submission) -> OperationView:
    """Notes when a report went to the funder: its evidence is kept for some years from then on."""
    return await ask(SubmitReport(report_id=report_id, submitted_on=body.submitted_on))
