"""`impulse import` and `impulse export`: the commands that the registry adds for operators."""

import asyncio
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from impulse_chassis.client import ClientSettings, Unreachable
from impulse_chassis.words import Unusable, Words, language_of
from impulse_contracts import topics
from impulse_contracts.directory import ATTRIBUTION
from impulse_contracts.message import Report
from impulse_contracts.partner import ActorReported, ListingReported
from impulse_contracts.partner_topics import partner_topic_name
from impulse_registry.exchange import exporting as exports
from impulse_registry.exchange.exporting import Format, ListingFormat
from impulse_registry.exchange.importing import Checked, Result, finish, prepare, send

importing = typer.Typer(no_args_is_help=True, help="Report what a CSV file holds.")
exporting = typer.Typer(no_args_is_help=True, help="Write the public directory to a file.")

SOME_REJECTED, UNUSABLE = 1, 2
"""How the process ends: some rows were not taken; nothing was sent."""

T = TypeVar("T")


class Language(StrEnum):
    """The languages of the output."""

    DE = "de"
    EN = "en"


File = Annotated[Path, typer.Argument(help="The CSV file.")]
MappingName = Annotated[
    str, typer.Option("--mapping", help="A mapping file (TOML), or the name of a shipped one.")
]
Source = Annotated[
    str, typer.Option(help="Whose file it is: the ce_source, https://ehrenamt.example/api")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check the file, send nothing.")]
ObservedAt = Annotated[
    str | None,
    typer.Option(help="When the rows were so (RFC 3339); else a column or the file says."),
]
Encoding = Annotated[str | None, typer.Option(help="Recognised unless given: cp1252, cp850 ...")]
Partner = Annotated[
    str | None, typer.Option(help="Send to the partner's own topic, by its short name.")
]
Patience = Annotated[
    float, typer.Option("--timeout", min=1, help="Seconds without news before it gives up.")
]
Chosen = Annotated[
    Language | None, typer.Option("--language", help="Of the output; else the terminal's.")
]


Output = Annotated[Path | None, typer.Option(help="The file; else standard output.")]


@importing.command("actors")
def import_actors(
    file: File,
    mapping: MappingName,
    source: Source,
    dry_run: DryRun = False,
    observed_at: ObservedAt = None,
    encoding: Encoding = None,
    partner: Partner = None,
    patience: Patience = 60,
    language: Chosen = None,
) -> None:
    """Report organisations; rows that are not taken go to FILE.rejected.csv, with the reason."""
    _import(
        ActorReported, file, mapping, source, dry_run, observed_at, encoding, partner, patience,
        language or Language(language_of()),
    )  # fmt: skip


@importing.command("listings")
def import_listings(
    file: File,
    mapping: MappingName,
    source: Source,
    dry_run: DryRun = False,
    observed_at: ObservedAt = None,
    encoding: Encoding = None,
    partner: Partner = None,
    patience: Patience = 60,
    language: Chosen = None,
) -> None:
    """Report offers and needs; rows that are not taken go to FILE.rejected.csv, with the reason."""
    _import(
        ListingReported, file, mapping, source, dry_run, observed_at, encoding, partner, patience,
        language or Language(language_of()),
    )  # fmt: skip


@exporting.command("actors")
def export_actors(
    shape: Annotated[Format, typer.Option("--format", help="How it is written.")] = Format.CSV,
    output: Output = None,
    language: Chosen = None,
) -> None:
    """Write the organisations that everybody may see; beside a CSV file goes its description."""
    settings = ClientSettings.from_environment()
    chosen = language or Language(language_of())
    _export(chosen, output, lambda: asyncio.run(exports.actors(settings, shape)))
    if output and shape is Format.CSV:
        path = exports.write_metadata(output)
        _note(chosen, Words(f"Beschrieben in {path}", f"Described in {path}"))


@exporting.command("listings")
def export_listings(
    shape: Annotated[
        ListingFormat, typer.Option("--format", help="How they are written.")
    ] = ListingFormat.JSONL,
    output: Output = None,
    language: Chosen = None,
) -> None:
    """Write the open offers and needs of the organisations that everybody may see."""
    settings = ClientSettings.from_environment()
    chosen = language or Language(language_of())
    _export(chosen, output, lambda: asyncio.run(exports.listings(settings, shape)))


def _export(language: Language, output: Path | None, work: Callable[[], Iterator[str]]) -> None:
    pieces = _or_end(language, work)
    if output is None:
        sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
        sys.stdout.writelines(pieces)
    else:
        _or_end(language, lambda: _written(output, pieces))
    _note(language, Words(*ATTRIBUTION))


def _written(output: Path, pieces: Iterator[str]) -> None:
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as error:
        raise Unusable(
            f"{output} ist nicht zu schreiben: {error.strerror}",
            f"{output} can't be written: {error.strerror}",
        ) from None


def _import(
    message: type[Report],
    file: Path,
    mapping: str,
    source: str,
    dry_run: bool,
    observed_at: str | None,
    encoding: str | None,
    partner: str | None,
    patience: float,
    language: Language,
) -> None:
    checked = _or_end(
        language,
        lambda: prepare(
            file,
            message,
            mapping=mapping,
            source=source,
            topic=_topic(partner),
            observed_at=_moment(observed_at),
            encoding=encoding,
        ),
    )
    console = Console(soft_wrap=True, highlight=False)
    _say(console, language, _read_as(checked))
    if dry_run:
        result = Result(0, checked.bad)
        _say(
            console,
            language,
            Words(
                f"Probelauf: {len(checked.good)} Zeilen würden gesendet, nichts wurde gesendet.",
                f"Dry run: {len(checked.good)} rows would be sent, nothing was sent.",
            ),
        )
    else:
        settings = ClientSettings.from_environment()
        result = _or_end(language, lambda: _sent(console, checked, settings, patience, language))
        _say(
            console,
            language,
            Words(f"Angenommen: {result.accepted}", f"Accepted: {result.accepted}"),
        )
    if path := finish(checked, result.rejected):
        count = len(result.rejected)
        _say(
            console,
            language,
            Words(f"Abgelehnt: {count}, siehe {path}", f"Rejected: {count}, see {path}"),
        )
        sys.exit(SOME_REJECTED)


def _sent(
    console: Console,
    checked: Checked,
    settings: ClientSettings,
    patience: float,
    language: Language,
) -> Result:
    title = Words("Gemeldet und beantwortet", "Reported and answered")(language)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    ) as bar:
        task = bar.add_task(title, total=len(checked.good))
        return send(checked, settings, patience=patience, progress=lambda: bar.advance(task))


