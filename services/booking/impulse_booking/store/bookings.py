"""Bookings of sessions."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.bookings import HOLDING, OPEN, Booking
from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.booking.codes import BookingState

_BUCKETS = 512
"""Locks are shared by some: those of a large batch must fit into the lock table of PostgreSQL."""


class BookingRow(Table, table=True):
    """`Booking`. The database adds a lock: no session has more places taken than it has."""

    __tablename__ = "booking"
    booking_id: UUID = Field(primary_key=True)
    version: int
    session_id: UUID
    programme_offer_id: UUID
    actor_id: UUID
    party_size: int
    attendees: list[Any] = json_column()
    places: int
    quotas: list[Any] = json_column()
    state: str
    reason: str | None
    note: str | None
    free_of_charge: bool
    priority: int
    requested_at: datetime = moment_column()
    booked_by: UUID | None
    on_behalf: dict[str, Any] | None = json_column()
    waiting_number: int | None
    offered_until: datetime | None = moment_column()
    skipped: int
    cancelled_late: bool
    attendance: list[Any] = json_column()
    certificates: list[Any] = json_column()
    advice: dict[str, Any] | None = json_column()
    formerly: list[Any] = json_column()
    example: bool


bookings: Repository[Booking, UUID] = Repository(
    BookingRow, Booking, ("Die Buchung", "The booking")
)


def found_by(booking: Booking) -> Iterator[Hashable]:
    """What a booking is found by: its organisation, and those before, its people, and its session
    by its state."""
    yield "actor", booking.actor_id
    for actor_id in booking.formerly:
        yield "formerly", actor_id
    yield booking.state, booking.session_id
    for person_id in booking.attendees:
        yield "person", person_id


def in_state(tx: Transaction, session_id: UUID, *states: BookingState) -> list[Booking]:
    """The bookings of a session in these states, of those that were loaded."""
    return [each for state in states for each in bookings.naming(tx, found_by, (state, session_id))]


def sessions_of(tx: Transaction, booking_ids: Iterable[UUID]) -> set[UUID]:
    """The sessions of bookings, not locked."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT DISTINCT session_id FROM booking WHERE booking_id = ANY(%b)",
        (sorted(set(booking_ids)),),
    )
    return {session_id for (session_id,) in cursor.fetchall()}


def of_actors(tx: Transaction, actor_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """The bookings of organisations, and those that they passed on, with their sessions; not
    locked."""
    ids = sorted(set(actor_ids))
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT booking_id, session_id FROM booking WHERE actor_id = ANY(%b)
        UNION
        SELECT booking_id, session_id FROM booking
        WHERE formerly <> '[]' AND formerly ?| %b::text[]
        """,
        (ids, list(map(str, ids))),
    )
    return dict(cursor.fetchall())


def lock_open(tx: Transaction, session_ids: Iterable[UUID]) -> None:
    """Locks the bookings of sessions that wait for something or have a place ahead."""
    bookings.select(
        tx,
        "t.session_id = ANY(%b) AND t.state = ANY(%b)",
        (sorted(session_ids), [str(state) for state in sorted(OPEN)]),
    )


def read_of_sessions(tx: Transaction, session_ids: Iterable[UUID]) -> None:
    """Reads the bookings of sessions that have a place there."""
    bookings.select(
        tx,
        "t.session_id = ANY(%b) AND t.state = ANY(%b)",
        (sorted(session_ids), [str(state) for state in sorted(HOLDING)]),
        lock="",
    )


def read_of_parties(tx: Transaction, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Reads what organisations have booked of sessions, by both their ids."""
    wanted = sorted(set(pairs))
    bookings.select(
        tx,
        "(t.actor_id, t.session_id) IN (SELECT * FROM unnest(%b::uuid[], %b::uuid[]))",
        ([actor for actor, _ in wanted], [session for _, session in wanted]),
        lock="",
    )


class Party(NamedTuple):
    """Who asks for a place in which session of which offer, and what the offer looks at."""

    session_id: UUID
    actor_id: UUID
    programme_offer_id: UUID
    is_limited: bool
    """Whether it counts what the organisation has booked of the offer."""
    prerequisites: Sequence[UUID]
    people: Sequence[UUID]


def read_parties(tx: Transaction, parties: Sequence[Party]) -> None:
    """Reads what has been booked as far as it matters for those who ask: the same session by the
    same organisation, the offer where that is limited, what they attended before or missed, and
    what names one of the people.

    Whatever else is decided at the same time on one of the people, or on an organisation that is
    limited, is waited for: it may be on another session, by another replica.
    """
    limited = [party for party in parties if party.is_limited]
    _one_at_a_time(tx, {each.actor_id for each in limited}.union(*(p.people for p in parties)))
    before = [(party, offer_id) for party in parties for offer_id in party.prerequisites]
    bookings.select(
        tx,
        """
        t.booking_id IN (
            SELECT b.booking_id
            FROM unnest(%b::uuid[], %b::uuid[]) AS asked (actor_id, session_id)
            JOIN booking AS b USING (actor_id, session_id)
            UNION ALL
            SELECT b.booking_id
            FROM unnest(%b::uuid[], %b::uuid[]) AS counted (actor_id, programme_offer_id)
            JOIN booking AS b USING (actor_id, programme_offer_id)
            UNION ALL
            SELECT b.booking_id FROM booking AS b
            WHERE b.actor_id = ANY(%b) AND b.state = 'no_show'
            UNION ALL
            SELECT b.booking_id FROM unnest(%b::uuid[]) AS person
            JOIN booking AS b ON b.attendees @> jsonb_build_array(person)
        )
        """,
        (
            [party.actor_id for party in parties],
            [party.session_id for party in parties],
            [*(party.actor_id for party in limited), *(party.actor_id for party, _ in before)],
            [*(party.programme_offer_id for party in limited), *(offer for _, offer in before)],
            sorted({party.actor_id for party in parties}),
            sorted({person for party in parties for person in party.people}),
        ),
        lock="",
    )


def _one_at_a_time(tx: Transaction, ids: Iterable[UUID]) -> None:
    """Locks what is decided on these, in an order that all keep to; after the rows of sessions."""
    buckets = sorted({each.int % _BUCKETS for each in ids})
    if buckets:
        tx.cursor().execute(
            "SELECT pg_advisory_xact_lock(hashtext('impulse.booking.parties'), each)"
            " FROM unnest(%b::int[]) AS each",
            (buckets,),
        )
