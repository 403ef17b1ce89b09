"""Labelled offers and needs, and how well a comparison of texts finds the right ones."""

import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FOLDER = Path(__file__).parents[1] / "matching" / "pairs"

Compare = Callable[[Sequence[str], Sequence[str]], NDArray[np.float64]]
"""Offers and needs -> the similarity of each with each."""


class Pairs(NamedTuple):
    """`offers[i]` belongs to `needs[i]`; behind these are needs that no offer belongs to."""

    offers: list[str]
    needs: list[str]
    kinds: list[str]


class Quality(NamedTuple):
    """Mean reciprocal rank, and the shares whose need is the first, and among the first five."""

    mrr: float
    hit1: float
    hit5: float


def pairs(name: str) -> Pairs:
    """The pairs of a file, as listings say it: the title twice."""
    content = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))
    labelled, others = content["pair"], content["other"]

    def said(text: list[str]) -> str:
        return "\n".join([text[0], *text])

    return Pairs(
        [said(each["offer"]) for each in labelled],
        [said(each["need"]) for each in labelled + others],
        [each["class"] for each in labelled],
    )


def ranks(compare: Compare, given: Pairs) -> list[int]:
    """On which rank each offer's need is among all needs; ties count against it."""
    similar = compare(given.offers, given.needs)
    right = np.diagonal(similar)[:, None]
    return [int(rank) for rank in (similar >= right).sum(axis=1)]


def quality(found: Sequence[int]) -> Quality:
    """What ranks amount to."""
    places = np.array(found)
    return Quality(
        float((1 / places).mean()), float((places == 1).mean()), float((places <= 5).mean())
    )


def by_kind(found: Sequence[int], given: Pairs) -> dict[str, Quality]:
    """The quality of all, and of each class."""
    kinds = {"all": list(found)}
    for kind in sorted(set(given.kinds)):
        kinds[kind] = [rank for rank, k in zip(found, given.kinds, strict=True) if k == kind]
    return {kind: quality(of_kind) for kind, of_kind in kinds.items()}


# ------------------------------------------------------------------------------ baselines


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text.lower())


def tf_idf(offers: Sequence[str], needs: Sequence[str]) -> NDArray[np.float64]:
    """Words, weighted by (1 + ln tf) and the smoothed idf over the needs, compared by cosine."""
    seen = Counter(word for need in needs for word in set(_words(need)))
    idf = {word: math.log((1 + len(needs)) / (1 + n)) + 1 for word, n in seen.items()}
    column = {word: place for place, word in enumerate(idf)}

    def matrix(texts: Sequence[str]) -> NDArray[np.float64]:
        rows = np.zeros((len(texts), len(column)))
        for row, text in zip(rows, texts, strict=True):
            for word, n in Counter(_words(text)).items():
                if word in column:
                    row[column[word]] = (1 + math.log(n)) * idf[word]
        length = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(length, 1e-12))

    return np.asarray(matrix(offers) @ matrix(needs).T)


def bm25(
    offers: Sequence[str], needs: Sequence[str], k1: float = 1.5, b: float = 0.75
) -> NDArray[np.float64]:
    """Okapi BM25 over words, with the usual constants."""
    counts = [Counter(_words(need)) for need in needs]
    lengths = [count.total() for count in counts]
    mean = sum(lengths) / len(lengths)
    seen = Counter(word for count in counts for word in count)
    idf = {w: math.log(1 + (len(needs) - n + 0.5) / (n + 0.5)) for w, n in seen.items()}

    def score(words: Sequence[str], count: Counter[str], length: int) -> float:
        norm = k1 * (1 - b + b * length / mean)
        return sum(idf[w] * count[w] * (k1 + 1) / (count[w] + norm) for w in words if w in count)

    return np.array(
        [
            [score(words, *each) for each in zip(counts, lengths, strict=True)]
            for words in map(_words, offers)
        ]
    )
