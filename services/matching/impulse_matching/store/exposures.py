"""The ledger of exposure: how often whose open listings were suggested.

`listing.counted_in` says in which of its entries a listing is counted, and `proposal.exposed` for
which listings a pair counts; so the ledger can always be counted anew from both (`RECOUNT`).
Whoever changes it holds the scoring lock: no count is lost between replicas.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction
from impulse_contracts.unchecked import unchecked
from impulse_matching.domain.fairness import Exposure

RECOUNT = """
    SELECT key AS "of", count(DISTINCT listing_id) AS open, count(proposal_id) AS shown
    FROM listing CROSS JOIN jsonb_array_elements_text(counted_in) AS key
    LEFT JOIN proposal ON exposed AND listing_id IN (need_id, offer_id)
    GROUP BY key
"""
"""What the ledger must say."""


class ExposureRow(Table, table=True):
    """`Exposure`."""

    __tablename__ = "exposure"
    of: str = Field(primary_key=True)
    version: int
    open: int
    shown: int


exposures: Repository[Exposure, str] = Repository(ExposureRow, Exposure)


def counted_in(tx: Transaction, listing_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """In which entries of the ledger listings are counted; those that are in none are left out."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT listing_id, counted_in FROM listing"
        " WHERE listing_id = ANY(%s) AND counted_in <> '[]'",
        (sorted(listing_ids),),
    )
    return {listing_id: tuple(keys) for listing_id, keys in cursor.fetchall()}


def exposures_now(tx: Transaction, keys: Iterable[str]) -> dict[str, Exposure]:
    """Entries of the ledger as they are just now: the transaction does not keep them."""
    cursor = tx.cursor()
    cursor.execute(
        'SELECT "of", version, open, shown FROM exposure WHERE "of" = ANY(%s)', (sorted(keys),)
    )
    return {
        of: unchecked(Exposure, {"of": of, "version": version, "open": opened, "shown": shown})
        for of, version, opened, shown in cursor.fetchall()
    }
