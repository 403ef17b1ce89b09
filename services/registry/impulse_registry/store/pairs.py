"""Pairs of actors that may be one organisation."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_registry.domain.pairs import Pair


class PairRow(Table, table=True):
    """Two actors, what they have in common, and what was decided."""

    __tablename__ = "pair"
    pair_id: UUID = Field(primary_key=True)
    version: int
    state: str
    actor_a_id: UUID
    actor_b_id: UUID
    score: float
    evidence: list[Any] = json_column()
    survivor_id: UUID | None
    succession: str | None
    found_at: datetime = moment_column()
    decided_at: datetime | None = moment_column()
    moved: dict[str, Any] | None = json_column()


pairs: Repository[Pair, UUID] = Repository(PairRow, Pair, ("Das Paar", "The pair"))


def lock_suspected(tx: Transaction, actor_ids: Iterable[UUID]) -> list[Pair]:
    """Locks the suspected pairs of actors. One statement."""
    ids = list(actor_ids)
    return pairs.select(
        tx,
        "t.state = 'suspected' AND (t.actor_a_id = ANY(%b) OR t.actor_b_id = ANY(%b))",
        (ids, ids),
    )
