"""The e-mails that are to be sent: who sends which, and what became of it. The sender's queries.

An e-mail is claimed (a row in `attempt`), its DATA is begun (a mark in that row), and what came of
it is recorded (the row goes, the message has its next version). Whoever finds the attempt of a
sender that is gone knows from the mark whether the e-mail may have been sent.
"""

import json
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from impulse_chassis import Transaction
from impulse_contracts.codes import MessageState
from impulse_notifications.domain.attempt import (
    Attempt,
    Outcome,
    Retries,
    after_attempt,
    found_sent,
)
from impulse_notifications.domain.message import (
    STANDING_ON,
    Message,
    Why,
    lapsed,
    promotional,
    suppress,
)
from impulse_notifications.forgetting import forget_old
from impulse_notifications.letter import Letter
from impulse_notifications.store import keep, messages
from impulse_notifications.store.programme import forget_bookings

_CONSENTED = """
    (NOT jsonb_exists(%(promotional)s::jsonb, m.template) OR EXISTS (
        SELECT FROM person AS p WHERE p.person_id = m.person_id
        AND p.consents @> jsonb_build_array(jsonb_build_object(
            'purpose', %(promotional)s::jsonb -> m.template, 'withdrawn_at', null))
    ))
"""
"""Nothing promotional without a consent that stands."""
_INFORMED = """
    (m.template IN ('contact_reported', 'sign_in_link') OR NOT EXISTS (
        SELECT FROM message AS first WHERE first.person_id = m.person_id
        AND first.template = 'contact_reported' AND first.state = 'queued'
    ))
"""
"""Whom a partner reported learns that first, unless they ask for something themselves."""
_CURRENT = """
    ((NOT jsonb_exists(%(standing_on)s::jsonb, m.template) OR EXISTS (
        SELECT FROM booking AS b JOIN session AS s USING (session_id)
        WHERE b.booking_id = (m.matter #>> '{appointment,booking_id}')::uuid
          AND b.state = %(standing_on)s::jsonb ->> m.template
          AND coalesce((m.matter #>> '{appointment,sequence}')::int, s.sequence) = s.sequence
    ))
    AND (coalesce(m.matter -> 'rests_on', '[]') = '[]' OR EXISTS (
        SELECT FROM cooperation AS c CROSS JOIN jsonb_array_elements(m.matter -> 'rests_on') AS said
        WHERE c.cooperation_id = (m.matter ->> 'cooperation_id')::uuid AND to_jsonb(c) @> said
    ))
    AND (m.matter ->> 'to_close' IS NULL OR EXISTS (
        SELECT FROM edition AS e
        WHERE e.edition_id = (m.matter ->> 'to_close')::uuid AND e.stage = 'results'
    )))
"""
"""Of a booking, a cooperation or an edition nothing that is not so any more."""
_DUE = f"""
    SELECT m.message_id FROM message AS m
    WHERE m.state = 'queued' AND m.next_try <= %(now)s
      AND m.send_by > %(now)s
      AND EXISTS (SELECT FROM person AS p WHERE p.person_id = m.person_id)
      AND NOT EXISTS (SELECT FROM attempt AS a WHERE a.message_id = m.message_id)
      AND {_CONSENTED} AND {_INFORMED} AND {_CURRENT}
"""  # noqa: S608 - our own text
_CLAIM = f"""
    INSERT INTO attempt (message_id, sender, claimed_at)
    SELECT message_id, %(sender)s, %(now)s FROM (
        {_DUE} ORDER BY m.send_by, m.next_try LIMIT %(limit)s FOR UPDATE OF m SKIP LOCKED
    ) AS next
    ON CONFLICT DO NOTHING
    RETURNING message_id
"""  # noqa: S608 - our own text


