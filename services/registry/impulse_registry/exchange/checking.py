"""Every row of a table becomes a report, or it is said why not. Pure."""

import json
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Mapped
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from impulse_chassis import stable_uuid
from impulse_chassis.envelope import Attributes, Outgoing, render
from impulse_chassis.words import Words
from impulse_contracts.faults import in_words
from impulse_contracts.message import Report
from impulse_registry.exchange.mapping import Mapping
from impulse_registry.exchange.table import Row, Table

LIKE = datetime(2026, 12, 31)  # noqa: DTZ001
"""The day that shows how a date is to be written."""


@dataclass(frozen=True)
class Sendable:
    """A row and the record that reports it; its outcome names `ce_id`."""

    row: Row
    record: Outgoing
    ce_id: str


@dataclass(frozen=True)
class Rejected:
    """A row that was not taken, and why."""

    row: Row
    why: Words


def check(
    table: Table, mapping: Mapping, *, source: str, topic: str, observed_at: datetime
) -> tuple[list[Sendable], list[Rejected]]:
    """What can be sent of a table and what can't; raises `Unusable` for missing columns.

    `observed_at` stands where no column fills it. The id of a report is made of its source and
    content: the same file again is the same messages.
    """
    mapping.check_columns(table.columns)
    good: list[Sendable] = []
    bad: list[Rejected] = []
    first: dict[str, int] = {}
    for row in table.rows:
        found = _report(row, mapping, observed_at)
        if isinstance(found, Words):
            bad.append(Rejected(row, found))
            continue
        number = first.setdefault(str(getattr(found, "external_id")), row.number)  # noqa: B009
        if number != row.number:
            bad.append(
                Rejected(
                    row,
                    Words(
                        f"hat dieselbe Kennung (external_id) wie Zeile {number}",
                        f"has the same external_id as row {number}",
                    ),
                )
            )
            continue
        good.append(_sendable(row, found, source, topic))
    return good, bad


def _report(row: Row, mapping: Mapping, observed_at: datetime) -> Report | Words:
    if row.fault:
        return row.fault
    data = {"observed_at": observed_at.isoformat(), **mapping.apply(row.cells)}
    try:
        # As JSON, as the registry will read it.
        found = mapping.message.model_validate_json(json.dumps(data))
    except ValidationError as error:
        return _why(error, mapping)
    assert isinstance(found, Report)
    return found


def _why(error: ValidationError, mapping: Mapping) -> Words:
    german, english = [], []
    for fault in error.errors(include_url=False):
        de, en = _words(fault, mapping)
        place = _place(fault["loc"], mapping)
        german.append(f"{place} {de}")
        english.append(f"{place} {en}")
    return Words("; ".join(german), "; ".join(english))


def _words(fault: Mapped[str, Any], mapping: Mapping) -> tuple[str, str]:
    filled = mapping.fields.get(_path(fault["loc"]))
    if filled and filled.date:
        like = LIKE.strftime(filled.date)
        return f"ist kein Datum wie {like}", f"is no date like {like}"
    return in_words(fault)


def _path(location: Sequence[int | str]) -> str:
    return ".".join(part for part in location if isinstance(part, str))


def _place(location: Sequence[int | str], mapping: Mapping) -> str:
    """The columns where a fault is, in a list the item's number too."""
    path = _path(location)
    items = [part for part in location if isinstance(part, int)]
    name = mapping.where(path) if path in mapping.kinds else _columns_below(path, mapping)
    return f"{name} ({items[0] + 1})" if items and mapping.kinds.get(path) == "list" else name


def _columns_below(path: str, mapping: Mapping) -> str:
    names = list(dict.fromkeys(_below(path, mapping)))
    return ", ".join(names) or path


def _below(path: str, mapping: Mapping) -> Iterator[str]:
    for field in mapping.fields:
        if field.startswith(f"{path}."):
            yield mapping.where(field)


def _sendable(row: Row, report: Report, source: str, topic: str) -> Sendable:
    value = report.model_dump_json(exclude_none=True)
    ce_id = str(stable_uuid("import", source, report.ce_type, value))
    attributes = Attributes(id=ce_id, source=source, type=report.ce_type, subject=report.key)
    record = Outgoing(topic, f"{source}|{report.key}".encode(), value.encode(), render(attributes))
    return Sendable(row, record, ce_id)
