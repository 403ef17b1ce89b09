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
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from psycopg import Cursor
from sqlalchemy import Engine

from impulse_chassis import deadletters, inbox, metrics, outcomes, timers, waiting
from impulse_chassis.aggregate import Aggregate, Refused, WaitFor
from impulse_chassis.database import Trouble, classify
from impulse_chassis.deadletters import Health, Place
from impulse_chassis.envelope import (
    Attributes,
    Bad,
    Received,
    Record,
    Tombstone,
    Unwanted,
    parse,
    record_key,
)
from impulse_chassis.handlers import Handlers
from impulse_chassis.projection import Projection
from impulse_chassis.transaction import Transaction
from impulse_chassis.waiting import Parked
from impulse_contracts.message import Incoming, Message, Timer
from impulse_contracts.reasons import Reason
from impulse_contracts.topics import Topic

log = structlog.get_logger(__name__)

Item = Received[Any] | Tombstone | Bad

CONFLICTS = 20
"""How often a batch is repeated because somebody was faster, before that counts as a fault."""
TRIES = 3
"""How often a single message may fail before it becomes a dead letter."""


class Unavailable(Exception):
    """The database is away: nothing was done; wait and call again with the same records."""


@dataclass(slots=True)
class Progress:
    """What a batch came to: the offsets to commit, and the partitions to pause with the reason."""

    offsets: dict[Place, int] = field(default_factory=dict)
    paused: dict[Place, str] = field(default_factory=dict)
    published: bool = False
    woken: bool = False


