"""Points that depend on one code of each side only, worked out once and looked up ever after."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from impulse_matching.domain import criteria
from impulse_matching.domain.conditions import Pairs
from impulse_matching.domain.criteria import BY_CODE, Values
from impulse_matching.domain.features import ENTRY, Features
from impulse_matching.domain.rules import Criterion


class Tables:
    """What a code is worth beside another, for each feature of few values. Of one rule set."""

    def __init__(self) -> None:
        self._worth: dict[tuple[str, int, bool], Values] = {}

    def points(self, of: Pairs, stage: Collection[Criterion]) -> Values:
        """The points of the criteria of a stage, weighed and added up."""
        points = np.zeros(len(of.many.party), dtype=np.int32)
        weights = of.rules.hundredths
        for field, (_, by_code) in BY_CODE.items():
            if by_code[0] not in stage:
                continue
            key = field, int(getattr(of.one, field)[0]), of.of_need
            if key not in self._worth:
                self._worth[key] = _worth(of, field)
            points += self._worth[key].take(getattr(of.many, field))
        for criterion in stage:
            if criterion in weights and criterion not in _LOOKED_UP:
                points += weights[criterion] * criteria.value(of, criterion)
        return points


_LOOKED_UP = {each for _, by_code in BY_CODE.values() for each in by_code}


def _worth(of: Pairs, field: str) -> Values:
    size, by_code = BY_CODE[field]
    codes = of.with_many(Features({field: np.arange(size, dtype=ENTRY[field])}))
    weights = of.rules.hundredths
    worth = np.zeros(size, dtype=np.int32)
    for criterion in by_code:
        if criterion in weights:
            worth += weights[criterion] * criteria.value(codes, criterion)
    return worth
