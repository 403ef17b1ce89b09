"""Reports against an independent count over the topics, for seasons that chance made."""

import random
from collections import Counter
from datetime import date
from typing import Any

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.reports import Figure
from tests.booking.counted import Counted
from tests.booking.counted_needs import needs
from tests.booking.reporting import ReportWorld, figure
from tests.booking.season import Season

PERIODS = ((date(2026, 11, 24), date(2027, 1, 31)), (date(2027, 1, 1), date(2027, 12, 31)))


@pytest.mark.parametrize("seed", range(2))
def test_a_season_is_counted_as_a_plain_loop_over_the_topics_counts_it(engine_of, seed):
    world = ReportWorld(engine_of(service))
    Season(world, random.Random(seed)).play(120)
    world.now = world.now.replace(year=2028)
    told = 0
    for begins, cut_off in PERIODS:
        report = world.cut(begins, cut_off)
        assert not report.preliminary
        counted = Counted(world.log, begins, cut_off)
        for name, expected in {**counted.figures(), **needs(counted)}.items():
            found = figure(report, name)
            if found.hidden:
                # Hours are hidden with the persons whose they are.
                persons = needs(counted)["volunteers_by_format"] if "hours" in name else expected
                assert any(0 < value < 5 for value in persons.values())
                continue
            assert counts(found, expected) == expected, name
            told += bool(expected)
    assert told > 26


def counts(found: Figure, like: Any) -> Any:
    """A figure as a count of one's own has it."""
    if isinstance(like, int | float):
        return found.total or 0
    rows = {row.key[0] if len(row.key) == 1 else row.key: row.value for row in found.rows}
    return Counter({key: value for key, value in rows.items() if value})
