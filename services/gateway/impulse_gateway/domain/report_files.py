"""Reports to take away. What was cut from the same facts is the same, byte for byte: neither which
report it is nor when it was cut is in it."""

import csv
import io
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from impulse_contracts.booking.reports import ReportCut, ReportEvidence
from impulse_gateway.domain import figures

COLUMNS = (
    *("figure", "title", "dimension", "code", "label"),
    *("value", "unit", "facts", "note", "definition"),
)
HIDDEN = "nicht ausgewiesen: weniger als fünf Personen"
PRELIMINARY = "vorläufig"


def as_csv(report: ReportCut) -> str:
    """The figures as CSV (RFC 4180, UTF-8), in German: a line for each total and each value."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in _lines(report):
        writer.writerow(line)
    return text.getvalue()


def _lines(report: ReportCut) -> Iterator[tuple[object, ...]]:
    notes = [PRELIMINARY] if report.preliminary else []
    for each in report.figures:
        unit = getattr(each.unit, "de", "")
        note = "; ".join([*notes, *([HIDDEN] if each.hidden else [])])
        yield each.name, each.de, "", "", "", each.total, unit, "", note, each.definition_de
        dimension = "|".join(each.dimensions)
        for row in each.rows:
            names = zip(each.dimensions, row.key, strict=True)
            label = " | ".join(figures.label(*name, "de") for name in names)
            code = "|".join(row.key)
            shown = (dimension, code, label, row.value, unit, row.facts, "; ".join(notes), "")
            yield each.name, each.de, *shown


async def as_json(
    report: ReportCut, read: Callable[[int], Awaitable[ReportEvidence | None]]
) -> AsyncIterator[str]:
    """The report with what is behind it as JSON; part by part, as that may be much."""
    head = report.model_dump(mode="json", exclude={"report_id", "cut_at", "version", "parts"})
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2] + ',\n "behind": ['
    first = True
    for number in range(1, report.parts + 1):
        part = await read(number)
        for each in part.behind if part else ():
            yield ("\n  " if first else ",\n  ") + each.model_dump_json()
            first = False
    yield "\n ]\n}\n"
