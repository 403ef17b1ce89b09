"""Actors."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_registry.domain.actors import Actor


class ActorRow(Table, table=True):
    """An actor."""

    __tablename__ = "actor"
    actor_id: UUID = Field(primary_key=True)
    version: int
    status: str
    kind: str
    actor_type: str
    carrier: str
    unit: str | None
    legal_name: str
    display_name: str | None
    legal_form: str | None
    register_entry: dict[str, Any] | None = json_column("register")
    w_idnr: str | None
    seat: dict[str, Any] = json_column()
    topics: list[str] = json_column()
    icnpo_group: int | None
    size_class: str | None
    languages: list[str] = json_column()
    website: str | None
    example: bool
    sources: list[Any] = json_column()
    carrier_actor_id: UUID | None
    merged_into: UUID | None
    absorbed: list[Any] = json_column()
    provenance: list[Any] = json_column()
    confirmed_at: datetime = moment_column()
    changed_at: datetime | None = moment_column()


actors: Repository[Actor, UUID] = Repository(ActorRow, Actor, ("Die Organisation", "The actor"))


def lock_actors_of_listings(tx: Transaction, listing_ids: Iterable[UUID]) -> None:
    """Locks the actors whose listings these are. One statement."""
    actors.select(
        tx,
        "t.actor_id IN (SELECT actor_id FROM listing WHERE listing_id = ANY(%b))",
        (list(listing_ids),),
    )
