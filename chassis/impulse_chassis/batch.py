"""One transaction of a service: duplicates out, load, handle, write."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from impulse_chassis import deadletters, inbox, outcomes, waiting
from impulse_chassis.aggregate import Aggregate, Refused, WaitFor
from impulse_chassis.envelope import Attributes, Bad, Received, Record, Tombstone, source_of
from impulse_chassis.handlers import Handlers
from impulse_chassis.projection import Projection
from impulse_chassis.transaction import Transaction
from impulse_chassis.waiting import Parked
from impulse_contracts.message import DELETED, Incoming, Message, Timer
from impulse_contracts.reasons import Reason
from impulse_contracts.topics import Topic

log = structlog.get_logger(__name__)

Item = Received[Any] | Tombstone | Bad


@dataclass(frozen=True)
class Work:
    """What a service does with messages.

    `topics` are those that it reads, by their name in the log; `patience` is how long a message may
    wait for what isn't known yet.
    """

    service: str
    handlers: Handlers
    topics: Mapping[str, Topic]
    projections: Sequence[Projection] = ()
    patience: timedelta = timedelta(seconds=600)
    projected: Mapping[type[Message], list[Projection]] = field(init=False)
    wanted: Mapping[str, type[Message]] = field(init=False)

    def __post_init__(self) -> None:
        wanted = dict(self.handlers.wanted())
        projected: dict[type[Message], list[Projection]] = {}
        for projection in self.projections:
            for name, message in projection.wanted().items():
                wanted[name] = message
                projected.setdefault(message, []).append(projection)
        object.__setattr__(self, "wanted", wanted)
        object.__setattr__(self, "projected", projected)


class Batch:
    """The work of one transaction: `run` it once.

    `parked` are those of its messages that waited, by their inbox key. Afterwards `counts` says
    how many messages of which type had which end, and `dead` what became a dead letter.
    """

    def __init__(self, does: Work, tx: Transaction, parked: Mapping[UUID, Parked]) -> None:
        self.does = does
        self.tx = tx
        self.cursor = tx.cursor()
        self.parked = parked
        self.counts: Counter[tuple[str, str]] = Counter()
        self.outcomes: dict[UUID, str | None] = {}
        self.waiting: list[tuple[UUID, Record, WaitFor]] = []
        self.dead: list[Bad] = []

    def run(self, items: Sequence[Item]) -> None:
        """Handles items and writes everything; the caller commits."""
        fresh, repeated = self._without_duplicates(items)
        self._project(items, fresh)
        self._load(fresh)
        for item in fresh:
            if isinstance(item, Bad):
                self._bury(item)
            elif isinstance(item, Tombstone):
                self.outcomes[item.inbox_key] = None
            elif type(item.data) in self.does.handlers.handlers:
                self._handle(item)
            else:
                self.outcomes[item.inbox_key] = None
        for item in repeated:
            self._answer_again(item)
        if self.waiting:
            # Before those who wait are woken: what they wait for may have come later in the batch.
            waiting.park(self.cursor, self.waiting, self.tx.now, self.does.patience)
        self.tx.flush()
        if self.outcomes:
            inbox.remember(self.cursor, self.outcomes, self.tx.now)
        if self.dead:
            deadletters.write(self.cursor, self.dead, self.tx.now)
        settled = self._settled(items)
        if settled:
            waiting.forget(self.cursor, settled)

    def _settled(self, items: Sequence[Item]) -> set[UUID]:
        """The rows of messages that waited and need not any more."""
        here = {item.inbox_key for item in items}
        still = {key for key, _, _ in self.waiting}
        return {
            parked.inbox_key
            for key, parked in self.parked.items()
            if key in here and not (key in still and parked.inbox_key == key)
        }

    def _project(self, items: Sequence[Item], fresh: Sequence[Item]) -> None:
        changes: dict[Projection, list[tuple[str, Received[Any] | None]]] = {}
        new = {id(item) for item in fresh}
        for item in items:
            if isinstance(item, Tombstone) and id(item) in new:
                # No key holds NUL, and the database takes none.
                key = (item.record.key or b"").decode("utf-8", "replace").replace("\0", "")
                for projection in self.does.projections:
                    if projection.topic is item.topic:
                        changes.setdefault(projection, []).append((key, None))
            elif isinstance(item, Received) and (id(item) in new or not item.data.topic.tombstones):
                for projection in self.does.projected.get(type(item.data), ()):
                    changes.setdefault(projection, []).append((item.data.key, item))
                    if type(item.data) not in self.does.handlers.handlers:
                        self.counts[item.attributes.type, "projected"] += 1
        for projection in sorted(changes, key=lambda each: each.name):
            projection.take(self.cursor, changes[projection])

    def _without_duplicates(self, items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
        wanted = [item for item in items if not isinstance(item, Received) or self._once(item.data)]
        if not wanted:
            return [], []
        known = inbox.handled(self.cursor, {item.inbox_key for item in wanted})
        self._known = known
        fresh: list[Item] = []
        repeated: list[Item] = []
        seen = set(known)
        for item in wanted:
            (repeated if item.inbox_key in seen else fresh).append(item)
            seen.add(item.inbox_key)
        return fresh, repeated

    def _once(self, message: Message) -> bool:
        """Whether a repeat may do harm. To a read model it can't, as the newest version wins; but
        after a tombstone no version is left, and what was deleted must not come back."""
        return type(message) in self.does.handlers.handlers or message.topic.tombstones

    def _load(self, fresh: Sequence[Item]) -> None:
        by_type: dict[type[Message], list[Received[Any]]] = {}
        for item in fresh:
            if isinstance(item, Received):
                by_type.setdefault(type(item.data), []).append(item)
        for types, loader in self.does.handlers.loaders:
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
            aggregate = self.does.handlers.handlers[type(item.data)](tx, item.data)
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
            answer = outcomes.outcome(item.attributes, aggregate, refused, tx.notes)
            self._answer(item, answer)
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
            words = (
                f"{wait.subject[0]} ist auch nach der Wartezeit nicht bekannt",
                f"{wait.subject[1]} is still not known after the waiting time",
            )
            bad = Bad(Reason.WAITED_TOO_LONG, words, item.record, item.inbox_key, item.attributes)
            self._bury(bad, subject=wait.subject)
            return
        self.counts[item.attributes.type, "waiting"] += 1
        self.waiting.append((item.inbox_key, item.record, wait))

    def _bury(self, bad: Bad, subject: tuple[str, str] | None = None) -> None:
        self.tx.begin_message(None)
        self.dead.append(bad)
        self.counts["bad", "dead"] += 1
        self.tx.send(deadletters.letter(bad, self.does.service, self.tx.now))
        topic = self.does.topics.get(bad.record.topic)
        if bad.attributes is not None and topic is not None and topic.incoming:
            refusal = Refused(bad.reason, detail=bad.words, subject=subject or ("", ""))
            own = bad.attributes.source == source_of(self.does.service)
            if not own:
                self._answer(bad, outcomes.outcome(bad.attributes, None, refusal))
                return
        self.outcomes[bad.inbox_key] = None

    def _answer(self, item: Received[Any] | Bad, outcome: str) -> None:
        self.outcomes[item.inbox_key] = outcome
        assert item.attributes is not None
        self._send_outcome(item.inbox_key, item.attributes, outcome)

    def _answer_again(self, item: Item) -> None:
        if isinstance(item, Tombstone):
            self.counts[DELETED, "duplicate"] += 1
            return
        outcome = self._known.get(item.inbox_key, self.outcomes.get(item.inbox_key))
        ce_type = item.attributes.type if isinstance(item, Received) else "bad"
        self.counts[ce_type, "duplicate"] += 1
        if outcome is not None and item.attributes is not None:
            self._send_outcome(item.inbox_key, item.attributes, outcome)

    def _send_outcome(self, key: UUID, attributes: Attributes, outcome: str) -> None:
        self.tx.send(outcomes.record(self.does.service, key, attributes, outcome, self.tx.now))
