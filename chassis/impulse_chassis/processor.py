"""The heart of a service: a batch of records becomes one transaction. Knows no transport.

parse and validate           bad ones become dead letters
begin
  inbox                      duplicates fall out; their stored outcome is sent again
  projections, loaders       rows locked in key order
  handlers, in order         no statement at all
  write                      a table at a time, outbox, timers, inbox, dead letters
commit
"""

import random
import time
import traceback
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Engine

from impulse_chassis import deadletters, metrics, timers, waiting
from impulse_chassis.batch import Batch, Item, Work
from impulse_chassis.database import Trouble, Unavailable, classify
from impulse_chassis.deadletters import Health, Place
from impulse_chassis.envelope import (
    Attributes,
    Bad,
    Received,
    Record,
    Tombstone,
    record_key,
    source_of,
)
from impulse_chassis.handlers import Handlers
from impulse_chassis.parsing import Unwanted, parse
from impulse_chassis.projection import Projection
from impulse_chassis.settings import ServiceSettings
from impulse_chassis.transaction import Memo, Transaction
from impulse_chassis.waiting import Parked
from impulse_contracts.message import Timer
from impulse_contracts.reasons import Reason
from impulse_contracts.topics import Topic

log = structlog.get_logger(__name__)

CONFLICTS = 20
"""How often a batch is repeated because somebody was faster, before that counts as a fault."""
TRIES = 3
"""How often a single message may fail before it becomes a dead letter."""


@dataclass(slots=True)
class Progress:
    """What a batch came to: the offsets to commit, and the partitions to pause with the reason."""

    offsets: dict[Place, int] = field(default_factory=dict)
    paused: dict[Place, str] = field(default_factory=dict)
    failed: list[Place] = field(default_factory=list)
    """Where a handler failed for good, once for each message."""
    published: bool = False
    woken: bool = False


