"""A whole market at once: who should talk with whom, who has nobody, and where they sit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.codes import EventFormat, WithoutTalk
from impulse_contracts.markets import Alone, PlanMarket, SuggestedTalk
from impulse_matching.domain import rounds, scoring
from impulse_matching.domain.assignment import Edges, Talks, assign
from impulse_matching.domain.fitting import fitting
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.rules import RuleSet


class MarketPlan(Aggregate, key="edition_id"):
    """The newest plan of a market."""

    edition_id: UUID
    format: EventFormat
    companies: tuple[UUID, ...]
    nonprofits: tuple[UUID, ...]
    rounds: int | None
    tables: int | None
    talks: tuple[SuggestedTalk, ...]
    alone: tuple[Alone, ...]
    ruleset_version: str
    planned_at: datetime


class _Fit(NamedTuple):
    """The need and the offer that fit best between two organisations."""

    score: float
    need: Listing
    offer: Listing


Pair = tuple[int, int]
"""The place of a company and of a non-profit in the command's lists."""


def plan(
    command: PlanMarket,
    listings: Iterable[Listing],
    rules: RuleSet,
    now: datetime,
    earlier: MarketPlan | None = None,
) -> MarketPlan:
    """The plan of a market; `listings` are those of all who take part.

    What was proposed or declined before plays no part: at a market all are free to talk. Always
    the same for the same listings, in whatever order they come.
    """
    owned: dict[UUID, list[Listing]] = defaultdict(list)
    for listing in sorted(listings, key=lambda each: each.listing_id):
        if listing.is_open:
            owned[listing.state.actor_id].append(listing)
    fits = _fits(
        [owned.get(each, []) for each in command.companies],
        [owned.get(each, []) for each in command.nonprofits],
        rules,
        now,
    )
    pairs = sorted(fits)
    talks = _chosen(command, pairs, fits)
    seats: Sequence[rounds.Seat | None] = [None] * len(talks)
    if command.rounds is not None and command.tables is not None:
        seats = rounds.schedule(talks, command.rounds, command.tables)
    before = earlier or _nothing(command, rules, now)
    return before.evolve(
        format=command.format,
        companies=command.companies,
        nonprofits=command.nonprofits,
        rounds=command.rounds,
        tables=command.tables,
        talks=tuple(
            fitting(
                [
                    _suggested(command, pair, fits[pair], rules, now, seat)
                    for pair, seat in zip(talks, seats, strict=True)
                ]
            )
        ),
        alone=_alone(command, talks, pairs, owned.keys()),
        ruleset_version=rules.version,
        planned_at=now,
    )


def _fits(
    companies: Sequence[Sequence[Listing]],
    nonprofits: Sequence[Sequence[Listing]],
    rules: RuleSet,
    now: datetime,
) -> dict[Pair, _Fit]:
    """The best need and offer between each two that have any; the first of equals."""
    opposite: dict[int, list[tuple[int, Listing]]] = defaultdict(list)
    for row, listings in enumerate(nonprofits):
        for listing in listings:
            opposite[listing.market].append((row, listing))
    best: dict[Pair, _Fit] = {}
    for row, listings in enumerate(companies):
        for listing in listings:
            others = opposite[listing.opposite]
            if not others:
                continue
            scores = scoring.against(listing, [other for _, other in others], rules, now.date())
            for (other_row, other), score in zip(others, scores.tolist(), strict=True):
                known = best.get((row, other_row))
                if score > 0 and (known is None or score > known.score):
                    sides = (listing, other) if listing.is_need else (other, listing)
                    best[row, other_row] = _Fit(score, *sides)
    return best


def _chosen(command: PlanMarket, pairs: Sequence[Pair], fits: dict[Pair, _Fit]) -> list[Pair]:
    """The assignment; at a speed meeting everybody may talk in every round."""
    talks = Talks(least=command.least, most=command.most)
    seats = None
    if command.rounds is not None and command.tables is not None:
        talks = Talks(least=command.rounds, most=command.rounds)
        seats = command.rounds * command.tables
    edges = Edges(
        np.array([company for company, _ in pairs], dtype=np.int64),
        np.array([nonprofit for _, nonprofit in pairs], dtype=np.int64),
        np.array([fits[pair].score for pair in pairs]),
    )
    rows = assign(
        edges, [talks] * len(command.companies), [talks] * len(command.nonprofits), at_most=seats
    )
    return [pairs[row] for row in rows.tolist()]


def _suggested(
    command: PlanMarket,
    pair: Pair,
    fit: _Fit,
    rules: RuleSet,
    now: datetime,
    seat: rounds.Seat | None,
) -> SuggestedTalk:
    company, nonprofit = pair
    return SuggestedTalk(
        company_id=command.companies[company],
        nonprofit_id=command.nonprofits[nonprofit],
        need_id=fit.need.listing_id,
        offer_id=fit.offer.listing_id,
        need_title=fit.need.state.title,
        offer_title=fit.offer.state.title,
        score=fit.score,
        reasons=scoring.score(fit.need, fit.offer, rules, now.date()).reasons,
        round=seat.round if seat else None,
        table=seat.table if seat else None,
    )


def _alone(
    command: PlanMarket, talks: Sequence[Pair], pairs: Sequence[Pair], open_: Collection[UUID]
) -> tuple[Alone, ...]:
    """Who has no talk, companies first, and why."""
    found = []
    for side, participants in enumerate((command.companies, command.nonprofits)):
        served = {pair[side] for pair in talks}
        fitting = {pair[side] for pair in pairs}
        for row, actor_id in enumerate(participants):
            if row in served:
                continue
            if actor_id not in open_:
                why = WithoutTalk.NOTHING_OPEN
            elif row in fitting:
                why = WithoutTalk.ALL_TAKEN
            else:
                why = WithoutTalk.NOTHING_FITS
            found.append(Alone(actor_id=actor_id, why=why))
    return tuple(found)


def _nothing(command: PlanMarket, rules: RuleSet, now: datetime) -> MarketPlan:
    return MarketPlan(
        edition_id=command.edition_id,
        format=command.format,
        companies=(),
        nonprofits=(),
        rounds=None,
        tables=None,
        talks=(),
        alone=(),
        ruleset_version=rules.version,
        planned_at=now,
    )
