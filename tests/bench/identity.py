"""One organisation, one entry: three partners report the real organisations in their spellings.

The reports go through the registry's processor on a database of their own, in batches of 500, in
three orders. A whole run takes about 15 minutes on two cores. What came of an order is kept until
the code changes: a run that was broken off goes on with the next one. IMPULSE_BENCH_ORGANISATIONS
takes a sample of so many; IMPULSE_BENCH=long also measures at 620,000 actors: all associations of
Germany.
"""

import hashlib
import json
import os
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random

import psutil
from sqlalchemy import Engine, make_url, text

from impulse_chassis.database import connect, migrate
from impulse_chassis.envelope import StoredRecord
from impulse_chassis.testing import START, Log
from impulse_registry.app import service
from tests.bench import judging, variants
from tests.bench.figures import Figure, figure
from tests.bench.ground import durable
from tests.bench.judging import Verdict
from tests.bench.variants import Organisation, Variant
from tests.fixtures.pair import Postgres
from tests.fixtures.statements import record_of

BATCH = 500
ORDERS = (1, 2, 3)
SIZES = (1_000, 10_000, 100_000)
ALL_OF_GERMANY = 620_000
ROUNDS = 7
MIB = 1024 * 1024


def measure() -> Iterator[Figure]:
    """Precision, recall, suggestions, and the cost of a report; none where the data is not."""
    if variants.folder() is None:
        print(f"registry.identity: the real data is not here; {variants.FOLDER} names its folder")
        return
    count = int(os.environ.get("IMPULSE_BENCH_ORGANISATIONS", "0")) or None
    chosen = variants.organisations(count)
    said = [each for organisation in chosen for each in variants.variants(organisation)]
    with durable() as postgres:
        came = [_of_order(postgres, order, said) for order in ORDERS]
        yield from _of_verdicts([verdict for verdict, _ in came], len(said))
        rates = [rate for _, rate in came]
        yield figure("registry.identity_reports_per_second", rates, "reports/s")
        yield from _growth(postgres, chosen)


def _of_order(postgres: Postgres, order: int, said: Sequence[Variant]) -> tuple[Verdict, float]:
    """What comes of the reports in one order, and how many are handled in a second."""
    kept = _kept() / f"{len(said)}-{order}.json"
    if kept.is_file():
        verdict, rate = json.loads(kept.read_text())
        return Verdict(**verdict), rate
    with registry(postgres) as engine:
        took, _ = report(engine, Random(order).sample(said, len(said)))
        verdict = judging.judge(said, judging.actors_of(engine), judging.alike(engine))
    kept.parent.mkdir(exist_ok=True)
    kept.write_text(json.dumps([asdict(verdict), len(said) / took]))
    print(f"order {order}: {len(verdict.wrong)} wrong pairs, kept in {kept}", flush=True)
    return verdict, len(said) / took


def _kept() -> Path:
    """The folder of what came of an order: another one for other code."""
    root = Path(__file__).parents[2]
    code = hashlib.sha256()
    for folder in (root / "services" / "registry", root / "chassis", root / "tests" / "bench"):
        for path in sorted(folder.rglob("*.py")):
            code.update(path.read_bytes())
    return Path(tempfile.gettempdir()) / f"impulse-bench-{code.hexdigest()[:12]}"


def _of_verdicts(verdicts: Sequence[Verdict], reports: int) -> Iterator[Figure]:
    note = f"{reports} reports, {len(verdicts)} orders, {verdicts[0].actors} actors"
    wrong = sorted({tuple(pair) for each in verdicts for pair in each.wrong})
    for pair in wrong:
        print("merged, and two:", *pair, sep="\n  ")
    yield figure(
        "registry.identity_precision",
        [min(each.precision for each in verdicts)],
        "share",
        at_least=1.0,
        note=f"the least of {note}",
    )
    yield figure(
        "registry.identity_joined_wrongly",
        [len(wrong)],
        "pairs",
        at_most=0,
        note="different spellings of two organisations that became one, in all orders together",
    )
    yield figure(
        "registry.identity_entries",
        [each.actors for each in verdicts],
        "actors",
        note="in each order; what can be joined wrongly ends alike in all of them",
    )
    yield figure(
        "registry.identity_entry_recall",
        [each.entry_recall for each in verdicts],
        "share",
        at_least=1.0,
        note="reports that carry one register entry, in any spelling",
    )
    yield figure(
        "registry.identity_suggestion_recall",
        [each.suggestion_recall for each in verdicts],
        "share",
        at_least=0.95,
        note=f"{verdicts[0].remaining} true duplicates remain",
    )
    yield figure(
        "registry.identity_suggestions_a_true_one",
        [each.suggestions_a_true_one for each in verdicts],
        "pairs",
        at_most=3,
    )


