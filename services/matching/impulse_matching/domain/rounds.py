"""When and at which table: talks in rounds, so that nobody is wanted at two tables at once.

The talks are the edges of a bipartite graph and the rounds its colours. As many rounds as the
busiest participant has talks are enough (Kőnig 1916), and each round can be given nearly the same
number of talks (de Werra 1971): both are done by exchanging two rounds along a path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

Talk = tuple[int, int]
"""The row numbers of a company and of a non-profit."""


class Seat(NamedTuple):
    """Where and when a talk takes place; both count from 1."""

    round: int
    table: int


def schedule(talks: Sequence[Talk], rounds: int, tables: int) -> list[Seat]:
    """A seat for each of the talks, in their order.

    Raises ValueError where it can't be: a participant with more talks than `rounds`, or more talks
    than `rounds` x `tables`, or a talk that stands there twice.
    """
    if len(set(talks)) < len(talks):
        raise ValueError("a talk stands there twice")
    for side, name in ((0, "company"), (1, "non-profit")):
        busiest = Counter(talk[side] for talk in talks).most_common(1)
        if busiest and busiest[0][1] > rounds:
            raise ValueError(f"a {name} has {busiest[0][1]} talks in {rounds} rounds")
    if len(talks) > rounds * tables:
        raise ValueError(f"{len(talks)} talks at {tables} tables in {rounds} rounds")
    plan = _Plan(rounds)
    for talk in talks:
        plan.add(talk)
    plan.level(tables)
    seats = plan.seated()
    return [seats[talk] for talk in talks]


class _Plan:
    """For each round who talks with whom, seen from both sides."""

    def __init__(self, rounds: int) -> None:
        self._rounds: list[tuple[dict[int, int], dict[int, int]]] = [
            ({}, {}) for _ in range(rounds)
        ]

    def add(self, talk: Talk) -> None:
        """Puts a talk in a round that both have free, and makes one free where there is none."""
        company, nonprofit = talk
        one = next(i for i, (mine, _) in enumerate(self._rounds) if company not in mine)
        other = next(i for i, (_, mine) in enumerate(self._rounds) if nonprofit not in mine)
        # The path from the non-profit never ends at the company, which has `one` free and would
        # be entered by a talk of that round.
        self._exchange(self._path(1, nonprofit, one, other), one, other)
        self._put(one, talk)

    def level(self, tables: int) -> None:
        """Moves talks from full rounds to emptier ones until each has `tables` at most."""
        while True:
            by_size = sorted(range(len(self._rounds)), key=lambda i: (self._size(i), i))
            most, least = by_size[-1], by_size[0]
            if self._size(most) <= tables:
                return
            self._exchange(self._surplus(most, least), most, least)

    def seated(self) -> dict[Talk, Seat]:
        """A table for each talk; a non-profit keeps its table where it can."""
        seats, kept = dict[Talk, Seat](), dict[int, int]()
        for number, (of_company, _) in enumerate(self._rounds, 1):
            taken, moving = set[int](), list[Talk]()
            for company, nonprofit in sorted(of_company.items(), key=lambda talk: talk[1]):
                table = kept.get(nonprofit)
                if table is None or table in taken:
                    moving.append((company, nonprofit))
                else:
                    taken.add(table)
                    seats[company, nonprofit] = Seat(number, table)
            free = (table for table in range(1, len(of_company) + 1) if table not in taken)
            for talk in moving:
                kept[talk[1]] = table = next(free)
                seats[talk] = Seat(number, table)
        return seats

    def _size(self, number: int) -> int:
        return len(self._rounds[number][0])

    def _path(self, side: int, start: int, first: int, second: int) -> list[Talk]:
        """The talks on the way from a participant, alternately of two rounds."""
        path, node, current, turn = list[Talk](), start, first, second
        while (partner := self._rounds[current][side].get(node)) is not None:
            path.append((partner, node) if side else (node, partner))
            node, side, current, turn = partner, 1 - side, turn, current
        return path

    def _surplus(self, most: int, least: int) -> list[Talk]:
        """A path with one talk more in round `most` than in `least`: there is one, as `most` is
        the larger. It begins at who talks in `most` only, and ends there too."""
        for side in (0, 1):
            for node in self._rounds[most][side]:
                if node not in self._rounds[least][side]:
                    path = self._path(side, node, most, least)
                    if len(path) % 2:
                        return path
        raise AssertionError("no round is larger than the others")

    def _exchange(self, path: Sequence[Talk], one: int, other: int) -> None:
        """What was in one of the two rounds is in the other now."""
        were = [one if self._rounds[one][0].get(a) == b else other for a, b in path]
        for number, (company, nonprofit) in zip(were, path, strict=True):
            del self._rounds[number][0][company], self._rounds[number][1][nonprofit]
        for number, talk in zip(were, path, strict=True):
            self._put(other if number == one else one, talk)

    def _put(self, number: int, talk: Talk) -> None:
        company, nonprofit = talk
        self._rounds[number][0][company] = nonprofit
        self._rounds[number][1][nonprofit] = company
