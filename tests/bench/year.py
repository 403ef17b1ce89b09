"""Cooperations over a simulated year: how fast what is said of them and what comes due is handled.

The lives are those of the tests (`tests/booking/life.py`), begun on 25 days and a year long each.
Booking's own code decides on a durable database, in batches of 500, with all that it notes of its
own facts; Kafka is a list. The clock goes from one thing to the next. Nothing waits for it: what is
measured is how long the work of each moment takes.

`python -m tests.bench.year 500` looks at fewer, and keeps nothing.
"""

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import groupby
from statistics import median, quantiles
from uuid import UUID

from sqlalchemy import Engine, make_url, text

from impulse_booking.app import service
from impulse_chassis.database import connect, migrate
from impulse_chassis.testing import Node, World
from impulse_contracts.booking.agreements import EnterCooperation
from impulse_contracts.topics import BOOKING_COMMANDS, OUTCOMES
from tests.bench.figures import Figure, figure
from tests.bench.ground import busy, durable, server_of
from tests.booking.life import Pair, Said, lived
from tests.booking.programme import ident
from tests.booking.year import BROKERS, DAY, known, line

COOPERATIONS = 10_000
DAYS = 25
"""On so many working days they are entered."""
BATCH = 500


def measure(size: int = COOPERATIONS) -> Iterator[Figure]:
    """Commands and timers a second, how late timers are, and the processor time of both."""
    chance = random.Random(1)
    with durable() as postgres, postgres.database("booking") as url:
        migrate(connect(make_url(url)), service.migrations)
        run = Run(connect(make_url(url)), chance, size)
        run.live(script(run.sides, chance, size))
        run.engine.dispose()
    for name, work in run.work.items():
        one = name.removesuffix("s")
        note = f"{size:,} cooperations, {work.count:,} {name}"
        rate = work.count / work.seconds
        yield figure(f"booking.year_{name}_per_second", [rate], f"{name}/s", note=note)
        own, all_of_it = 1000 * work.cpu / work.count, 1000 * work.database / work.count
        yield figure(f"booking.year_{one}_cpu_ms", [own], "ms", note="of booking")
        yield figure(f"booking.year_{one}_database_cpu_ms", [all_of_it], "ms")
    for part, late in ((50, median(run.late)), (99, quantiles(run.late, n=100)[98])):
        note = f"{run.most:,} due at once at most"
        yield figure(f"booking.year_timer_delay_s_p{part}", [late], "s", note=note)


def script(sides: dict[str, list[UUID]], chance: random.Random, size: int) -> list[Said]:
    """What is said of so many cooperations, in order."""
    said = []
    for number in range(size):
        pair = Pair(
            ident(f"cooperation {number}"),
            chance.choice(sides["nonprofit"]),
            chance.choice(sides["company"]),
            BROKERS[number % 2],
        )
        at = DAY + timedelta(days=number * DAYS // size)
        entered = EnterCooperation.model_validate(line(chance, pair, signed=True))
        said += [Said(at, entered, str(pair.broker)), *lived(pair, at, chance)]
    return sorted(said, key=lambda each: each.at)


class Work:
    """How many things were handled, and what that took."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = self.cpu = self.database = 0.0


class Run(World):
    """Booking, whose log is forgotten when it is read."""

    def __init__(self, engine: Engine, chance: random.Random, size: int) -> None:
        super().__init__([Node(service, engine, batch_size=BATCH)])
        self.node, self.engine = self.nodes[0], engine
        self.work = {"commands": Work(), "timers": Work()}
        self.late: list[float] = []
        self.most = 0
        self.answers: Counter[str] = Counter()
        self.server = server_of(engine)
        self.sides = {
            kind: [ident(f"{kind} {number}") for number in range(max(2, size // share))]
            for kind, share in (("nonprofit", 10), ("company", 16))
        }
        for message in known(chance, self.sides):
            self.say(message)
        self.handle()

    def live(self, said: Sequence[Said]) -> None:
        """All that is said, and what comes due until a year after the last one was entered."""
        for at, together in groupby(said, key=lambda each: each.at):
            self.until(at)
            asked = [self.say(each.message, principal=each.principal) for each in together]
            with self.timed("commands"):
                self.handle()
            self.work["commands"].count += len(asked)
        self.until(DAY + timedelta(days=366 + DAYS))
        self.work["timers"].count = len(self.late)
        refused = sum(each.refused is not None for each in said)
        assert self.answers == {"accepted": len(said) - refused, "refused": refused}

    def until(self, at: datetime) -> None:
        """What comes due by then, each when it is."""
        while (first := self.next_timer()) and first <= at:
            self.now = max(self.now, first)
            began = len(self.late)
            with self.timed("timers"):
                self.handle(fires=True)
            self.most = max(self.most, len(self.late) - began)
        self.now = at

    def next_timer(self) -> datetime | None:
        """When something comes due."""
        with self.engine.connect() as connection:
            found: datetime | None = connection.execute(text("SELECT min(due) FROM timer")).scalar()
        return found

    def handle(self, *, fires: bool = False) -> None:
        """Reads and answers until nothing is left; of timers, how long each takes to be committed
        since it is due, or was set to a time that was over."""
        began = time.perf_counter()
        while (fires and self.node.processor.fire_timers(self.now)) or self.node.pending(self.log):
            while self.relay(self.node):
                pass
            records = self.node.pending(self.log)
            progress = self.node.processor.process(records, self.now)
            assert not progress.failed
            self.node.committed.update(progress.offsets)
            if fires:
                timers = sum(each.topic == BOOKING_COMMANDS.name for each in records)
                self.late += [time.perf_counter() - began] * timers
            while self.relay(self.node):
                pass
        self.log.records.clear()
        self.node.committed.clear()

    def relay(self, node: Node) -> int:
        """As Kafka would: to whoever reads; outcomes are counted."""
        rows = node.claim()
        for row in rows:
            if row.topic == OUTCOMES.name:
                kind = dict(row.headers)["ce_type"] or b""
                self.answers[kind.decode().split(".")[-2]] += 1
            if row.topic in node.processor.topics:
                self.log.append(row.topic, row.key, row.value, row.headers, self.now)
        if rows:
            node.forget([row.id for row in rows])
        return len(rows)

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Adds what something takes to work of a kind."""
        work = self.work[name]
        database, cpu, began = busy(self.server), time.process_time(), time.perf_counter()
        yield
        work.seconds += time.perf_counter() - began
        work.cpu += time.process_time() - cpu
        work.database += busy(self.server) - database


if __name__ == "__main__":
    for each in measure(int(sys.argv[1])):
        print(f"{each.name}: {each.value:g} {each.unit} ({each.note})")
