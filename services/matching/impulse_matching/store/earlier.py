"""What listings said before, as long as a proposal rests on it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Ledger, Table, Transaction, json_column
from impulse_contracts.registry.listings import ListingState


class EarlierListingRow(Table, table=True):
    """An earlier version of a listing's fact; the newest is in `listing`."""

    __tablename__ = "earlier_listing"
    listing_id: UUID = Field(primary_key=True)
    version: int = Field(primary_key=True)
    fact: dict[str, Any] = json_column()


_earlier = Ledger(EarlierListingRow)


def keep_earlier(tx: Transaction, fact: ListingState) -> None:
    """Keeps what a listing said until now, for the proposals that rest on it."""
    row = fact.model_dump(mode="json")
    _earlier.add(tx, listing_id=fact.listing_id, version=fact.version, fact=row)


@dataclass
class _Rescored:
    """Listings of which a proposal does not rest on what it rested on before."""

    listing_ids: set[UUID] = field(default_factory=set)


def forget_unused(tx: Transaction, *listing_ids: UUID) -> None:
    """When the batch ends, forgets what these listings said before and no proposal rests on."""
    tx.memo(_Rescored).listing_ids.update(listing_ids)
    tx.at_end(_forget)


def _forget(tx: Transaction) -> None:
    tx.cursor().execute(
        """
        DELETE FROM earlier_listing AS e
        WHERE listing_id = ANY(%s) AND NOT EXISTS (
            SELECT FROM proposal
            WHERE need_id = e.listing_id AND (inputs ->> 'need_version')::int = e.version
            OR offer_id = e.listing_id AND (inputs ->> 'offer_version')::int = e.version
        )
        """,
        (sorted(tx.memo(_Rescored).listing_ids),),
    )


def stated(tx: Transaction, listing_id: UUID, version: int) -> ListingState | None:
    """What a listing said in a version; None where that is not known any more."""
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT fact::text FROM earlier_listing WHERE listing_id = %(id)s AND version = %(version)s
        UNION ALL
        SELECT fact::text FROM listing
        WHERE listing_id = %(id)s AND (fact ->> 'version')::int = %(version)s
        """,
        {"id": listing_id, "version": version},
    )
    row = cursor.fetchone()
    return ListingState.model_validate_json(row[0]) if row else None
