"""Which counterparts of a listing come into question.

They are found before the scoring lock is held, and made good under it where others have changed
meanwhile: what comes out is what a search of then would find.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from impulse_matching.domain import scoring
from impulse_matching.domain.choosing import asked_for
from impulse_matching.domain.features import Column
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.pairs import NOBODY
from impulse_matching.domain.plan import ANSWERED_NO, Standing, stands
from impulse_matching.domain.proposals import OPEN
from impulse_matching.domain.search import Found


class Judged(NamedTuple):
    """What was found about a listing: its best counterparts, others that it was proposed to, and
    those that stay away because of what was answered."""

    best: list[Found]
    before: list[Found]
    away: frozenset[UUID]

    @property
    def found(self) -> list[Found]:
        """All that come into question, the best first."""
        return self.best + self.before


class Earlier(NamedTuple):
    """What was found under the same rules on the same day, and what has changed since."""

    judged: Judged
    changed: Collection[UUID]


def judge(
    index: Index,
    listing: Listing,
    existing: Collection[Standing],
    known: Mapping[UUID, Listing],
    day: date,
    *,
    partners: Column = NOBODY,
    earlier: Earlier | None = None,
) -> Judged:
    """The pairs that may be suggested, the best of a listing; then those proposed before.

    A pair that was declined stays away until what the refusal rests on has changed, one that was
    left unanswered until one of its listings says something else: nobody is asked twice about the
    same thing. `known` are the counterparts of such pairs as they are now. `partners` are the
    parties with whom it has agreed before. What was found `earlier` is not looked for again.
    """
    counterparts = {_counterpart(proposal, listing): proposal for proposal in existing}
    away = frozenset(
        other_id
        for other_id, proposal in counterparts.items()
        if (other := known.get(other_id)) and stands(proposal, *_sides(listing, other))
    )
    of_now = _Search(index, listing, away, day, partners)
    found: dict[UUID, Found] = {}
    if earlier is None:
        best = of_now.best()
    else:
        anew = {*earlier.changed, *(earlier.judged.away ^ away)}
        found = {each.listing_id: each for each in earlier.judged.found}
        for each in anew & found.keys():
            del found[each]
        best = of_now.made_good(earlier.judged.best, anew) if anew else earlier.judged.best
    named = {each.listing_id for each in best}
    before = [
        other_id
        for other_id, proposal in sorted(counterparts.items())
        if proposal.state in OPEN and other_id not in named
    ]
    unknown = [each for each in before if each not in found]
    if unknown:
        judged = index.judged(listing.features, unknown, day, partners)
        found |= {each.listing_id: each for each in judged}
    return Judged(best, [found[each] for each in before if each in found], away)


@dataclass(frozen=True)
class _Search:
    """A search for counterparts of a listing."""

    index: Index
    listing: Listing
    away: Collection[UUID]
    day: date
    partners: Column

    def best(self, among: Collection[UUID] | None = None) -> list[Found]:
        """The best of all, or `among` these."""
        n = asked_for(self.index.rules)
        features = self.listing.features
        return self.index.best(features, self.day, n, self.away, self.partners, among)

    def made_good(self, before: list[Found], anew: Collection[UUID]) -> list[Found]:
        """The best of all, where only what concerns the listings `anew` is not as it was before.

        Who was not among the best before is behind them still. So only where the list would end
        with somebody behind its former last one, there may be others between: all are looked for.
        """
        n = asked_for(self.index.rules)
        kept = [each for each in before if each.listing_id not in anew]
        best = sorted(kept + self.best(anew), key=self._rank)[:n]
        complete = len(before) < n
        if complete or (len(best) == n and self._rank(best[-1]) <= self._rank(before[-1])):
            return best
        return self.best()

    def _rank(self, found: Found) -> tuple[int, int]:
        return -scoring.points(found.values, self.index.rules), found.listing_id.int


def refused(listing_ids: Collection[UUID], existing: Iterable[Standing]) -> set[UUID]:
    """The counterparts of listings in pairs that were answered with no, or not at all."""
    return {
        listing_id
        for proposal in existing
        if proposal.state in ANSWERED_NO
        for listing_id in (proposal.need_id, proposal.offer_id)
        if listing_id not in listing_ids
    }


def _counterpart(proposal: Standing, listing: Listing) -> UUID:
    return proposal.offer_id if proposal.need_id == listing.listing_id else proposal.need_id


def _sides(listing: Listing, other: Listing) -> tuple[Listing, Listing]:
    """As (need, offer)."""
    return (listing, other) if listing.is_need else (other, listing)
