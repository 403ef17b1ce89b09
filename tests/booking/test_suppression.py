"""What may be told of persons: an attacker who knows the rule and all that is published."""

from collections import defaultdict
from fractions import Fraction
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from impulse_booking.domain.report.programme_figures import ATTENDANCE, PARTICIPANTS
from impulse_booking.domain.report.suppression import FEWEST, suppressed
from impulse_booking.domain.report.tally import Definition, Tally
from impulse_contracts.booking.codes import FigureUnit

PERSONS = Definition(
    "persons", "Personen", "Persons", "", "", FigureUnit.PERSONS, ("kind",), of_persons=True
)
RATE = Definition("rate", "Quote", "Rate", "", "", FigureUnit.SHARE, of_persons=True)


def published(counts: tuple[int, ...]) -> tuple[object, ...]:
    """All that a reader gets to see of how many persons there are of some kinds."""
    tally, rate = Tally(PERSONS), Tally(RATE)
    for kind, count in enumerate(counts):
        if count:
            tally.add((str(kind),), value=count)
    rate.share(tally, ("0",))
    one, other = tally.figure(), rate.figure()
    assert all(row.facts is None for row in one.rows)
    assert not [*tally.behind(), *rate.behind()]
    return tuple((row.key, row.value) for row in one.rows), one.total, one.hidden, other.total


def test_no_count_below_five_can_be_computed_back():
    """Every table of up to four kinds with up to nine persons each, and everything that it could
    be as well, for somebody who knows which kinds there are, the rule, and what is published."""
    for kinds in (1, 2, 3, 4):
        may_be: dict[tuple[object, ...], list[tuple[int, ...]]] = defaultdict(list)
        for counts in product(range(10), repeat=kinds):
            may_be[published(counts)].append(counts)
        for tables in may_be.values():
            for kind in range(kinds):
                possible = {each[kind] for each in tables}
                assert possible == {0} or min(possible) >= FEWEST or len(possible) > 1


@given(st.lists(st.integers(0, 40), min_size=1, max_size=8))
def test_what_is_published_is_about_five_or_none(counts):
    is_shown, total = suppressed([Fraction(each) for each in counts], Fraction(sum(counts)))
    assert is_shown == all(each == 0 or each >= FEWEST for each in [*counts, sum(counts)])
    assert (total is None) == (0 < sum(counts) < FEWEST)


def test_few_who_were_absent_can_not_be_computed_from_those_who_took_part():
    may_be: dict[tuple[object, ...], set[int]] = defaultdict(set)
    for present, absent in product(range(12), repeat=2):
        attendance, participants = Tally(ATTENDANCE), Tally(PARTICIPANTS)
        attendance.add(("present",), value=present)
        attendance.add(("absent",), value=absent)
        participants.add(("qualification",), value=present)
        told = [each.figure() for each in (attendance, participants)]
        seen = tuple((each.total, each.hidden, *(row.value for row in each.rows)) for each in told)
        may_be[seen].add(absent)
    assert all(min(each) in (0, *range(FEWEST, 12)) or len(each) > 1 for each in may_be.values())
    assert any(len(each) == 1 for each in may_be.values()), "most are told"


def test_a_rate_is_hidden_with_what_it_is_the_rate_of():
    assert published((5, 5)) == (((("0",), 5), (("1",), 5)), 10, False, 0.5)
    assert published((9, 1)) == ((), 10, True, None)
    assert published((2, 2)) == ((), None, True, None)
