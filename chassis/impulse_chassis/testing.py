"""Services without a broker: a log in memory, a virtual clock, every step under the test's control.

The same code runs here as in production: `Processor` and the outbox, on a real database.

    world = World([Node(registry, engine), Node(matching, engine)])
    world.say(ActorReported(...), source="https://partner.example/api")
    world.settle()
    world.heard(ActorRegistered)
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple, TypeVar
from uuid import uuid4
from zlib import crc32

from sqlalchemy import Engine

from impulse_chassis import outbox
from impulse_chassis.database import reading
from impulse_chassis.deadletters import Place
from impulse_chassis.envelope import SYSTEM, Attributes, Headers, StoredRecord, render
from impulse_chassis.outbox import OutboxRow
from impulse_chassis.processor import Progress
from impulse_chassis.service import Service
from impulse_chassis.settings import ServiceSettings
from impulse_contracts.message import MESSAGES, Message

M = TypeVar("M", bound=Message)
START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard:
    """A message in the log."""

    attributes: Attributes
    data: Any
    record: StoredRecord


class Log:
    """A log in memory: topics of six partitions, a key always in the same one."""

    def __init__(self, partitions: int = 6) -> None:
        self._partitions = partitions
        self.records: dict[Place, list[StoredRecord]] = defaultdict(list)

    def append(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers, now: datetime
    ) -> StoredRecord:
        """Adds a record at the end of its key's partition."""
        place = (topic, crc32(key or b"") % self._partitions)
        partition = self.records[place]
        record = StoredRecord(
            topic, place[1], len(partition), int(now.timestamp() * 1000), key, value, headers
        )
        partition.append(record)
        return record

    def of(self, topic: str) -> list[StoredRecord]:
        """All records of a topic; in order within a key."""
        return [
            record
            for (name, _), records in sorted(self.records.items())
            if name == topic
            for record in records
        ]


class Agenda(NamedTuple):
    """What there is to do for a service besides what it reads."""

    timer: datetime | None
    """When the next timer comes due, if there is one."""
    waiting: datetime | None
    """When the next message that waits is tried again, if one waits."""
    said: bool
    """Whether something is to be sent."""


class Node:
    """A service on its database, reading from and writing to a log; a crash takes its memory."""

    def __init__(
        self,
        service: Service,
        engine: Engine,
        settings: ServiceSettings | None = None,
        *,
        batch_size: int = 500,
    ) -> None:
        self.service = service
        self.engine = engine
        self.settings = settings
        self.batch_size = batch_size
        self.committed: dict[Place, int] = defaultdict(int)
        self.restart()

    def restart(self) -> None:
        """As after a crash: everything in memory is gone, the database and the offsets stay."""
        self.processor = self.service.processor(self.engine, self.settings)
        self.processor._sleep = lambda _: None

    def pending(self, log: Log) -> list[StoredRecord]:
        """The records that are there for this service and not committed yet, at most a batch."""
        found: list[StoredRecord] = []
        for place in sorted(log.records):
            if place[0] in self.processor.topics:
                found.extend(log.records[place][self.committed[place] :][: self.batch_size])
        return found[: self.batch_size]

    def process(self, records: Sequence[StoredRecord], now: datetime) -> dict[Place, int]:
        """Handles records; returns the offsets to commit."""
        return self.processor.process(records, now).offsets

    def agenda(self) -> Agenda:
        """What its database holds to be done; a tenth of the work of trying."""
        with reading(self.engine) as connection:
            found = connection.execute(
                """
                SELECT (SELECT min(due) FROM timer), (SELECT min(next_try) FROM waiting),
                       EXISTS (SELECT FROM outbox)
                """
            ).fetchone()
        assert found is not None
        return Agenda(*found)

    def claim(self) -> list[OutboxRow]:
        """What the relay would send next."""
        with reading(self.engine) as connection:
            return outbox.claim(connection)

    def forget(self, ids: Sequence[int]) -> None:
        """Deletes what was sent."""
        with self.engine.begin() as connection:
            driver: Any = connection.connection.driver_connection
            outbox.forget(driver, ids)


