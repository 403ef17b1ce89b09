"""Which seeds are tried: `IMPULSE_SEEDS` says how many (50), `IMPULSE_SEED` names the only one."""

import os
from collections.abc import Callable, Sequence

import pytest

from tests.simulation.scheduler import Simulation

SCENARIOS = 10
"""How many scenarios there are, a test each: seed 37 is the seventh under its own faults."""


def seeds(part: int) -> list[int]:
    """The seeds of one scenario; so no test takes longer than a minute."""
    if only := os.environ.get("IMPULSE_SEED"):
        return [int(only)] if part == int(only) % SCENARIOS else []
    return list(range(part, int(os.environ.get("IMPULSE_SEEDS", "50")), SCENARIOS))


def judge(simulation: Simulation, findings: Sequence[str]) -> None:
    """Fails with the seed, the findings and the faults of the run."""
    if findings:
        shown = "\n  ".join(findings[:20])
        faults = "\n  ".join(simulation.trace[-60:])
        pytest.fail(
            f"seed {simulation.seed} broke {len(findings)} invariants "
            f"(again with IMPULSE_SEED={simulation.seed}):\n  {shown}\n"
            f"faults, by step:\n  {faults}",
            pytrace=False,
        )


def guarded(simulation: Simulation, run: Callable[[], object]) -> None:
    """Runs it; an exception names the seed and the faults."""
    try:
        run()
    except Exception as error:
        error.add_note(f"seed {simulation.seed} (again with IMPULSE_SEED={simulation.seed})")
        error.add_note("faults, by step:\n  " + "\n  ".join(simulation.trace[-60:]))
        raise
