"""German words: how a text is read, which spellings are one word, and what forms a word has."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

LONGEST_WORD = 60
"""What is longer is no word, and cut."""
SHORTEST_STEM = 3

_GENDERED = re.compile(r"(?<=\w)[:*_·/](?=in(?:nen)?\b)|(?<=[a-zäöüß])(?=Innen\b)")
_WORD = re.compile(r"[^\W\d_]+")
_SPELLING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_UMLAUT = re.compile("(?<![aeq])([aou])e")

_ENDINGS = (
    "e", "n", "s", "t", "em", "en", "er", "es", "et", "in", "te",
    "end", "ens", "ern", "est", "ten", "innen",
)  # fmt: skip
_LISTED_ENDINGS = ("en", "e", "n")
_SEPARABLE = re.compile(
    "^(ab|an|auf|aus|bei|ein|fest|her|hin|mit|nach|um|vor|weg|weiter|wieder|zu|zurueck|zusammen)?"
    "(?:ge|zu)(?=.{4})"
)

# Words that stand in nearly every offer or need and say nothing about what it is.
_COMMON_WORDS = """
    aber alle allem allen aller alles als also am an and andere anderen auch auf aus bei beim bieten
    bietet bin bis bitte brauchen braucht can dabei damit dann das dass dein deine dem den denn der
    des dich die dies diese diesem diesen dieser dieses doch dort du durch ein eine einem einen
    einer eines einige er es etwa etwas euch euer eure for fuer gegen gerne gern gesucht gibt haben
    hat hier ich ihr ihre ihrem ihren ihrer im in ins ist ja je jede jeden jeder jedes kann kein
    keine koennen koennte machen mehr mein meine mit moechten moechte muss nach nicht noch nur ob
    oder of ohne oft our sehr sein seine seit sich sie sind so sollen soll sowie stellen stellt
    suchen sucht the their ueber um und uns unser unsere unserem unseren unserer unter viel viele
    vom von vor wann war was we wenn wer werden wie wieder wir wird with wo wollen wuenschen you zu
    zum zur zwei zwischen
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_NOUNS = frozenset({"Sucht"})
"""What is one of them in small letters only."""


def words(text: str) -> Iterator[str]:
    """The words of a text as it spells them, without single letters; "Helfer:innen" is one."""
    normal = unicodedata.normalize("NFC", text)
    for word in _WORD.findall(_GENDERED.sub("", normal)):
        if len(word) > 1:
            yield word[:LONGEST_WORD]


@lru_cache(maxsize=1 << 16)
def fold(word: str) -> str:
    """Lower case, umlauts spelled out (as keyboards without them do), other accents dropped."""
    spelled = word.lower().translate(_SPELLING)
    return "".join(
        c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c)
    )


def says_nothing(word: str) -> bool:
    """Whether it is a word like "und" or "wir"."""
    return fold(word) in _COMMON and word not in _NOUNS


def plain(word: str) -> str:
    """Folded and without umlauts, which come and go with the form: Garten, Gärten."""
    return _UMLAUT.sub(r"\1", fold(word))


def stem(word: str) -> str:
    """How a list keeps a word: plain, without the ending of its plural or infinitive."""
    bare = plain(word)
    for ending in _LISTED_ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) > SHORTEST_STEM:
            return bare.removesuffix(ending)
    return bare


@lru_cache(maxsize=1 << 16)
def forms(bare: str) -> tuple[str, ...]:
    """What the stem of a plain word may be, the longest first; its participles' verbs last."""
    found = [bare]
    for ending in _ENDINGS:
        rest = bare[: -len(ending)]
        if len(rest) >= SHORTEST_STEM and bare.endswith(ending):
            found.append(rest)
    verb = _SEPARABLE.sub(r"\1", bare)
    return (*found, *(forms(verb) if verb != bare else ()))
