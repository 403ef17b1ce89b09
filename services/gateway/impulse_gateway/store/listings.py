"""Queries on offers and needs."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.codes import Direction, ListingStatus, ResourceCategory, SocietalTopic
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page


def search(
    connection: Connection,
    *,
    q: str = "",
    direction: Direction | None = None,
    category: ResourceCategory | None = None,
    topic: SocietalTopic | None = None,
    after: str | None = None,
) -> Page[ListingState]:
    """The open listings, the newest first. Raises `BadCursor`."""
    where = ["t.status = %(open)s"]
    parameters: dict[str, object] = {"open": ListingStatus.OPEN.value}
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


def of_actor(connection: Connection, actor_id: UUID, *, hidden: bool) -> list[ListingState]:
    """The listings of an organisation, the newest first; with those not open if `hidden`."""
    return rows.find(
        connection,
        ListingState,
        """
        SELECT row_to_json(t)::text FROM listing AS t
        WHERE actor_id = %(actor)s AND (%(hidden)s OR status = %(open)s)
        ORDER BY status = %(open)s DESC, confirmed_at DESC, listing_id LIMIT 200
        """,
        {"actor": actor_id, "hidden": hidden, "open": ListingStatus.OPEN.value},
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
