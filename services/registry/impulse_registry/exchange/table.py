"""A table in a text file, read whole: encoding, separator, header, rows. Pure.

Partners' programs write CSV in every way; what can be recognised is recognised, and what can't be
trusted is refused with its row, before anything is sent.
"""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from impulse_chassis.words import Unusable, Words
from impulse_contracts.directory import plain

SEPARATORS = (";", ",", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAYS_SEPARATOR = re.compile(r"sep=(.)\r?\n?")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Row:
    """One row by column; `number` counts as a spreadsheet does, the header being 1.

    `fault` says why the row as such can't be used: its cells are then as they stand.
    """

    number: int
    cells: Mapping[str, str]
    fault: Words | None = None


@dataclass(frozen=True)
class Table:
    """A file's columns and rows, and how it was written."""

    encoding: str
    separator: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(
    content: bytes, *, encoding: str | None = None, separator: str | None = None
) -> Table:
    """Reads a file; what is not given is recognised. Raises `Unusable`, naming the row."""
    encoding, text = _decoded(content, encoding)
    if separator is None and (said := _SAYS_SEPARATOR.match(text)):
        separator, text = said[1], text[said.end() :]
    if damage := _NOT_TEXT.search(text):
        row = _row_at(text, damage.start())
        raise Unusable(
            f"Zeile {row} enthält ein Steuerzeichen: Das ist keine Textdatei oder in einer "
            "Kodierung, die --encoding nennen muss.",
            f"Row {row} holds a control character: this is no text file, or in an encoding that "
            "--encoding must name.",
        )
    separator = separator or _separator(text)
    records = list(_records(text, separator))
    if not records:
        raise Unusable("Die Datei ist leer.", "The file is empty.")
    columns = _columns(records[0][1])
    if _cut_off(text, records, len(columns)):
        row = records[-1][0]
        raise Unusable(
            f"Die Datei hört mitten in Zeile {row} auf: Sie wurde nicht ganz gespeichert oder "
            "übertragen.",
            f"The file ends in the middle of row {row}: it was not saved or transferred whole.",
        )
    rows = tuple(_row(number, cells, columns) for number, cells in records[1:])
    return Table(encoding, separator, tuple(name for name in columns if name), rows)


def _decoded(content: bytes, encoding: str | None) -> tuple[str, str]:
    """The encoding and the text. Windows-1252 holds all of Latin-1 that is in use."""
    if encoding:
        try:
            return encoding, content.decode(encoding).removeprefix("\ufeff")
        except LookupError:
            raise Unusable(
                f"Die Kodierung {encoding} gibt es nicht.", f"There is no encoding {encoding}."
            ) from None
        except UnicodeDecodeError as error:
            raise _undecodable(content, encoding, error.start) from None
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _decoded(content.removeprefix(mark), name)
    if content[1::2][:100].count(0) > 25 and not content[::2][:100].count(0):
        return _decoded(content, "utf-16-le")
    if content[::2][:100].count(0) > 25 and not content[1::2][:100].count(0):
        return _decoded(content, "utf-16-be")
    try:
        return "utf-8", content.decode()
    except UnicodeDecodeError as error:
        right = sum(letter > "\x7f" for letter in content.decode(errors="ignore"))
        wrong = content.decode(errors="replace").count("\ufffd")
        if right >= wrong:  # Else UTF-8 damaged or cut off would become letters that nobody wrote.
            raise _undecodable(content, "utf-8", error.start) from None
        return _decoded(content, "cp1252")


def _undecodable(content: bytes, encoding: str, position: int) -> Unusable:
    row = content[:position].count("\n".encode(encoding)) + 1
    return Unusable(
        f"Zeile {row} enthält ein Byte, das kein Zeichen in {encoding} ist: Die Datei ist "
        "beschädigt, abgeschnitten oder in einer Kodierung, die --encoding nennen muss.",
        f"Row {row} holds a byte that is no character of {encoding}: the file is damaged, "
        "cut off, or in an encoding that --encoding must name.",
    )


def _row_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _separator(text: str) -> str:
    """The separator that splits the header into most columns."""
    header = text.lstrip("\r\n")[:100_000]
    best = ";"
    most = 1
    for each in SEPARATORS:
        try:
            count = len(next(csv.reader(io.StringIO(header, newline=""), delimiter=each), ()))
        except csv.Error:
            continue
        if count > most:
            best, most = each, count
    return best


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Numbered records, blank ones left out; raises `Unusable` where a quotation mark is lost."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error:
            raise Unusable(
                f"In Zeile {number} stimmen die Anführungszeichen nicht (innerhalb eines Feldes "
                "werden sie verdoppelt): Ab dort lässt sich die Datei nicht sicher lesen.",
                f"The quotation marks in row {number} don't match (within a field they are "
                "doubled): from there on the file can't be read for sure.",
            ) from None
        if cells is None:
            return
        if any(cell and not cell.isspace() for cell in cells):
            yield number, cells


def _columns(header: list[str]) -> list[str]:
    """The names of the columns; those without a name are passed over."""
    columns = [" ".join(name.split()) for name in header]
    for name in columns:
        if name and columns.count(name) > 1:
            raise Unusable(
                f"Die Spalte „{name}“ gibt es zweimal.", f"There are two columns “{name}”."
            )
    return columns


def _cut_off(text: str, records: list[tuple[int, list[str]]], width: int) -> bool:
    """Whether the last row ends too early, in a file that does not end with a line break."""
    return len(records) > 1 and not text.endswith(("\n", "\r")) and len(records[-1][1]) < width


def _row(number: int, cells: list[str], columns: list[str]) -> Row:
    named = {name: plain(cell.strip()) for name, cell in zip(columns, cells, strict=False) if name}
    extra = any(cell.strip() for cell in cells[len(columns) :])
    if len(cells) >= len(columns) and not extra:
        return Row(number, named)
    return Row(
        number,
        named,
        Words(
            f"hat {len(cells)} Felder, die Kopfzeile {len(columns)}",
            f"has {len(cells)} fields, the header {len(columns)}",
        ),
    )
