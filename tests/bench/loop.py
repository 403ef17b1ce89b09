"""The chassis loop against a hand-written one, and the registry against the same."""

import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, figure
from tests.bench.ground import HANDWRITTEN, SERVICE, pair, preload, rate
from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.stack import Stack

ROUNDS = 5
EVENTS = 20_000


def measure() -> Iterator[Figure]:
    """Interleaved: by hand, on the chassis, in the registry; five rounds of 20,000 real reports."""
    by_hand: list[float] = []
    chassis: list[float] = []
    registry: list[float] = []
    with pair() as (kafka, postgres), tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            by_hand.append(_by_hand(kafka, postgres))
            chassis.append(_service(kafka, postgres, Path(folder), "plain", SERVICE))
            registry.append(_service(kafka, postgres, Path(folder), "registry", None))
    base = statistics.median(by_hand)
    yield figure("chassis.loop_events_per_second", chassis, "events/s", baseline=base)
    yield figure(
        "chassis.loop_ratio_to_handwritten",
        [ours / theirs for ours, theirs in zip(chassis, by_hand, strict=True)],
        "ratio",
        at_least=1.2,
        baseline=1.0,
        note="same events, two records out each; aim 2",
    )
    yield figure("registry.reports_per_second", registry, "reports/s", baseline=base)
    yield figure(
        "registry.ratio_to_handwritten",
        [ours / theirs for ours, theirs in zip(registry, by_hand, strict=True)],
        "ratio",
        at_least=0.5,
        baseline=1.0,
        note="identity, people, memberships and geocoding included",
    )


def _by_hand(kafka: Kafka, postgres: Postgres) -> float:
    prefix = kafka.unique("hand") + "."
    preload(kafka.bootstrap, prefix, EVENTS)
    with postgres.database("hand") as url:
        arguments = (kafka.bootstrap, url.replace("+psycopg", "", 1), prefix, str(EVENTS))
        subprocess.run([sys.executable, HANDWRITTEN, *arguments], check=True)
        return rate(kafka.bootstrap, prefix + "impulse.outcomes", EVENTS)


def _service(
    kafka: Kafka, postgres: Postgres, folder: Path, name: str, command: list[str] | None
) -> float:
    stack = Stack(kafka, postgres, folder, kafka.unique(name) + ".")
    preload(kafka.bootstrap, stack.prefix, EVENTS)
    process = stack.start(name, command=command)
    try:
        return rate(kafka.bootstrap, stack.prefix + "impulse.outcomes", EVENTS)
    finally:
        process.stop()
        stack.close()
