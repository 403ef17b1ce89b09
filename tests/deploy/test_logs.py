"""Logs are followed and kept small."""

from __future__ import annotations

from pathlib import Path

import pytest

from impulse_local import logs
from impulse_local.kafka import Broker
from impulse_local.logs import LogWatch, serious_part


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('{"level": "info", "event": "an error was avoided"}', None),
        (
            '{"event": "batch failed", "level": "error", "timestamp": "2026", "topic": "a"}',
            "error: batch failed topic=a",
        ),
        (
            '{"event": "died", "level": "critical", "exception": "Trace\\nValueError: no"}',
            "critical: died ValueError: no",
        ),
        ("2026-11-24 [warning  ] slow", "2026-11-24 [warning  ] slow"),
        ("psycopg.OperationalError: gone", "psycopg.OperationalError: gone"),
        ("all is well", None),
        ("{not json, but an ERROR", "{not json, but an ERROR"),
    ],
)
def test_what_a_person_should_see(line: str, shown: str | None) -> None:
    assert serious_part(line) == shown


@pytest.mark.parametrize(
    ("said", "serious"),
    [
        ("due to Stopped loading records from __consumer_offsets-0 because the partition", False),
        ("due to The coordinator is not available.", True),
    ],
)
def test_a_broker_that_stops_while_it_still_reads_is_not_serious(said: str, serious: bool) -> None:
    line = (
        "2026-11-30T04:00:01.234 [group-coordinator-event-processor-0] ERROR "
        "org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime - [GroupCoordinator id=1] "
        f"Failed to load metadata from __consumer_offsets-0 with epoch 2 {said} …"
    )
    assert serious_part(line, Broker.serious) == (line if serious else None)


def test_only_new_and_whole_lines_and_not_too_many(tmp_path: Path) -> None:
    path, now = tmp_path / "a.log", [0.0]
    shown: list[str] = []
    path.write_text("ERROR of an earlier run\n")
    watch = LogWatch(path, shown.append, clock=lambda: now[0])
    with path.open("a") as file:
        file.write("ERROR ha")
        file.flush()
        watch.poll()
        file.write("lf\n")
        file.flush()
        watch.poll()
        assert shown == ["ERROR half"]
        file.writelines(f"ERROR {n}\n" for n in range(50))
        file.flush()
        watch.poll()
        assert len(shown) == logs.SHOWN_LINES + 1
        assert str(path) in shown[-1]
        now[0] = 60
        file.write("ERROR later\n")
        file.flush()
        watch.poll()
        assert shown[-1] == "ERROR later"


def test_a_long_log_starts_again_under_the_writers_hands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "ROTATE_BYTES", 100)
    path = tmp_path / "a.log"
    shown: list[str] = []
    with path.open("ab", buffering=0) as writer:
        watch = LogWatch(path, shown.append)
        writer.write(b"x" * 101 + b"\n")
        watch.poll()
        assert path.stat().st_size == 0
        assert (tmp_path / "a.log.1").stat().st_size == 102
        writer.write(b"ERROR after\n")
        watch.poll()
    assert shown == ["ERROR after"]
