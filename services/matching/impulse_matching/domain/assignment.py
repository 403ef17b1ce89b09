"""Who should talk with whom at a market: the assignment with the highest score.

A minimum-cost flow from companies to non-profits. A participant's first talk counts more than a
second one of somebody else, and so on up to the talks that each shall have at least. Among the
assignments that serve equally well, the one with the highest sum of scores is taken.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SCALE = 1_000_000
"""Scores are compared to six decimals; the flow counts in whole numbers."""

Ints = NDArray[np.int64]


class Edges(NamedTuple):
    """The pairs that may talk: row numbers of a company and of a non-profit, and their score."""

    companies: Ints
    nonprofits: Ints
    scores: NDArray[np.float64]


class Talks(NamedTuple):
    """How many talks each participant shall have at the `least`, where it can be, and at `most`."""

    least: int
    most: int


def assign(
    edges: Edges,
    companies: Sequence[Talks],
    nonprofits: Sequence[Talks],
    at_most: int | None = None,
) -> Ints:
    """The chosen edges (their row numbers, ascending), `at_most` so many in all.

    Served first, then scored: see the module. With `least` 0 throughout it is the plain assignment
    of the highest score under the capacities `most`.
    """
    if not len(edges.scores):
        return np.zeros(0, dtype=np.int64)
    # The library takes 0.3 s and 20 MB to import, which only who plans a market shall pay.
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    total = min(sum(each.most for each in companies), sum(each.most for each in nonprofits))
    limit = total if at_most is None else min(total, at_most)
    gains = np.round(edges.scores * SCALE).astype(np.int64)
    first = max(each.least for each in (*companies, *nonprofits))
    # More than all scores together: whoever is served outweighs how well.
    served = int(gains.max()) * max(limit, 1) + 1
    source, sink = 0, 1
    first_nonprofit = 2 + len(companies)
    flow = SimpleMinCostFlow()
    chosen = flow.add_arcs_with_capacity_and_unit_cost(
        edges.companies + 2,
        edges.nonprofits + first_nonprofit,
        np.ones(len(gains), dtype=np.int64),
        -gains,
    )
    for offset, participants, inward in (
        (2, companies, True),
        (first_nonprofit, nonprofits, False),
    ):
        for row, talks in enumerate(participants):
            node = offset + row
            tail, head = (source, node) if inward else (node, sink)
            for place in range(talks.least):
                flow.add_arc_with_capacity_and_unit_cost(tail, head, 1, -served * (first - place))
            if talks.most > talks.least:
                flow.add_arc_with_capacity_and_unit_cost(tail, head, talks.most - talks.least, 0)
    # What is not worth assigning passes by.
    flow.add_arc_with_capacity_and_unit_cost(source, sink, limit, 0)
    flow.set_nodes_supplies(np.array([source, sink]), np.array([limit, -limit]))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the assignment has no optimum: {status}")
    return np.flatnonzero(flow.flows(chosen) > 0)
