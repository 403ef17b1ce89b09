"""Queries on the programme: its offers, and the sessions of them."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.booking.codes import ProgrammeState, SessionState
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page


def offers(
    connection: Connection, *, after: str | None = None, limit: int = rows.PAGE
) -> Page[ProgrammeOfferFact]:
    """What the programme offers now, by title. Raises `BadCursor`."""
    return rows.page(
        connection,
        ProgrammeOfferFact,
        "programme_offer",
        ["t.state = %(state)s"],
        {"state": ProgrammeState.PUBLISHED.value},
        order=("title", "programme_offer_id"),
        after=after,
        limit=limit,
    )


def offers_by_id(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, ProgrammeOfferFact]:
    """Offers by their ids, withdrawn ones too."""
    found = rows.find(
        connection,
        ProgrammeOfferFact,
        "SELECT row_to_json(t)::text FROM programme_offer AS t"
        " WHERE programme_offer_id = ANY(%(ids)s)",
        {"ids": list(ids)},
    )
    return {offer.programme_offer_id: offer for offer in found}


def sessions(
    connection: Connection,
    now: datetime,
    *,
    programme_offer_id: UUID | None = None,
    after: str | None = None,
    limit: int = rows.PAGE,
) -> Page[SessionFact]:
    """The sessions that are not over, of one offer or of all, the next first. Raises
    `BadCursor`."""
    where = ["t.state = %(state)s", "t.ends > %(now)s"]
    parameters: dict[str, object] = {"state": SessionState.SCHEDULED.value, "now": now}
    if programme_offer_id:
        where.append("t.programme_offer_id = %(offer)s")
        parameters["offer"] = programme_offer_id
    return rows.page(
        connection,
        SessionFact,
        "programme_session",
        where,
        parameters,
        order=("starts", "session_id"),
        kind=datetime.fromisoformat,
        after=after,
        limit=limit,
    )


def past_sessions(
    connection: Connection, programme_offer_id: UUID, now: datetime
) -> list[SessionFact]:
    """The sessions of an offer that are over or were cancelled, the last first."""
    return rows.find(
        connection,
        SessionFact,
        """
        SELECT row_to_json(t)::text FROM programme_session AS t
        WHERE programme_offer_id = %(offer)s AND (ends <= %(now)s OR state <> %(state)s)
        ORDER BY starts DESC, session_id LIMIT 100
        """,
        {"offer": programme_offer_id, "now": now, "state": SessionState.SCHEDULED.value},
    )


def sessions_by_id(connection: Connection, ids: Iterable[UUID]) -> dict[UUID, SessionFact]:
    """Sessions by their ids, whatever has become of them."""
    found = rows.find(
        connection,
        SessionFact,
        "SELECT row_to_json(t)::text FROM programme_session AS t WHERE session_id = ANY(%(ids)s)",
        {"ids": list(ids)},
    )
    return {session.session_id: session for session in found}
