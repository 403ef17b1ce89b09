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

from impulse_matching.domain import text

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

    def said(listing: list[str]) -> str:
        return "\n".join([listing[0], *listing])

    return Pairs(
        [said(each["offer"]) for each in labelled],
        [said(each["need"]) for each in labelled + others],
        [each["class"] for each in labelled],
    )


def by_vectors(offers: Sequence[str], needs: Sequence[str], cut: int = 0) -> NDArray[np.float64]:
    """As matching compares them; `cut`: by so many of the strongest entries of each only."""
    vectors = [_strongest(text.vector(need), cut) for need in needs]
    return np.array([text.similarity(_strongest(text.vector(o), cut), vectors) for o in offers])


def _strongest(vector: text.TextVector, cut: int) -> text.TextVector:
    if not cut:
        return vector
    chosen = np.sort(np.lexsort((vector.buckets, -vector.weights))[:cut])
    weights = vector.weights[chosen]
    return text.TextVector(vector.buckets[chosen], weights / np.linalg.norm(weights))


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


def words(said: str) -> list[str]:
    """The words of a text, in small letters."""
    return re.findall(r"[^\W\d_]+", said.lower())


def grams(said: str) -> list[str]:
    """Its n-grams of three to five letters within words, as scikit-learn's `char_wb`."""
    padded = [f" {word} " for word in words(said)]
    return [w[i : i + n] for w in padded for n in (3, 4, 5) for i in range(len(w) - n + 1)]


def tf_idf(units: Callable[[str], list[str]]) -> Compare:
    """Units of text, weighted by (1 + ln tf) and the smoothed idf over the needs, by cosine."""

    def compare(offers: Sequence[str], needs: Sequence[str]) -> NDArray[np.float64]:
        seen = Counter(unit for need in needs for unit in set(units(need)))
        idf = {unit: math.log((1 + len(needs)) / (1 + n)) + 1 for unit, n in seen.items()}
        column = {unit: place for place, unit in enumerate(idf)}

        def matrix(texts: Sequence[str]) -> NDArray[np.float64]:
            rows = np.zeros((len(texts), len(column)))
            for row, each in zip(rows, texts, strict=True):
                for unit, n in Counter(units(each)).items():
                    if unit in column:
                        row[column[unit]] = (1 + math.log(n)) * idf[unit]
            length = np.linalg.norm(rows, axis=1, keepdims=True)
            return np.asarray(rows / np.maximum(length, 1e-12))

        return np.asarray(matrix(offers) @ matrix(needs).T)

    return compare


def bm25(offers: Sequence[str], needs: Sequence[str]) -> NDArray[np.float64]:
    """Okapi BM25 over words, with the usual constants."""
    k1, b = 1.5, 0.75
    counts = [Counter(words(need)) for need in needs]
    lengths = [count.total() for count in counts]
    mean = sum(lengths) / len(lengths)
    seen = Counter(word for count in counts for word in count)
    idf = {w: math.log(1 + (len(needs) - n + 0.5) / (n + 0.5)) for w, n in seen.items()}

    def score(said: Sequence[str], count: Counter[str], length: int) -> float:
        norm = k1 * (1 - b + b * length / mean)
        return sum(idf[w] * count[w] * (k1 + 1) / (count[w] + norm) for w in said if w in count)

    rows = [
        [score(said, *each) for each in zip(counts, lengths, strict=True)]
        for said in map(words, offers)
    ]
    return np.array(rows)
