"""Queries on editions, their projects and agreements."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.booking.agreement_batches import AgreementsEntered
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.projects import ProjectFact
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page

OVER = (EditionStage.CLOSED, EditionStage.CANCELLED)
"""The stages of editions in which nothing is done any more."""


def ahead(connection: Connection, *, after: str | None = None) -> Page[EditionFact]:
    """The editions that are not over, the next first. Raises `BadCursor`."""
    return _page(connection, "NOT t.stage = ANY(%(over)s)", after, descending=False)


def over(connection: Connection, *, after: str | None = None) -> Page[EditionFact]:
    """The editions that are closed or cancelled, the newest first. Raises `BadCursor`."""
    return _page(connection, "t.stage = ANY(%(over)s)", after, descending=True)


def get(connection: Connection, edition_id: UUID) -> EditionFact | None:
    """One edition."""
    found = rows.find(
        connection,
        EditionFact,
        "SELECT row_to_json(t)::text FROM edition AS t WHERE edition_id = %(id)s",
        {"id": edition_id},
    )
    return found[0] if found else None


def projects(connection: Connection, edition_id: UUID) -> list[ProjectFact]:
    """The projects of an edition, those first that are still free; none that were withdrawn."""
    return rows.find(
        connection,
        ProjectFact,
        """
        SELECT row_to_json(t)::text FROM project AS t
        WHERE edition_id = %(edition)s AND state <> 'withdrawn'
        ORDER BY state <> 'free', title, project_id LIMIT 1000
        """,
        {"edition": edition_id},
    )


def project(connection: Connection, project_id: UUID) -> ProjectFact | None:
    """One project."""
    found = rows.find(
        connection,
        ProjectFact,
        "SELECT row_to_json(t)::text FROM project AS t WHERE project_id = %(id)s",
        {"id": project_id},
    )
    return found[0] if found else None


def agreements(connection: Connection, edition_id: UUID) -> list[CooperationFact]:
    """The cooperations of an edition: the agreements by their number, then the drafts."""
    return rows.find(
        connection,
        CooperationFact,
        """
        SELECT row_to_json(t)::text FROM cooperation AS t WHERE edition_id = %(edition)s
        ORDER BY edition_number NULLS LAST, opened_at, cooperation_id LIMIT 5000
        """,
        {"edition": edition_id},
    )


def batches(connection: Connection, edition_id: UUID) -> list[AgreementsEntered]:
    """What became of the batches of an edition, the newest first."""
    return rows.find(
        connection,
        AgreementsEntered,
        """
        SELECT row_to_json(t)::text FROM agreement_batch AS t WHERE edition_id = %(edition)s
        ORDER BY entered_at DESC, batch_id LIMIT 500
        """,
        {"edition": edition_id},
    )


def _page(
    connection: Connection, where: str, after: str | None, *, descending: bool
) -> Page[EditionFact]:
    return rows.page(
        connection,
        EditionFact,
        "edition",
        [where],
        {"over": [each.value for each in OVER]},
        order=("starts", "edition_id"),
        kind=datetime.fromisoformat,
        descending=descending,
        after=after,
    )
