"""Queries on when advisers have time, and on the slots that come of it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.booking.advice import AdviceHoursFact
from impulse_contracts.booking.codes import SessionState
from impulse_contracts.booking.programme import SessionFact
from impulse_gateway.store import rows

LOOKED_BACK = timedelta(weeks=8)
"""For so long a talk of which nothing was recorded is shown."""


def hours(connection: Connection, adviser_id: UUID) -> AdviceHoursFact | None:
    """When somebody gives advice; None for who gives none."""
    found = rows.find(
        connection,
        AdviceHoursFact,
        "SELECT row_to_json(t)::text FROM advice_hours AS t WHERE adviser_id = %(adviser)s",
        {"adviser": adviser_id},
    )
    return found[0] if found else None


def of_offer(connection: Connection, programme_offer_id: UUID) -> list[AdviceHoursFact]:
    """The hours of all who give an offer."""
    return rows.find(
        connection,
        AdviceHoursFact,
        """
        SELECT row_to_json(t)::text FROM advice_hours AS t
        WHERE programme_offer_id = %(offer)s ORDER BY adviser_id
        """,
        {"offer": programme_offer_id},
    )


def talks(connection: Connection, adviser_id: UUID, now: datetime) -> list[SessionFact]:
    """The slots of an adviser that were not taken back, since some weeks ago, in order."""
    return rows.find(
        connection,
        SessionFact,
        """
        SELECT row_to_json(t)::text FROM programme_session AS t
        WHERE adviser_id = %(adviser)s AND starts > %(since)s AND state = %(state)s
        ORDER BY starts, session_id LIMIT 1000
        """,
        {
            "adviser": adviser_id,
            "since": now - LOOKED_BACK,
            "state": SessionState.SCHEDULED.value,
        },
    )
