"""Who is shown how often: a stream of listings, with and without the re-ranking of the rules.

All is counted, so it is the same on every machine. Each listing is published once, gets its
suggestions, and closes when a twentieth to a third of the stream has come after it. Both sides of
a pair are counted, as in the service's ledger.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random
from typing import NamedTuple
from uuid import UUID

from impulse_matching.domain import fairness, rules, scoring
from impulse_matching.domain.choosing import CANDIDATES, choose
from impulse_matching.domain.fairness import Exposure, gini
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.rules import FairnessRules, RuleSet
from impulse_matching.domain.search import Found
from impulse_registry.domain.geography import ruhr_municipalities
from tests.bench import crowd
from tests.bench.crowd import TODAY
from tests.bench.figures import Figure, figure

LISTINGS = 20_000
RULES = rules.shipped()
WITHOUT = RULES.model_copy(update={"fairness": FairnessRules()})
PEOPLE = {each.ags: each.population or 0 for each in ruhr_municipalities()}


class Step(NamedTuple):
    """A listing appears, and these fit it best; before, some others have closed."""

    listing_id: UUID
    keys: tuple[str, ...]
    found: list[Found]
    closed: list[UUID]


class Shown(NamedTuple):
    """What became of a stream."""

    needs: dict[str, int]
    """How many there were, by municipality."""
    suggested: dict[str, int]
    """How often they were suggested."""
    chosen: dict[str, int]
    """How often of these they were found for an offer: for itself a need gets its ten anyhow."""
    scores: list[int]


def measure() -> Iterator[Figure]:
    """The same stream twice."""
    steps = _stream()
    without, with_it = _run(steps, WITHOUT), _run(steps, RULES)
    note = f"suggestions of needs, {len(PEOPLE)} municipalities, {LISTINGS} listings"
    for name, values in _VALUES.items():
        before = gini(values(without))
        yield figure(
            f"matching.fairness_gini_{name}",
            [gini(values(with_it))],
            "Gini",
            at_most=round(before, 3),
            baseline=before,
            note=note,
        )
    means = [sum(each.scores) / len(each.scores) for each in (with_it, without)]
    yield figure(
        "matching.fairness_mean_score",
        [means[0] / means[1]],
        "share",
        at_least=0.98,
        note=f"of {means[1] / fairness.MILLION:.4f} without; {len(with_it.scores)} suggestions",
    )


def _stream() -> list[Step]:
    """What is found for each listing: it does not depend on what is suggested."""
    index, chance, towns = Index(RULES), Random(5), _towns()
    closing: dict[int, list[UUID]] = defaultdict(list)
    steps = []
    for number, listing in enumerate(crowd.listings(LISTINGS, seed=4)):
        for gone in closing[number]:
            index.remove(gone)
        found = index.best(listing.features, TODAY, CANDIDATES)
        steps.append(Step(listing.listing_id, _keys(listing, towns), found, closing[number]))
        index.put(listing.entry)
        until = number + chance.randint(LISTINGS // 20, LISTINGS // 3)
        closing[until].append(listing.listing_id)
    return steps


def _towns() -> dict[str, str]:
    return {row["postcode"]: row["ags"][:8] for row in crowd.Postcodes().rows}


def _keys(listing: Listing, towns: Mapping[str, str]) -> tuple[str, ...]:
    place = listing.state.place.model_copy(
        update={"ags": towns.get(listing.state.place.postcode or "")}
    )
    return fairness.keys(listing.state.model_copy(update={"place": place}))


def _run(steps: Sequence[Step], judged_by: RuleSet) -> Shown:
    keys = {each.listing_id: each.keys for each in steps}
    ledger: dict[str, Exposure] = {}
    of: dict[UUID, int] = defaultdict(int)
    shown = Shown(defaultdict(int), defaultdict(int), defaultdict(int), [])
    for step in steps:
        for gone in step.closed:
            _count(ledger, keys[gone], -1, -of[gone])
        found = step.found if judged_by.fairness.band else step.found[: CANDIDATES // 2]
        pairs = choose(found, (), keys, ledger, judged_by)
        _count(ledger, step.keys, 1, 0)
        _add(shown.needs, step.keys, 1)
        for each, _ in pairs:
            shown.scores.append(scoring.points(each.values, judged_by))
            _add(shown.chosen, keys[each.listing_id], 1)
            for side in (step.listing_id, each.listing_id):
                of[side] += 1
                _count(ledger, keys[side], 0, 1)
                _add(shown.suggested, keys[side], 1)
    return shown


def _count(ledger: dict[str, Exposure], keys: Sequence[str], opened: int, shown: int) -> None:
    for key in keys:
        before = ledger.get(key) or Exposure(of=key)
        ledger[key] = before.evolve(open=before.open + opened, shown=before.shown + shown)


def _add(counts: dict[str, int], keys: Sequence[str], number: int) -> None:
    for key in keys[2:]:
        side, _, ags = key.partition("/")
        if side == "need":
            counts[ags] += number


def _per_need(counts: Mapping[str, int], needs: Mapping[str, int]) -> list[float]:
    return [counts[ags] / max(1, needs[ags]) for ags in PEOPLE]


_VALUES: dict[str, Callable[[Shown], list[float]]] = {
    "per_need": lambda of: _per_need(of.suggested, of.needs),
    "per_need_for_offers": lambda of: _per_need(of.chosen, of.needs),
    "per_10000_inhabitants": lambda of: [
        10_000 * of.suggested[ags] / people for ags, people in PEOPLE.items()
    ],
}
