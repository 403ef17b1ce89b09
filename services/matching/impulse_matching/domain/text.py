"""How much two German texts have in common: what they speak of, and how they spell it.

One part of a vector are concepts of the taxonomy and what is broader than they, because
"Obdachlose" and "Wohnungslose" share no letters that help. The other part are character n-grams
within words (scikit-learn calls them `char_wb`), for all that no list knows, because German
compounds share parts, not words: "Streichaktion" and "Wände streichen". No model is needed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from math import log, sqrt
from typing import NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from impulse_matching.domain import german, reading, taxonomy
from impulse_matching.domain.reading import Mention

SHORTEST, LONGEST = 3, 4
BUCKETS = 1 << 18
"""Into how many columns concepts and n-grams are hashed; of 300 in a text hardly one collides."""

CONCEPTS = 0.6
"""Which part of a similarity concepts make; n-grams make the rest."""
BROADER = 0.35
"""How much a concept counts against one that is narrower by a step."""
EVERYDAY = 0.3
"""How much an everyday word counts against another."""

Buckets = NDArray[np.uint32]
Weights = NDArray[np.float64]
_NOTHING: Buckets = np.zeros(0, dtype=np.uint32)


class TextVector(NamedTuple):
    """A text as a sparse vector of length 1: sorted `buckets` and their `weights`.

    A text without a telling word has no buckets, and nothing in common with any other.
    """

    buckets: Buckets
    weights: NDArray[np.float32]


def version() -> str:
    """Changes with the taxonomy: vectors of different versions are not to be compared."""
    return taxonomy.shipped().version


def vector(text: str) -> TextVector:
    """The vector of `text`; what repeats counts as 1 + ln(n)."""
    mentions = reading.read(text)
    parts = [(CONCEPTS, *_concepts(mentions)), (1 - CONCEPTS, *_grams(mentions))]
    told = [part for part in parts if len(part[1])]
    if not told:
        return TextVector(_NOTHING, np.zeros(0, dtype=np.float32))
    whole = sum(share for share, _, _ in told)
    buckets, column = np.unique(np.concatenate([each for _, each, _ in told]), return_inverse=True)
    scaled = [sqrt(share / whole) / np.linalg.norm(weights) * weights for share, _, weights in told]
    weights = np.bincount(column, np.concatenate(scaled))
    return TextVector(buckets, (weights / np.linalg.norm(weights)).astype(np.float32))


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


def _concepts(mentions: Sequence[Mention]) -> tuple[Buckets, Weights]:
    """What is spoken of and all that is broader, by how often and how much it tells."""
    lists = taxonomy.shipped()
    counts: dict[str, float] = defaultdict(float)
    for mention in mentions:
        for spoken_of, share in mention.concepts:
            weight = sqrt(share) * (EVERYDAY if mention.is_everyday else 1)
            for concept, steps in lists.lineage(spoken_of).items():
                counts[concept] += weight * BROADER**steps
    return (
        np.array([_bucket(f"#{concept}") for concept in counts], dtype=np.uint32),
        np.array([_damped(n) * sqrt(lists.telling(each)) for each, n in counts.items()]),
    )


def _grams(mentions: Sequence[Mention]) -> tuple[Buckets, Weights]:
    said = [(word, mention.is_everyday) for mention in mentions for word in mention.words]
    if not said:
        return _NOTHING, np.zeros(0)
    hashed = [_hashed_grams(german.fold(word)) for word, _ in said]
    weights = [EVERYDAY if is_everyday else 1.0 for _, is_everyday in said]
    buckets, column = np.unique(np.concatenate(hashed), return_inverse=True)
    counts = np.bincount(column, np.repeat(weights, [len(grams) for grams in hashed]))
    return buckets, np.where(counts > 1, 1 + np.log(counts), counts)


def _damped(count: float) -> float:
    return 1 + log(count) if count > 1 else count


@lru_cache(maxsize=1 << 16)
def _hashed_grams(word: str) -> Buckets:
    padded = f" {word} "
    grams = [
        padded[start : start + size]
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(len(padded) - size + 1)
    ]
    return np.array([_bucket(gram) for gram in grams], dtype=np.uint32)


def _bucket(feature: str) -> int:
    return crc32(feature.encode()) % BUCKETS
