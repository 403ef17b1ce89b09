"""Queries on organisations."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.codes import ActorKind
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.domain.access import SHOWN_ACTORS, Viewer
from impulse_gateway.store import rows
from impulse_gateway.store.rows import Page

PART = 500
"""How many organisations of the directory are read at once."""


def search(
    connection: Connection,
    *,
    q: str = "",
    kind: ActorKind | None = None,
    ags: str = "",
    after: str | None = None,
) -> Page[ActorState]:
    """The organisations that everybody sees, by name; `q` are beginnings of words.

    `ags` is the key of a municipality (8 digits) or of a district (5).

    Raises `BadCursor`.
    """
    where = ["t.status = ANY(%(shown)s)"]
    parameters: dict[str, object] = {"shown": list(SHOWN_ACTORS)}
    if query := rows.words(q):
        where.append("t.words @@ to_tsquery('simple', %(query)s)")
        parameters["query"] = query
    if kind:
        where.append("t.kind = %(kind)s")
        parameters["kind"] = kind.value
    if ags:
        where.append("starts_with(t.seat ->> 'ags', %(ags)s)")
        parameters["ags"] = ags
    return rows.page(
        connection,
        ActorState,
        "actor",
        where,
        parameters,
        order=("sort_key", "actor_id"),
        after=after,
    )


def directory(connection: Connection, after: UUID | None = None) -> list[ActorState]:
    """The next `PART` organisations of the public directory, by their ids."""
    return rows.find(
        connection,
        ActorState,
        """
        SELECT row_to_json(t)::text FROM actor AS t
        WHERE status = ANY(%(shown)s) AND NOT example AND actor_id > %(after)s
        ORDER BY actor_id LIMIT %(part)s
        """,
        {"shown": list(SHOWN_ACTORS), "after": after or UUID(int=0), "part": PART},
    )


def to_answer_for(connection: Connection, viewer: Viewer, wanted: ListingState) -> list[ActorState]:
    """One's own organisations that may ask for `wanted` with a new listing."""
    own = [
        each
        for each in viewer.actors
        if each != wanted.actor_id and viewer.manages(each) and viewer.answers_for(each)
    ]
    found = by_id(connection, own).values()
    return [
        each for each in found if each.example == wanted.example and each.status in SHOWN_ACTORS
    ]


def get(connection: Connection, actor_id: UUID) -> ActorState | None:
    """One organisation, whatever its status."""
    return by_id(connection, [actor_id]).get(actor_id)


def by_id(connection: Connection, actor_ids: Iterable[UUID]) -> dict[UUID, ActorState]:
    """Organisations by their ids, whatever their status."""
    found = rows.find(
        connection,
        ActorState,
        "SELECT row_to_json(t)::text FROM actor AS t WHERE actor_id = ANY(%(ids)s)",
        {"ids": list(actor_ids)},
    )
    return {actor.actor_id: actor for actor in found}


def units_of(connection: Connection, actor_id: UUID) -> list[ActorState]:
    """The organisations that everybody sees and that this one bears, by name."""
    return rows.find(
        connection,
        ActorState,
        """
        SELECT row_to_json(t)::text FROM actor AS t
        WHERE carrier_actor_id = %(id)s AND status = ANY(%(shown)s)
        ORDER BY sort_key, actor_id LIMIT 100
        """,
        {"id": actor_id, "shown": list(SHOWN_ACTORS)},
    )


def by_name(connection: Connection, names: Iterable[str]) -> dict[str, list[ActorState]]:
    """The organisations in sight by these names or ids, which are given in small letters."""
    wanted = sorted(names)
    found: dict[str, list[ActorState]] = {}
    for actor in rows.find(
        connection,
        ActorState,
        """
        SELECT row_to_json(t)::text FROM actor AS t
        WHERE status = ANY(%(shown)s) AND (
            lower(legal_name) = ANY(%(names)s) OR lower(display_name) = ANY(%(names)s)
            OR actor_id::text = ANY(%(names)s)
        )
        ORDER BY actor_id
        """,
        {"shown": list(SHOWN_ACTORS), "names": wanted},
    ):
        called = {actor.legal_name.lower(), (actor.display_name or "").lower(), str(actor.actor_id)}
        for name in called.intersection(wanted):
            found.setdefault(name, []).append(actor)
    return found
