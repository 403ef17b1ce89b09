"""Who is who: organisations as the registry knows them, and what people are to them."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.eligibility import KnownActor
from impulse_booking.store.advice import end_advice
from impulse_chassis import (
    Aggregate,
    Forgetting,
    Held,
    Repository,
    Table,
    Transaction,
    json_column,
)
from impulse_contracts.registry.people import Membership


class KnownMemberships(Aggregate, key="person_id"):
    """What a person is to organisations."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()


class MembershipRow(Table, table=True):
    """What the registry published about a person's memberships; ids only."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: list[Any] = json_column()


class ActorRow(Table, table=True):
    """`KnownActor`."""

    __tablename__ = "actor"
    actor_id: UUID = Field(primary_key=True)
    version: int
    status: str
    kind: str
    carrier: str
    seat: dict[str, Any] = json_column()
    service_area: list[Any] = json_column()
    inherited: dict[str, Any] | None = json_column()
    merged_into: UUID | None
    in_charge: UUID | None


actors: Repository[KnownActor, UUID] = Repository(
    ActorRow, KnownActor, ("Die Organisation", "The organisation")
)
memberships: Repository[KnownMemberships, UUID] = Repository(MembershipRow, KnownMemberships)
forgetting = Forgetting(
    Held("membership"),
    # Who came, and who helped, stays countable: ids that lead to nobody any more.
    Held(
        "booking",
        "t.booked_by = ANY(%(persons)s) OR t.attendees ?| %(persons)s::text[]",
        kept=True,
    ),
    Held("support_request", kept=True),
    # Who signed an agreement, saw that it was complete, prepares it, or is to be reached.
    Held(
        "cooperation",
        "(t.terms ->> 'witness_id')::uuid = ANY(%(persons)s) OR EXISTS (SELECT FROM"
        " jsonb_array_elements(t.signatures || t.checklist || t.contacts) AS part"
        " WHERE (part ->> 'person_id')::uuid = ANY(%(persons)s)"
        " OR (part ->> 'contact_id')::uuid = ANY(%(persons)s)"
        " OR (part ->> 'successor_id')::uuid = ANY(%(persons)s))",
        kept=True,
    ),
    Held("advice_hours", "t.adviser_id = ANY(%(persons)s)"),
    also=end_advice,
)


def read_actors(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Reads organisations, and those that go on for them after one merge or several."""
    ids = sorted(set(actor_ids))
    actors.select(
        tx,
        """
        t.actor_id IN (
            WITH RECURSIVE goes_on AS (
                SELECT actor_id, merged_into FROM actor WHERE actor_id = ANY(%b)
                UNION
                SELECT a.actor_id, a.merged_into
                FROM goes_on AS before JOIN actor AS a ON a.actor_id = before.merged_into
            )
            SELECT actor_id FROM goes_on
        )
        """,
        (ids,),
        lock="",
    )
    actors.read(tx, ids)
    # Facts of two organisations come in any order: the one that goes on may not be known yet.
    merged = actors.loaded(tx, lambda each: each.merged_into is not None)
    actors.read(tx, {each.merged_into for each in merged if each.merged_into})
