"""The tables of matching, and every query on them."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Field

from impulse_chassis import (
    Aggregate,
    Forgetting,
    Held,
    Repository,
    Table,
    Transaction,
    json_column,
    moment_column,
)
from impulse_contracts.codes import DeclineReason, Direction, ProposalState
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.people import Membership
from impulse_matching.domain import making
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.market import MarketPlan
from impulse_matching.domain.proposals import OPEN, OfferCapacity, Proposal
from impulse_matching.domain.rulesets import ActiveRuleSet

REBUILT_AT_ONCE = 5_000
"""So many listings are read at once when the index is built."""
_MAKING = making.MAKING.to_bytes(4, "little")
"""With what a record begins."""


class KnownListing(Aggregate, key="listing_id"):
    """The newest state of a listing that the registry published; `version` counts ours.

    `entry` is its record as the index takes it, as PostgreSQL writes bytes; of one that can't be
    matched it is empty.
    """

    listing_id: UUID
    fact: ListingState
    actor_id: UUID | None = None
    entry: str | None = None


class KnownMemberships(Aggregate, key="person_id"):
    """What a person is to organisations."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()


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


class ActorRow(Table, table=True):
    """Which legal entity bears an actor, with `changed_in` as well."""

    __tablename__ = "actor"
    actor_id: UUID = Field(primary_key=True)
    version: int
    carrier_actor_id: UUID | None


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


class MarketPlanRow(Table, table=True):
    """`MarketPlan`."""

    __tablename__ = "market_plan"
    edition_id: UUID = Field(primary_key=True)
    version: int
    format: str
    companies: list[Any] = json_column()
    nonprofits: list[Any] = json_column()
    rounds: int | None
    tables: int | None
    talks: list[Any] = json_column()
    alone: list[Any] = json_column()
    ruleset_version: str
    planned_at: datetime = moment_column()


class RuleSetRow(Table, table=True):
    """`ActiveRuleSet`."""

    __tablename__ = "rule_set"
    ruleset_version: str = Field(primary_key=True)
    version: int
    rules: dict[str, Any] = json_column()
    activation: int
    activated_at: datetime = moment_column()


class MembershipRow(Table, table=True):
    """What the registry published about a person's memberships; ids only."""

    __tablename__ = "membership"
    person_id: UUID = Field(primary_key=True)
    version: int
    memberships: list[Any] = json_column()


listings: Repository[KnownListing, UUID] = Repository(ListingRow, KnownListing)
capacities: Repository[OfferCapacity, UUID] = Repository(OfferCapacityRow, OfferCapacity)
proposals: Repository[Proposal, UUID] = Repository(
    ProposalRow, Proposal, ("Der Vorschlag", "The proposal")
)
markets: Repository[MarketPlan, UUID] = Repository(MarketPlanRow, MarketPlan)
rulesets: Repository[ActiveRuleSet, str] = Repository(RuleSetRow, ActiveRuleSet)
memberships: Repository[KnownMemberships, UUID] = Repository(MembershipRow, KnownMemberships)
forgetting = Forgetting(Held("membership"))


def lock_scoring(tx: Transaction) -> str:
    """Waits until no other replica scores; held until the transaction ends.

    Returns the oldest transaction that was still running before: what older ones wrote can be
    read from now on, so this is from where `changed_listings` must read next time.
    """
    cursor = tx.cursor()
    cursor.execute(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text,"
        " pg_advisory_xact_lock(hashtext('impulse.matching.scoring'))"
    )
    row = cursor.fetchone()
    assert row is not None
    return str(row[0])


def activations(tx: Transaction) -> int:
    """How often rules were brought into force."""
    cursor = tx.cursor()
    cursor.execute("SELECT coalesce(max(activation), 0) FROM rule_set")
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def rules_in_force(tx: Transaction) -> dict[str, Any] | None:
    """The rules that were activated last; None while those that are shipped are in force."""
    cursor = tx.cursor()
    cursor.execute("SELECT rules FROM rule_set ORDER BY activation DESC LIMIT 1")
    row = cursor.fetchone()
    return dict(row[0]) if row else None


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
    """Listings written, or promised, by transaction `since` or a later one, or whose actors were,
    and the `doubtful`."""
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
            WHERE promised AND changed_in >= %(since)s::xid8
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