class Presence:
    """Shows to others that this sender lives: a session that holds a lock of its own.

    The lock is gone as soon as the process or its connection is, and with it the name.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None
        self._name = uuid4()

    def name(self) -> UUID:
        """The sender's name; a new one where the connection was lost.

        Raises SQLAlchemy's DBAPIError when the database is away.
        """
        if self._connection is not None:
            try:
                self._connection.exec_driver_sql("SELECT 1")
                return self._name
            except DBAPIError:
                self.end()
        self._name = uuid4()
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql(
            "SELECT pg_advisory_lock(hashtextextended(%s, 0))", (str(self._name),)
        )
        self._connection = connection
        return self._name

    def end(self) -> None:
        """Gives the lock and the connection up."""
        if self._connection is not None:
            # The pool must not keep a connection that holds a lock.
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def tidy(tx: Transaction, sender: UUID, retries: Retries) -> int:
    """Settles what others left behind and what must not be sent any more.

    Returns how many e-mails are queued.
    """
    _recover(tx, sender, retries)
    _suppress(tx)
    forget_old(tx)
    forget_bookings(tx)
    cursor = tx.cursor()
    cursor.execute("DELETE FROM notice WHERE stands_until <= %s", (tx.now,))
    cursor.execute("SELECT count(*) FROM message WHERE state = 'queued'")
    return int(_first(cursor.fetchone()))


def _recover(tx: Transaction, sender: UUID, retries: Retries) -> None:
    """What a sender that is gone had claimed is queued again, or of unknown outcome if its DATA
    had begun. The same goes for `sender` itself, which is at rest when it tidies."""
    cursor = tx.cursor()
    cursor.execute(
        """
        DELETE FROM attempt WHERE message_id IN (
            SELECT message_id FROM attempt
            WHERE sender = %s OR pg_try_advisory_xact_lock(hashtextextended(sender::text, 0))
        ) RETURNING message_id, data_started_at IS NOT NULL
        """,
        (sender,),
    )
    begun = [message_id for message_id, data_started in cursor.fetchall() if data_started]
    messages.lock(tx, begun)
    attempt = Attempt(Outcome.UNKNOWN, Why.INTERRUPTED)
    for message_id in sorted(begun):
        message = messages.get(tx, message_id)
        if message is not None and message.state is MessageState.QUEUED:
            keep(tx, after_attempt(message, attempt, tx.now, retries))


def _suppress(tx: Transaction) -> None:
    """Suppresses what would come too late, what was for a person who was erased, what needs a
    consent that does not stand, and what says of a booking, a cooperation or an edition what is not
    so any more."""
    cursor = tx.cursor()
    cursor.execute(
        f"""
        SELECT m.message_id, {_CONSENTED}, {_CURRENT} FROM message AS m
        WHERE m.state = 'queued'
          AND (m.send_by <= %(now)s OR NOT {_CONSENTED} OR NOT {_CURRENT}
               OR NOT EXISTS (SELECT FROM person AS p WHERE p.person_id = m.person_id))
          AND NOT EXISTS (SELECT FROM attempt AS a WHERE a.message_id = m.message_id)
        """,  # noqa: S608 - our own text
        _values(tx),
    )
    found = {message_id: _why(*is_so) for message_id, *is_so in cursor.fetchall()}
    messages.lock(tx, found)
    for message_id in sorted(found):
        message = messages.get(tx, message_id)
        if message is not None and message.state is MessageState.QUEUED:
            keep(tx, suppress(message, lapsed(message, tx.now) or found[message_id]))


def _why(consented: bool, current: bool) -> Why:
    if not current:
        return Why.OVERTAKEN
    return Why.ERASED if consented else Why.NO_CONSENT


def _values(tx: Transaction) -> dict[str, object]:
    return {
        "now": tx.now,
        "promotional": json.dumps(promotional()),
        "standing_on": json.dumps(STANDING_ON),
    }


def is_due(tx: Transaction) -> bool:
    """Whether there is an e-mail to be sent now."""
    cursor = tx.cursor()
    cursor.execute(f"SELECT EXISTS ({_DUE})", _values(tx))
    return bool(_first(cursor.fetchone()))


def claim(tx: Transaction, sender: UUID, limit: int = 20) -> list[Letter]:
    """Claims the e-mails that are to be sent next, the most urgent first.

    What other senders are claiming is left to them. What is claimed and then not begun is given
    back by `tidy`.
    """
    cursor = tx.cursor()
    cursor.execute(_CLAIM, {**_values(tx), "sender": sender, "limit": limit})
    claimed = [message_id for (message_id,) in cursor.fetchall()]
    return _letters(tx, claimed) if claimed else []


def _letters(tx: Transaction, message_ids: list[UUID]) -> list[Letter]:
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT row_to_json(m)::text, p.name, p.email,
               coalesce(own.display_name, own.legal_name),
               coalesce(partner.display_name, partner.legal_name), helper.name
        FROM message AS m
        JOIN person AS p USING (person_id)
        LEFT JOIN actor AS own ON own.actor_id = (m.matter ->> 'actor_id')::uuid
        LEFT JOIN actor AS partner ON partner.actor_id = (m.matter ->> 'partner_id')::uuid
        LEFT JOIN person AS helper
            ON helper.person_id = (m.matter #>> '{support,helper_id}')::uuid
        WHERE m.message_id = ANY(%s)
        ORDER BY m.send_by, m.next_try, m.message_id
        """,
        (message_ids,),
    )
    return [Letter(Message.model_validate_json(row[0]), *row[1:]) for row in cursor.fetchall()]


def begin(tx: Transaction, sender: UUID, message_id: UUID) -> bool:
    """Marks that DATA begins: from now on the e-mail may have been sent.

    False where it must not be: the person was erased, their consent does not stand, what it says of
    a booking, a cooperation or an edition is not so any more, or others took this sender for gone.
    """
    cursor = tx.cursor()
    cursor.execute(
        f"""
        UPDATE attempt SET data_started_at = %(now)s
        FROM (
            SELECT m.message_id FROM message AS m
            WHERE m.message_id = %(message_id)s AND m.state = 'queued'
              AND EXISTS (SELECT FROM person AS p WHERE p.person_id = m.person_id)
              AND {_CONSENTED} AND {_CURRENT}
            FOR SHARE OF m
        ) AS still
        WHERE attempt.message_id = still.message_id AND attempt.sender = %(sender)s
        """,  # noqa: S608 - our own text
        {**_values(tx), "message_id": message_id, "sender": sender},
    )
    return cursor.rowcount == 1


def record(
    tx: Transaction, sender: UUID, message_id: UUID, attempt: Attempt, retries: Retries
) -> None:
    """Records what came of an attempt."""
    messages.lock(tx, [message_id])
    cursor = tx.cursor()
    cursor.execute(
        "DELETE FROM attempt WHERE message_id = %s AND sender = %s", (message_id, sender)
    )
    mine = cursor.rowcount == 1
    message = messages.get(tx, message_id)
    if message is None:
        return
    if mine and message.state is MessageState.QUEUED:
        keep(tx, after_attempt(message, attempt, tx.now, retries))
    elif attempt.outcome is Outcome.SENT and message.state is not MessageState.SENT:
        # Others took this sender for gone and did not know better.
        keep(tx, found_sent(message, tx.now))


def _first(row: Any) -> Any:
    assert row is not None
    return row[0]
