"""Forgetting a person: a service says which of its tables hold something on persons.

    forgetting = Forgetting("lending", Held("reader"), Held("loan", "t.lent_to = ANY(%(persons)s)"))
    Service("lending", Settings, handlers, forgetting=forgetting)

From that one list a person is forgotten when an erasure is published, in one transaction with the
acknowledgement; and all that is held on them can be read. It is obeyed again on a database that was
restored from a backup (`reapplying`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg import Connection, Cursor
from psycopg.rows import dict_row

from impulse_chassis.envelope import Received
from impulse_chassis.handlers import Handlers
from impulse_chassis.transaction import Transaction
from impulse_contracts.erasures import (
    ErasureAcknowledged,
    ErasureCompleted,
    ErasureFact,
    ErasureProgressed,
    ErasureRequested,
)

ERASURES: tuple[type[ErasureFact], ...] = (ErasureRequested, ErasureProgressed, ErasureCompleted)
"""Each is obeyed: of all that was said of an erasure the topic keeps only the newest."""


@dataclass(frozen=True, slots=True)
class Held:
    """A table that holds something on persons.

    `where` is SQL over the alias `t` that finds the rows of `%(persons)s`, an array of their ids.
    Those rows are deleted, unless they are to be `kept`: what is left of an erasure itself.
    """

    table: str
    where: str = "t.person_id = ANY(%(persons)s)"
    kept: bool = False


# As bytes: a key may be anything, and no text at all.
_BY_KEY = (
    "t.key IN (SELECT convert_to(each::text, 'UTF8') FROM unnest(%(persons)s::uuid[]) AS each)"
)
RECORDS = (Held("dead_letter", _BY_KEY), Held("outbox_parked", _BY_KEY), Held("waiting", _BY_KEY))
"""Where every service keeps whole messages; those on a person have their id as key."""


class Forgetting:
    """What one service holds on persons.

    Rows go in the order of `tables`. `also` does what deleting rows is not enough for, before.
    """

    def __init__(
        self,
        *tables: Held,
        also: Callable[[Transaction, Sequence[UUID]], None] | None = None,
    ) -> None:
        self.tables = tables
        self._also = also

    def handlers(self) -> Handlers:
        """The handlers of erasures."""
        handlers = Handlers()

        @handlers.load(*ERASURES)
        def load_forgotten(tx: Transaction, messages: Sequence[Received[ErasureFact]]) -> None:
            """Who of them was forgotten before."""
            self._load(tx, {message.data.person_id for message in messages})

        @handlers.on(*ERASURES)
        def forget(tx: Transaction, fact: ErasureFact) -> None:
            """The person is forgotten when the batch ends, and that is acknowledged."""
            self._forget(tx, fact.person_id)

        return handlers

    def reapply(self, tx: Transaction, persons: Iterable[UUID]) -> int:
        """Forgets those of `persons` who are not forgotten here; returns how many."""
        wanted = sorted(set(persons))
        self._load(tx, wanted)
        for person_id in wanted:
            self._forget(tx, person_id)
        return len(tx.memo(_Batch).persons)

    def held_on(
        self, connection: "Connection[Any]", person_id: UUID
    ) -> Mapping[str, list[dict[str, Any]]]:
        """All that is held on a person, by table."""
        found = {}
        with connection.cursor(row_factory=dict_row) as cursor:
            for held in (*self.tables, *RECORDS):
                cursor.execute(
                    f"SELECT t.* FROM {held.table} AS t WHERE {held.where}",  # noqa: S608
                    {"persons": [person_id]},
                )
                if rows := cursor.fetchall():
                    found[held.table] = rows
        return found

    # ------------------------------------------------------------------------------- the parts

    def _load(self, tx: Transaction, persons: Iterable[UUID]) -> None:
        cursor = tx.cursor()
        cursor.execute(
            "SELECT person_id FROM forgotten WHERE person_id = ANY(%s)", (sorted(persons),)
        )
        tx.memo(_Batch).known.update(person_id for (person_id,) in cursor.fetchall())

    def _forget(self, tx: Transaction, person_id: UUID) -> None:
        batch = tx.memo(_Batch)
        if person_id in batch.known:
            return
        batch.known.add(person_id)
        batch.persons.append(person_id)
        tx.publish(
            ErasureAcknowledged(
                version=1, person_id=person_id, service=tx.service, acknowledged_at=tx.now
            )
        )
        tx.at_end(self._delete)

    def _delete(self, tx: Transaction) -> None:
        persons = sorted(tx.memo(_Batch).persons)
        if self._also is not None:
            self._also(tx, persons)
        cursor = tx.cursor()
        for held in self.tables:
            if not held.kept:
                _delete(cursor, held, persons)
        for held in RECORDS:
            if held.table == "waiting":
                # It is answered, and that at once: whoever waits learns that the person is gone.
                cursor.execute(
                    f"UPDATE waiting AS t SET next_try = %(now)s WHERE {held.where}",  # noqa: S608
                    {"persons": persons, "now": tx.now},
                )
            else:
                _delete(cursor, held, persons)
        cursor.execute(
            "INSERT INTO forgotten SELECT person, %s FROM unnest(%s::uuid[]) AS person",
            (tx.now, persons),
        )


class _Batch:
    """Whom this transaction forgets, and who is forgotten already."""

    def __init__(self) -> None:
        self.persons: list[UUID] = []
        self.known: set[UUID] = set()


def _delete(cursor: Cursor[Any], held: Held, persons: Sequence[UUID]) -> None:
    cursor.execute(
        f"DELETE FROM {held.table} AS t WHERE {held.where}",  # noqa: S608
        {"persons": persons},
    )
