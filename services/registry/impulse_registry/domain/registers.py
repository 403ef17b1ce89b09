"""Entries in public registers, in every spelling: court, kind of register, number.

A register entry identifies a legal entity only together with court and kind: VR 1 and HRB 1 of
one court are two entities.
"""

import re
from functools import lru_cache

from impulse_registry.domain.names import fold

_KINDS = (
    ("HRA", r"(?:hr|handelsregister(?: abteilung| abt)?) ?a"),
    ("HRB", r"(?:hr|handelsregister(?: abteilung| abt)?) ?b"),
    ("VR", r"vr|vereinsregister|ver reg|vereinsreg"),
    ("GnR", r"gnr|genr|genossenschaftsregister"),
    ("GsR", r"gsr|gesellschaftsregister"),
    ("PR", r"pr|partnerschaftsregister"),
)
_KIND = tuple((kind, re.compile(rf"\b(?:{pattern})(?=\d|\b)")) for kind, pattern in _KINDS)
_COURT_WORDS = re.compile(
    r"\b(?:(?:das|des|beim|bei dem|im|vom|am|des) )?"
    r"(?:amtsgerichte?s?|registergerichte?s?|amtsger|reg gericht|ag|ger)\b"
)
_NUMBER_WORDS = re.compile(r"\b(?:nr|nummer|no|num|reg|register|registernummer|registernr|blatt)\b")
_NUMBER = re.compile(r"0*(\d{1,7}) ?([a-z]{0,3})")
_GROUPED = re.compile(r"(?<=\d)[. \u00a0](?=\d{3}(?!\d))")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_ON_THE_RIVER = re.compile(r"\b(?:a d|an d|an der|a der|ad)\b")
_W_IDNR = re.compile(r"(DE\d{9})(?:-?\d{5})?")


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
    found = _W_IDNR.fullmatch(re.sub(r"[\s.]", "", text).upper())
    return found[1] if found else None


def _court(court: str) -> tuple[str, str | None]:
    kind, seat = _kind(_words(_IN_BRACKETS.sub(" ", court)))
    seat = _ON_THE_RIVER.sub("an der", _NUMBER_WORDS.sub(" ", _COURT_WORDS.sub(" ", seat)))
    return " ".join(seat.split()), kind


def _kind(words: str) -> tuple[str | None, str]:
    for kind, pattern in _KIND:
        found = pattern.search(words)
        if found:
            return kind, f"{words[: found.start()]} {words[found.end() :]}"
    return None, words


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))