@dataclass
class World:
    """Some services, one log, one clock."""

    nodes: Sequence[Node]
    now: datetime = START
    log: Log = field(default_factory=Log)

    def say(
        self,
        message: Message,
        *,
        source: str = "urn:impulse:test",
        message_id: str | None = None,
        key: str | None = None,
        principal: str | None = SYSTEM,
    ) -> str:
        """Publishes a message as somebody outside would; returns its `ce_id`."""
        attributes = Attributes(
            id=message_id or str(uuid4()),
            source=source,
            type=message.ce_type,
            time=self.now,
            subject=message.key,
            principal=principal,
        )
        self.say_raw(
            message.topic.name,
            (key or message.key).encode(),
            message.model_dump_json().encode(),
            render(attributes),
        )
        return attributes.id

    def say_raw(
        self, topic: str, key: bytes | None, value: bytes | None, headers: Headers
    ) -> StoredRecord:
        """Publishes any bytes."""
        return self.log.append(topic, key, value, headers, self.now)

    def settle(self, rounds: int = 200) -> None:
        """Lets every service work until nothing moves; AssertionError if that never ends."""
        at_rest: set[int] = set()
        for _ in range(rounds):
            for number, node in enumerate(self.nodes):
                if number in at_rest and not node.pending(self.log):
                    continue
                at_rest.add(number)
                if self.step(node):
                    at_rest.remove(number)
            if len(at_rest) == len(self.nodes):
                return
        raise AssertionError("the services do not come to rest")

    def step(self, node: Node) -> bool:
        """One round of one service: timers, a batch, waiting messages, the relay."""
        due = node.agenda()
        fired = bool(due.timer and due.timer <= self.now and node.processor.fire_timers(self.now))
        batch = swept = Progress()
        records = node.pending(self.log)
        if records:
            batch = node.processor.process(records, self.now)
            node.committed.update(batch.offsets)
        if batch.woken or (due.waiting and due.waiting <= self.now):
            swept = node.processor.sweep(self.now)
        said = due.said or fired or batch.published or swept.published
        sent = self.relay(node) if said else 0
        return bool(sent or fired or records or batch.woken or swept.woken)

    def relay(self, node: Node) -> int:
        """Sends what is in a service's outbox; returns how many."""
        rows = node.claim()
        for row in rows:
            self.log.append(row.topic, row.key, row.value, row.headers, self.now)
        if rows:
            node.forget([row.id for row in rows])
        return len(rows)

    def advance(self, by: timedelta) -> None:
        """Moves the clock and lets everybody work."""
        self.now += by
        self.settle()

    def heard(self, message: type[M]) -> list[Heard]:
        """The messages of a type (or of its subclasses) in the log, in order within a key."""
        found = []
        for record in self.log.of(message.topic.name):
            headers = {
                name: (value or b"").decode("utf-8", "replace") for name, value in record.headers
            }
            kind = MESSAGES.get(headers.get("ce_type", ""))
            if kind is None or not issubclass(kind, message) or record.value is None:
                continue
            attributes = Attributes(
                id=headers["ce_id"],
                source=headers["ce_source"],
                type=headers["ce_type"],
                time=datetime.fromisoformat(headers["ce_time"]),
                subject=headers.get("ce_subject"),
                correlation_id=headers.get("ce_correlationid"),
                causation_id=headers.get("ce_causationid"),
                principal=headers.get("ce_principal"),
            )
            found.append(Heard(attributes, kind.model_validate_json(record.value), record))
        return found


def shuffled(records: Sequence[StoredRecord], chance: random.Random) -> list[StoredRecord]:
    """The records in another order, in which each partition keeps its own."""
    queues: dict[Place, list[StoredRecord]] = {}
    for record in records:
        queues.setdefault((record.topic, record.partition), []).append(record)
    mixed = []
    while queues:
        place = chance.choice(sorted(queues))
        mixed.append(queues[place].pop(0))
        if not queues[place]:
            del queues[place]
    return mixed
