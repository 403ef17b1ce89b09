"""Queries on bookings and on requests for support."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from impulse_chassis import Transaction
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.codes import BookingState, SessionState, SupportState
from impulse_contracts.booking.support import SupportFact
from impulse_contracts.message import Command
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import actors, rows
from impulse_gateway.store.rows import Page

F = TypeVar("F", BookingFact, SupportFact)

ACTIVE = (
    BookingState.REQUESTED,
    BookingState.WAITLISTED,
    BookingState.OFFERED,
    BookingState.CONFIRMED,
)
"""The states in which a booking can still lead to taking part."""
HELD = (BookingState.OFFERED, BookingState.CONFIRMED, BookingState.ATTENDED)
"""The states in which a booking has a place, or one is held for it."""
OPEN_SUPPORT = (SupportState.REQUESTED, SupportState.ACCEPTED, SupportState.IN_PROGRESS)
"""The states of a request in which something is left to do."""


def bookings(
    connection: Connection, viewer: Viewer, *, mine: bool = False, after: str | None = None
) -> Page[BookingFact]:
    """The bookings that a viewer sees, or those of their own organisations, the newest first.
    Raises `BadCursor`."""
    found = rows.page(
        connection,
        BookingFact,
        "booking",
        [_SEEN],
        {"all": viewer.sees_all and not mine, "own": viewer.actors},
        order=("requested_at", "booking_id"),
        kind=datetime.fromisoformat,
        descending=True,
        after=after,
    )
    return found.model_copy(update={"items": _as_of_now(connection, found.items)})


def ahead(connection: Connection, viewer: Viewer, now: datetime) -> list[BookingFact]:
    """What is ahead of the bookings of a viewer's organisations: first what waits for an answer,
    then by when it begins."""
    found = rows.find(
        connection,
        BookingFact,
        f"""
        SELECT row_to_json(t)::text FROM booking AS t JOIN programme_session AS s USING (session_id)
        WHERE {_SEEN} AND {_AHEAD}
        ORDER BY t.state <> %(offered)s, s.starts, t.booking_id LIMIT 500
        """,  # noqa: S608
        {**_mine(viewer, now), "offered": BookingState.OFFERED.value},
    )
    return _as_of_now(connection, found)


def others(
    connection: Connection, viewer: Viewer, now: datetime, *, after: str | None = None
) -> Page[BookingFact]:
    """The bookings of a viewer's organisations that are over in one way or another, the newest
    first. Raises `BadCursor`."""
    found = rows.page(
        connection,
        BookingFact,
        "booking",
        [_SEEN, f"NOT EXISTS (SELECT FROM programme_session AS s WHERE {_AHEAD})"],
        _mine(viewer, now),
        order=("requested_at", "booking_id"),
        kind=datetime.fromisoformat,
        descending=True,
        after=after,
    )
    return found.model_copy(update={"items": _as_of_now(connection, found.items)})


def attended(connection: Connection, actor_id: UUID) -> set[UUID]:
    """Which offers an organisation has attended, or those that it goes on for."""
    found = connection.exec_driver_sql(
        f"""
        SELECT DISTINCT programme_offer_id FROM booking AS t
        WHERE {_SEEN} AND state = %(attended)s
        """,  # noqa: S608
        {"all": False, "own": [actor_id], "attended": BookingState.ATTENDED.value},
    )
    return set(found.scalars())


def booking(connection: Connection, booking_id: UUID) -> BookingFact | None:
    """One booking, whoever may see it."""
    found = rows.find(
        connection,
        BookingFact,
        "SELECT row_to_json(t)::text FROM booking AS t WHERE booking_id = %(id)s",
        {"id": booking_id},
    )
    return next(iter(_as_of_now(connection, found)), None)


def record_key(tx: Transaction, command: Command) -> str | None:
    """The record key of a command on a booking: the id of its session, so that all that is said of
    the places of one comes in order, and to one writer. None for other commands."""
    if command.key_field != "booking_id":
        return None
    cursor = tx.cursor()
    cursor.execute("SELECT session_id FROM booking WHERE booking_id = %s", (command.key,))
    found = cursor.fetchone()
    return str(found[0]) if found else None


def of_session(connection: Connection, session_id: UUID) -> list[BookingFact]:
    """All bookings of a session: who waits in the waiting order, then by when they asked."""
    return rows.find(
        connection,
        BookingFact,
        """
        SELECT row_to_json(t)::text FROM booking AS t WHERE session_id = %(session)s
        ORDER BY state <> %(waits)s, CASE WHEN state = %(waits)s THEN -priority END,
            CASE WHEN state = %(waits)s THEN waiting_number END, requested_at, booking_id
        LIMIT 10000
        """,
        {"session": session_id, "waits": BookingState.WAITLISTED.value},
    )


def of_sessions(connection: Connection, session_ids: Iterable[UUID]) -> dict[UUID, BookingFact]:
    """Who has the place of a session with one place, by session."""
    found = rows.find(
        connection,
        BookingFact,
        """
        SELECT row_to_json(t)::text FROM booking AS t
        WHERE session_id = ANY(%(sessions)s) AND state = ANY(%(held)s)
        """,
        {"sessions": list(session_ids), "held": [each.value for each in HELD]},
    )
    return {each.session_id: each for each in found}


def turns(connection: Connection, session_ids: Iterable[UUID]) -> dict[UUID, int]:
    """Which place in the waiting lists of these sessions a booking has, by its id."""
    found = connection.exec_driver_sql(
        """
        SELECT booking_id, rank() OVER (
            PARTITION BY session_id ORDER BY priority DESC, waiting_number
        ) FROM booking WHERE session_id = ANY(%(sessions)s) AND state = %(waits)s
        """,
        {"sessions": list(session_ids), "waits": BookingState.WAITLISTED.value},
    )
    return {booking_id: int(turn) for booking_id, turn in found}


def support_requests(
    connection: Connection,
    viewer: Viewer,
    *,
    mine: bool = False,
    still_open: bool = False,
    after: str | None = None,
) -> Page[SupportFact]:
    """The requests for support that a viewer sees, or of their own organisations, the newest
    first; or only those that are `still_open`. Raises `BadCursor`."""
    where = [_SEEN]
    parameters: dict[str, object] = {
        "all": viewer.sees_all and not mine,
        "own": viewer.actors,
    }
    if still_open:
        where.append("t.state = ANY(%(open)s)")
        parameters["open"] = [each.value for each in OPEN_SUPPORT]
    found = rows.page(
        connection,
        SupportFact,
        "support_request",
        where,
        parameters,
        order=("requested_at", "request_id"),
        kind=datetime.fromisoformat,
        descending=True,
        after=after,
    )
    return found.model_copy(update={"items": _as_of_now(connection, found.items)})


def support_request(connection: Connection, request_id: UUID) -> SupportFact | None:
    """One request for support, whoever may see it."""
    found = rows.find(
        connection,
        SupportFact,
        "SELECT row_to_json(t)::text FROM support_request AS t WHERE request_id = %(id)s",
        {"id": request_id},
    )
    return next(iter(_as_of_now(connection, found)), None)


# As in booking, whoever goes on for an organisation that was merged speaks for it.
_SEEN = """(
    %(all)s OR t.actor_id = ANY(%(own)s)
    OR t.actor_id IN (SELECT actor_id FROM actor WHERE merged_into = ANY(%(own)s))
)"""

_AHEAD = """(
    s.session_id = t.session_id AND s.state = %(scheduled)s AND s.ends > %(now)s
    AND t.state = ANY(%(active)s)
)"""


def _mine(viewer: Viewer, now: datetime) -> dict[str, object]:
    return {
        "all": False,
        "own": viewer.actors,
        "now": now,
        "scheduled": SessionState.SCHEDULED.value,
        "active": [each.value for each in ACTIVE],
    }


def _as_of_now(connection: Connection, found: Sequence[F]) -> list[F]:
    """What was booked and asked for, as of the organisations that go on for those that did so."""
    known = actors.by_id(connection, {each.actor_id for each in found})
    after = {key: actor.merged_into for key, actor in known.items() if actor.merged_into}
    return [
        each.model_copy(update={"actor_id": after[each.actor_id]})
        if each.actor_id in after
        else each
        for each in found
    ]
