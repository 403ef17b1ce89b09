"""Actors."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import Refused, Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.reasons import Reason
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
    evidence: list[Any] = json_column()
    inherited: dict[str, Any] | None = json_column()
    needs_renewal: bool
    suspended_for: str | None
    in_charge: UUID | None
    handed_over: bool
    handovers: list[Any] = json_column()
    admitted_at: datetime | None = moment_column()
    service_area: list[str] = json_column()
    confirmed_at: datetime = moment_column()
    changed_at: datetime | None = moment_column()
    reminded_at: datetime | None = moment_column()
    renewal_told: date | None
    due_at: datetime | None = moment_column()


class Actors(Repository[Actor, UUID]):
    """Actors by their ids; the id of one that was merged stands for the one that goes on for it."""

    def _load(self, tx: Transaction, keys: Iterable[UUID], lock: str) -> None:
        wanted = set(keys)
        super()._load(tx, wanted, lock)
        found = (self.itself(tx, key) for key in wanted)
        ahead = {actor.merged_into for actor in found if actor and actor.merged_into}
        if ahead:
            self._load(tx, ahead, lock)

    def get(self, tx: Transaction, key: UUID) -> Actor | None:
        """The actor, or the one that goes on for it; None where there is none."""
        actor = self.itself(tx, key)
        while actor is not None and actor.merged_into is not None:
            actor = self.itself(tx, actor.merged_into)
        return actor

    def itself(self, tx: Transaction, key: UUID) -> Actor | None:
        """The actor of that id, merged or not; None where there is none."""
        return super().get(tx, key)

    def require_itself(self, tx: Transaction, key: UUID) -> Actor:
        """As `itself`; refuses with `not_found` where there is none."""
        actor = self.itself(tx, key)
        if actor is None:
            raise Refused(Reason.NOT_FOUND, subject=self.subject)
        return actor


actors = Actors(ActorRow, Actor, ("Die Organisation", "The actor"))


def lock_actors_of_listings(tx: Transaction, listing_ids: Iterable[UUID]) -> None:
    """Locks the actors whose listings these are. One statement."""
    actors.select(
        tx,
        "t.actor_id IN (SELECT actor_id FROM listing WHERE listing_id = ANY(%b))",
        (list(listing_ids),),
    )
