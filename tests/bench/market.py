"""A whole market: the best assignment, against a second exact solver, and an evening's schedule."""

from collections.abc import Iterator
from time import perf_counter

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from impulse_matching.domain.assignment import Edges, Talks, assign
from impulse_matching.domain.rounds import schedule
from tests.bench.figures import Figure, figure

ROUNDS = 5
OFFERS, NEEDS, PAIRS = 2_000, 5_000, 148_582
"""As many pairs as stay eligible where every offer is compared with every need of its kind."""


def measure() -> Iterator[Figure]:
    """How long both take, and whether the assignment is the best there is."""
    random = np.random.default_rng(53)
    pairs = random.choice(OFFERS * NEEDS, size=PAIRS, replace=False)
    edges = Edges(pairs // NEEDS, pairs % NEEDS, random.integers(1, 1_000_000, PAIRS) / 1_000_000)
    offers = [Talks(0, int(n)) for n in random.integers(1, 4, OFFERS)]
    needs = [Talks(0, 1)] * NEEDS
    taken, chosen = [], np.zeros(0, dtype=np.int64)
    for _ in range(ROUNDS):
        began = perf_counter()
        chosen = assign(edges, offers, needs)
        taken.append(perf_counter() - began)
    note = f"{OFFERS:,} x {NEEDS:,}, {PAIRS:,} pairs"
    yield figure("matching.market_assignment_s", taken, "s", at_most=1, note=note)
    found = float(edges.scores[chosen].sum())
    exact = _second_solver(edges, [each.most for each in (*offers, *needs)])
    note = "sum of scores, to that of a linear programme (HiGHS)"
    yield figure(
        "matching.market_optimality", [found / exact], "ratio", at_least=1 - 1e-9, note=note
    )
    taken = [_evening(random) for _ in range(ROUNDS)]
    note = "60 x 60 in 12 rounds, chosen and seated"
    yield figure("matching.market_schedule_s", taken, "s", at_most=10, note=note)


def _second_solver(edges: Edges, most: list[int]) -> float:
    """The highest sum of scores by a linear programme (HiGHS)."""
    columns = np.arange(PAIRS)
    rows = np.concatenate([edges.companies, OFFERS + edges.nonprofits])
    limits = coo_array((np.ones(2 * PAIRS), (rows, np.concatenate([columns, columns]))))
    solved = linprog(-edges.scores, A_ub=limits.tocsr(), b_ub=most, bounds=(0, 1), method="highs")
    return -float(solved.fun)


def _evening(random: np.random.Generator) -> float:
    """Seconds to choose and to seat the talks of 60 and 60 in 12 rounds."""
    pairs = np.arange(60 * 60)
    edges = Edges(pairs // 60, pairs % 60, random.random(60 * 60))
    all_evening = [Talks(12, 12)] * 60
    began = perf_counter()
    chosen = assign(edges, all_evening, all_evening, at_most=12 * 60).tolist()
    talks = [(int(edges.companies[row]), int(edges.nonprofits[row])) for row in chosen]
    seats = schedule(talks, 12, 60)
    assert len(set(seats)) == len(talks) == 12 * 60
    return perf_counter() - began
