"""Entries in public registers, in every spelling: court, kind of register, number.

A register entry identifies a legal entity only together with court and kind: VR 1 and HRB 1 of
one court are two entities.
"""

import re
from functools import lru_cache

from impulse_registry.domain.names import fold

_HR = r"(?:h ?r|handels ?reg(?:ister)?(?: abteilung| abt)?)"
_KINDS = (
    ("HRA", rf"{_HR} ?a"),
    ("HRB", rf"{_HR} ?b"),
    ("VR", r"v ?r|v(?:er(?:eins)?)? ?reg(?:ister)?"),
    ("GnR", r"g ?n ?r|genr|gen(?:ossenschafts)? ?reg(?:ister)?"),
    ("GsR", r"g ?s ?r|gesellschafts ?reg(?:ister)?"),
    ("PR", r"p ?r|partnerschafts ?reg(?:ister)?"),
)
_KIND = tuple(
    (kind, re.compile(rf"\b(?:{pattern})(?: ?(?:nr|nummer))?(?=\d|\b)")) for kind, pattern in _KINDS
)
_COURT_WORDS = re.compile(
    r"\b(?:(?:das|des|beim|bei dem|im|vom|am|des) )?"
    r"(?:amtsgerichte?s?|registergerichte?s?|amtsger|amtsg|reg gericht|a ?g|ger)\b"
    r"(?: in\b)?(?: \d{5}\b)?"
)
_NUMBER_WORDS = re.compile(
    r"\b(?:nr|nummer|no|num|reg|register|handelsregister|blatt)(?:nr|nummer)?\b"
)
_NUMBER = re.compile(r"0*(\d{1,7}) ?([a-z]{0,3})")
_GROUPED = re.compile(r"(?<=\d)[. \u00a0](?=\d{3}(?!\d))")
_REGION = re.compile(
    r"[(/]\s*(?:(?:an der|a\.? ?d\.?) )?"
    r"(?:ruhr|westf(?:\.|alen)?|nrw|nordrhein[- ]westfalen)\s*(?:\)|$)"
)
"""Said with courts that have no namesake. Frankfurt (Oder) and Frankfurt (Main) are two."""
_WHERE_IT_LIES = re.compile(r"\b(?:(?:a|an|i|in|v|vor) ?(?:d|der)|am|a|im|i)\b")
"""No two courts differ by these alone: "am Main" is "a. M." is "(Main)"."""
_POSTCODE = re.compile(r"^(?:d )?\d{5} | \d{5}$")
_WHOLE = {
    "muelheim": "muelheim an der ruhr",
    "muelheim ruhr": "muelheim an der ruhr",
    "frankfurt m": "frankfurt main",
    "offenbach main": "offenbach",
    "offenbach m": "offenbach",
    "bad homburg h": "bad homburg",
    "bad homburg hoehe": "bad homburg",
    "freiburg br": "freiburg",
    "freiburg breisgau": "freiburg",
    "ludwigshafen rhein": "ludwigshafen",
    "ludwigshafen rh": "ludwigshafen",
    "limburg lahn": "limburg",
    "kempten allgaeu": "kempten",
    "landau pfalz": "landau",
    "weiden opf": "weiden",
    "weiden oberpfalz": "weiden",
}
"""Courts written with and without what they lie at; no namesake of theirs has a register."""
_W_IDNR = re.compile(r"(?:W-?IDNR:?)?(DE\d{9})(?:-?\d{5})?")


@lru_cache(maxsize=20_000)
def parse(court: str, number: str) -> str | None:
    """The canonical entry, `essen|VR|4321`; None when it cannot be read.

    The kind may stand with the number or with the court ("Vereinsregister Essen"). Letters that
    follow a number ("HRB 1234 B") tell apart entries of courts that were merged: they are kept.
    """
    seat, of_court = _court(court)
    rest = _words(_GROUPED.sub("", number))
    kind, rest = _kind(rest)
    kind = kind or of_court
    if seat:
        rest = re.sub(rf"\b{re.escape(seat)}\b", " ", _COURT_WORDS.sub(" ", rest))
    found = _NUMBER.fullmatch(" ".join(_NUMBER_WORDS.sub(" ", rest).split()))
    if not (seat and kind and found) or int(found[1]) == 0:
        return None
    return f"{seat}|{kind}|{int(found[1])}{found[2].upper()}"


def w_idnr(text: str) -> str | None:
    """The Wirtschafts-Identifikationsnummer of the legal entity, `DE123456789`, in any spelling.

    What follows the hyphen numbers its places of business, so it is left out (§ 139c AO). None
    unless it is DE and nine digits.
    """
    found = _W_IDNR.fullmatch(re.sub(r"[\u2010-\u2015/]", "-", re.sub(r"[\s.]", "", text)).upper())
    return found[1] if found else None


@lru_cache(maxsize=5_000)
def _court(court: str) -> tuple[str, str | None]:
    kind, _ = _kind(_words(court))
    _, seat = _kind(_words(_REGION.sub(" ", court.casefold())))
    seat = _NUMBER_WORDS.sub(" ", _COURT_WORDS.sub(" ", seat))
    seat = " ".join(_WHERE_IT_LIES.sub(" ", seat).split())
    seat = re.sub(r"^st ", "sankt ", _POSTCODE.sub("", seat))
    return _WHOLE.get(seat, seat), kind


def _kind(words: str) -> tuple[str | None, str]:
    """The kind that is named, once or twice ("Vereinsregister VR"), and the words without it."""
    for kind, pattern in _KIND:
        rest, times = pattern.subn(" ", words, count=2)
        if times:
            return kind, rest
    return None, words


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))
