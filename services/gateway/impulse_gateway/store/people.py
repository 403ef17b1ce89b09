"""People who sign in: their sessions, their links, their inbox. Tokens are stored as hashes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.notifications import MessageFact
from impulse_contracts.registry.people import Membership
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import rows

SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is noted when a session was used last."""


def person_of(connection: Connection, address: str) -> UUID | None:
    """The person with an e-mail address; of several the one with the most memberships."""
    found = connection.exec_driver_sql(
        """
        SELECT person_id FROM person LEFT JOIN membership USING (person_id)
        WHERE lower(email) = lower(%(address)s)
        ORDER BY coalesce(jsonb_array_length(memberships), 0) DESC, person_id LIMIT 1
        """,
        {"address": address},
    ).scalar()
    return found if isinstance(found, UUID) else None


def address_of(connection: Connection, person_id: UUID) -> str | None:
    """A person's e-mail address."""
    found = connection.exec_driver_sql(
        "SELECT email FROM person WHERE person_id = %(person)s", {"person": person_id}
    ).scalar()
    return str(found) if found is not None else None


def attempt(
    connection: Connection, buckets: dict[bytes, int], now: datetime, window: timedelta
) -> bool:
    """Notes an attempt to sign in; False if a bucket is over its limit within `window`.

    Counted under a lock, so that attempts at once are not more than those one by one.
    """
    for bucket in sorted(buckets):
        connection.exec_driver_sql(
            "SELECT pg_advisory_xact_lock(hashtextextended(encode(%(bucket)s, 'hex'), 0))",
            {"bucket": bucket},
        )
    rows_found = connection.exec_driver_sql(
        """
        SELECT bucket, count(*) FROM sign_in_attempt
        WHERE bucket = ANY(%(buckets)s) AND at > %(since)s GROUP BY bucket
        """,
        {"buckets": list(buckets), "since": now - window},
    )
    counted = {bytes(bucket): int(count) for bucket, count in rows_found.fetchall()}
    if any(counted.get(bucket, 0) >= limit for bucket, limit in buckets.items()):
        return False
    connection.exec_driver_sql(
        "INSERT INTO sign_in_attempt (bucket, at) SELECT unnest(%(buckets)s::bytea[]), %(now)s",
        {"buckets": list(buckets), "now": now},
    )
    return True


def use_token(connection: Connection, nonce: str, now: datetime) -> bool:
    """Marks a sign-in link as used; False if it was."""
    return bool(
        connection.exec_driver_sql(
            """
            INSERT INTO used_token (nonce, used_at) VALUES (%(nonce)s, %(now)s)
            ON CONFLICT DO NOTHING
            """,
            {"nonce": nonce, "now": now},
        ).rowcount
    )


def token_used(connection: Connection, nonce: str) -> bool:
    """Whether a sign-in link was used."""
    return bool(
        connection.exec_driver_sql(
            "SELECT 1 FROM used_token WHERE nonce = %(nonce)s", {"nonce": nonce}
        ).scalar()
    )


def begin_session(
    connection: Connection, session_hash: bytes, person_id: UUID, now: datetime
) -> bool:
    """Begins a session, as long as the person has the address they have now; False if they are
    gone."""
    return bool(
        connection.exec_driver_sql(
            """
            INSERT INTO session (session_hash, person_id, email, began_at, seen_at)
            SELECT %(hash)s, person_id, lower(email), %(now)s, %(now)s FROM person
            WHERE person_id = %(person)s
            """,
            {"hash": session_hash, "person": person_id, "now": now},
        ).rowcount
    )


def viewer_of(
    connection: Connection, session_hash: bytes, now: datetime, idle: timedelta, lasts: timedelta
) -> Viewer | None:
    """Whose session it is; None if it has ended, also by another address: that is somebody else's.

    Notes that it was used.
    """
    row = connection.exec_driver_sql(
        """
        SELECT person_id, name, memberships, seen_at
        FROM session JOIN person USING (person_id) LEFT JOIN membership USING (person_id)
        WHERE session_hash = %(hash)s AND session.email = lower(person.email)
          AND seen_at > %(idle)s AND began_at > %(began)s
        """,
        {"hash": session_hash, "idle": now - idle, "began": now - lasts},
    ).one_or_none()
    if row is None:
        return None
    if now - row.seen_at > min(SEEN_EVERY, idle / 2):
        connection.exec_driver_sql(
            "UPDATE session SET seen_at = %(now)s WHERE session_hash = %(hash)s",
            {"hash": session_hash, "now": now},
        )
    memberships = tuple(Membership.model_validate(each) for each in row.memberships or ())
    return Viewer(row.person_id, row.name, memberships)


def end_session(connection: Connection, session_hash: bytes) -> None:
    """Ends a session."""
    connection.exec_driver_sql(
        "DELETE FROM session WHERE session_hash = %(hash)s", {"hash": session_hash}
    )


def inbox(connection: Connection, person_id: UUID, limit: int = 100) -> list[MessageFact]:
    """The newest messages in a person's inbox."""
    return rows.find(
        connection,
        MessageFact,
        """
        SELECT row_to_json(t)::text FROM message AS t
        WHERE person_id = %(person)s AND channel = 'in_app' AND title IS NOT NULL
        ORDER BY queued_at DESC, message_id LIMIT %(limit)s
        """,
        {"person": person_id, "limit": limit},
    )


def names_of(connection: Connection, actors: Iterable[UUID]) -> dict[UUID, str]:
    """How those of `actors` are called that are known here."""
    found = connection.exec_driver_sql(
        """
        SELECT actor_id, coalesce(display_name, legal_name) AS name FROM actor
        WHERE actor_id = ANY(%(actors)s)
        """,
        {"actors": list(actors)},
    )
    return {row.actor_id: row.name for row in found}


def forget_old(
    connection: Connection, now: datetime, *, lasts: timedelta, links: timedelta, window: timedelta
) -> None:
    """Deletes sessions, used links and attempts that mean nothing any more."""
    for statement, oldest in (
        ("DELETE FROM session WHERE began_at < %(oldest)s", now - lasts),
        ("DELETE FROM used_token WHERE used_at < %(oldest)s", now - 2 * links),
        ("DELETE FROM sign_in_attempt WHERE at < %(oldest)s", now - window),
    ):
        connection.exec_driver_sql(statement, {"oldest": oldest})
