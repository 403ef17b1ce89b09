"""Where to look for duplicates: actors not examined yet, and blocks of those that are alike."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Ledger, Table, Transaction

LARGEST_BLOCK = 50
"""Actors under one key that more share than this are not compared by it: it tells nothing."""
_ONE_AT_A_TIME = 7_310_441
"""The advisory lock of those who examine: two at once would not see each other's actors."""


class UnexaminedRow(Table, table=True):
    """An actor that is new, or another than before; the table numbers its rows itself."""

    __tablename__ = "unexamined"
    actor_id: UUID = Field(primary_key=True)
    portion: int


unexamined = Ledger(UnexaminedRow)


def take(tx: Transaction, portions: Iterable[int], most: int) -> tuple[list[UUID], bool]:
    """Takes actors to examine, the oldest first, and says whether there may be more.

    Two statements.
    """
    cursor = tx.cursor()
    cursor.execute("SELECT pg_advisory_xact_lock(%s)", (_ONE_AT_A_TIME,))
    cursor.execute(
        """
        DELETE FROM unexamined WHERE id IN (
            SELECT id FROM unexamined WHERE portion = ANY(%b) ORDER BY id LIMIT %s
        ) RETURNING actor_id
        """,
        (list(portions), most),
    )
    found = [actor_id for (actor_id,) in cursor.fetchall()]
    return list(dict.fromkeys(found)), len(found) == most


def arrange(tx: Transaction, blocks: Mapping[UUID, Iterable[str]]) -> None:
    """Puts actors in their blocks, and out of those that they were in. Two statements."""
    cursor = tx.cursor()
    cursor.execute("DELETE FROM block WHERE actor_id = ANY(%b)", (list(blocks),))
    rows = sorted((key, actor_id) for actor_id, keys in blocks.items() for key in keys)
    cursor.execute(
        "INSERT INTO block (key, actor_id) SELECT * FROM unnest(%b::text[], %b::uuid[])",
        ([key for key, _ in rows], [actor_id for _, actor_id in rows]),
    )


def neighbours(tx: Transaction, actor_ids: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """Each of the actors with each that shares a block with it. One statement.

    Of a block no more is read than is needed to see that it is too large.
    """
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT DISTINCT mine.actor_id, other
        FROM block AS mine
        CROSS JOIN LATERAL (
            SELECT array_agg(actor_id) AS others
            FROM (SELECT actor_id FROM block WHERE key = mine.key LIMIT %s) AS found
        ) AS them
        CROSS JOIN LATERAL unnest(others) AS other
        WHERE mine.actor_id = ANY(%b) AND cardinality(others) <= %s AND other <> mine.actor_id
        """,
        (LARGEST_BLOCK + 1, list(actor_ids), LARGEST_BLOCK),
    )
    return cursor.fetchall()