class Processor:
    """Handles records for one service.

    `topics` are the topics it reads by the name in the log. What its handlers keep in memory
    (`tx.cache`) belongs to this object.
    """

    def __init__(
        self,
        service: str,
        engine: Engine,
        handlers: Handlers,
        settings: ServiceSettings,
        *,
        topics: Mapping[str, Topic],
        projections: Sequence[Projection] = (),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.service = service
        self.engine = engine
        self.settings = settings
        self.topics = topics
        patience = timedelta(seconds=settings.waiting_seconds)
        self._does = Work(service, handlers, topics, projections, patience)
        self._cache = Memo()
        self._sleep = sleep
        self._health: dict[Place, Health] = {}

    # ------------------------------------------------------------------------------- batches

    def process(self, records: Sequence[Record], now: datetime) -> Progress:
        """Handles records, in the order given within each partition; each takes effect once.

        Raises `Unavailable` when the database is away; then nothing is to be committed.
        """
        started = time.perf_counter()
        progress = Progress()
        health: dict[Place, Health] = {}
        items: list[Item] = []
        skipped: Counter[str] = Counter()
        for record in records:
            place = (record.topic, record.partition)
            if place in progress.paused:
                continue
            progress.offsets[place] = record.offset + 1
            try:
                items.append(self._understood(record, self.topics[record.topic], now))
            except Unwanted:
                skipped[record.topic] += 1
                continue
            except Bad as bad:
                items.append(bad)
            if place not in health:
                health[place] = self._health.get(place, Health()).copy()
            good = not isinstance(items[-1], Bad)
            health[place].note(good)
            if not good and (fault := health[place].fault()):
                progress.paused[place] = fault
        if items or progress.paused:
            self._settle(items, now, progress, progress.paused)
        self._pause_where_handlers_failed(progress, health, now)
        self._health.update(health)
        for place in progress.paused:
            self._health[place] = Health()
        for topic, count in skipped.items():
            metrics.EVENTS.labels(self.service, topic, "skipped").inc(count)
        metrics.BATCH.labels(self.service).observe(len(records))
        metrics.BATCH_SECONDS.labels(self.service).observe(time.perf_counter() - started)
        return progress

    def _understood(self, record: Record, topic: Topic, now: datetime) -> Received[Any] | Tombstone:
        """As `parse`; `Bad` is a timer, too, that somebody else says: it would have no answer.

        So is what `parse` itself fails at: repeated for ever, it would stop all that is behind it.
        """
        try:
            found = parse(record, topic, now, self._does.wanted)
        except (Bad, Unwanted):
            raise
        except Exception as error:
            raise self._failed(record, record_key(record), None, error) from error
        if isinstance(found, Tombstone) or not isinstance(found.data, Timer):
            return found
        said, name = found.attributes, self.service
        if said.source == source_of(name):
            return found
        de = f"{said.type} sagt nur der Dienst {name} selbst"
        en = f"only the service {name} itself says {said.type}"
        raise Bad(Reason.UNKNOWN_TYPE, (de, en), record, found.inbox_key, said)

    def _pause_where_handlers_failed(
        self, progress: Progress, health: Mapping[Place, Health], now: datetime
    ) -> None:
        """A handler that fails on message after message must not bury a whole partition either."""
        found: dict[Place, str] = {}
        for place in progress.failed:
            if place in health and place not in progress.paused and place not in found:
                health[place].note(False)
                if fault := health[place].fault():
                    found[place] = fault
        if found:
            self._settle([], now, progress, found)
            progress.paused |= found

    def sweep(self, now: datetime) -> Progress:
        """Tries waiting messages that were woken, or that have waited for a while or too long."""
        progress = Progress()
        try:
            with self.engine.begin() as connection:
                parked = waiting.due(Transaction(connection, self.service, now).cursor(), now)
        except Exception as error:
            if classify(error) is Trouble.FAULT:
                raise
            raise Unavailable(str(type(error).__name__)) from error
        items: list[Item] = []
        keys: dict[UUID, Parked] = {}
        for each in parked:
            try:
                topic = self.topics[each.record.topic]
                items.append(self._understood(each.record, topic, now))
            except Bad as bad:
                items.append(bad)
            except (KeyError, Unwanted):
                de = "diese Version des Dienstes verarbeitet sie nicht mehr"
                en = "this release of the service does not handle it any more"
                items.append(Bad(Reason.UNKNOWN_TYPE, (de, en), each.record, each.inbox_key))
            keys[items[-1].inbox_key] = each
        if items:
            self._settle(items, now, progress, {}, keys)
        return progress

    def fire_timers(self, now: datetime) -> int:
        """Turns timers that are due into messages to this service; returns how many."""
        try:
            with self.engine.begin() as connection:
                cursor = Transaction(connection, self.service, now).cursor()
                fired = timers.fire(cursor, self.service, now)
        except Exception as error:
            if classify(error) is Trouble.FAULT:
                raise
            raise Unavailable(str(type(error).__name__)) from error
        metrics.TIMERS_FIRED.labels(self.service).inc(fired)
        return fired

    # ---------------------------------------------------------------- repeating and isolating

    def _settle(
        self,
        items: list[Item],
        now: datetime,
        progress: Progress,
        pauses: Mapping[Place, str],
        parked: Mapping[UUID, Parked] | None = None,
        failures: int = 0,
    ) -> None:
        """Commits `items`, in halves where one of them fails, until that one is alone."""
        conflicts = 0
        while True:
            try:
                self._transact(items, now, progress, pauses, parked or {})
                return
            except Exception as error:
                trouble = classify(error)
                if trouble is Trouble.UNAVAILABLE:
                    metrics.REPEATS.labels(self.service, "database").inc()
                    raise Unavailable(type(error).__name__) from error
                if trouble is Trouble.CONFLICT and conflicts < CONFLICTS:
                    conflicts += 1
                    metrics.REPEATS.labels(self.service, "conflict").inc()
                    self._sleep(random.uniform(0, 0.01) * conflicts)  # noqa: S311
                    continue
                metrics.REPEATS.labels(self.service, "error").inc()
                if not items:
                    raise
                if len(items) > 1:
                    middle = len(items) // 2
                    self._settle(items[:middle], now, progress, pauses, parked)
                    self._settle(items[middle:], now, progress, pauses, parked)
                    return
                failures += 1
                if failures > TRIES:
                    raise
                if failures == TRIES:
                    [item] = items
                    said = None if isinstance(item, Tombstone) else item.attributes
                    items = [self._failed(item.record, item.inbox_key, said, error)]
                    progress.failed.append((item.record.topic, item.record.partition))

    def _failed(
        self, record: Record, key: UUID, attributes: Attributes | None, error: Exception
    ) -> Bad:
        """The dead letter of a record that our own code can't read or handle."""
        # Where, not what: an error's text may quote the data.
        log.error(
            "handler failed",
            error=type(error).__name__,
            trace="".join(traceback.format_tb(error.__traceback__)[-4:]),
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
        )
        name = type(error).__name__
        words = (
            f"{name} bei der Verarbeitung; siehe das Protokoll von {self.service}",
            f"{name} in the handler; see the log of {self.service}",
        )
        return Bad(Reason.HANDLER_ERROR, words, record, key, attributes)

    # ------------------------------------------------------------------------ one transaction

    def _transact(
        self,
        items: Sequence[Item],
        now: datetime,
        progress: Progress,
        pauses: Mapping[Place, str],
        parked: Mapping[UUID, Parked],
    ) -> None:
        with self.engine.begin() as connection:
            tx = Transaction(connection, self.service, now, self.settings, self._cache)
            batch = Batch(self._does, tx, parked)
            batch.run(items)
            for place, fault in pauses.items():
                deadletters.pause(batch.cursor, place, fault, now)
        progress.published = progress.published or bool(tx.outgoing)
        progress.woken = progress.woken or tx.woken > 0
        for (ce_type, outcome), count in batch.counts.items():
            metrics.EVENTS.labels(self.service, ce_type, outcome).inc(count)
        for bad in batch.dead:
            metrics.DEAD_LETTERS.labels(self.service, str(bad.reason)).inc()
        age = metrics.AGE.labels(self.service)
        for item in items:
            if isinstance(item, Received) and item.attributes.time is not None:
                age.observe(max(0.0, (now - item.attributes.time).total_seconds()))
