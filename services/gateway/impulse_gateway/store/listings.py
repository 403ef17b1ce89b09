"""Queries on offers and needs."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts import rights
from impulse_contracts.codes import Direction, ListingStatus, ResourceCategory, SocietalTopic
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.domain.access import Viewer, seen_by, sees_listing
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page


def search(
    connection: Connection,
    viewer: Viewer,
    *,
    q: str = "",
    direction: Direction | None = None,
    category: ResourceCategory | None = None,
    topic: SocietalTopic | None = None,
    ags: str = "",
    after: str | None = None,
) -> Page[ListingState]:
    """The open listings that a viewer sees, the newest first. Raises `BadCursor`."""
    where = [
        "t.status = %(open)s",
        "(t.visibility = ANY(%(seen)s) OR t.actor_id = ANY(%(own)s))",
    ]
    parameters: dict[str, object] = {
        "open": ListingStatus.OPEN.value,
        "seen": [each.value for each in seen_by(viewer)],
        "own": viewer.actors,
    }
    if query := rows.words(q):
        where.append("t.words @@ to_tsquery('simple', %(query)s)")
        parameters["query"] = query
    if direction:
        where.append("t.direction = %(direction)s")
        parameters["direction"] = direction.value
    if category:
        where.append("t.resource_category = %(category)s")
        parameters["category"] = category.value
    if topic:
        where.append("t.topics @> %(topic)s::jsonb")
        parameters["topic"] = rows.json_list(topic.value)
    if ags:
        where.append("t.place ->> 'ags' = %(ags)s")
        parameters["ags"] = ags
    return rows.page(
        connection,
        ListingState,
        "listing",
        where,
        parameters,
        order=("confirmed_at", "listing_id"),
        kind=datetime.fromisoformat,
        descending=True,
        after=after,
    )


def municipalities(connection: Connection) -> list[tuple[str, str]]:
    """Where there are open listings for everybody: the municipalities' keys and names, by name."""
    found = connection.exec_driver_sql(
        """
        SELECT a.seat ->> 'ags', min(a.seat ->> 'city') AS name
        FROM actor AS a
        WHERE a.seat ->> 'ags' IN (
            SELECT t.place ->> 'ags' FROM listing AS t
            WHERE t.status = 'open' AND t.visibility = 'public'
        )
        AND a.seat ->> 'city' <> ''
        GROUP BY 1 ORDER BY 2 LIMIT 500
        """
    )
    return [(ags, name) for ags, name in found]


def templates_of(connection: Connection, actor_id: UUID) -> list[ListingState]:
    """The templates of an organisation, the newest first."""
    return rows.find(
        connection,
        ListingState,
        """
        SELECT row_to_json(t)::text FROM listing AS t
        WHERE actor_id = %(actor)s AND status = %(template)s
        ORDER BY confirmed_at DESC, listing_id LIMIT 50
        """,
        {"actor": actor_id, "template": ListingStatus.TEMPLATE.value},
    )


def of_actor(connection: Connection, viewer: Viewer, actor_id: UUID) -> list[ListingState]:
    """The listings of an organisation that a viewer sees, those that are open first."""
    found = rows.find(
        connection,
        ListingState,
        """
        SELECT row_to_json(t)::text FROM listing AS t
        WHERE actor_id = %(actor)s
        ORDER BY status = %(open)s DESC, confirmed_at DESC, listing_id LIMIT 200
        """,
        {"actor": actor_id, "open": ListingStatus.OPEN.value},
    )
    return [listing for listing in found if sees_listing(viewer, listing)]


def to_ask_with(connection: Connection, viewer: Viewer, wanted: ListingState) -> list[ListingState]:
    """The open listings of one's own organisations with which one can ask for `wanted`."""
    other = Direction.NEED if wanted.direction == Direction.OFFER else Direction.OFFER
    actors = [
        each
        for each in viewer.actors
        if each != wanted.actor_id and rights.may_answer(viewer.memberships, each)
    ]
    return rows.find(
        connection,
        ListingState,
        """
        SELECT row_to_json(t)::text FROM listing AS t
        WHERE actor_id = ANY(%(actors)s::uuid[]) AND direction = %(other)s AND status = 'open'
          AND example = %(example)s
        ORDER BY title, listing_id LIMIT 100
        """,
        {"actors": actors, "other": other, "example": wanted.example},
    )


def get(connection: Connection, listing_id: UUID) -> ListingState | None:
    """One listing, whatever its status."""
    return by_id(connection, [listing_id]).get(listing_id)


def by_id(connection: Connection, listing_ids: Iterable[UUID]) -> dict[UUID, ListingState]:
    """Listings by their ids, whatever their status."""
    found = rows.find(
        connection,
        ListingState,
        "SELECT row_to_json(t)::text FROM listing AS t WHERE listing_id = ANY(%(ids)s)",
        {"ids": list(listing_ids)},
    )
    return {listing.listing_id: listing for listing in found}
