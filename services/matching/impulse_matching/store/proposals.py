"""Proposals, and what they reserve."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Repository,
    Table,
    Transaction,
    json_column,
    moment_column,
)
from impulse_contracts.codes import DeclineReason, Direction, ProposalState
from impulse_matching.domain.proposals import OPEN, OfferCapacity, Proposal


class OfferCapacityRow(Table, table=True):
    """`OfferCapacity`, one for each offer that was ever seen; with `changed_in` as well."""

    __tablename__ = "offer_capacity"
    offer_id: UUID = Field(primary_key=True)
    version: int
    reserved_for: UUID | None
    promised: bool


class ProposalRow(Table, table=True):
    """`Proposal`."""

    __tablename__ = "proposal"
    proposal_id: UUID = Field(primary_key=True)
    version: int
    need_id: UUID = Field(index=True)
    offer_id: UUID = Field(index=True)
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    score: float
    contributions: list[Any] = json_column()
    reasons: list[Any] = json_column()
    blockers: list[Any] = json_column()
    ruleset_version: str
    inputs: dict[str, Any] | None = json_column()
    inputs_hash: str
    content_hash: str
    scored_on: date
    topics: list[Any] = json_column()
    example: bool
    state: str
    declined_by: str | None
    decline_reason: str | None
    answer_until: datetime | None = moment_column()
    suggested_at: datetime = moment_column()
    origin: str
    released_at: datetime | None = moment_column()
    answers: list[Any] = json_column()
    note: str | None
    adjustment: dict[str, Any] | None = json_column()
    exposed: bool


capacities: Repository[OfferCapacity, UUID] = Repository(OfferCapacityRow, OfferCapacity)


proposals: Repository[Proposal, UUID] = Repository(
    ProposalRow, Proposal, ("Der Vorschlag", "The proposal")
)


def partners(tx: Transaction, actors: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """With whom actors have agreed before: with which actors, or the entities that bear these."""
    cursor = tx.cursor()
    cursor.execute(
        """
        SELECT one, coalesce(carrier_actor_id, other)
        FROM (
            SELECT need_actor_id AS one, offer_actor_id AS other FROM proposal
            WHERE state = 'mutually_accepted' AND need_actor_id = ANY(%(actors)s)
            UNION
            SELECT offer_actor_id, need_actor_id FROM proposal
            WHERE state = 'mutually_accepted' AND offer_actor_id = ANY(%(actors)s)
        ) AS agreed
        LEFT JOIN actor ON actor_id = other
        """,
        {"actors": sorted(actors)},
    )
    found: dict[UUID, set[UUID]] = {}
    for one, other in cursor.fetchall():
        found.setdefault(one, set()).add(other)
    return found


_STATES = {str(state): state for state in ProposalState}
_SIDES = {str(side): side for side in Direction}
_REASONS = {str(reason): reason for reason in DeclineReason}


class Pair(NamedTuple):
    """What is known of a proposal without locking it, and of what its listings say now."""

    proposal_id: UUID
    need_id: UUID
    offer_id: UUID
    state: ProposalState
    content_hash: str
    declined_by: Direction | None
    decline_reason: DeclineReason | None


def pairs_of(tx: Transaction, listing_ids: Iterable[UUID]) -> list[Pair]:
    """The proposals of listings, not locked."""
    cursor = tx.cursor()
    ids = sorted(listing_ids)
    cursor.execute(
        "SELECT proposal_id, need_id, offer_id, state, content_hash, declined_by, decline_reason"
        " FROM proposal WHERE need_id = ANY(%s) OR offer_id = ANY(%s) ORDER BY proposal_id",
        (ids, ids),
    )
    return [
        Pair(
            proposal_id,
            need_id,
            offer_id,
            _STATES[state],
            content_hash,
            _SIDES.get(by),
            _REASONS.get(reason),
        )
        for proposal_id, need_id, offer_id, state, content_hash, by, reason in cursor.fetchall()
    ]


def lock_releases(tx: Transaction) -> None:
    """Waits until no other replica releases anything; held until the transaction ends.

    Two releases at once would each not see the other when they count.
    """
    tx.cursor().execute("SELECT pg_advisory_xact_lock(hashtext('impulse.matching.release'))")


class Sides(NamedTuple):
    """The two listings of a proposal."""

    proposal_id: UUID
    need_id: UUID
    offer_id: UUID


def sides_of(tx: Transaction, ids: Sequence[UUID], suggested_of: Sequence[UUID]) -> list[Sides]:
    """The listings of proposals: those with `ids`, and all suggestions of the listings given."""
    cursor = tx.cursor()
    cursor.execute(
        "SELECT proposal_id, need_id, offer_id FROM proposal WHERE proposal_id = ANY(%(ids)s)"
        " OR (state = 'suggested' AND (need_id = ANY(%(of)s) OR offer_id = ANY(%(of)s)))",
        {"ids": list(ids), "of": list(suggested_of)},
    )
    return [Sides._make(row) for row in cursor.fetchall()]


def lock_with_rivals(tx: Transaction, ids: Sequence[UUID], offers: Sequence[UUID]) -> None:
    """Locks proposals, and all open ones of the `offers`."""
    states = [str(state) for state in sorted(OPEN)]
    proposals.select(
        tx,
        "t.proposal_id = ANY(%b) OR (t.offer_id = ANY(%b) AND t.state = ANY(%b))",
        (list(ids), list(offers), states),
    )
    proposals.lock(tx, ids)


def read_released(tx: Transaction, listing_ids: Sequence[UUID]) -> None:
    """Reads the released, unanswered proposals of listings, to be counted."""
    ids = list(listing_ids)
    proposals.select(
        tx,
        "t.state = 'sent' AND (t.need_id = ANY(%b) OR t.offer_id = ANY(%b))",
        (ids, ids),
        lock="",
    )
