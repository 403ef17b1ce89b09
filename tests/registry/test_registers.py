"""One register entry in all its spellings."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_registry.domain import registers

ONE_ENTRY = [
    ("Amtsgericht Essen", "VR 4321"),
    ("AG Essen", "VR4321"),
    ("essen", "vr 04321"),
    ("Registergericht Essen", "Vereinsregister Nr. 4321"),
    ("Vereinsregister Essen", "4321"),
    ("Vereinsregister beim Amtsgericht Essen", "Nr. 4321"),
    ("Essen", "AG Essen, VR 4321"),
    ("Essen (Ruhr)", "VR 4.321"),
    ("Essen/Ruhr", "VR 4321"),
    ("Essen (Nordrhein-Westfalen)", "VR 4321"),
    ("Amtsgericht (Registergericht) Essen", "VR 4321"),
    ("Essen", "VR-4321"),
    ("Essen", "4321 (VR)"),
    ("Essen", "Vereinsregister VR 4321"),
    ("Essen", "Vereinsregisternummer: VR 4321"),
    ("Essen", "Vereins-Register-Nr. 4321"),
    ("Essen", "V.R. 4321"),
    ("Essen", "VRNr. 4321"),
    ("A.G. Essen", "VR 4321"),
    ("AmtsG 45130 Essen", "VReg. 4321"),
    ("Amtsgericht in Essen", "VR 4321 (Vereinsregister Essen)"),
    ("Amtsgericht Essen (Vereinsregister)", "4321"),
    ("45130 Essen", "VR 4321"),
    ("Amtsgericht Essen, 45130", "VR 4321"),
    ("D-45130 Essen", "VR 4321"),
]
OTHERS = [
    ("Hagen", "Handelsregister Abteilung A Nr. 12", "hagen|HRA|12"),
    ("Hagen", "HR B 12", "hagen|HRB|12"),
    ("Hagen", "H.R.B. 12", "hagen|HRB|12"),
    ("Hagen", "Handelsregister HRB 12", "hagen|HRB|12"),
    ("Hagen", "Handelsregisternummer: HRB 12", "hagen|HRB|12"),
    ("Hagen", "Gen.-Reg. 12", "hagen|GnR|12"),
    ("Handelsregister B des Amtsgerichts Hagen", "12", "hagen|HRB|12"),
    ("Hagen", "HRB 1234 B", "hagen|HRB|1234B"),
    ("Hagen", "HRB 1234B", "hagen|HRB|1234B"),
    ("Hagen", "GnR 7", "hagen|GnR|7"),
    ("Hagen", "Genossenschaftsregister 7", "hagen|GnR|7"),
    ("Hagen", "GsR 7", "hagen|GsR|7"),
    ("Hagen", "PR 7", "hagen|PR|7"),
    ("Mülheim a.d. Ruhr", "VR 9", "muelheim an der ruhr|VR|9"),
    ("AG Muelheim an der Ruhr", "VR 9", "muelheim an der ruhr|VR|9"),
    ("Mülheim/Ruhr", "VR 9", "muelheim an der ruhr|VR|9"),
    ("Amtsgericht Mülheim (Ruhr)", "VR 9", "muelheim an der ruhr|VR|9"),
    ("Hagen (Westf.)", "HRB 12", "hagen|HRB|12"),
    ("St. Ingbert", "VR 9", "sankt ingbert|VR|9"),
    ("Sankt Ingbert", "VR 9", "sankt ingbert|VR|9"),
    ("Bad Homburg v.d.H.", "VR 9", "bad homburg|VR|9"),
    ("Bad Homburg vor der Höhe", "VR 9", "bad homburg|VR|9"),
    ("Bad Homburg v.d. Höhe", "VR 9", "bad homburg|VR|9"),
    ("Bad Homburg", "VR 9", "bad homburg|VR|9"),
    ("Freiburg i. Br.", "VR 9", "freiburg|VR|9"),
    ("Freiburg im Breisgau", "VR 9", "freiburg|VR|9"),
    ("Weiden i.d.OPf.", "VR 9", "weiden|VR|9"),
    # Courts of one name are two.
    ("Frankfurt (Oder)", "VR 9", "frankfurt oder|VR|9"),
    ("Frankfurt (Main)", "VR 9", "frankfurt main|VR|9"),
    ("Frankfurt a.M.", "VR 9", "frankfurt main|VR|9"),
    ("Frankfurt am Main", "VR 9", "frankfurt main|VR|9"),
    ("Frankfurt a. Main", "VR 9", "frankfurt main|VR|9"),
    ("Frankfurt a.d. Oder", "VR 9", "frankfurt oder|VR|9"),
    ("Halle (Saale)", "VR 9", "halle saale|VR|9"),
    ("Halle (Westf.)", "VR 9", "halle|VR|9"),
]
UNREADABLE = [
    ("Essen", "4321"),
    ("", "VR 4321"),
    ("Amtsgericht", "VR 4321"),
    ("Essen", "VR"),
    ("Essen", "VR 0"),
    ("Essen", "VR 12/34"),
    ("Essen", "VR 12 und VR 13"),
    ("Essen", "in Gründung"),
]
W_IDNR = [
    ("DE123456789-00001", "DE123456789"),
    ("de 123 456 789 - 00002", "DE123456789"),
    ("DE123456789", "DE123456789"),
    ("DE123456789–00001", "DE123456789"),
    ("W-IdNr. DE123456789", "DE123456789"),
    ("DE12345678", None),
    ("DE1234567890", None),
    ("AT123456789", None),
    ("DE123456789-1", None),
    ("", None),
]


@pytest.mark.parametrize(("court", "number"), ONE_ENTRY)
def test_spellings_of_one_entry_are_one(court: str, number: str) -> None:
    assert registers.parse(court, number) == "essen|VR|4321"


@pytest.mark.parametrize(("court", "number", "entry"), OTHERS)
def test_court_kind_and_suffix_are_kept(court: str, number: str, entry: str) -> None:
    assert registers.parse(court, number) == entry


@pytest.mark.parametrize(("court", "number"), UNREADABLE)
def test_what_cannot_be_read_is_no_entry(court: str, number: str) -> None:
    assert registers.parse(court, number) is None


@pytest.mark.parametrize(("text", "number"), W_IDNR)
def test_the_identification_number_is_that_of_the_legal_entity(
    text: str, number: str | None
) -> None:
    assert registers.w_idnr(text) == number


@given(
    st.sampled_from(["Amtsgericht {}", "AG {}", "{}", "Registergericht {}"]),
    st.sampled_from(["VR {}", "VR{}", "VR 0{}", "Vereinsregister Nr. {}", "vr. {}"]),
    st.sampled_from(["Essen", "Bad Oeynhausen", "Köln"]),
    st.integers(1, 999_999),
)
def test_no_two_entries_are_one(court: str, number: str, seat: str, counted: int) -> None:
    parsed = registers.parse(court.format(seat), number.format(counted))
    assert parsed == registers.parse(seat, f"VR {counted}")
    assert parsed != registers.parse(seat, f"VR {counted + 1}")
    assert parsed != registers.parse(seat, f"HRB {counted}")
    assert parsed != registers.parse("Hagen", f"VR {counted}")


@given(st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_an_entry_or_none(court: str, number: str) -> None:
    entry = registers.parse(court, number)
    assert entry is None or entry.count("|") == 2
