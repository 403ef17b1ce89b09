"""Offers and needs, and whose they are."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Aggregate,
    Repository,
    Table,
    Transaction,
    json_column,
)
from impulse_contracts.registry.listings import ListingState
from impulse_matching.domain import making
from impulse_matching.domain.listing import Listing

REBUILT_AT_ONCE = 5_000
"""So many listings are read at once when the index is built."""
_MAKING = making.MAKING.to_bytes(4, "little")
"""With what a record begins."""


class KnownListing(Aggregate, key="listing_id"):
    """The newest state of a listing that the registry published; `version` counts ours.

    `entry` is its record as the index takes it, as PostgreSQL writes bytes; of one that can't be
    matched it is empty. `counted_in` are the entries of the ledger of exposure in which it counts.
    """

    listing_id: UUID
    fact: ListingState
    actor_id: UUID | None = None
    entry: str | None = None
    counted_in: tuple[str, ...] = ()


def made(listing: Listing) -> dict[str, Any]:
    """What is kept of a listing beside its fact; who bears its actor is another table's."""
    record = making.of_party(listing.entry, listing.state.actor_id) if listing.is_open else b""
    return {
        "actor_id": listing.state.actor_id,
        "entry": f"\\x{record.hex()}",
    }


class ListingRow(Table, table=True):
    """`KnownListing`. The database adds `changed_in`, the transaction that wrote the row last."""

    __tablename__ = "listing"
    listing_id: UUID = Field(primary_key=True)
    version: int
    fact: dict[str, Any] = json_column()
    actor_id: UUID | None = Field(index=True)
    entry: bytes | None
    counted_in: list[Any] = json_column()


class ActorRow(Table, table=True):
    """Which legal entity bears an actor, with `changed_in` as well."""

    __tablename__ = "actor"
    actor_id: UUID = Field(primary_key=True)
    version: int
    carrier_actor_id: UUID | None


listings: Repository[KnownListing, UUID] = Repository(ListingRow, KnownListing)


def lock_scoring(tx: Transaction) -> None:
    """Waits until no other replica writes what it scored; held until the transaction ends."""
    tx.cursor().execute("SELECT pg_advisory_xact_lock(hashtext('impulse.matching.scoring'))")


def snapshot(tx: Transaction) -> str:
    """The oldest transaction that is still running: what older ones wrote can be read from now on,
    so this is from where `changed_listings` must read next time."""
    cursor = tx.cursor()
    cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
    row = cursor.fetchone()
    assert row is not None
    return str(row[0])


class Change(NamedTuple):
    """A listing that may have changed.

    `entry` is None where it can't be matched, is gone, or is an offer that was `promised` for good;
    `fact` is there instead of it where its record was made in another way.
    """

    listing_id: UUID
    promised: bool
    party: UUID | None
    entry: bytes | None
    fact: str | None


_LISTING = """
    coalesce(a.carrier_actor_id, l.actor_id) AS party,
    CASE WHEN substr(l.entry, 1, 4) = %(making)s THEN l.entry END AS entry,
    CASE WHEN substr(l.entry, 1, 4) <> %(making)s OR l.entry IS NULL THEN l.fact::text END AS fact
"""


def changed_listings(tx: Transaction, since: str, doubtful: Collection[UUID]) -> list[Change]:
    """Listings written, or reserved, promised or freed, by transaction `since` or a later one, or
    whose actors were written, and the `doubtful`."""
    cursor = tx.cursor()
    cursor.execute(
        f"""
        SELECT listing_id, coalesce(c.promised, false), {_LISTING}
        FROM (
            SELECT listing_id FROM listing WHERE changed_in >= %(since)s::xid8
            UNION
            SELECT listing_id FROM listing JOIN actor USING (actor_id)
            WHERE actor.changed_in >= %(since)s::xid8
            UNION
            SELECT offer_id FROM offer_capacity
            WHERE changed_in >= %(since)s::xid8
            UNION
            SELECT unnest(%(doubtful)s::uuid[])
        ) AS changed
        LEFT JOIN listing AS l USING (listing_id)
        LEFT JOIN actor AS a USING (actor_id)
        LEFT JOIN offer_capacity AS c ON c.offer_id = listing_id
        ORDER BY listing_id
        """,  # noqa: S608  (a text of ours)
        {"since": since, "doubtful": sorted(doubtful), "making": _MAKING},
        binary=True,
    )
    return [Change._make(row) for row in cursor.fetchall()]


def listings_of(tx: Transaction, actor_ids: Iterable[UUID]) -> list[ListingState]:
    """The listings of organisations, open or not, not locked."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT fact::text FROM listing WHERE actor_id = ANY(%s)",
        (sorted(set(actor_ids)),),
    )
    return [ListingState.model_validate_json(fact) for (fact,) in cursor.fetchall()]


def all_listings(tx: Transaction) -> Iterator[list[Change]]:
    """All listings that can be matched, some thousands at a time."""
    cursor = tx.cursor().connection.cursor("all_listings")
    cursor.execute(
        f"""
        SELECT listing_id, false, {_LISTING}
        FROM listing AS l LEFT JOIN actor AS a USING (actor_id)
        LEFT JOIN offer_capacity AS c ON c.offer_id = listing_id AND c.promised
        WHERE c.offer_id IS NULL AND l.entry IS DISTINCT FROM ''
        """,  # noqa: S608  (a text of ours)
        {"making": _MAKING},
        binary=True,
    )
    with cursor:
        while rows := cursor.fetchmany(REBUILT_AT_ONCE):
            yield [Change._make(row) for row in rows]


def promised_offers(tx: Transaction) -> set[UUID]:
    """The offers that were promised for good."""
    cursor = tx.cursor()
    cursor.execute("SELECT offer_id FROM offer_capacity WHERE promised")
    return {offer_id for (offer_id,) in cursor.fetchall()}


def carriers(tx: Transaction, actors: Iterable[UUID]) -> dict[UUID, UUID]:
    """The legal entities that bear actors, where these are others."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT actor_id, carrier_actor_id FROM actor"
        " WHERE actor_id = ANY(%s) AND carrier_actor_id IS NOT NULL",
        (sorted(actors),),
    )
    return dict(cursor.fetchall())
