"""Vectors of texts as the index holds them: cut to the strongest n-grams, weights in 255 steps.

Compared by whole numbers, so the order in which they are added makes no difference: a pair has the
same similarity alone and among a million.
"""

from __future__ import annotations

import threading
from typing import NamedTuple

import numpy as np

from impulse_matching.domain.features import GRAMS, Column, Features, Floats
from impulse_matching.domain.text import BUCKETS, TextVector

STEPS = 255


class Cut(NamedTuple):
    """The strongest `GRAMS` of a vector; unused places have weight 0."""

    grams: Column
    weights: Column
    length: float
    """That of what is left: what was cut away is taken to be shared as much as the rest."""


def cut(vector: TextVector) -> Cut:
    """The vector to be stored; of equal weights the n-grams of the lowest numbers are kept.

    So two texts that share n-grams keep the same ones of them.
    """
    grams = np.zeros(GRAMS, dtype=np.uint32)
    weights = np.zeros(GRAMS, dtype=np.uint8)
    if not len(vector.weights):
        return Cut(grams, weights, 1.0)
    strongest = np.sort(np.lexsort((vector.buckets, -vector.weights))[:GRAMS])
    per_step = STEPS / vector.weights.max()
    grams[: len(strongest)] = vector.buckets[strongest]
    weights[: len(strongest)] = np.rint(vector.weights[strongest] * per_step)
    length = np.sqrt((weights.astype(np.float64) ** 2).sum())
    return Cut(grams, weights, float(length))


class _Scratch(threading.local):
    """A place for each bucket, all 0 between uses; a thread's own, as it is dear to make."""

    def __init__(self) -> None:
        self.weights = np.zeros(BUCKETS, dtype=np.uint8)


_scratch = _Scratch()


def similarity(one: Features, many: Features) -> Floats:
    """The cosine of a text with each of many, 0 (nothing in common) to 1 (the same)."""
    spread = _scratch.weights
    used = one.weights[0] > 0
    grams = one.grams[0][used]
    spread[grams] = one.weights[0][used]
    found = spread.take(many.grams)
    spread[grams] = 0
    # Sums of products of whole numbers below 2^24: exact in single precision.
    products = np.vecdot(found.astype(np.float32), many.weights.astype(np.float32))
    return np.asarray(products / (many.length * one.length))