def _growth(postgres: Postgres, chosen: Sequence[Organisation]) -> Iterator[Figure]:
    """What a first report costs at several sizes: the sizes take turns, so that all of them meet
    whatever else the machine does."""
    sizes = [*SIZES, ALL_OF_GERMANY] if os.environ.get("IMPULSE_BENCH") == "long" else [*SIZES]
    process = psutil.Process()
    with ExitStack() as stack:
        engines = []
        memory = []
        for size in sizes:
            engine = stack.enter_context(registry(postgres))
            report(engine, simulated(chosen, 0, size))
            engines.append(engine)
            memory.append(process.memory_info().rss / MIB)
        costs: dict[int, list[float]] = {size: [] for size in sizes}
        for turn in range(ROUNDS):
            for size, engine in zip(sizes, engines, strict=True):
                first = size + turn * BATCH
                took, handled = report(engine, simulated(chosen, first, first + BATCH))
                costs[size].append(took / handled * 1e6)
    small = statistics.median(costs[sizes[0]])
    for size in sizes:
        yield figure(f"registry.identity_report_us_at_{size}", costs[size], "us", baseline=small)
    for size in sizes[1:]:
        yield figure(
            f"registry.identity_growth_to_{size}",
            [cost / small for cost in costs[size]],
            "ratio",
            at_most=2,
            baseline=1.0,
            note=f"a first report at {size} actors against one at {sizes[0]}",
        )
    yield figure(
        "registry.identity_memory_growth",
        [memory[-1] - memory[1]],
        "MiB",
        at_most=100,
        note=f"the process after {sizes[-1]} actors against after {sizes[1]}",
    )


def simulated(chosen: Sequence[Organisation], first: int, last: int) -> list[Variant]:
    """Organisations number `first` to `last`, named after the real ones, as the agency reports
    them. Each time round their names get another number, and their register entries, too."""
    found = []
    for number in range(first, last):
        turn, place = divmod(number, len(chosen))
        each = chosen[place]
        if turn:
            each = each._replace(
                number=f"{each.number}-{turn}",
                name=f"{each.name} Nr. {turn}",
                entry=each.entry + 1_000_000 * turn,
            )
        found.append(next(variants.variants(each)))
    return found


# ----------------------------------------------------------------------------- the registry


@contextmanager
def registry(postgres: Postgres) -> Iterator[Engine]:
    """A database of a registry that knows nothing yet."""
    with postgres.database("identity") as url:
        engine = connect(make_url(url))
        try:
            migrate(engine, service.migrations)
            yield engine
        finally:
            engine.dispose()


def report(engine: Engine, said: Sequence[Variant]) -> tuple[float, int]:
    """Lets the registry handle reports; returns the seconds of its work, and how many they were.

    What it says in turn is thrown away between batches, as the relay would send it.
    """
    processor = service.processor(engine)
    took, handled = 0.0, 0
    for first in range(0, len(said), BATCH):
        log = Log()
        records: list[StoredRecord] = []
        for each in said[first : first + BATCH]:
            message = each.report()
            records.append(record_of(message, log, source=each.source, message_id=each.external_id))
        begun = time.perf_counter()
        processor.process(records, START)
        took += time.perf_counter() - begun
        handled += len(records)
        with engine.begin() as connection:
            connection.execute(text("TRUNCATE outbox"))
    return took, handled
