"""A figure: what was measured, in which unit, against which goal and which baseline."""

import json
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

RESULTS = Path(__file__).parents[2] / "bench" / "results.json"


def cpu() -> str:
    """The processor's name."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


@dataclass(frozen=True)
class Figure:
    """`value` is the median of `samples`; `baseline` what it was compared with in the same run.

    `goal` says in words what was asked for; `met` whether it was reached, None without a goal.
    """

    name: str
    value: float
    unit: str
    goal: str | None
    baseline: float | None
    samples: list[float]
    met: bool | None
    note: str
    python: str
    cpu: str


def figure(
    name: str,
    samples: Sequence[float],
    unit: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    baseline: float | None = None,
    note: str = "",
) -> Figure:
    """A figure from its samples."""
    value = statistics.median(samples)
    goal, met = None, None
    if at_least is not None:
        goal, met = f">= {at_least:g}", value >= at_least
    if at_most is not None:
        goal, met = f"<= {at_most:g}", value <= at_most
    if len(samples) == 1:
        note = "; ".join(filter(None, ("run once", note)))
    return Figure(
        name,
        round(value, 3),
        unit,
        goal,
        None if baseline is None else round(baseline, 3),
        [round(sample, 3) for sample in samples],
        met,
        note,
        platform.python_version(),
        cpu(),
    )


def keep(figures: Sequence[Figure]) -> None:
    """Prints the table and writes bench/results.json; figures of other names stay in it."""
    known = {each["name"]: each for each in _read()}
    known |= {each.name: asdict(each) for each in figures}
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(list(known.values()), indent=1, ensure_ascii=False) + "\n")
    table = Table("figure", "median", "unit", "goal", "", "baseline", "samples", "note")
    for each in figures:
        table.add_row(
            each.name,
            f"{each.value:g}",
            each.unit,
            each.goal or "",
            {True: "met", False: "MISSED", None: ""}[each.met],
            "" if each.baseline is None else f"{each.baseline:g}",
            " ".join(f"{sample:g}" for sample in each.samples),
            each.note,
        )
    Console(width=200).print(table)


def _read() -> list[dict[str, object]]:
    try:
        found: list[dict[str, object]] = json.loads(RESULTS.read_text())
    except FileNotFoundError:
        return []
    return found
