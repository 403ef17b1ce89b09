"""`impulse report`: reports for the funder, cut, shown and taken away by operators."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn
from uuid import UUID, uuid4

import typer
from rich.console import Console
from rich.table import Column, Table

from impulse_chassis.words import Words, language_of

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from impulse_contracts.booking.reports import Figure, ReportCut

reports = typer.Typer(no_args_is_help=True, help="Reports for the funder.")

NOT_DONE, UNUSABLE = 1, 2
"""How the process ends: refused, not there, or without an answer; nothing was sent."""


class Format(StrEnum):
    """What a report is written as."""

    CSV = "csv"
    JSON = "json"


Id = Annotated[UUID, typer.Argument(help="The id of the report, as `list` shows it.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]
Patience = Annotated[float, typer.Option("--timeout", min=1, help="Seconds to wait for it.")]
Kind = Annotated[Format, typer.Option("--format", help="csv: the figures; json: evidence too.")]
Output = Annotated[Path | None, typer.Option(help="A file; without it, standard output.")]


@reports.command("list")
def list_reports() -> None:
    """The newest reports, and those that are being counted."""
    from impulse_gateway.store import reports as kept

    with _reading() as connection:
        counting, found = kept.counting(connection), kept.search(connection)
    days = (_say(Words("Beginn", "begins")), _say(Words("Stichtag", "cut-off")))
    table = Table(Column("id", min_width=36), *days, "")
    for asked in counting:
        counted = _say(Words("wird gezählt", "being counted"))
        table.add_row(str(asked.report_id), str(asked.begins), str(asked.cut_off), counted)
    for cut in found.items:
        table.add_row(str(cut.report_id), str(cut.begins), str(cut.cut_off), _note(cut))
    _console().print(table)


@reports.command("cut")
def cut_report(begins: Day, cut_off: Day, patience: Patience = 600) -> None:
    """Have a report counted, and wait until it is there; prints its id."""
    from pydantic import ValidationError

    from impulse_chassis import client
    from impulse_contracts import faults
    from impulse_contracts.booking.reports import CutReport
    from impulse_contracts.outcomes import OutcomeRefused
    from impulse_gateway.exchange import kept

    try:
        command = CutReport(report_id=uuid4(), begins=begins.date(), cut_off=cut_off.date())
    except ValidationError as errors:
        _end(Words(*faults.in_words(errors.errors()[0])), UNUSABLE)
    try:
        outcome = client.send(command, patience=patience)
    except client.Unreachable as error:
        _end(Words(*error.words))
    if isinstance(outcome, OutcomeRefused):
        _end(Words(outcome.message.de, outcome.message.en))
    with _answering():
        is_there = outcome is not None and kept.wait_for(command.report_id, patience)
    if not is_there:
        _end(
            Words(
                f"{command.report_id} ist noch nicht da; der Auftrag gilt trotzdem.",
                f"{command.report_id} is not there yet; the command stands.",
            )
        )
    _console().print(str(command.report_id))


@reports.command()
def show(report_id: Id) -> None:
    """The figures of a report, each with its definition."""
    from impulse_gateway.domain import report_files

    with _reading() as connection:
        report = _found(connection, report_id)
    console, note = _console(), _note(report)
    console.print(f"{report.begins} – {report.cut_off}{f' ({note})' if note else ''}")
    for each in report.figures:
        total = "" if each.total is None else f": {each.total}"
        console.print(f"\n[bold]{_say(Words(each.de, each.en))}{total}[/bold]")
        console.print(_say(Words(each.definition_de, each.definition_en)), markup=False)
        if each.hidden:
            console.print(_say(Words(report_files.HIDDEN, "not given: fewer than five persons")))
        elif each.rows and each.dimensions:
            console.print(_table(each))


@reports.command()
def export(report_id: Id, kind: Kind, output: Output = None) -> None:
    """Write a report to a file; the same bytes as its page gives."""
    from impulse_gateway.domain import report_files
    from impulse_gateway.exchange import kept

    with _reading() as connection:
        report = _found(connection, report_id)
        text = report_files.as_csv(report) if kind == "csv" else kept.as_json(connection, report)
    if output is None:
        sys.stdout.buffer.write(text.encode())
        return
    try:
        output.write_bytes(text.encode())
    except OSError as error:
        _end(
            Words(
                f"{output} ist nicht zu schreiben: {error.strerror}",
                f"{output} can't be written: {error.strerror}",
            )
        )


@contextmanager
def _answering() -> Iterator[None]:
    """Ends the process where the database of the gateway does not answer."""
    from impulse_chassis import Unavailable

    try:
        yield
    except Unavailable:
        _end(Words("Die Datenbank ist nicht erreichbar.", "The database can't be reached."))


@contextmanager
def _reading() -> "Iterator[Connection]":
    """The database of the gateway; ends the process where it does not answer."""
    from impulse_gateway.exchange import kept

    with _answering(), kept.reading() as connection:
        yield connection


def _found(connection: "Connection", report_id: UUID) -> "ReportCut":
    """A report; ends the process where there is none."""
    from impulse_gateway.store import reports as kept

    found = kept.get(connection, report_id)
    if found is not None:
        return found
    if kept.requested(connection, report_id) is not None:
        _end(Words(f"{report_id} wird noch gezählt.", f"{report_id} is still being counted."))
    _end(Words(f"{report_id} ist nicht bekannt.", f"{report_id} is not known."))


def _table(figure: "Figure") -> Table:
    from impulse_gateway.domain import figures

    language = language_of()
    table = Table(*(figures.heading(each, language) for each in figure.dimensions), "")
    for row in figure.rows:
        names = zip(figure.dimensions, row.key, strict=True)
        table.add_row(*(figures.label(*name, language) for name in names), str(row.value))
    return table


def _note(report: "ReportCut") -> str:
    return _say(Words("vorläufig", "preliminary")) if report.preliminary else ""


def _say(words: Words) -> str:
    return words(language_of())


def _console(**more: Any) -> Console:
    return Console(soft_wrap=True, highlight=False, **more)


def _end(words: Words, status: int = NOT_DONE) -> NoReturn:
    _console(stderr=True).print(_say(words), markup=False)
    sys.exit(status)
