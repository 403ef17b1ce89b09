"""From the demand to erase a person to the last byte of them, with a bound of 30 seconds."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure, figure
from tests.bench.ground import pair
from tests.erasure.traces import Known, in_databases, in_logs
from tests.fixtures.stack import Stack, eventually

BOUND = 30
ROUNDS = 3


def measure() -> Iterator[Figure]:
    """Seconds until no table of any service holds a byte, and until no file of the broker does."""
    with pair() as (kafka, postgres), tempfile.TemporaryDirectory() as folder:
        prefix = kafka.unique("erasure") + "."
        stack = Stack(kafka, postgres, Path(folder), prefix, erasure_seconds=BOUND)
        try:
            stack.start_mail()
            stack.start_all()
            rounds = [_round(stack) for _ in range(ROUNDS)]
        finally:
            stack.close()
    databases, everywhere = zip(*rounds, strict=True)
    note = f"bound {BOUND} s; {ROUNDS} times a member and a partner's contact"
    yield figure("registry.erasure_databases_s", databases, "s", at_most=10, note=note)
    yield figure("registry.erasure_everywhere_s", everywhere, "s", at_most=BOUND, note=note)


def _round(stack: Stack) -> tuple[float, float]:
    known = Known()
    known.become_known(stack)
    begun = time.monotonic()
    known.be_erased(stack)
    eventually(lambda: not in_databases(stack, known.marks), BOUND)
    databases = time.monotonic() - begun
    eventually(lambda: not in_logs(stack, known.marks), 4 * BOUND)
    return databases, time.monotonic() - begun
