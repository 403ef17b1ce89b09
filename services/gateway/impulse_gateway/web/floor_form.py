"""The form in which the agreements of an edition are entered, as they come from the floor: numbered
lines, by hand or from a file (CSV)."""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from impulse_chassis import stable_uuid
from impulse_contracts import faults
from impulse_contracts.booking.agreements import Entry
from impulse_contracts.booking.cooperation_codes import ValueMethod
from impulse_contracts.codes import IntakeChannel
from impulse_contracts.registry.actors import ActorState
from impulse_gateway.web import numbers
from impulse_gateway.web.listing_form import Entered, Fault, storable, with_contacts

ROWS = 8
"""How many empty lines the form has."""
MOST = 100
"""So many lines are entered at once at most: a form has no more fields than those of so many."""
HIGHEST = 9_999
"""The highest number of a printed form."""
FIELDS = ("number", "nonprofit", "company", "subject", "performance", "counter", "value", "signed")
"""What a line says. Its number is that of the printed form: entered again, it is the same line."""
COLUMNS: Mapping[str, str] = {
    "nummer": "number",
    "gemeinnützige": "nonprofit",
    "unternehmen": "company",
    "worum": "subject",
    "leistung": "performance",
    "gegenleistung": "counter",
    "wert": "value",
    "unterschrieben": "signed",
    **{field: field for field in FIELDS},
    "counter_performance": "counter",
    "value_eur": "value",
}
"""The columns of a file, German or English; others are left out."""
_FIELD_OF = {
    "need_actor_id": "nonprofit",
    "offer_actor_id": "company",
    "need_title": "subject",
    "offer_title": "performance",
    "performance": "performance",
    "counter_performance": "counter",
    "estimated_value_eur": "value",
}
_LONGEST_TITLE = 200
_YES = frozenset({"1", "ja", "yes", "x", "true"})

Named = Mapping[str, Sequence[ActorState]]
"""The organisations that go by a name, in small letters."""


@dataclass(frozen=True)
class Line:
    """A line as it was entered, in a row of the form."""

    row: int
    said: Mapping[str, str]

    @property
    def is_empty(self) -> bool:
        """Whether nothing but a number stands in it."""
        return not any(self.said[name] for name in FIELDS if name not in ("number", "signed"))


def lines(values: Entered) -> list[Line]:
    """The lines that were entered."""
    entered = (
        Line(row, {name: values.get(f"{name}_{row}", [""])[0] for name in FIELDS})
        for row in _rows(values)
    )
    return [line for line in entered if not line.is_empty]


def _rows(values: Entered) -> list[int]:
    """The rows of the form that anything was sent of, be it a mere tick."""
    return sorted({row for name in values if (row := row_of(name)) is not None})


def row_of(name: str) -> int | None:
    """The row that a field of the form is in; None for what is said for all."""
    field, _, number = name.rpartition("_")
    return int(number) if field in FIELDS and number.isdecimal() and len(number) < 5 else None


def names(entered: Iterable[Line]) -> set[str]:
    """All that was entered as names, in small letters."""
    both = ("nonprofit", "company")
    return {line.said[each].lower() for line in entered for each in both if line.said[each]}


