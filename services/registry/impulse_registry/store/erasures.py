"""Erasures, and what the registry holds on persons."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
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
from impulse_contracts.addresses import spellings
from impulse_contracts.erasures import CompleteErasure, ForgetErasure
from impulse_registry.domain.erasures import KEPT_AWAY, Erasure
from impulse_registry.domain.people import Person
from impulse_registry.store.blocking import block_again


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
    named.marks.update(marks_of(person.name, person.email, person.phone))
    tx.at_end(_purge)


class _Named:
    """What the persons are called whom this transaction erases."""

    def __init__(self) -> None:
        self.marks: set[bytes] = set()


def marks_of(name: str, email: str, phone: str | None) -> Iterable[bytes]:
    """The bytes by which a person is found in a message, in both ways to write an umlaut.

    An address is nobody else's, in any spelling. A name and a number are looked for only where a
    message calls somebody by them: they may be any text, such as one that stands in every message.
    """
    for spelling in spellings(email):
        for ascii_only in (False, True):
            yield json.dumps(spelling, ensure_ascii=ascii_only)[1:-1].encode()
    for field, text in (("name", name), ("phone", phone)):
        for ascii_only in (False, True) if text else ():
            for colon in (": ", ":"):
                yield f'"{field}"{colon}{json.dumps(text, ensure_ascii=ascii_only)}'.encode()


def _purge(tx: Transaction) -> None:
    # As text in which capitals can be disregarded, whatever bytes the message is of.
    tx.cursor().execute(
        """
        DELETE FROM dead_letter AS t
        USING (SELECT lower(encode(each, 'escape')) FROM unnest(%s::bytea[]) AS each) AS mark (text)
        WHERE position(mark.text IN lower(encode(t.value, 'escape'))) > 0
        """,
        (sorted(tx.memo(_Named).marks),),
    )


# -------------------------------------------------------------- what is held on persons


def _take_back(tx: Transaction, persons: Sequence[UUID]) -> None:
    """On a restored database the persons are there again, and their erasure may not be.

    Nor may what keeps them away, also those whom the backup does not know: what is sent again
    after it would bring them back.
    """
    cursor = tx.cursor()
    cursor.execute(
        """
        INSERT INTO erasure (person_id, version, state, contact_of, requested_at, acknowledged,
                             expected)
        SELECT each, 1, 'requested', contact_of, %s, '[]', '[]'
        FROM unnest(%s::uuid[]) AS each LEFT JOIN person ON person_id = each
        ON CONFLICT DO NOTHING RETURNING person_id
        """,
        (tx.now, list(persons)),
    )
    again = [person_id for (person_id,) in cursor.fetchall()]
    for person_id in again:
        # Who has obeyed is known from before: only the time of the log is waited for.
        over = tx.now + timedelta(seconds=tx.settings.erasure_seconds)
        tx.schedule(CompleteErasure(person_id=person_id), at=over)
        tx.schedule(ForgetErasure(person_id=person_id), at=tx.now + KEPT_AWAY)
    cursor.execute(
        "SELECT person_id, name, email, phone FROM person WHERE person_id = ANY(%s)", (again,)
    )
    back = cursor.fetchall()
    for person_id, *details in back:
        tx.delete(topics.PEOPLE.name, str(person_id))
        tx.delete(topics.MEMBERSHIPS.name, str(person_id))
        tx.memo(_Named).marks.update(marks_of(*details))
    if back:
        _purge(tx)
        block_again(tx, (email for _, _, email, _ in back))


forgetting = Forgetting(
    Held("person"),
    Held("membership"),
    Held("disclosure"),
    Held("erasure", kept=True),
    also=_take_back,
)
