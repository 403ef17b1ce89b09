"""From a listing's fact to its proposals, through Kafka: how many a second, and what waits.

One matching process whose index holds 10,000 and then 100,000 listings already. Some are new, then
these change as listings do, then they are withdrawn. Processor time is that of the process with its
publishing; the database has its own. IMPULSE_BENCH_LISTINGS is the largest index.
"""

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random

import psutil

from impulse_contracts.codes import ListingStatus
from impulse_contracts.parts import TeamSize
from impulse_contracts.registry.listings import (
    ListingChanged,
    ListingConfirmed,
    ListingState,
    ListingWithdrawnFact,
)
from impulse_matching.domain import fairness
from impulse_matching.domain.listing import Listing
from impulse_matching.store.exposures import RECOUNT
from impulse_matching.store.listings import made
from tests.bench import crowd
from tests.bench.crowd import NOW
from tests.bench.figures import Figure, figure
from tests.bench.ground import pair, stack_on
from tests.fixtures.stack import Process, Stack, eventually

LARGEST = int(os.environ.get("IMPULSE_BENCH_LISTINGS", "100_000"))
SIZES = [size for size in (10_000, 100_000) if size <= LARGEST]
MESSAGES = 1_000
ASKED, SECONDS = 500, 12
EASY = 0.6
"""Of the changes that a process takes in a second, this part is sent to see that none pile up."""
TURNS = 3
PATIENCE = 900


def measure() -> Iterator[Figure]:
    """New, changed and withdrawn listings at each size; at the smallest also what piles up,
    and how much more two processes take."""
    standing = list(crowd.listings(SIZES[-1]))
    with pair() as (kafka, postgres), tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            where = Path(folder) / str(size)
            where.mkdir()
            stack = stack_on(kafka, postgres, where, f"flow{size}")
            try:
                process = stack.start("matching")
                process.ready()
                _store(stack, standing[:size])
                flow = _Flow(stack, process)
                yield from _of_size(flow, size)
                if size == SIZES[0]:
                    yield _by_two(flow)
            finally:
                stack.close()


class _Flow:
    """Facts on their way through one process."""

    def __init__(self, stack: Stack, process: Process) -> None:
        assert process._process is not None
        self.stack = stack
        self._process = psutil.Process(process._process.pid)
        self._said = 0

    def say(self, state: ListingState) -> None:
        """As the registry would."""
        self.stack.say(state, source="urn:impulse:registry")
        self._said += 1

    def behind(self) -> int:
        """How many facts were said and are not handled."""
        return self._said - int(self.stack.query("matching", "SELECT count(*) FROM inbox")[0][0])

    def through(self, states: Sequence[ListingState]) -> tuple[float, float]:
        """All at once: seconds a listing by the clock, and of the processor."""
        began, spent = time.perf_counter(), self._spent()
        for state in states:
            self.say(state)
        self.settle()
        took = time.perf_counter() - began
        return took / len(states), (self._spent() - spent) / len(states)

    def settle(self) -> None:
        """Waits until everything is handled."""
        self.stack.flush()
        eventually(lambda: not self.behind(), PATIENCE)

    def _spent(self) -> float:
        used = self._process.cpu_times()
        return float(used.user + used.system)


def _of_size(flow: _Flow, size: int) -> Iterator[Figure]:
    name, chance = f"matching.flow_{size // 1000}k", Random(7)
    states: list[ListingState] = [each.state for each in crowd.listings(MESSAGES, seed=5)]
    flow.through(states[:100])  # builds the index
    yield from _figures(f"{name}_new", *flow.through(states[100:]))
    states = [_changed(each, chance) for each in states]
    took, spent = flow.through(states)
    yield from _figures(f"{name}_changed", took, spent)
    gone = [
        ListingWithdrawnFact.model_validate(
            {**dict(each), "version": each.version + 1, "status": ListingStatus.WITHDRAWN}
        )
        for each in states[::2]
    ]
    yield from _figures(f"{name}_withdrawn", *flow.through(gone))
    if size == SIZES[0]:
        left = states[1::2]
        yield _piling(flow, f"{name}_growth_at_ease", round(EASY / took), left, chance)
        yield _piling(flow, f"{name}_growth_at_{ASKED}", ASKED, left, chance)


