"""Talks in rounds and at tables: nobody is wanted twice at once."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_matching.domain.rounds import Talk, schedule

TALKS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), unique=True, max_size=64)


@given(TALKS, st.data())
def test_nobody_is_wanted_twice_at_once_however_tight_it_is(
    talks: list[Talk], data: st.DataObject
) -> None:
    busiest = max(
        (Counter(t[side] for t in talks).most_common(1)[0][1] for side in (0, 1) if talks),
        default=1,
    )
    rounds = busiest + data.draw(st.integers(0, 2))
    tables = max(1, -(-len(talks) // rounds))
    seats = schedule(talks, rounds, tables)
    assert len(set(seats)) == len(talks)
    assert all(1 <= seat.round <= rounds and 1 <= seat.table <= tables for seat in seats)
    for side in (0, 1):
        assert len({(t[side], seat.round) for t, seat in zip(talks, seats, strict=True)}) == len(
            talks
        )


def test_a_full_evening_of_sixty_by_sixty_fits_exactly() -> None:
    talks = [(i, (i + shift) % 60) for i in range(60) for shift in range(12)]
    seats = schedule(talks, 12, 60)
    assert Counter(seat.round for seat in seats) == dict.fromkeys(range(1, 13), 60)
    # Each non-profit stays at its table all evening.
    assert len({(talk[1], seat.table) for talk, seat in zip(talks, seats, strict=True)}) == 60


@pytest.mark.parametrize(
    ("talks", "rounds", "tables", "fault"),
    [
        ([(0, 0), (0, 1)], 1, 2, "a company has 2 talks in 1 rounds"),
        ([(0, 0), (1, 0)], 1, 2, "a non-profit has 2 talks in 1 rounds"),
        ([(0, 0), (1, 1)], 1, 1, "2 talks at 1 tables in 1 rounds"),
        ([(0, 0), (0, 0)], 2, 2, "a talk stands there twice"),
    ],
)
def test_what_cannot_be_is_said(talks: list[Talk], rounds: int, tables: int, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        schedule(talks, rounds, tables)
