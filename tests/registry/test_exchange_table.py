"""CSV as partners' programs write it: recognised, or refused with the row."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis.words import Unusable
from impulse_contracts.directory import guarded, plain
from impulse_registry.exchange.table import SEPARATORS, read_table

ROWS = [["ID", "Organisation", "Ort"], ["1", "Beispiel-Bürgerhaus „Süd“ e.V.", "Köln"]]
LATIN = [["ID", "Organisation", "Ort"], ["1", "Beispiel-Bürgerhaus Süd e.V.", "Köln"]]


def written(rows: list[list[str]], separator: str = ";", end: str = "\r\n") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator=end).writerows(rows)
    return file.getvalue()


def refusal(content: bytes, **options: str) -> str:
    with pytest.raises(Unusable) as error:
        read_table(content, **options)
    assert error.value.words.de != error.value.words.en
    return error.value.words.en


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_usual_way_to_write_a_table_reads_the_same(
    separator: str, end: str, encoding: str
) -> None:
    table = read_table(written(ROWS, separator, end).encode(encoding))
    assert (table.separator, table.columns) == (separator, ("ID", "Organisation", "Ort"))
    [row] = table.rows
    assert (row.number, list(row.cells.values()), row.fault) == (2, ROWS[1], None)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_latin_1_and_windows_are_recognised(encoding: str) -> None:
    rows = LATIN if encoding == "latin-1" else ROWS
    table = read_table(written(rows).encode(encoding))
    assert table.encoding == "cp1252"
    assert list(table.rows[0].cells.values()) == rows[1]


def test_another_encoding_is_read_where_it_is_named() -> None:
    content = written(LATIN).encode("cp850")
    assert read_table(content, encoding="cp850").rows[0].cells["Ort"] == "Köln"
    assert "no encoding" in refusal(content, encoding="klingon")
    assert "Row 2" in refusal(content, encoding="ascii")


def test_utf_8_with_a_damaged_byte_is_refused_and_not_read_as_something_else() -> None:
    content = written([*ROWS, ["2", "Beispiel-Förderkreis", "Bünde"]]).encode()
    damaged = content.replace("ünde".encode(), b"\xffnde")
    assert "Row 3 holds a byte" in refusal(damaged)


def test_a_file_cut_within_a_letter_is_refused_with_its_row() -> None:
    content = written([*ROWS, ["2", "Beispiel-Förderkreis", "Bü"]]).encode()
    cut = content[: content.rindex("ü".encode()) + 1]
    assert "Row 3" in refusal(cut)


def test_half_a_line_at_the_end_is_refused_with_its_row() -> None:
    whole = written([*ROWS, ["2", "Beispiel-Förderkreis", "Essen"]])
    assert "middle of row 3" in refusal(whole[: whole.index("Förder") + 3].encode())
    # Many programs write no line break after the last row: that alone is no fault.
    assert read_table(whole.rstrip().encode()).rows[-1].cells["Ort"] == "Essen"


def test_a_lost_quotation_mark_is_refused_with_its_row() -> None:
    assert "row 3" in refusal('ID;Name\n1;"Beispiel"\n2;"Beispiel ""Süd" e.V."\n'.encode())
    assert "row 3" in refusal('ID;Name\n1;"Beispiel"\n2;"Beispiel-Süd\n3;Beispiel-Nord\n'.encode())


def test_a_row_with_too_few_or_too_many_fields_is_refused_alone() -> None:
    table = read_table(b"ID;Name;Ort\n1;Beispiel A;Essen\n2;Beispiel B\n3;Beispiel C;Essen;x\n")
    assert [row.fault and row.fault.en for row in table.rows] == [
        None,
        "has 2 fields, the header 3",
        "has 4 fields, the header 3",
    ]
    assert table.rows[1].cells == {"ID": "2", "Name": "Beispiel B"}


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    table = read_table(b'sep=,\r\nID,Text\r\n1,"two\r\nlines"\r\n\r\n,\r\n4,last,\r\n')
    assert table.separator == ","
    assert [(row.number, row.cells["Text"]) for row in table.rows] == [
        (2, "two\r\nlines"),
        (5, "last"),
    ]
    assert table.rows[-1].fault is None  # an empty field too many says nothing


def test_two_columns_of_one_name_are_refused() -> None:
    assert "two columns “Ort”" in refusal(b"ID;Ort;Ort\n1;a;b\n")


@pytest.mark.parametrize("content", [b"", b"\r\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes) -> None:
    assert "empty" in refusal(content)


def test_what_is_no_text_is_refused() -> None:
    assert "control character" in refusal(b"PK\x03\x04\x14\x00\x06\x00;x\n1;2\n")


@given(st.text(st.characters(blacklist_categories=["Cs"])))
def test_a_guarded_cell_is_no_formula_and_loses_nothing(text: str) -> None:
    assert plain(guarded(text)) == text
    assert guarded(text)[:1] not in {"=", "+", "-", "@", "\t", "\r"} - {""}


CELLS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20).map(
    lambda text: "x" + "".join(text.split())
)


@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5),
    st.sampled_from(SEPARATORS),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_whatever_a_program_writes_is_read_again(
    rows: list[list[str]], separator: str, encoding: str
) -> None:
    table = read_table(written([["a", "b", "c"], *rows], separator).encode(encoding))
    assert [list(row.cells.values()) for row in table.rows] == rows
