"""The editions as booking publishes them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column
from impulse_contracts.codes import ActorKind
from impulse_notifications.domain.editions import KnownEdition


class EditionRow(Table, table=True):
    """`KnownEdition`."""

    __tablename__ = "edition"
    edition_id: UUID = Field(primary_key=True)
    version: int
    stage: str
    session_id: UUID
    title: str
    deadlines: dict[str, Any] | None = json_column()


editions: Repository[KnownEdition, UUID] = Repository(
    EditionRow, KnownEdition, ("Die Veranstaltung", "The event")
)


def companies(tx: Transaction, actor_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these organisations are companies."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT actor_id FROM actor WHERE actor_id = ANY(%s) AND kind = %s",
        (sorted(set(actor_ids)), ActorKind.COMPANY.value),
    )
    return {actor_id for (actor_id,) in cursor.fetchall()}