def _read_as(checked: Checked) -> Words:
    table, separator = checked.table, {"\t": "Tab"}.get(checked.table.separator)
    separator = separator or checked.table.separator
    return Words(
        f"{checked.file}: {len(table.rows)} Zeilen, {table.encoding}, Trennzeichen {separator}",
        f"{checked.file}: {len(table.rows)} rows, {table.encoding}, separator {separator}",
    )


def _topic(partner: str | None) -> str:
    try:
        return partner_topic_name(partner) if partner else topics.ACTOR_REPORTS.name
    except ValueError:
        raise Unusable(
            f"--partner {partner} ist kein Kurzname: a bis z, Ziffern und Bindestriche",
            f"--partner {partner} is no short name: a to z, digits and hyphens",
        ) from None


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Unusable(
            f"--observed-at {text} ist keine Zeit mit Zeitzone: 2026-11-20T08:15:00+01:00",
            f"--observed-at {text} is no time with an offset: 2026-11-20T08:15:00+01:00",
        )
    return moment.astimezone(UTC)


def _say(console: Console, language: Language, words: Words) -> None:
    console.print(words(language), markup=False)


def _or_end(language: Language, work: Callable[[], T]) -> T:
    """What `work` returns; ends the process with a line where it can't."""
    try:
        return work()
    except Unusable as error:
        words, status = error.words, UNUSABLE
    except Unreachable as error:
        words, status = Words(*error.words), SOME_REJECTED
    _note(language, words)
    sys.exit(status)


def _note(language: Language, words: Words) -> None:
    """Says something beside the output."""
    _say(Console(stderr=True, soft_wrap=True, highlight=False), language, words)
