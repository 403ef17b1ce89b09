"""I6 of what messages leave for good: a row of each that leaves one, and no other."""

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic_core import to_jsonable_python
from sqlalchemy import Engine

from impulse_chassis import Received, Service
from impulse_chassis.projection import Recording
from tests.simulation.books import rows


def recorded(service: Service, engine: Engine, understood: Iterable[Any]) -> Iterator[str]:
    """What is not as all that a service can read in the log makes it; the first copy counts."""
    recordings = [each for each in service.projects if isinstance(each, Recording)]
    received = [each for each in understood if isinstance(each, Received)]
    for table in sorted({each.name for each in recordings}):
        expected: dict[tuple[Any, ...], Any] = {}
        for recording in recordings:
            wanted = recording.wanted()
            for each in received:
                row = recording.of(each) if each.attributes.type in wanted else None
                if recording.name == table and row is not None:
                    key = tuple(row[name] for name in recording.keys)
                    expected.setdefault(key, to_jsonable_python(row["said"]))
        keys = ", ".join(f'"{name}"' for name in recordings[0].keys)
        found = {row[:-1]: row[-1] for row in rows(engine, f"SELECT {keys}, said FROM {table}")}
        for key in sorted(expected.keys() | found.keys()):
            if expected.get(key) != found.get(key):
                yield f"I6 {service.name}: {table} has {found.get(key)} of {key}"
