"""E-mail addresses and telephone numbers in free text: where they stand, and the text without.

Titles and descriptions of offers and needs are public, so a contact in them would be passed on
without anybody's consent. In what people enter they are refused, in what partners report masked.
Both go by this one rule. It prefers to let a doubtful number stand: postcodes, dates, opening
hours, prices, register numbers and bank accounts are no contacts.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

MASK = "[…]"
"""What stands where a contact was."""

# The sign @ as it is, or as people hide it: (at), [ät], {at}, " at ". So with the dot.
_AT = r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|ät|@|klammeraffe)\s?[)\]}>]\s?)"
_AT_SIGN = re.compile(r"@|[\s(\[{<](?:at|ät|klammeraffe)|[(\[{<]a[)\]}>]")
"""Cheap: nearly no text holds one."""
_DIGIT = re.compile(r"\d")
_ENTITY = re.compile(r"&(?:#\d+;?|#x[0-9a-f]+;?|\w+;)", re.IGNORECASE)
_UNUSUAL = re.compile(r"[^\x00-\x7f]")
_DOT = r"(?:\.|\s?[(\[{<]\s?(?:dot|punkt|\.)\s?[)\]}>]\s?|(?<=\w)\s\.\s(?=\w))"
_LABEL = r"[^\W_](?:[\w-]{0,62}[^\W_])?"
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+%'-]*\w{_AT}{_LABEL}(?:{_DOT}{_LABEL})+"
    # Without brackets only where the rest leaves no doubt: "name at example dot org".
    rf"|(?<![\w.+-])[\w.+-]*\w\s(?:at|ät)\s{_LABEL}(?:\s(?:dot|punkt)\s{_LABEL})+\b"
    # "(a)" is an enumeration, too: only before what ends as a host does.
    rf"|(?<![\w.+-])[\w.+-]*\w\s?[(\[{{<]a[)\]}}>]\s?(?:{_LABEL}\.)+[^\W\d_]{{2,}}\b",
    re.IGNORECASE,
)

_GAP = r"[ \t\u00a0\u2009\u202f./\-\u2010-\u2015()]{0,4}"
_DIGITS = rf"\d(?:{_GAP}\d)"
_INTERNATIONAL = rf"(?:\+|(?<!\d)00(?=[1-9])){_GAP}{_DIGITS}{{6,14}}"
_NATIONAL = rf"(?:\(\s?0|(?<![\d.,:/+])0)(?:{_GAP}[1-9])(?:{_GAP}\d){{5,13}}"
_SAID = (
    r"\b(?:tel(?:efon(?:nummer)?)?|telefax|fax|fon|phone|call|handy(?:nummer)?|mobil(?:nummer)?"
    r"|mobile|whatsapp|signal|rufnummer|durchwahl|anruf(?:en)?|ruf)\b\.?\s{0,2}"
    r"(?:(?:unter|nr|nummer|number|no|on|at)\b\.?\s{0,2})?[:.]?\s{0,2}"
    rf"(?P<number>\(?{_DIGITS}{{3,14}})"
)
_PHONE = re.compile(
    rf"(?<![\w@])(?:{_INTERNATIONAL}|{_NATIONAL})(?![\d])|{_SAID}(?!\d)", re.IGNORECASE
)

_DATE = r"\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?|\d{4}-\d{2}-\d{2}|\d{1,2}/\d{1,2}/\d{2,4}"
_MONTH = r"(?:0?[1-9]|1[0-2])/20\d\d"
_CLOCK = r"\d{1,2}(?:[:.]\d{2})?(?:\s?(?:uhr|h))?"
_OTHER = re.compile(
    # Bank accounts, register entries, tax and customer numbers, money: what a number there means.
    r"\b[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]{4}){2,7}(?:[ \u00a0]?[A-Z0-9]{1,4})?\b"
    r"|\b(?:VR|HRA|HRB|GnR|GsR|PR|StNr|Steuernummer|Steuer-Nr|USt-IdNr|W-IdNr|IBAN|BIC|BLZ|Konto"
    r"|Az|Aktenzeichen|ISBN|Kundennummer|Artikel(?:nummer)?|DIN|PLZ|Postleitzahl(?:en)?)\b"
    r"[\s.:-]{0,3}(?:[A-Z]{1,3}\s?)?\d[\d./ -]{0,40}"
    rf"|(?<!\d)(?:{_DATE})(?:\s?(?:[-–]|bis|to)\s?(?:{_DATE}))?(?![\d])"
    rf"|(?<![\d/] )(?<![\d/]){_MONTH}(?![\d/])"
    rf"|(?<![\d/])\d{{1,2}}[:.]\d{{2}}(?:\s?(?:uhr|h))?\s?[-–/]\s?{_CLOCK}(?!\d)"
    rf"|(?<!\d){_CLOCK}\s?[-–]\s?\d{{1,2}}(?:[:.]\d{{2}})?\s?(?:uhr|h)\b"
    r"|(?<![\d.,])\d{1,3}(?:[. ]\d{3})*(?:,\d{1,2})?\s?(?:€|EUR\b|Euro\b)",
    re.IGNORECASE,
)


def masked(text: str) -> tuple[str, int]:
    """The text with `MASK` for each contact in it, and how many there were.

    What it returns holds none: to mask it again changes nothing. A text that holds none stays as
    it is written.
    """
    count, found = 0, _unescaped(text)
    while spans := list(_contacts(_plain(found))):
        for start, end in reversed(spans):
            found = found[:start] + MASK + found[end:]
        count += len(spans)
    return found if count else text, count


def has_contact(text: str) -> bool:
    """Whether an e-mail address or a telephone number stands in the text."""
    return next(_contacts(_plain(_unescaped(text))), None) is not None


def _unescaped(text: str) -> str:
    """The text without HTML's ways to write signs; never longer."""
    before = None
    while before != text and "&" in text:
        before, text = text, _ENTITY.sub(lambda found: _one(html.unescape, found[0]), text)
    return text


def _plain(text: str) -> str:
    """The text, of the same length, with wide signs and digits of other scripts as usual ones."""
    return text if text.isascii() else _UNUSUAL.sub(lambda found: _usual(found[0]), text)


@lru_cache(maxsize=1_000)
def _usual(sign: str) -> str:
    if sign.isdecimal():
        return str(unicodedata.decimal(sign))
    return _one(lambda text: unicodedata.normalize("NFKC", text), sign)


def _one(change: Callable[[str], str], text: str) -> str:
    """The one sign that a change makes of a text; the text where it makes more of it."""
    after = change(text)
    return after if len(after) == 1 else text


def _contacts(text: str) -> Iterator[tuple[int, int]]:
    """Where contacts stand, in order, none in another."""
    spans = (
        [match.span() for match in _EMAIL.finditer(text)]
        if _AT_SIGN.search(text.casefold())
        else []
    )
    if len(_DIGIT.findall(text)) >= 4:
        others = [match.span() for match in _OTHER.finditer(text)]
        for match in _PHONE.finditer(text):
            start, end = match.span("number") if match["number"] else match.span()
            if not any(low < end and start < high for low, high in (*others, *spans)):
                spans.append((start, end))
    yield from sorted(spans)
