"""E-mail addresses and telephone numbers in free text; all of them are made up."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_contracts.free_text import MASK, has_contact, masked

CONTACTS = [
    "0201 / 123 45 67",
    "+49 (0)201-1234567",
    "name (at) example . org",
    "anna@example.org",
    "Anna.Muster@verein-x.example",
    "info [at] example [dot] org",
    "info(at)example.org",
    "name at example dot org",
    "name ät example punkt de",
    "0201/1234567",
    "0201-123456",
    "(0201) 12 34 56",
    "0049 201 1234567",
    "+49 201 1234567",
    "0171 2345678",
    "01712345678",
    "0171-23 45 678",
    "Tel. 123456",
    "Telefon: 88 77-0",
    "Tel.: 1234567",
    "Handy 0160/123456",
    "02 01 / 1 23 45 67",
    "+4920112345",
    "ruf unter 445566 an",
    "phone 445 566",
    "+44 20 7946 0958",
    "0234.123456",
    "WhatsApp 0151 23456789",
    "Fax: 0201 1234568",
    "mail@müller.example",
    "a@b.de",
    "0800 330 0000",
    "0201 – 12 34 56",
    "kontakt@example.org,info@example.org",
    "info @ example.org",
    "info{at}example.org",
    "0 20 1 / 12 34 56",
    "+49 (201) 123456",
    "Tel 0201-1",
    "anrufen unter 0201 123456",
    "anna＠example.org",
    "info(a)example.org",
    "info (a) example.org",
    "anna&#64;example.org",
    "anna&amp;#64;example.org",
    "anna&commat;example&period;org",
    "٠٢٠١ ١٢٣٤٥٦",
    "０２０１ １２３４５６",
]

NO_CONTACTS = [
    "Punkt (a) z.B. Malen",
    "Müller & Söhne, 20 m² …",
    "45144 Essen",
    "am 01.02.2027",
    "2027-02-28",
    "09:00-16:00 Uhr",
    "8.30 - 12.30 Uhr",
    "8-12 Uhr",
    "VR 4321",
    "HRB 01234",
    "DE89 3704 0044 0532 0130 00",
    "0,50 €",
    "1.500,00 €",
    "1 500 Euro",
    "04109 Leipzig",
    "01099 Dresden",
    "8 Personen, 7 Stunden",
    "am 1.2. bis 3.4.2027",
    "20.000 m2",
    "Raum 0201",
    "DIN 18040-1",
    "vom 01.12.2026 bis 28.02.2027",
    "01.12.2026-28.02.2027",
    "01/2027 - 12/2027",
    "10:00 – 12:00 und 14:00-16:00",
    "Az. 0123 456/789",
    "2026/2027",
    "3 x 4 m",
    "0,5 Stunden",
    "24.12. 10-12 Uhr",
    "ca. 100-200 Stück",
    "PLZ 45144, 45145, 45147",
    "VR 04321 Essen",
    "Treffen at 10",
    "we meet at example place dot",
    "Ab 08:00 Uhr bis 09:30",
    "§ 60a AO",
    "ISBN 978-3-16-148510-0",
    "SGB VIII, § 72a",
    "im Jahr 2026",
    "12345",
    "am 05.03.2027 09:00",
    "0,25 l",
    "W-IdNr DE123456789-00001",
    "Termin 2026-12-01 09:00",
    "A40, B224",
    "1.000.000 Euro",
    "07.05.2027, 08.05.2027, 09.05.2027",
    "PLZ: 01067 01069 01097",
    "Alter 06-12 Jahre",
    "Konto 0123456789",
    "BLZ 360 501 05",
    "look at the data. Then",
    "Hausnummer 12-14",
    "Mo-Fr 08.00-16.00, Sa 09.00-12.00",
    "im Format 0201 x",
    "Steuernummer 112/5734/0123",
]


@pytest.mark.parametrize("text", CONTACTS)
def test_a_contact_is_masked_and_nothing_of_it_left(text):
    rest, count = masked(f"Mehr dazu: {text}, gern.")
    assert count >= 1
    assert has_contact(text)
    assert rest.startswith("Mehr dazu: ")
    assert rest.endswith("gern.")
    left = rest.replace(MASK, "")
    assert not any(sign.isdigit() or sign == "@" for sign in left), left


@pytest.mark.parametrize("text", NO_CONTACTS)
def test_what_is_no_contact_is_left_as_it_is(text):
    for sentence in (text, f"Bitte beachten: {text}.", f"{text} und {text}"):
        assert masked(sentence) == (sentence, 0)
        assert not has_contact(sentence)


def test_each_contact_is_counted_and_the_rest_stays():
    text = "Tel. 0201 123456 oder 0171/2345678,\nkontakt@beispiel.example; ab 08:00 Uhr"
    assert masked(text) == (f"Tel. {MASK} oder {MASK},\n{MASK}; ab 08:00 Uhr", 3)


PIECES = st.sampled_from(
    [*CONTACTS, *NO_CONTACTS, "a", "0", "1", " ", "/", "-", "@", ".", " at ", "(at)", "\n", "Tel"]
)
TEXTS = st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=200)


@given(TEXTS)
def test_masking_leaves_no_contact_and_never_grows_a_text(text):
    rest, count = masked(text)
    assert masked(rest) == (rest, 0)
    assert len(rest) <= len(text)
    assert (count == 0) == (rest == text) == (not has_contact(text))
    assert bool(rest.strip()) == bool(text.strip()), "a title never becomes blank"


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß \n,", max_size=300))
def test_words_alone_hold_no_contact(text):
    if " at " not in text and " ät " not in text:
        assert masked(text) == (text, 0)


@pytest.mark.parametrize(
    "text", ["1 " * 5_000, "a." * 5_000, "a'" * 5_000, "0-" * 5_000, "at " * 3_300, "a@" * 5_000]
)
def test_no_text_takes_long(text):
    started = time.process_time()
    masked(text)
    assert time.process_time() - started < 2
