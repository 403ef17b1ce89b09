"""Where reports of two organisations can be joined wrongly at all: few, so that all are tried.

Reports are only ever joined by a natural key that they share. So the organisations whose reports
share one with a report of another organisation, and what is reported of these alone, show every
wrong join that all reports would show, in a hundredth of the time.
"""

from collections import defaultdict
from collections.abc import Sequence

from impulse_registry.domain.naturalkeys import keys_of
from impulse_registry.domain.records import record_of
from tests.bench.variants import Variant


def rivals(said: Sequence[Variant]) -> list[Variant]:
    """The reports of the organisations that share a natural key with another one."""
    named: dict[str, set[str]] = defaultdict(set)
    for each in said:
        for key in keys_of([record_of(each.report())]):
            named[key].add(each.organisation)
    crowd = set[str]().union(*(some for some in named.values() if len(some) > 1))
    return [each for each in said if each.organisation in crowd]
