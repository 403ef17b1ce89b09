"""Erasures, and what the registry holds on persons."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Forgetting,
    Held,
    Repository,
    Table,
    Transaction,
    json_column,
    moment_column,
)
from impulse_contracts import topics
from impulse_registry.domain.erasures import Erasure
from impulse_registry.domain.people import Person


class ErasureRow(Table, table=True):
    """`Erasure`; ids only."""

    __tablename__ = "erasure"
    person_id: UUID = Field(primary_key=True)
    version: int
    state: str
    contact_of: dict[str, Any] | None = json_column()
    requested_at: datetime = moment_column()
    acknowledged: list[Any] = json_column()
    expected: list[Any] = json_column()
    completed_at: datetime | None = moment_column()


erasures: Repository[Erasure, UUID] = Repository(
    ErasureRow, Erasure, ("Die Löschung", "The erasure")
)


# ------------------------------------------------------------------- messages in full


def purge_messages(tx: Transaction, person: Person) -> None:
    """Deletes dead letters in which the person is named, when the batch ends.

    Those of the person's own id go with `forgetting`; a partner's report has another key. One with
    somebody else of the same full name goes too: it could not be handled, and its partner knows.
    """
    named = tx.memo(_Named)
    named.marks.update(marks_of(person))
    tx.at_end(_purge)


class _Named:
    """What the persons are called whom this transaction erases."""

    def __init__(self) -> None:
        self.marks: set[bytes] = set()


def marks_of(person: Person) -> Iterable[bytes]:
    """The bytes by which a person is found in a message, in both ways to write an umlaut."""
    for text in (person.email, person.phone, person.name):
        if text:
            yield text.encode()
            yield text.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")


def _purge(tx: Transaction) -> None:
    tx.cursor().execute(
        """
        DELETE FROM dead_letter AS t
        USING unnest(%s::bytea[]) AS mark WHERE position(mark IN t.value) > 0
        """,
        (sorted(tx.memo(_Named).marks),),
    )


# -------------------------------------------------------------- what is held on persons


def _take_back(tx: Transaction, persons: Sequence[UUID]) -> None:
    """On a restored database the persons are there again, and their erasure may not be."""
    cursor = tx.cursor()
    cursor.execute(
        """
        INSERT INTO erasure (person_id, version, state, contact_of, requested_at, acknowledged,
                             expected)
        SELECT person_id, 1, 'requested', contact_of, %s, '[]', '[]'
        FROM person WHERE person_id = ANY(%s)
        ON CONFLICT DO NOTHING RETURNING person_id
        """,
        (tx.now, list(persons)),
    )
    for (person_id,) in cursor.fetchall():
        tx.delete(topics.PEOPLE.name, str(person_id))
        tx.delete(topics.MEMBERSHIPS.name, str(person_id))


forgetting = Forgetting(
    Held("person"),
    Held("membership"),
    Held("disclosure"),
    Held("erasure", kept=True),
    also=_take_back,
)