class Processor:
    """Handles records for one service.

    `topics` are the topics it reads by the name in the log; `patience` is how long a message may
    wait for what isn't known yet.
    """

    def __init__(
        self,
        service: str,
        engine: Engine,
        handlers: Handlers,
        *,
        topics: Mapping[str, Topic],
        projections: Sequence[Projection] = (),
        patience: timedelta = timedelta(seconds=600),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.service = service
        self.engine = engine
        self.handlers = handlers
        self.topics = topics
        self.projections = projections
        self.patience = patience
        self._sleep = sleep
        self._health: dict[Place, Health] = {}
        self._wanted: dict[str, type[Message]] = dict(handlers.wanted())
        self._projected: dict[type[Message], list[Projection]] = {}
        for projection in projections:
            for name, message in projection.wanted().items():
                self._wanted[name] = message
                self._projected.setdefault(message, []).append(projection)

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
                items.append(parse(record, self.topics[record.topic], now, self._wanted))
            except Unwanted:
                skipped[record.topic] += 1
                continue
            except Bad as bad:
                items.append(bad)
            if place not in health:
                health[place] = deepcopy(self._health.get(place)) or Health()
            good = not isinstance(items[-1], Bad)
            health[place].note(good)
            if not good and (fault := health[place].fault()):
                progress.paused[place] = fault
        if items or progress.paused:
            self._settle(items, now, progress, progress.paused)
        self._health.update(health)
        for place in progress.paused:
            self._health[place] = Health()
        for topic, count in skipped.items():
            metrics.EVENTS.labels(self.service, topic, "skipped").inc(count)
        metrics.BATCH.labels(self.service).observe(len(records))
        metrics.BATCH_SECONDS.labels(self.service).observe(time.perf_counter() - started)
        return progress

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
        for each in parked:
            try:
                topic = self.topics[each.record.topic]
                items.append(parse(each.record, topic, now, self._wanted))
            except Bad as bad:
                items.append(bad)
            except (KeyError, Unwanted):
                detail = "this release of the service does not handle it any more"
                items.append(Bad(Reason.UNKNOWN_TYPE, detail, each.record, each.inbox_key))
        if items:
            self._settle(items, now, progress, {}, {each.inbox_key: each for each in parked})
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
                if len(items) > 1:
                    middle = len(items) // 2
                    self._settle(items[:middle], now, progress, pauses, parked)
                    self._settle(items[middle:], now, progress, pauses, parked)
                    return
                failures += 1
                if failures >= TRIES:
                    items = [self._failed(items[0], error)]
                    if failures > TRIES:
                        raise

    def _failed(self, item: Item, error: Exception) -> Bad:
        """The dead letter of a message that our own code can't handle."""
        record = item.record
        # Where, not what: an error's text may quote the data.
        log.error(
            "handler failed",
            error=type(error).__name__,
            trace="".join(traceback.format_tb(error.__traceback__)[-4:]),
            topic=record.topic,
            partition=record.partition,
            offset=record.offset,
        )
        detail = f"{type(error).__name__} in the handler; see the log of {self.service}"
        if isinstance(item, Tombstone):
            return Bad(Reason.HANDLER_ERROR, detail, record, record_key(record))
        return Bad(Reason.HANDLER_ERROR, detail, record, item.inbox_key, item.attributes)

    # ------------------------------------------------------------------------ one transaction

    def _transact(
        self,
        items: Sequence[Item],
        now: datetime,
        progress: Progress,
        pauses: Mapping[Place, str],
        parked: Mapping[UUID, Parked],
    ) -> None:
        counts: Counter[tuple[str, str]] = Counter()
        with self.engine.begin() as connection:
            tx = Transaction(connection, self.service, now)
            batch = _Batch(self, tx, tx.cursor(), counts, parked)
            batch.run(items)
            for place, fault in pauses.items():
                deadletters.pause(batch.cursor, place, fault, now)
            progress_published = bool(tx.outgoing)
        progress.published = progress.published or progress_published
        progress.woken = progress.woken or tx.woken > 0
        for (ce_type, outcome), count in counts.items():
            metrics.EVENTS.labels(self.service, ce_type, outcome).inc(count)
        for bad in batch.dead:
            metrics.DEAD_LETTERS.labels(self.service, str(bad.reason)).inc()
        age = metrics.AGE.labels(self.service)
        for item in items:
            if isinstance(item, Received) and item.attributes.time is not None:
                age.observe(max(0.0, (now - item.attributes.time).total_seconds()))


class _Batch:
    """The work of one transaction."""

    def __init__(
        self,
        processor: Processor,
        tx: Transaction,
        cursor: Cursor[Any],
        counts: Counter[tuple[str, str]],
        parked: Mapping[UUID, Parked],
    ) -> None:
        self.processor = processor
        self.tx = tx
        self.cursor = cursor
        self.counts = counts
        self.parked = parked
        self.outcomes: dict[UUID, str | None] = {}
        self.waiting: list[tuple[UUID, Record, WaitFor]] = []
        self.dead: list[Bad] = []

    def run(self, items: Sequence[Item]) -> None:
        self._project(items)
        fresh, repeated = self._without_duplicates(items)
        self._load(fresh)
        for item in fresh:
            if isinstance(item, Bad):
                self._bury(item)
            else:
                self._handle(item)
        for item in repeated:
            self._answer_again(item)
        self.tx.flush()
        if self.outcomes:
            inbox.remember(self.cursor, self.outcomes, self.tx.now)
        if self.dead:
            deadletters.write(self.cursor, self.dead, self.tx.now)
        if self.waiting:
            waiting.park(self.cursor, self.waiting, self.tx.now, self.processor.patience)
        settled = self.parked.keys() - {key for key, _, _ in self.waiting}
        settled = settled & {item.inbox_key for item in items if not isinstance(item, Tombstone)}
        if settled:
            waiting.forget(self.cursor, settled)

    def _project(self, items: Sequence[Item]) -> None:
        changes: dict[Projection, list[tuple[str, Message | None]]] = {}
        for item in items:
            if isinstance(item, Tombstone):
                key = (item.record.key or b"").decode("utf-8", "replace")
                for projection in self.processor.projections:
                    if projection.topic is item.topic:
                        changes.setdefault(projection, []).append((key, None))
            elif isinstance(item, Received):
                for projection in self.processor._projected.get(type(item.data), ()):
                    changes.setdefault(projection, []).append((item.data.key, item.data))
                    if type(item.data) not in self.processor.handlers.handlers:
                        self.counts[item.attributes.type, "projected"] += 1
        for projection in sorted(changes, key=lambda each: each.name):
            projection.apply(self.cursor, changes[projection])

    def _without_duplicates(
        self, items: Sequence[Item]
    ) -> tuple[list[Received[Any] | Bad], list[Received[Any] | Bad]]:
        handled_here = self.processor.handlers.handlers
        wanted = [
            item
            for item in items
            if isinstance(item, Bad)
            or (isinstance(item, Received) and type(item.data) in handled_here)
        ]
        if not wanted:
            return [], []
        known = inbox.handled(self.cursor, {item.inbox_key for item in wanted})
        self._known = known
        fresh: list[Received[Any] | Bad] = []
        repeated: list[Received[Any] | Bad] = []
        seen = set(known)
        for item in wanted:
            (repeated if item.inbox_key in seen else fresh).append(item)
            seen.add(item.inbox_key)
        return fresh, repeated

    def _load(self, fresh: Sequence[Received[Any] | Bad]) -> None:
        by_type: dict[type[Message], list[Received[Any]]] = {}
        for item in fresh:
            if isinstance(item, Received):
                by_type.setdefault(type(item.data), []).append(item)
        for types, loader in self.processor.handlers.loaders:
            messages = [item for each in types for item in by_type.get(each, ())]
            if messages:
                loader(self.tx, messages)

    def _handle(self, item: Received[Any]) -> None:
        tx = self.tx
        tx.begin_message(item)
        before = tx.changes
        aggregate: Aggregate | None = None
        refused: Refused | None = None
        try:
            aggregate = self.processor.handlers.handlers[type(item.data)](tx, item.data)
        except Refused as refusal:
            refused = refusal
        except WaitFor as wait:
            self._check_unchanged(before, "waited")
            self._wait(item, wait)
            return
        if refused:
            self._check_unchanged(before, "refused")
        self.counts[item.attributes.type, "refused" if refused else "ok"] += 1
        if isinstance(item.data, Incoming):
            self._answer(item, outcomes.outcome(item.attributes, aggregate, refused))
        else:
            if refused and not isinstance(item.data, Timer):
                log.info("fact refused", type=item.attributes.type, reason=str(refused.reason))
            self.outcomes[item.inbox_key] = None

    def _check_unchanged(self, before: int, what: str) -> None:
        if self.tx.changes != before:
            raise RuntimeError(f"a handler {what} after it had changed something")

    def _wait(self, item: Received[Any], wait: WaitFor) -> None:
        parked = self.parked.get(item.inbox_key)
        if parked is not None and parked.deadline <= self.tx.now:
            detail = f"{wait.subject[1]} is still not known after the waiting time"
            bad = Bad(Reason.WAITED_TOO_LONG, detail, item.record, item.inbox_key, item.attributes)
            self._bury(bad, subject=wait.subject)
            return
        self.counts[item.attributes.type, "waiting"] += 1
        self.waiting.append((item.inbox_key, item.record, wait))

    def _bury(self, bad: Bad, subject: tuple[str, str] | None = None) -> None:
        self.tx.begin_message(None)
        self.dead.append(bad)
        self.counts["bad", "dead"] += 1
        self.tx.send(deadletters.letter(bad, self.processor.service, self.tx.now))
        topic = self.processor.topics.get(bad.record.topic)
        if bad.attributes is not None and topic is not None and topic.incoming:
            refusal = Refused(bad.reason, detail=bad.detail, subject=subject or ("", ""))
            own = bad.attributes.source == f"urn:impulse:{self.processor.service}"
            if not own:
                self._answer(bad, outcomes.outcome(bad.attributes, None, refusal))
                return
        self.outcomes[bad.inbox_key] = None

    def _answer(self, item: Received[Any] | Bad, outcome: str) -> None:
        self.outcomes[item.inbox_key] = outcome
        assert item.attributes is not None
        self._send_outcome(item.inbox_key, item.attributes, outcome)

    def _answer_again(self, item: Received[Any] | Bad) -> None:
        outcome = self._known.get(item.inbox_key, self.outcomes.get(item.inbox_key))
        ce_type = item.attributes.type if isinstance(item, Received) else "bad"
        self.counts[ce_type, "duplicate"] += 1
        if outcome is not None and item.attributes is not None:
            self._send_outcome(item.inbox_key, item.attributes, outcome)

    def _send_outcome(self, key: UUID, attributes: Attributes, outcome: str) -> None:
        self.tx.send(outcomes.record(self.processor.service, key, attributes, outcome, self.tx.now))
