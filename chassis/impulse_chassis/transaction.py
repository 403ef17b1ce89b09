"""One transaction of a batch: what handlers read from and write to, without a statement of theirs.

Handlers see an identity map; what they put, publish and schedule is kept here and written in bulk
when all of them are done (`flush`).
"""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID, uuid4

from psycopg import Cursor
from sqlalchemy import Connection, Engine

from impulse_chassis import outbox, timers, waiting
from impulse_chassis.database import Trouble, Unavailable, classify
from impulse_chassis.envelope import Attributes, Outgoing, Received, source_of, stable_uuid
from impulse_contracts.message import DELETED, Message, Timer

if TYPE_CHECKING:
    from impulse_chassis.ledger import Ledger
    from impulse_chassis.repository import Repository
    from impulse_chassis.settings import ServiceSettings

T = TypeVar("T")


class Memo:
    """Remembers one object of each type, made when it is first asked for: `memo(Batch)`."""

    def __init__(self) -> None:
        self._made: dict[type[Any], Any] = {}

    def __call__(self, kind: type[T]) -> T:
        made = self._made.get(kind)
        if made is None:
            made = self._made.setdefault(kind, kind())
        found: T = made
        return found


class Transaction:
    """The unit of work.

    `now` is the only clock. `received` is the message at hand; None outside of handlers.
    `connection` is for loaders and tasks; a handler that uses it costs a statement a message.
    `settings` are the service's own, of the type that it declares. `memo(Type)` is what this
    transaction alone remembers. `cache(Type)` is what the replica remembers until it ends: its
    threads share it, and nothing undoes it where a transaction fails.
    """

    def __init__(
        self,
        connection: Connection,
        service: str,
        now: datetime,
        settings: "ServiceSettings | None" = None,
        cache: Memo | None = None,
    ) -> None:
        self.connection = connection
        self.service = service
        self.now = now
        self.settings: Any = settings
        self.memo = Memo()
        self.cache = cache or Memo()
        self.received: Received[Any] | None = None
        self.notes: list[tuple[str, str]] = []
        self.identity_map: dict[Repository[Any, Any] | Ledger, Any] = {}
        self.woken = 0
        self._driver: Any = connection.connection.driver_connection
        self._outbox: list[Outgoing] = []
        self._last: dict[Callable[[Transaction], None], None] = {}
        self._timers: dict[timers.TimerId, timers.Due | None] = {}
        self._resolved: set[str] = set()
        self._changes = 0
        self._said = 0

    def cursor(self) -> Cursor[Any]:
        """A cursor of the driver, in this transaction."""
        cursor: Cursor[Any] = self._driver.cursor()
        return cursor

    @property
    def changes(self) -> int:
        """How many times something was put, published or scheduled."""
        return self._changes

    @property
    def attributes(self) -> Attributes:
        """The CloudEvents attributes of the message at hand."""
        if self.received is None:
            raise LookupError("no message is being handled")
        return self.received.attributes

    def changed(self) -> None:
        """Notes that a handler has begun to change something: it can't refuse any more."""
        self._changes += 1

    # ------------------------------------------------------------------------- saying things

    def publish(
        self,
        message: Message,
        *,
        key: str | None = None,
        message_id: str | None = None,
        principal: str | None = None,
        on_behalf_of: str | None = None,
    ) -> str:
        """Says `message` once this transaction is committed; returns its `ce_id`.

        `key` is the record key where it isn't the message's own. Raises `TooLarge`.
        """
        attributes = self._attributes(message.ce_type, message.key, message_id)
        attributes.principal = principal
        attributes.on_behalf_of = on_behalf_of
        self.send(
            Outgoing(
                message.topic.name,
                (key or attributes.subject or "").encode(),
                message.model_dump_json().encode(),
                attributes,
            )
        )
        return attributes.id

    def note(self, de: str, en: str) -> None:
        """Adds a sentence to the outcome of the message at hand, said if it is accepted.

        For what its sender should know of how it was taken; never the data themselves.
        """
        self.notes.append((de, en))

    def delete(self, topic: str, key: str) -> None:
        """Says with a tombstone that `key` is gone from a compacted topic."""
        # With an id, or a repeat of it would delete what came after it; with one that no fact has:
        # handled anew after a restore, the same message may say a fact no more but delete.
        message_id = None
        if self.received is not None:
            place = str(self._said + 1)
            message_id = str(stable_uuid("deleted", self.received.inbox_key.hex, place, topic, key))
        attributes = self._attributes(DELETED, key, message_id)
        self.send(Outgoing(topic, key.encode(), None, attributes))

    def send(self, outgoing: Outgoing) -> None:
        """Puts a record in the outbox. Raises `TooLarge`."""
        outbox.check_size(outgoing)
        self.changed()
        self._outbox.append(outgoing)

    def _attributes(
        self, ce_type: str, subject: str | None, message_id: str | None = None
    ) -> Attributes:
        received = self.received
        self._said += 1
        if message_id is None:
            # The same in every repetition of the batch: what was sent twice is known as one.
            message_id = f"{received.inbox_key.hex}-{self._said}" if received else str(uuid4())
        return Attributes(
            id=message_id,
            source=source_of(self.service),
            type=ce_type,
            time=self.now,
            subject=subject,
            correlation_id=(
                received.attributes.correlation_id or received.attributes.id
                if received
                else message_id
            ),
            causation_id=received.attributes.id if received else None,
            traceparent=received.attributes.traceparent if received else None,
        )

    # -------------------------------------------------------------------------------- timers

    def schedule(self, timer: Timer, *, at: datetime, name: str = "") -> None:
        """Says `timer` to this service at `at`; replaces the one of the same type, key and name."""
        self.changed()
        self._timers[(timer.ce_type, timer.key, name)] = timers.Due(at, timer.model_dump_json())

    def unschedule(self, timer: type[Timer], key: str | UUID, name: str = "") -> None:
        """Takes a timer away, if there is one."""
        self.changed()
        self._timers[(timer.ce_type, str(key), name)] = None

    def resolve(self, key: str) -> None:
        """What waits for `key` can go on: it is known now."""
        self._resolved.add(key)

    def at_end(self, work: Callable[["Transaction"], None]) -> None:
        """Runs `work` once, when all handlers are done and what they put is written.

        For what concerns rows that no handler looks at one by one; it may issue statements.
        """
        self.changed()
        self._last[work] = None

    # -------------------------------------------------------------------------------- writing

    def begin_message(self, received: Received[Any] | None) -> None:
        """The message at hand is another one now."""
        self.received = received
        self.notes = []
        self._said = 0

    def flush(self) -> None:
        """Writes everything, a table at a time in a fixed order, rows in key order."""
        self.begin_message(None)
        cursor = self.cursor()
        for table in sorted(self.identity_map, key=lambda each: each.name):
            table.flush(self, cursor)
        for work in self._last:
            work(self)
        if self._timers:
            timers.write(cursor, self._timers)
        if self._outbox:
            outbox.write(cursor, self._outbox)
        if self._resolved:
            self.woken = waiting.wake(cursor, sorted(self._resolved), self.now)

    @property
    def outgoing(self) -> Sequence[Outgoing]:
        """What will be said."""
        return self._outbox


def transact(
    engine: Engine,
    service: str,
    work: Callable[[Transaction], T],
    settings: "ServiceSettings | None" = None,
) -> T:
    """Runs `work` in one transaction and writes what it left. Repeats when somebody was faster.

    Raises `Unavailable` when the database is away.
    """
    for attempt in range(20):
        try:
            with engine.begin() as connection:
                tx = Transaction(connection, service, datetime.now(UTC), settings)
                result = work(tx)
                tx.flush()
            return result
        except Exception as error:
            trouble = classify(error)
            if trouble is Trouble.UNAVAILABLE:
                raise Unavailable(type(error).__name__) from error
            if trouble is Trouble.FAULT or attempt == 19:
                raise
            time.sleep(0.01 * attempt)
    raise AssertionError("unreachable")
