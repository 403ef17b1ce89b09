"""Offers and needs."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_registry.domain.listings import Listing


class ListingRow(Table, table=True):
    """An offer or a need."""

    __tablename__ = "listing"
    listing_id: UUID = Field(primary_key=True)
    version: int
    actor_id: UUID
    status: str
    direction: str
    title: str
    description: str
    resource_category: str
    skills: list[str] = json_column()
    cv_format: str | None
    cv_mode: str | None
    cc_instrument: str | None
    worktime_basis: str | None
    quantity: dict[str, Any] | None = json_column()
    team_size: dict[str, Any] | None = json_column()
    time: dict[str, Any] = json_column()
    place: dict[str, Any] = json_column()
    topics: list[str] = json_column()
    target_groups: list[str] = json_column()
    requirements: list[str] = json_column()
    accessibility: list[str] = json_column()
    costs: dict[str, Any] | None = json_column()
    counter_offers: list[Any] = json_column()
    visibility: str
    valid_until: date | None
    example: bool
    sources: list[Any] = json_column()
    on_behalf: dict[str, Any] | None = json_column()
    in_charge: UUID | None
    handovers: list[Any] = json_column()
    with_actor: bool
    confirmed_at: datetime = moment_column()
    confirm_by: datetime | None = moment_column()
    changed_at: datetime | None = moment_column()


listings: Repository[Listing, UUID] = Repository(
    ListingRow, Listing, ("Das Angebot oder der Bedarf", "The listing")
)


def lock_visible_listings(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks the open and stale listings of actors, and those withdrawn with them. One statement.

    The actors must be locked before: who publishes a listing holds its actor, so none is missed.
    """
    listings.select(
        tx,
        "t.actor_id = ANY(%b) AND (t.status IN ('open', 'stale') OR t.with_actor)",
        (list(actor_ids),),
    )


def lock_listings(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks all listings of actors. One statement."""
    listings.select(tx, "t.actor_id = ANY(%b)", (list(actor_ids),))


def listings_of(tx: Transaction, actor_id: UUID) -> list[Listing]:
    """The listings of an actor, as they are now in this transaction; loaded before."""
    return listings.naming(tx, _actor_of, actor_id)


def _actor_of(listing: Listing) -> list[UUID]:
    return [listing.actor_id]


def lock_handed_over(tx: Transaction, intermediary_ids: Iterable[UUID]) -> None:
    """Locks the listings that were handed over to these intermediaries. One statement."""
    listings.select(tx, "t.in_charge = ANY(%b)", (list(intermediary_ids),))
