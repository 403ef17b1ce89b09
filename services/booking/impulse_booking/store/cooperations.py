"""Cooperations, and the numbers of their agreements."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from impulse_booking.domain.agreement import AgreementSeries
from impulse_booking.domain.cooperation import OPEN, Cooperation
from impulse_chassis import Repository, Table, Transaction, json_column, moment_column
from impulse_contracts.booking.cooperation_codes import CooperationOrigin


class CooperationRow(Table, table=True):
    """`Cooperation`."""

    __tablename__ = "cooperation"
    cooperation_id: UUID = Field(primary_key=True)
    version: int
    proposal_id: UUID
    need_id: UUID
    offer_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    topics: list[Any] = json_column()
    example: bool
    state: str
    opened_at: datetime = moment_column()
    redeem_by: date
    origin: str
    format: str | None
    in_charge: UUID | None
    since: datetime | None = moment_column()
    terms: dict[str, Any] | None = json_column()
    missing: list[Any] = json_column()
    signatures: list[Any] = json_column()
    number: str | None
    agreed_at: datetime | None = moment_column()
    hold: dict[str, Any] | None = json_column()
    next_action: dict[str, Any] | None = json_column()
    warnings: list[Any] = json_column()
    steps: list[Any] = json_column()
    reminded: list[Any] = json_column()
    dates: list[Any] = json_column()
    reports: list[Any] = json_column()
    decision: dict[str, Any] | None = json_column()
    redeemed_at: datetime | None = moment_column()
    evaluations: list[Any] = json_column()
    redemption: list[Any] = json_column()
    checklist: list[Any] = json_column()
    contacts: list[Any] = json_column()
    formerly: list[Any] = json_column()
    edition_id: UUID | None
    edition_number: int | None


class AgreementSeriesRow(Table, table=True):
    """`AgreementSeries`."""

    __tablename__ = "agreement_series"
    series: str = Field(primary_key=True)
    version: int
    last: int


cooperations: Repository[Cooperation, UUID] = Repository(
    CooperationRow, Cooperation, ("Die Kooperation", "The cooperation")
)
agreement_series: Repository[AgreementSeries, str] = Repository(AgreementSeriesRow, AgreementSeries)


def sided_by(cooperation: Cooperation) -> Iterator[Hashable]:
    """What one that came of no proposal is found by: its organisations, and those before."""
    if cooperation.origin is not CooperationOrigin.PROPOSAL:
        yield "actor", cooperation.need_actor_id
        yield "actor", cooperation.offer_actor_id
        for each in cooperation.formerly:
            yield "formerly", each.actor_id


def reached_by(cooperation: Cooperation) -> Iterator[Hashable]:
    """What an open one is found by: whom to reach, and who steps in."""
    if cooperation.state in OPEN:
        for each in cooperation.contacts:
            yield "person", each.contact_id
            yield "person", each.successor_id


_REACHED_BY = "t.contacts <> '[]' AND jsonb_path_query_array(t.contacts, '$[*].*') ?| %b::text[]"


def lock_reached_by(tx: Transaction, person_ids: Iterable[UUID]) -> None:
    """Locks those in which one of these people is to be reached, or to step in."""
    cooperations.select(tx, _REACHED_BY, (sorted(map(str, person_ids)),))


def named_as_contacts(tx: Transaction, person_ids: Iterable[UUID]) -> set[UUID]:
    """Which of these people are to be reached about a cooperation, or to step in."""
    ids = sorted(map(str, person_ids))
    cursor = tx.cursor()
    cursor.execute(
        f"""
        SELECT DISTINCT named #>> '{{}}'
        FROM cooperation AS t, jsonb_path_query(t.contacts, '$[*].*') AS named
        WHERE {_REACHED_BY} AND named #>> '{{}}' = ANY(%b)
        """,  # noqa: S608  (a text of ours)
        (ids, ids),
    )
    return {UUID(each) for (each,) in cursor.fetchall()}


def lock_entered_for(tx: Transaction, actor_ids: Iterable[UUID]) -> None:
    """Locks those of organisations that came of no proposal, or that they passed on."""
    ids = sorted(set(actor_ids))
    cooperations.select(
        tx,
        """
        t.origin <> 'proposal' AND (
            t.need_actor_id = ANY(%b) OR t.offer_actor_id = ANY(%b)
            OR jsonb_path_query_array(t.formerly, '$[*].actor_id') ?| %b::text[]
        )
        """,
        (ids, ids, list(map(str, ids))),
    )


def of_edition(cooperation: Cooperation) -> Iterator[Hashable]:
    """What one that came about at an edition is found by."""
    if cooperation.edition_id is not None:
        yield cooperation.edition_id


def read_of_editions(tx: Transaction, edition_ids: Iterable[UUID]) -> None:
    """Reads those that came about at editions."""
    cooperations.select(tx, "t.edition_id = ANY(%b)", (sorted(set(edition_ids)),), lock="")
