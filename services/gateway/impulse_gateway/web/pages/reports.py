"""Reports for the funder: those that were cut, to read, print and take away, and a new one."""

from functools import partial
from typing import Any
from uuid import UUID, uuid4

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from impulse_chassis import stable_uuid
from impulse_contracts import faults
from impulse_contracts.booking.reports import CutReport, ReportCut, SubmitReport
from impulse_gateway.domain import figures, report_files
from impulse_gateway.store import reports
from impulse_gateway.web import listing_form
from impulse_gateway.web.commands import submit
from impulse_gateway.web.listing_form import Entered, Fault
from impulse_gateway.web.pages import forms
from impulse_gateway.web.problems import Problem
from impulse_gateway.web.rendering import page
from impulse_gateway.web.site import site_of

router = APIRouter(prefix="/reports", include_in_schema=False)

NO_DAY = ("bitte einen Tag angeben", "please give a day")


@router.get("")
async def cut(request: Request, after: str | None = None) -> Response:
    """The reports, the newest first, and the form of a new one."""
    return await _show(request, {}, [], after)


@router.post("")
async def cut_one(request: Request) -> Response:
    """Cuts a report of the period that was entered, or shows the form with what is wrong."""
    values = listing_form.entered((await request.form()).multi_items())
    operation = forms.operation_id(values.get("operation", [""])[0])
    days = {name: values.get(name, [""])[0] for name in ("begins", "cut_off")}
    report_id = stable_uuid("report", str(operation))
    try:
        command = CutReport.model_validate({"report_id": report_id, **days})
    except ValidationError as errors:
        wrong = [
            Fault(str(error["loc"][0]), *NO_DAY)
            if error["loc"]
            # A rule about both is told with the later one.
            else Fault("cut_off", *faults.in_words(error))
            for error in errors.errors()
        ]
        return await _show(request, values, wrong, None)
    asked = await submit(request, command, operation)
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)


@router.get("/{report_id}")
async def report(request: Request, report_id: UUID) -> Response:
    """A report with its definitions, to read and to print; until it is cut, that it is counted."""
    site = site_of(request)
    found = await site.db(lambda connection: reports.get(connection, report_id))
    if found is None:
        asked = await site.db(lambda connection: reports.requested(connection, report_id))
        if asked is None:
            raise Problem.not_found()
        return page(request, "report_counted.html", report=asked)
    return await _show_one(request, found, {}, [])


@router.post("/{report_id}/submission")
async def submitted(request: Request, report_id: UUID) -> Response:
    """Notes when a report went to the funder, or shows it with what is wrong."""
    found = await _report(request, report_id)
    values = listing_form.entered((await request.form()).multi_items())
    operation = forms.operation_id(values.get("operation", [""])[0])
    day = values.get("submitted_on", [""])[0]
    try:
        command = SubmitReport.model_validate({"report_id": report_id, "submitted_on": day})
    except ValidationError:
        return await _show_one(request, found, values, [Fault("submitted_on", *NO_DAY)])
    asked = await submit(request, command, operation)
    return RedirectResponse(f"/operations/{asked.operation_id}", 303)


@router.get("/{report_id}/report.csv")
async def as_csv(request: Request, report_id: UUID) -> Response:
    """The figures of a report as a table."""
    found = await _report(request, report_id)
    return Response(
        report_files.as_csv(found),
        media_type="text/csv; charset=utf-8; header=present",
        headers=_named(found, "csv"),
    )


@router.get("/{report_id}/report.json")
async def as_json(request: Request, report_id: UUID) -> StreamingResponse:
    """A report with the ids of the facts behind its figures."""
    found = await _report(request, report_id)
    site = site_of(request)

    async def read(number: int) -> Any:
        return await site.db(partial(reports.part, report_id=report_id, number=number))

    return StreamingResponse(
        report_files.as_json(found, read),
        media_type="application/json",
        headers=_named(found, "json"),
    )


def _named(found: ReportCut, ending: str) -> dict[str, str]:
    name = f"impulse-{found.begins}-{found.cut_off}.{ending}"
    return {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}


async def _report(request: Request, report_id: UUID) -> ReportCut:
    found = await site_of(request).db(lambda connection: reports.get(connection, report_id))
    if found is None:
        raise Problem.not_found()
    return found


async def _show_one(
    request: Request, found: ReportCut, values: Entered, wrong: list[Fault]
) -> Response:
    site = site_of(request)
    said = await site.db(lambda connection: reports.submission(connection, found.report_id))
    return page(
        request,
        "report.html",
        status=422 if wrong else 200,
        report=found,
        submission=said,
        called=figures.label,
        heading=figures.heading,
        values=values,
        faults=wrong,
        new_operation=uuid4,
    )


async def _show(
    request: Request, values: Entered, wrong: list[Fault], after: str | None
) -> Response:
    site = site_of(request)
    found = await site.db(lambda connection: reports.search(connection, after=after))
    lists: dict[str, Any] = {"found": found, "first": after is None}
    lists["counting"] = await site.db(reports.counting)
    return page(
        request,
        "reports.html",
        status=422 if wrong else 200,
        values=values,
        faults=wrong,
        new_operation=uuid4,
        **lists,
    )
