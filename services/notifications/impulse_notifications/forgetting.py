"""What is held on persons, and when it goes."""

import json
from collections.abc import Sequence
from uuid import UUID

from impulse_chassis import Forgetting, Held, Transaction
from impulse_contracts import topics
from impulse_notifications.domain.message import days_kept
from impulse_notifications.store import lock_audience


def forget_old(tx: Transaction, limit: int = 500) -> int:
    """Deletes messages that are kept no longer, here and for their readers; returns how many.

    How long depends on what they are for. That a contact was told of the report stays as long as
    the contact: it is told once.
    """
    cursor = tx.cursor()
    cursor.execute(
        """
        DELETE FROM message WHERE message_id IN (
            SELECT message_id FROM message AS m
            WHERE queued_at < %(now)s - (%(days)s::jsonb ->> template)::int * interval '1 day'
              AND state <> 'queued'
              AND NOT (template = 'contact_reported'
                       AND EXISTS (SELECT FROM person AS p WHERE p.person_id = m.person_id))
            ORDER BY queued_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED
        ) RETURNING message_id
        """,
        {"now": tx.now, "days": json.dumps(days_kept()), "limit": limit},
    )
    gone = sorted(message_id for (message_id,) in cursor.fetchall())
    for message_id in gone:
        tx.delete(topics.MESSAGES.name, str(message_id))
    return len(gone)


def _take_messages_back(tx: Transaction, persons: Sequence[UUID]) -> None:
    """What was written to the persons is gone for the readers of messages, too."""
    lock_audience(tx, change=True)
    cursor = tx.cursor()
    cursor.execute(
        "SELECT message_id FROM message WHERE person_id = ANY(%s) ORDER BY message_id",
        (list(persons),),
    )
    for (message_id,) in cursor.fetchall():
        tx.delete(topics.MESSAGES.name, str(message_id))


forgetting = Forgetting(
    Held(
        "attempt",
        "t.message_id IN (SELECT message_id FROM message WHERE person_id = ANY(%(persons)s))",
    ),
    Held("message"),
    Held("membership"),
    Held("person"),
    # The others who are named still come: an id that leads to nobody any more.
    Held("booking", "t.attendees ?| %(persons)s::text[]", kept=True),
    also=_take_messages_back,
)