def _by_two(flow: _Flow) -> Figure:
    """New listings by two processes, in turns with one: both share broker, database and cores."""
    alone: list[float] = []
    together: list[float] = []
    for turn in range(TURNS):
        for replicas, rates in ((1, alone), (2, together)):
            seed = 11 + 2 * turn + replicas
            states = [each.state for each in crowd.listings(MESSAGES, seed=seed)]
            if replicas == 2:
                flow.stack.start("matching", "-2").ready()
            flow.through(states[:100])  # builds the index, shares out the partitions
            rates.append(1 / flow.through(states[100:])[0])
            if replicas == 2:
                flow.stack.processes["matching-2"].stop()
    return figure(
        "matching.flow_two_to_one",
        [both / one for both, one in zip(together, alone, strict=True)],
        "times",
        note="new listings a second by one process and by two: "
        + ", ".join(f"{one:.0f} and {both:.0f}" for one, both in zip(alone, together, strict=True)),
    )


def _figures(name: str, took: float, spent: float) -> Iterator[Figure]:
    yield figure(f"{name}_per_second", [1 / took], "listings/s", at_least=ASKED, note="one process")
    yield figure(f"{name}_cpu_ms", [1000 * spent], "ms", note="of the process, a listing")


def _piling(
    flow: _Flow, name: str, rate: int, states: list[ListingState], chance: Random
) -> Figure:
    """By how many the facts that wait become more in a second, at a steady rate of changes."""
    behind = []
    began = time.perf_counter()
    for number in range(SECONDS * rate):
        time.sleep(max(0.0, began + number / rate - time.perf_counter()))
        place = chance.randrange(len(states))
        states[place] = _changed(states[place], chance)
        flow.say(states[place])
        if number % rate == rate - 1:
            behind.append(flow.behind())
    third = SECONDS // 3
    more = statistics.mean(behind[-third:]) - statistics.mean(behind[:third])
    return figure(
        name,
        [more / (SECONDS - third)],
        "listings/s",
        at_most=rate / 20,
        note=f"{rate}/s; behind after each second: {' '.join(map(str, behind))}",
    )


_CHANGES: tuple[tuple[int, Callable[[ListingState], dict[str, object]]], ...] = (
    (4, lambda of: {"description": f"{of.description} Material ist vorhanden."}),
    (1, lambda of: {"title": f"{of.title}, auch kurzfristig"}),
    (1, lambda of: {"team_size": TeamSize(min=2, max=3 + of.version % 9)}),
    (1, lambda of: {"valid_until": (of.valid_until or NOW.date()) + timedelta(days=30)}),
    (3, lambda of: {"confirmed_at": NOW + timedelta(minutes=of.version)}),
)
"""How often listings change in which way, in tenths; most often text, or they are confirmed."""


def _changed(of: ListingState, chance: Random) -> ListingState:
    [(_, change)] = chance.choices(_CHANGES, [weight for weight, _ in _CHANGES])
    values = change(of)
    kind = ListingConfirmed if "confirmed_at" in values else ListingChanged
    if len(of.description) > 2_000:
        values["description"] = of.description[:300]
    if len(of.title) > 150:
        values["title"] = of.title[:40]
    return kind.model_validate({**dict(of), "version": of.version + 1, **values})


def _store(stack: Stack, listings: Sequence[Listing]) -> None:
    """Listings that are known already, without proposals; the ledger says who is open."""
    with stack.database("matching") as connection:
        with connection.cursor().copy(
            "COPY listing (listing_id, version, fact, actor_id, entry, counted_in) FROM STDIN"
        ) as copy:
            for each in listings:
                state, kept = each.state, made(each)
                copy.write_row(
                    (
                        state.listing_id,
                        1,
                        state.model_dump_json(),
                        state.actor_id,
                        bytes.fromhex(kept["entry"][2:]),
                        json.dumps(fairness.keys(state)),
                    )
                )
        connection.execute(
            f'INSERT INTO exposure ("of", version, open, shown) SELECT "of", 1, open, shown'
            f" FROM ({RECOUNT}) AS counted"
        )
        connection.execute("ANALYZE")
