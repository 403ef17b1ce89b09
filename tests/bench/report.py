"""A report for the funder at 100,000 cooperations: how long it takes, and how much memory.

The evidence is put where booking keeps it, as booking's own code makes it of facts; a year of it.
The report is then cut by the processor, in a process of its own, whose memory is counted.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import psutil
import psycopg
from sqlalchemy import make_url

from impulse_booking.app import service
from impulse_chassis.database import connect, migrate
from impulse_chassis.testing import START, Log
from impulse_contracts.booking.reports import CutReport
from tests.bench.figures import Figure, figure
from tests.bench.ground import durable
from tests.fixtures.statements import record_of

COOPERATIONS = 100_000
ACTORS = 5_000
MIB = 1024 * 1024
TOWNS = ("05113000", "05913000", "05911000", "05112000", "05513000")
LIVES: dict[str, tuple[str, ...]] = {
    "listing": ("registry.listing.published", "registry.listing.confirmed"),
    "proposal": (
        *("matching.proposal.suggested", "matching.proposal.released"),
        *("matching.proposal.accepted", "matching.proposal.mutually_accepted"),
    ),
    "cooperation": (
        *("booking.cooperation.opened", "booking.cooperation.drafted"),
        *("booking.cooperation.signed", "booking.cooperation.agreed"),
        *("booking.cooperation.planned", "booking.cooperation.completed"),
    ),
}
"""What is said of each; a cooperation comes of a proposal, and that of two listings."""
STATES = {"agreed": "agreed", "planned": "preparing", "completed": "completed"}


def measure() -> Iterator[Figure]:
    """Seconds and memory of one report."""
    with durable() as postgres, postgres.database("booking") as url:
        migrate(connect(make_url(url)), service.migrations)
        rows = _fill(url.replace("+psycopg", "", 1), COOPERATIONS)
        run = _cut_apart(url)
    note = f"{COOPERATIONS:,} cooperations, {rows:,} facts of a year; {run['parts']:.0f} parts"
    yield figure("booking.report_seconds", [run["seconds"]], "s", note=note)
    yield figure("booking.report_cpu_seconds", [run["cpu"]], "s", note="of booking alone")
    yield figure("booking.report_memory_mib", [run["mib"]], "MiB", note="what the process grew by")


def _fill(url: str, size: int) -> int:
    """Puts evidence on so many cooperations; returns how many facts that are."""
    with psycopg.connect(url) as connection:
        copied = 0
        with connection.cursor().copy(
            "COPY evidence (source, fact_id, type, noun, subject, version, at, late, said)"
            " FROM STDIN"
        ) as copy:
            for row in _rows(size):
                copy.write_row(row)
                copied += 1
        connection.execute("ANALYZE evidence")
    return copied


def _rows(size: int) -> Iterator[tuple[Any, ...]]:
    actors = [uuid4() for _ in range(ACTORS)]
    for number, actor_id in enumerate(actors):
        kind = "nonprofit" if number % 2 else "company"
        said = {"type": f"{kind}_any", "kind": kind, "ags": TOWNS[number % 5], "example": False}
        yield _row("registry.actor.registered", "actor", actor_id, 1, 0, said)
    for number in range(size):
        need, other = actors[number % ACTORS], actors[(number * 7 + 1) % ACTORS]
        listings = (uuid4(), uuid4())
        for owner, listing_id, direction in zip(
            (need, other), listings, ("need", "offer"), strict=True
        ):
            said = {"actor": str(owner), "direction": direction, "status": "open", "topics": []}
            yield from _life("listing", listing_id, number, said)
        pair = {"need": str(listings[0]), "need_actor": str(need), "state": "sent", "reason": None}
        yield from _life("proposal", uuid4(), number, pair)
        said = {
            **{"need_actor": str(need), "offer_actor": str(other), "in_return": number % 3 == 0},
            **{"topics": ["social_cohesion"], "state": "introduced", "mode": "social_day"},
            **{"value": 500, "method": "own_estimate", "reason": None, "redeemed": False},
            **{"persons": 8, "hours": 56.5, "grades": []},
        }
        yield from _life("cooperation", uuid4(), number, said)


def _life(noun: str, subject: UUID, number: int, said: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    kinds = LIVES[noun]
    # Three of ten agreements are not carried out.
    kept = kinds[:-1] if noun == "cooperation" and number % 10 < 3 else kinds
    for version, kind in enumerate(kept, 1):
        state = STATES.get(kind.rpartition(".")[2])
        now = {**said, "state": state, "redeemed": state == "completed"} if state else said
        yield _row(kind, noun, subject, version, number % 360 + 20 * version, now)


def _row(
    kind: str, noun: str, subject: UUID, version: int, day: int, said: dict[str, Any]
) -> tuple[Any, ...]:
    source = f"urn:impulse:{kind.partition('.')[0]}"
    fact_id, at = f"{uuid4().hex}-1", START + timedelta(days=day % 364)
    text = json.dumps(said)
    return source, fact_id, f"impulse.{kind}.v1", noun, subject, version, at, False, text


def _cut_apart(url: str) -> dict[str, float]:
    """Cuts a report in a process that has done nothing else."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.report", url],
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def cut(url: str) -> dict[str, float]:
    """Seconds for a report, by how much memory the process grew at most, and how many parts."""
    engine = connect(make_url(url))
    processor = service.processor(engine)
    later = START + timedelta(days=400)
    command = CutReport(report_id=uuid4(), begins=START.date(), cut_off=date(2027, 11, 23))
    records = [record_of(command, Log(), now=later)]
    own = psutil.Process()
    before = own.memory_info().rss
    began, busy = time.perf_counter(), time.process_time()
    progress = processor.process(records, later)
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    assert progress.published
    with engine.connect() as connection:
        said = connection.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE topic = 'impulse.reports'"
        ).scalar_one()
    engine.dispose()

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "cpu": cpu, "mib": (peak - before) / MIB, "parts": said - 1}


if __name__ == "__main__":
    print(json.dumps(cut(sys.argv[1])))