def of_file(content: bytes, values: Entered) -> tuple[dict[str, list[str]], list[Fault]]:
    """The lines of a file as they would be entered, or what is wrong with it as a whole.

    They come after all rows of the form: none takes over what a row says, as that it is signed.
    """
    try:
        text = storable(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return {}, [Fault("file", "muss UTF-8 sein", "must be UTF-8")]
    head = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    table = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    columns = [COLUMNS.get(each.strip().lower()) for each in table[0]] if table else []
    missing = {"number", "nonprofit", "company"} - set(columns)
    if missing:
        wanted = "nummer; gemeinnützige; unternehmen; worum; leistung; gegenleistung; wert"
        return {}, [
            Fault("file", f"braucht die Spalten {wanted}", f"needs the columns {'; '.join(FIELDS)}")
        ]
    first = max([-1, *_rows(values)]) + 1
    said = {
        f"{column}_{row}": [cell.strip()]
        for row, cells in enumerate(table[1:], first)
        for column, cell in zip(columns, cells, strict=False)
        if column and cell.strip()
    }
    return said, []


def number_of(line: Line) -> str:
    """The number of its printed form, as it counts."""
    return line.said["number"].lstrip("0")


def cooperation_id(edition_id: UUID, number: str) -> UUID:
    """The id of the cooperation of a printed form: the same, however often it is entered."""
    return stable_uuid("agreement", f"{edition_id}/{number}")


@lru_cache(maxsize=8)
def printed(edition_id: UUID) -> Mapping[UUID, int]:
    """The numbers that forms of an edition can have, by the cooperation that comes of each."""
    numbered = ((cooperation_id(edition_id, str(each)), each) for each in range(1, HIGHEST + 1))
    return dict(numbered)


def entries(
    edition_id: UUID, entered: Sequence[Line], values: Entered, named: Named, person_id: UUID
) -> tuple[list[tuple[Line, Entry]], dict[int, list[Fault]]]:
    """The lines as they are to be entered, and what is wrong with others, by row."""
    shared = _shared(values, person_id)
    wrong: dict[int, list[Fault]] = {}
    good: list[tuple[Line, Entry]] = []
    known: set[str] = set()
    for line in entered:
        found: list[Fault] = []
        number = number_of(line)
        if not number.isdecimal() or len(number) > len(str(HIGHEST)):
            found.append(
                Fault(
                    "number",
                    f"braucht die Nummer des Vordrucks (1 bis {HIGHEST})",
                    f"needs the number of the printed form (1 to {HIGHEST})",
                )
            )
        elif number in known:
            found.append(Fault("number", "steht zweimal da", "is there twice"))
        known.add(number)
        found += with_contacts(line.said, "subject", "performance", "counter")
        data: dict[str, Any] = {
            "cooperation_id": cooperation_id(edition_id, number),
            "need_actor_id": _actor(line, "nonprofit", named, found),
            "offer_actor_id": _actor(line, "company", named, found),
            "need_title": line.said["subject"] or _title(line.said["performance"]),
            "offer_title": _title(line.said["performance"]) or line.said["subject"],
            "terms": {
                "performance": line.said["performance"] or None,
                "counter_performance": line.said["counter"] or None,
                "estimated_value_eur": _value(line.said["value"]),
                **shared["terms"],
            },
        }
        if not data["terms"]["estimated_value_eur"]:
            data["terms"].pop("value_method", None)
        if line.said["signed"].lower() in _YES:
            data["signing"] = shared["signing"]
        if not found:
            try:
                good.append((line, Entry.model_validate(data)))
            except ValidationError as errors:
                for error in errors.errors():
                    place = str(error["loc"][-1]) if error["loc"] else ""
                    found.append(Fault(_FIELD_OF.get(place, place), *faults.in_words(error)))
        if found:
            wrong[line.row] = found
    return good, wrong


def _shared(values: Entered, person_id: UUID) -> dict[str, Any]:
    """What holds for all lines."""
    on = values.get("on", [""])[0]
    terms: dict[str, Any] = {
        "redeem_by": values.get("redeem_by", [""])[0] or None,
        "value_method": values.get("value_method", [""])[0] or ValueMethod.OWN_ESTIMATE,
    }
    if "witness" in values:
        terms["witness_id"] = person_id
    told = {"channel": IntakeChannel.EVENT_FLOOR, "on": on}
    return {"terms": terms, "signing": {"on_behalf": told}}


def _actor(line: Line, field: str, named: Named, found: list[Fault]) -> UUID | None:
    name = line.said[field]
    known = named.get(name.lower(), ())
    if len(known) == 1:
        return known[0].actor_id
    if not name:
        found.append(Fault(field, "bitte angeben", "please state it"))
    elif known:
        found.append(
            Fault(
                field,
                f"„{name}“ heißen mehrere; bitte die Kennung aus der Adresse angeben",
                f"several are called “{name}”; please give the id in the address",
            )
        )
    else:
        found.append(Fault(field, f"„{name}“ ist nicht eingetragen", f"“{name}” is not registered"))
    return None


def _title(text: str) -> str:
    first = text.split("\n", 1)[0]
    return first if len(first) <= _LONGEST_TITLE else first[: _LONGEST_TITLE - 1] + "…"


def _value(written: str) -> int | str | None:
    return numbers.whole(re.sub(r"\s*(€|Euro|EUR)$", "", written)) if written else None
