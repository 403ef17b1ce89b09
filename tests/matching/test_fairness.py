"""Fairness changes the order of what fits nearly as well, and of nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_matching.domain.fairness import Adjustment, Exposure, deficit, gini, lifts, order

SHARE = st.floats(0, 1)
RANKED = st.lists(st.tuples(SHARE, st.tuples(SHARE, SHARE)), min_size=1, max_size=20)


@given(RANKED, st.floats(0, 0.2))
def test_what_fits_better_by_more_than_the_band_stays_ahead(
    pairs: list[tuple[float, tuple[float, float]]], band: float
) -> None:
    scores = [score for score, _ in pairs]
    ranked = [scores[i] for i in order(scores, lifts([each for _, each in pairs], band))]
    best_after = [max(ranked[place:]) for place in range(len(ranked))]
    assert all(best - score <= band + 1e-6 for score, best in zip(ranked, best_after, strict=True))


@given(RANKED)
def test_without_a_band_nothing_moves(pairs: list[tuple[float, tuple[float, float]]]) -> None:
    scores = sorted((score for score, _ in pairs), reverse=True)
    assert order(scores, lifts([each for _, each in pairs], 0)) == list(range(len(scores)))


def test_who_was_never_shown_comes_before_who_fits_a_little_better() -> None:
    often = deficit(Exposure(shown=30, open=2), average=5)
    never = deficit(Exposure(shown=0, open=2), average=5)
    assert (often, never) == (0, 1)
    adjusted = lifts([[often, often], [never, never]], band=0.03)
    assert adjusted == [Adjustment(0, 0), Adjustment(0.03, 1)]
    assert order([0.71, 0.70], adjusted) == [1, 0]
    assert order([0.74, 0.70], adjusted) == [0, 1]


def test_nothing_open_and_nothing_shown_is_no_exposure() -> None:
    assert Exposure(0, 0).each == 0
    assert deficit(Exposure(0, 0), average=0) == 0
    assert lifts([[]], 0.03) == [Adjustment(0, 0)]


@pytest.mark.parametrize(
    ("values", "expected"), [([], 0), ([0, 0], 0), ([2, 2, 2], 0), ([0, 1], 0.5), ([1, 3], 0.25)]
)
def test_gini_of_small_cases(values: list[float], expected: float) -> None:
    assert gini(values) == pytest.approx(expected)


@given(st.lists(st.floats(0.01, 1000), min_size=1, max_size=12))
def test_gini_is_half_the_relative_mean_difference(values: list[float]) -> None:
    n, mean = len(values), sum(values) / len(values)
    differences = sum(abs(a - b) for a in values for b in values)
    assert gini(values) == pytest.approx(differences / (2 * n * n * mean), abs=1e-9)
