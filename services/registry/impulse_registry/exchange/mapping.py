"""Which column of a file fills which field of a report: a mapping file, read and applied. Pure.

[constants]
kind = "nonprofit"

[fields]
external_id = "Nr."
legal_form = { column = "Rechtsform", values = { "e.V." = "e_v" } }
topics = { column = "Themen", split = "," }
observed_at = { column = "Stand", date = "%d.%m.%Y" }
"contact.name" = { columns = ["Vorname", "Nachname"] }
"""

import re
import tomllib
from collections.abc import Mapping as Mapped
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from impulse_chassis.words import Unusable
from impulse_contracts.faults import Broken, in_words
from impulse_contracts.message import Message
from impulse_registry.exchange.fields import converted, kinds_of, listed_in, put, required_of

ZONE = ZoneInfo("Europe/Berlin")
"""The zone of dates and times that are written without one."""
SHIPPED = "mappings"


class Filled(BaseModel):
    """How one field is filled from columns."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    columns: tuple[str, ...] = ()
    """Several, joined by `join` where they hold something."""
    join: str = " "
    values: dict[str, str] = {}
    """What the file writes, and the code that it means; large and small letters are the same."""
    default: str | None = None
    """For an empty cell."""
    split: Annotated[str, Field(min_length=1)] | None = None
    """What separates the items of a list; unset, a comma."""
    date: str | None = None
    """How a date is written, as Python's `strptime` has it: `%d.%m.%Y`."""

    @model_validator(mode="before")
    @classmethod
    def _short(cls, value: Any) -> Any:
        return {"column": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _names_columns(self) -> Self:
        if (self.column is None) == (not self.columns):
            raise Broken("braucht entweder column oder columns", "needs either column or columns")
        return self

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that it reads."""
        return self.columns or (self.column or "",)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    encoding: str | None = None
    separator: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    constants: dict[str, str | int | float | bool | list[str]] = {}
    fields: dict[str, Filled]


@dataclass(frozen=True)
class Mapping:
    """A mapping file for one kind of report."""

    message: type[Message]
    encoding: str | None
    separator: str | None
    constants: Mapped[str, Any]
    fields: Mapped[str, Filled]
    kinds: Mapped[str, str]
    listed: frozenset[str]

    def check_columns(self, columns: Sequence[str]) -> None:
        """Raises `Unusable` for a column that the file does not have, naming those it has."""
        named = {name for filled in self.fields.values() for name in filled.names}
        if missing := sorted(named - set(columns)):
            there = ", ".join(f"„{name}“" for name in columns)
            raise Unusable(
                f"In der Datei fehlen Spalten, die die Zuordnung nennt: {', '.join(missing)}. "
                f"Vorhanden sind: {there}.",
                f"The file lacks columns that the mapping names: {', '.join(missing)}. "
                f"It has: {there}.",
            )

    def apply(self, cells: Mapped[str, str]) -> dict[str, Any]:
        """The data of a report that a row means; empty cells are left out."""
        data: dict[str, Any] = {}
        for path, constant in self.constants.items():
            put(data, path, constant, self.listed)
        for path, filled in self.fields.items():
            text = filled.join.join(cells[name] for name in filled.names if cells[name])
            text = text or filled.default or ""
            if text:
                put(data, path, _value(text, filled, self.kinds[path]), self.listed)
        return data

    def where(self, path: str) -> str:
        """The columns that fill a field, to say where a fault is; the field without any."""
        filled = self.fields.get(path)
        return ", ".join(filled.names) if filled else path


def read_mapping(name: str, message: type[Message]) -> Mapping:
    """The mapping in a file, or a shipped one by its name. Raises `Unusable`."""
    text = _text(name)
    try:
        file = _File.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        where = f" (Zeile {place[1]}, Spalte {place[2]})" if place else " (am Ende)"
        raise Unusable(
            f"Die Zuordnung {name} ist kein TOML{where}.",
            f"The mapping {name} is no TOML: {error}",
        ) from None
    except ValidationError as error:
        found = [(".".join(map(str, each["loc"])), *in_words(each)) for each in error.errors()]
        de = "; ".join(f"{place} {german}" for place, german, _ in found)
        en = "; ".join(f"{place} {english}" for place, _, english in found)
        raise Unusable(
            f"Die Zuordnung {name} ist nicht zu verwenden: {de}",
            f"The mapping {name} can't be used: {en}",
        ) from None
    kinds = kinds_of(message)
    if unknown := sorted((file.fields.keys() | file.constants.keys()) - kinds.keys()):
        raise Unusable(
            f"Die Zuordnung {name} nennt Felder, die es nicht gibt: {', '.join(unknown)}. "
            f"Es gibt: {', '.join(kinds)}.",
            f"The mapping {name} names fields that there are not: {', '.join(unknown)}. "
            f"There are: {', '.join(kinds)}.",
        )
    _check_required(name, message, file.fields.keys() | file.constants.keys())
    return Mapping(
        message,
        file.encoding,
        file.separator,
        file.constants,
        file.fields,
        kinds,
        listed_in(message),
    )


def _text(name: str) -> str:
    shipped = files(__package__) / SHIPPED
    path = Path(name)
    try:
        if path.is_file():
            return path.read_text("utf-8-sig")
        return (shipped / f"{name}.toml").read_text("utf-8")
    except UnicodeDecodeError:
        raise Unusable(
            f"Die Zuordnung {name} ist kein UTF-8.", f"The mapping {name} is not UTF-8."
        ) from None
    except OSError:
        names = ", ".join(sorted(each.name.removesuffix(".toml") for each in shipped.iterdir()))
        raise Unusable(
            f"Die Zuordnung {name} ist nicht da. Mitgeliefert sind: {names}.",
            f"There is no mapping {name}. Shipped are: {names}.",
        ) from None


def _check_required(name: str, message: type[Message], filled: set[str]) -> None:
    tops = {path.split(".")[0] for path in filled}
    # `observed_at` has another source where no column holds it.
    missing = [field for field in required_of(message) if field not in tops | {"observed_at"}]
    if missing:
        raise Unusable(
            f"Der Zuordnung {name} fehlen Felder, die jede Meldung braucht: {', '.join(missing)}.",
            f"The mapping {name} lacks fields that every report needs: {', '.join(missing)}.",
        )


def _value(text: str, filled: Filled, kind: str) -> Any:
    if kind == "list":
        items = (item.strip() for item in text.split(filled.split or ","))
        return list(dict.fromkeys(_translated(item, filled) for item in items if item))
    text = _translated(text, filled)
    if filled.date and kind in ("moment", "day"):
        return _dated(text, filled.date, kind)
    return converted(text, kind)


def _translated(text: str, filled: Filled) -> str:
    folded = text.casefold()
    return next((code for said, code in filled.values.items() if said.casefold() == folded), text)


def _dated(text: str, pattern: str, kind: str) -> str:
    try:
        moment = datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError:
        return text
    if kind == "day":
        return moment.date().isoformat()
    return (moment if moment.tzinfo else moment.replace(tzinfo=ZONE)).isoformat()
