"""How much two German texts have in common: hashed character n-grams, compared by their cosine.

Character n-grams within words (scikit-learn calls them `char_wb`), because German compounds
share parts, not words: "Streichaktion" and "Wände streichen". Needs no dictionary and no model.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

SHORTEST, LONGEST = 3, 5
BUCKETS = 1 << 18
"""Into how many columns n-grams are hashed; two texts of 300 collide in less than one."""

LONGEST_WORD = 60
"""What is longer is no word, and cut."""

_WORD = re.compile(r"[^\W\d_]+")
_SPELLING = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})

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


class TextVector(NamedTuple):
    """A text as a sparse vector of length 1: sorted `buckets` and their `weights`.

    A text without a telling word has no buckets, and nothing in common with any other.
    """

    buckets: NDArray[np.uint32]
    weights: NDArray[np.float32]


def vector(text: str) -> TextVector:
    """The vector of `text`; n-grams that repeat count as 1 + ln(n)."""
    hashed = [_hashed_grams(_fold(word)) for word in _words(text)]
    buckets, counts = np.unique(np.concatenate(hashed or [_NOTHING]), return_counts=True)
    weights = 1 + np.log(counts)
    length = np.sqrt((weights**2).sum()) or 1.0
    return TextVector(buckets, (weights / length).astype(np.float32))


def similarity(one: TextVector, others: Sequence[TextVector]) -> NDArray[np.float64]:
    """The cosine of `one` with each of the others, 0 (nothing in common) to 1 (the same)."""
    if not others:
        return np.zeros(0)
    dense = np.zeros(BUCKETS, dtype=np.float64)
    dense[one.buckets] = one.weights
    products = dense[np.concatenate([other.buckets for other in others])]
    products *= np.concatenate([other.weights for other in others])
    owners = np.repeat(np.arange(len(others)), [len(other.buckets) for other in others])
    return np.bincount(owners, weights=products, minlength=len(others)).astype(np.float64)


def shared_words(text: str, other: str, limit: int = 2) -> list[str]:
    """The words of `text`, as it spells them, of which most is found in `other` too; best first."""
    grams = frozenset[str]().union(*(_pieces(_fold(word)) for word in _words(other)))
    found: dict[str, tuple[float, int, str]] = {}
    for place, word in enumerate(_words(text)):
        pieces = _pieces(_fold(word))
        share = len(grams.intersection(pieces)) / len(pieces) if pieces else 0.0
        if share >= 0.5:
            # The same word in another form ("streichen", "gestrichen") is named once only.
            found.setdefault(_fold(word)[:LONGEST], (-share, place, word))
    return [word for _, _, word in sorted(found.values())[:limit]]


def _words(text: str) -> Iterator[str]:
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        if len(word) > 1 and _fold(word) not in _COMMON:
            yield word[:LONGEST_WORD]


@lru_cache(maxsize=1 << 16)
def _fold(word: str) -> str:
    """Lower case, umlauts spelled out (as keyboards without them do), other accents dropped."""
    spelled = word.lower().translate(_SPELLING)
    return "".join(
        c for c in unicodedata.normalize("NFKD", spelled) if not unicodedata.combining(c)
    )


@lru_cache(maxsize=1 << 16)
def _hashed_grams(word: str) -> NDArray[np.uint32]:
    padded = f" {word} "
    grams = [
        padded[start : start + size]
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(len(padded) - size + 1)
    ]
    return np.array([crc32(gram.encode()) % BUCKETS for gram in grams], dtype=np.uint32)


_NOTHING = np.zeros(0, dtype=np.uint32)


@lru_cache(maxsize=1 << 16)
def _pieces(word: str) -> tuple[str, ...]:
    return tuple(word[start : start + LONGEST] for start in range(len(word) - LONGEST + 1))
