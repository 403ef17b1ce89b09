"""Fairness changes the order of what fits nearly as well, and of nothing else."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_matching.domain import rules
from impulse_matching.domain.choosing import SUGGESTIONS, choose
from impulse_matching.domain.fairness import MILLION, Candidate, Exposure, gini, lack, ranked
from impulse_matching.domain.rules import Criterion, FairnessRules, RuleSet
from impulse_matching.domain.search import Found

TIMES = st.floats(0, 100)
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        score=st.integers(0, MILLION) | st.integers(MILLION // 2, MILLION // 2 + 100_000),
        actor=TIMES,
        municipality=st.none() | TIMES,
        kept=st.booleans(),
    ),
    max_size=20,
).map(lambda each: sorted(each, key=lambda one: -one.score))
RULES = st.builds(FairnessRules, band=st.floats(0, 0.2), full_at=st.floats(0.01, 1))


@given(CANDIDATES, TIMES, RULES)
def test_nothing_moves_out_of_the_band(
    candidates: list[Candidate], average: float, fair: FairnessRules
) -> None:
    places = ranked(candidates, average, fair, len(candidates))
    assert sorted(each.candidate for each in places) == list(range(len(candidates)))
    assert [each.rank for each in places] == list(range(1, len(candidates) + 1))
    scores = [candidates[each.candidate].score for each in places]
    best_after = [max(scores[place:]) for place in range(len(scores))]
    band = round(fair.band * MILLION)
    assert all(best - own <= band for own, best in zip(scores, best_after, strict=True))
    assert ranked(candidates, average, fair, 5) == places[:5]


@given(CANDIDATES, TIMES)
def test_without_a_band_nothing_moves(candidates: list[Candidate], average: float) -> None:
    places = ranked(candidates, average, FairnessRules(), len(candidates))
    assert [each.candidate for each in places] == list(range(len(candidates)))
    assert not any(each.is_adjusted for each in places)


FAIR = FairnessRules(band=0.03)
OFTEN, NEVER = 10.0, 0.0


def test_who_was_never_shown_comes_before_who_fits_a_little_better() -> None:
    best, near, far = (
        Candidate(710_000, OFTEN, OFTEN),
        Candidate(690_000, NEVER, NEVER),
        Candidate(670_000, NEVER, NEVER),
    )
    first, second, third = ranked([best, near, far], 5, FAIR, 3)
    assert first == (1, 2, 1, 30_000)
    assert second == (0, 1, 2, 0)
    assert third == (2, 3, 3, 30_000)
    stays = best._replace(kept=True)
    assert [each.candidate for each in ranked([stays, near, far], 5, FAIR, 3)] == [0, 1, 2]


def test_municipality_and_organisation_count_alike() -> None:
    half = [Candidate(1, OFTEN, NEVER), Candidate(1, NEVER, OFTEN)]
    assert {each.lift for each in ranked(half, 5, FAIR, 2)} == {15_000}
    assert ranked([Candidate(1, NEVER)], 5, FAIR, 1)[0].lift == 30_000


@pytest.mark.parametrize(
    ("exposure", "missing"), [(0, 1), (9, 1), (9.5, 0.75), (10, 0.5), (10.5, 0.25), (11, 0)]
)
def test_what_is_missing_goes_by_the_distance_from_the_average(
    exposure: float, missing: float
) -> None:
    assert lack(exposure, 10, full_at=0.1) == pytest.approx(missing)
    assert lack(exposure, 0, full_at=0.1) == 0


def _ids(numbers: Any) -> list[UUID]:
    return [UUID(int=number) for number in numbers]


def _rules(band: float) -> RuleSet:
    return rules.shipped().model_copy(update={"fairness": FairnessRules(band=band)})


def _found(number: int, value: int) -> Found:
    return Found(UUID(int=number), dict.fromkeys(Criterion, value))


LEDGER = {
    "need": Exposure(of="need", open=10, shown=50),
    "need/often": Exposure(of="need/often", open=1, shown=9),
}
"""Twelve needs of ever less value; the last two were never shown, what stands before was often."""
FOUND = [_found(number, 9_000 - number) for number in range(12)]
KEYS = {
    each.listing_id: ("need", "need/often", "need/often")
    if number < 10
    else ("need", "need/never", "need/05916000")
    for number, each in enumerate(FOUND)
}


def test_what_lies_within_the_band_comes_among_the_ten_and_says_why() -> None:
    chosen = choose(FOUND, (), KEYS, LEDGER, _rules(0.05))
    assert [each.listing_id for each, _ in chosen] == _ids([10, 11, *range(8)])
    first, last = chosen[0][1], chosen[-1][1]
    assert first is not None
    assert (first.rank_by_score, first.rank, first.points) == (11, 1, 0.05)
    assert (first.ags, first.municipality, first.actor, first.average) == ("05916000", 0, 0, 5)
    assert first.de == (
        "Unter den Bedarfen, die zu diesem Angebot passen, von Platz 11 auf Platz 1 vorgerückt."
        " Vorschläge je offenem Bedarf: 0 aus Herne, 0 von derselben Organisation,"
        " 5 im Durchschnitt aller"
    )
    assert last is not None
    assert (last.rank_by_score, last.rank, last.points) == (8, 10, 0)
    assert "it moved from place 8 to place 10, behind what was suggested less often" in last.en


def test_without_a_band_the_ten_best_are_chosen_and_nothing_is_said() -> None:
    assert choose(FOUND, (), KEYS, LEDGER, _rules(0)) == [
        (each, None) for each in FOUND[:SUGGESTIONS]
    ]


def test_what_was_suggested_before_stays_and_takes_no_place() -> None:
    kept = _ids([9, 10])
    chosen = choose(FOUND, kept, KEYS, LEDGER, _rules(0.05))
    assert [each.listing_id for each, _ in chosen] == _ids([9, 11, *range(8), 10])
    assert [each.listing_id for each, said in chosen if said is None] == kept


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
