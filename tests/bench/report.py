"""A report for the funder at 100,000 cooperations: how long it takes, and how much memory.

The evidence is put where booking keeps it, as booking's own code makes it of facts; a year of it.
The report is then asked for, and counted as the service has it done: in a process of its own.
"""

import gc
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median
from subprocess import PIPE
from typing import Any
from uuid import UUID, uuid4

import psutil
import psycopg
from sqlalchemy import Engine, make_url

from impulse_booking.app import service
from impulse_booking.beside import NICE, count_next
from impulse_chassis.database import connect, migrate
from impulse_chassis.testing import START, Log
from impulse_contracts.booking.reports import CutReport
from impulse_contracts.message import Message
from tests.bench.figures import Figure, figure
from tests.bench.ground import busy, durable, server_of
from tests.booking.programme import offer, organisation, request, session
from tests.fixtures.statements import record_of

COOPERATIONS = 100_000
ACTORS = 5_000
MIB = 1024 * 1024
BOOKINGS, PAUSE = 200, 0.05
"""How many bookings are timed before the report is cut; seconds between them while it is."""
TOWNS = ("05113000", "05913000", "05911000", "05112000", "05513000")
FORMATS = ("hands_on", "encounter", "competence")
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
    yield figure("booking.report_cpu_seconds", [run["cpu"]], "s", at_most=15, note="of booking")
    yield figure("booking.report_database_cpu_seconds", [run["database"]], "s")
    yield figure(
        "booking.report_memory_mib", [run["mib"]], "MiB", at_most=200, note="more than before"
    )
    yield figure(
        "booking.deciding_beside_a_report",
        [run["beside"] / run["alone"]],
        "times",
        note=f"as long for a booking as before: {1000 * run['alone']:.1f} ms, in the middle",
    )


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
            said = {
                **{"actor": str(owner), "direction": direction, "status": "open", "topics": []},
                **{"ags": TOWNS[number % 5], "format": FORMATS[number % 3]},
                "accessibility": ["step_free"] if number % 4 == 0 else [],
            }
            yield from _life("listing", listing_id, number, said)
        pair = {"need": str(listings[0]), "need_actor": str(need), "state": "sent", "reason": None}
        proposal_id = uuid4()
        yield from _life("proposal", proposal_id, number, pair)
        said = {
            **{"proposal": str(proposal_id), "need": str(listings[0]), "offer": str(listings[1])},
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
    """Has a report counted by a process that has done nothing else, and books meanwhile."""
    engine = connect(make_url(url))
    booker = Booker(engine)
    alone = [booker.book() for _ in range(BOOKINGS)]
    command = CutReport(report_id=uuid4(), begins=START.date(), cut_off=date(2027, 11, 23))
    booker.decide(command)
    server = server_of(engine)
    before = busy(server)
    counter = subprocess.Popen([sys.executable, "-m", "tests.bench.report", url], stdout=PIPE)
    beside = []
    while counter.poll() is None:
        beside.append(booker.book())
        time.sleep(PAUSE)
    assert counter.stdout is not None
    found: dict[str, float] = json.loads(counter.stdout.read().splitlines()[-1])
    found["database"] = busy(server) - before
    found["alone"], found["beside"] = median(alone), median(beside)
    with engine.connect() as connection:
        said = connection.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE topic = 'impulse.reports'"
        ).scalar_one()
    found["parts"] = said - 2
    engine.dispose()
    return found


class Booker:
    """Somebody who books one place after the other."""

    def __init__(self, engine: Engine) -> None:
        self._processor = service.processor(engine)
        self._log = Log()
        for name in range(2):
            self.decide(organisation(str(name)))
        self.decide(offer(bookings_per_organisation=None))
        self.decide(session(capacity=10_000))

    def book(self) -> float:
        """Books; how many seconds that took."""
        began = time.perf_counter()
        self.decide(request("0", booking_id=uuid4()))
        return time.perf_counter() - began

    def decide(self, message: Message) -> None:
        """A batch of one message."""
        progress = self._processor.process([record_of(message, self._log, now=START)], START)
        assert not progress.failed


def count(url: str) -> dict[str, float]:
    """Seconds for a report, processor time, and the most memory that the process had."""
    gc.disable()
    os.nice(NICE)
    before = psutil.Process().memory_info().rss
    began, busy = time.perf_counter(), time.process_time()
    assert count_next(connect(make_url(url)), START + timedelta(days=400))
    seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "cpu": cpu, "mib": (peak - before) / MIB}


if __name__ == "__main__":
    print(json.dumps(count(sys.argv[1])))
