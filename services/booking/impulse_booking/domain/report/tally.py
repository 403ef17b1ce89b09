"""Counting: what a figure is, the values of its rows, and the facts behind each of them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache

from impulse_booking.domain.report.suppression import suppressed
from impulse_contracts.booking.codes import FigureUnit
from impulse_contracts.booking.reports import Behind, Figure, FigureRow

Key = tuple[str, ...]
UNKNOWN = "unknown"
"""The code of what is not known, in any dimension."""
DIGITS = 4
"""So many digits after the point a value has at most."""


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is: names and definitions in German and English, and what it is counted by."""

    name: str
    de: str
    en: str
    definition_de: str
    definition_en: str
    unit: FigureUnit
    dimensions: Key = ()
    of_persons: bool = False
    adds_up: bool = True
    """Whether the rows add up to a total: not where a thing may count in several of them."""
    told_elsewhere: bool = False
    """Whether another figure tells one of its rows: where rows are hidden, its total would tell
    the others to who subtracts."""


@dataclass(slots=True)
class _Row:
    value: Fraction | int = 0
    facts: list[str] = field(default_factory=list)


class Tally:
    """The rows of a figure while they are counted.

    Values are exact until they are written.
    """

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._rows: dict[Key, _Row] = {}
        self._all: _Row | None = None
        self._sources: tuple[Tally, ...] = ()

    def add(self, key: Key, *facts: str, value: Fraction | int = 1) -> None:
        """Counts something with the facts that show it; what is about persons keeps none."""
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = _Row()
        row.value += value
        if not self.definition.of_persons:
            row.facts += facts

    def show(self, key: Key, value: Fraction | int, facts: Iterable[str] = ()) -> None:
        """Sets a row that is computed."""
        self._rows[key] = _Row(value, list(facts))

    def total(self, value: Fraction | int, facts: Iterable[str] = ()) -> None:
        """Sets a total that is not the sum of the rows, and what is behind it."""
        self._all = _Row(value, list(facts))

    def share(self, of: "Tally", key: Key) -> None:
        """Sets the total to the share of a row in another tally; of what is hidden there, none."""
        whole = sum(row.value for row in of._rows.values())
        self.hide_as(of)
        if whole:
            facts = [fact for row in of._rows.values() for fact in row.facts]
            self.total(of.value(key) / whole, facts)

    def hide_as(self, *others: "Tally") -> None:
        """Publishes nothing where rows of other tallies are hidden: it is about the same people."""
        self._sources = others

    def values(self) -> Iterable[tuple[Key, Fraction]]:
        """What each row comes to so far, hidden or not."""
        return ((key, Fraction(row.value)) for key, row in self._rows.items())

    def value(self, key: Key) -> Fraction:
        """What a row comes to so far."""
        found = self._rows.get(key)
        return Fraction(found.value if found else 0)

    def facts(self, key: Key) -> tuple[str, ...]:
        """The facts behind a row so far."""
        found = self._rows.get(key)
        return tuple(found.facts) if found else ()

    def figure(self) -> Figure:
        """The figure as it may be published."""
        what = self.definition
        rows = sorted(self._rows.items())
        total = Fraction(self._all.value if self._all else sum(row.value for _, row in rows))
        is_shown: bool = True
        told: Fraction | None = total
        if self._sources:
            is_shown = not any(each.figure().hidden for each in self._sources)
            told = total if is_shown else None
        elif what.of_persons:
            is_shown, told = suppressed([Fraction(row.value) for _, row in rows], total)
            if what.told_elsewhere and not is_shown:
                told = None
        return Figure(
            name=what.name,
            de=what.de,
            en=what.en,
            definition_de=what.definition_de,
            definition_en=what.definition_en,
            unit=what.unit,
            dimensions=what.dimensions,
            of_persons=what.of_persons,
            total=None if told is None or not (what.adds_up or self._all) else written(told),
            hidden=not is_shown,
            rows=tuple(self._written(key, row) for key, row in rows) if is_shown else (),
        )

    def _written(self, key: Key, row: _Row) -> FigureRow:
        facts = None if self.definition.of_persons else len(row.facts)
        return FigureRow(key=key, value=written(Fraction(row.value)), facts=facts)

    def behind(self) -> Iterable[Behind]:
        """The facts behind each row, in the order in which they were counted, which is always the
        same; none where persons are counted."""
        if not self.definition.of_persons:
            whole = [((), self._all)] if self._all else []
            for key, row in (*whole, *sorted(self._rows.items())):
                if row.facts:
                    yield Behind(figure=self.definition.name, key=key, facts=tuple(row.facts))


@lru_cache(maxsize=10_000)
def exact(value: float | int) -> Fraction:
    """A number as it is written: 6.1 is 61/10, and not the float next to it."""
    return Fraction(str(value))


def written(value: Fraction) -> int | float:
    """A value as reports write it: whole, or rounded half to even to `DIGITS` digits.

    The nearest float to a decimal of a few digits is written as just that decimal.
    """
    rounded = round(value, DIGITS)
    return int(rounded) if rounded.denominator == 1 else float(rounded)
