"""Who talks with whom: optimal under the capacities, and nobody goes without who need not."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import coo_array

from impulse_matching.domain.assignment import Edges, Talks, assign

SCORES = st.integers(1, 1_000_000).map(lambda millionths: millionths / 1_000_000)


@st.composite
def markets(draw: st.DrawFn, side: int = 3) -> tuple[Edges, list[Talks], list[Talks]]:
    """Up to `side` participants on each side, and some of the pairs between them."""
    companies, nonprofits = (
        draw(st.lists(_talks(), min_size=1, max_size=side)),
        draw(st.lists(_talks(), min_size=1, max_size=side)),
    )
    pairs = [(a, b) for a in range(len(companies)) for b in range(len(nonprofits))]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True))
    scores = draw(st.lists(SCORES, min_size=len(chosen), max_size=len(chosen)))
    return (
        _edges([(a, b, score) for (a, b), score in zip(chosen, scores, strict=True)]),
        (companies),
        nonprofits,
    )


@given(markets())
def test_no_capacity_is_broken_and_no_other_choice_is_better(
    market: tuple[Edges, list[Talks], list[Talks]],
) -> None:
    edges, companies, nonprofits = market

    first = max(talks.least for talks in (*companies, *nonprofits))

    def worth(chosen: tuple[int, ...]) -> tuple[int, float] | None:
        """Served, then scored; nothing where a capacity is broken."""
        served = 0
        for column, participants in ((edges.companies, companies), (edges.nonprofits, nonprofits)):
            for row, talks in enumerate(participants):
                count = int((column[list(chosen)] == row).sum()) if chosen else 0
                if count > talks.most:
                    return None
                served += sum(first - place for place in range(min(count, talks.least)))
        return served, round(float(edges.scores[list(chosen)].sum()) if chosen else 0.0, 6)

    rows = range(len(edges.scores))
    every = (choice for n in range(len(rows) + 1) for choice in combinations(rows, n))
    best = max(value for choice in every if (value := worth(choice)) is not None)
    assert worth(tuple(assign(edges, companies, nonprofits).tolist())) == best


@given(markets(), st.integers(0, 4))
def test_there_are_never_more_talks_than_seats(
    market: tuple[Edges, list[Talks], list[Talks]], at_most: int
) -> None:
    assert len(assign(*market, at_most=at_most)) <= at_most


def test_the_last_free_talk_goes_to_who_has_none() -> None:
    # The first non-profit fits better with both companies; the second with one only.
    edges = _edges([(0, 0, 0.9), (1, 0, 0.9), (1, 1, 0.1)])
    one = Talks(least=1, most=1)
    chosen = assign(edges, [one, one], [Talks(least=2, most=2), one])
    assert [(int(edges.companies[i]), int(edges.nonprofits[i])) for i in chosen] == [(0, 0), (1, 1)]


def test_a_second_exact_solver_finds_the_same_sum() -> None:
    random = np.random.default_rng(53)
    pairs = random.choice(200 * 500, size=6_000, replace=False)
    edges = Edges(pairs // 500, pairs % 500, random.integers(1, 1_000_000, 6_000) / 1_000_000)
    companies = [Talks(0, int(n)) for n in random.integers(1, 4, 200)]
    nonprofits = [Talks(0, int(n)) for n in random.integers(1, 3, 500)]
    found = edges.scores[assign(edges, companies, nonprofits)].sum()
    columns = np.arange(6_000)
    limits = coo_array(
        (
            np.ones(12_000),
            (
                np.concatenate([edges.companies, 200 + edges.nonprofits]),
                np.concatenate([columns, columns]),
            ),
        )
    )
    most = [each.most for each in (*companies, *nonprofits)]
    solved = linprog(-edges.scores, A_ub=limits.tocsr(), b_ub=most, bounds=(0, 1), method="highs")
    assert round(float(found), 6) == round(-float(solved.fun), 6)


def _talks() -> st.SearchStrategy[Talks]:
    return st.tuples(st.integers(0, 2), st.integers(0, 2)).map(
        lambda pair: Talks(least=min(pair), most=max(pair))
    )


def _edges(rows: list[tuple[int, int, float]]) -> Edges:
    companies, nonprofits, scores = zip(*rows, strict=True) if rows else ((), (), ())
    return Edges(
        np.array(companies, dtype=np.int64),
        np.array(nonprofits, dtype=np.int64),
        np.array(scores, dtype=np.float64),
    )
