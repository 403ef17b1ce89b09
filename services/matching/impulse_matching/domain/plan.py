"""What becomes of a listing's proposals when it appears, changes or goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from impulse_contracts.codes import DeclineReason, Direction, ListingStatus, ProposalState
from impulse_matching.domain import proposals, refusals, scoring
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.choosing import asked_for
from impulse_matching.domain.features import Column
from impulse_matching.domain.index import Index
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.pairs import NOBODY
from impulse_matching.domain.proposals import OPEN, UNANSWERED, Proposal
from impulse_matching.domain.scoring import Scored
from impulse_matching.domain.search import Found

_REVIVED = frozenset(
    {
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
        ProposalState.NO_LONGER_FITTING,
        # Its offer is free again, or nothing would be found of it.
        ProposalState.INVALIDATED_BY_OTHER_AGREEMENT,
    }
)
_ACCEPTED = frozenset(
    {
        ProposalState.ACCEPTED_BY_NEED,
        ProposalState.ACCEPTED_BY_OFFER,
        ProposalState.MUTUALLY_ACCEPTED,
    }
)
_ANSWERED_NO = frozenset({ProposalState.DECLINED, ProposalState.EXPIRED})


class Standing(Protocol):
    """What `judge` must know of a proposal."""

    @property
    def need_id(self) -> UUID: ...
    @property
    def offer_id(self) -> UUID: ...
    @property
    def state(self) -> ProposalState: ...
    @property
    def content_hash(self) -> str: ...
    @property
    def declined_by(self) -> Direction | None: ...
    @property
    def decline_reason(self) -> DeclineReason | None: ...


def judge(
    index: Index,
    listing: Listing,
    existing: Collection[Standing],
    known: Mapping[UUID, Listing],
    day: date,
    *,
    partners: Column = NOBODY,
) -> list[Found]:
    """The pairs that may be suggested, the best of a listing; then those proposed before.

    A pair that was declined stays away until what the refusal rests on has changed, one that was
    left unanswered until one of its listings says something else: nobody is asked twice about the
    same thing. `known` are the counterparts of such pairs as they are now. `partners` are the
    parties with whom it has agreed before.
    """
    counterparts = {_counterpart(proposal, listing): proposal for proposal in existing}
    away = [
        other_id
        for other_id, proposal in counterparts.items()
        if (other := known.get(other_id)) and stands(proposal, *_sides(listing, other))
    ]
    n = asked_for(index.rules)
    best = index.best(listing.features, day, n, without=away, partners=partners)
    found = {each.listing_id for each in best}
    before = [
        other_id
        for other_id, proposal in sorted(counterparts.items())
        if proposal.state in OPEN and other_id not in found
    ]
    return best + index.judged(listing.features, before, day, partners)


def refused(listing_ids: Collection[UUID], existing: Iterable[Standing]) -> set[UUID]:
    """The counterparts of listings in pairs that were answered with no, or not at all."""
    return {
        listing_id
        for proposal in existing
        if proposal.state in _ANSWERED_NO
        for listing_id in (proposal.need_id, proposal.offer_id)
        if listing_id not in listing_ids
    }


def follow(listing: Listing, existing: Mapping[UUID, Proposal]) -> list[Proposal]:
    """The next versions of what somebody accepted, where `listing` is another actor's by now.

    Entries are merged and parted: who acts for a listing acts for what was agreed about it, also
    when it is closed or gone. `plan` takes the actor of all others when it scores them.
    """
    side = "need_actor_id" if listing.is_need else "offer_actor_id"
    actor_id = listing.state.actor_id
    return [
        proposal.evolve(**{side: actor_id})
        for _, proposal in sorted(existing.items())
        if proposal.state in _ACCEPTED and getattr(proposal, side) != actor_id
    ]


def plan(
    listing: Listing, judged: Sequence[Scored], existing: Mapping[UUID, Proposal], now: datetime
) -> list[Proposal]:
    """The next versions of all proposals that change now that `listing` is as it is.

    `judged` comes from `judge` and `choose`; `existing` are the listing's proposals by their id.
    Pairs that are new, or fit again, are suggested; unanswered ones get the score of now, or end
    when they no longer fit. What somebody accepted is left alone (`follow` sees to its actors),
    unless the listing is gone or both sides are one by now. While a listing is merely stale, what
    somebody accepted goes on too.
    """
    if not listing.is_open:
        gone = listing.state.status is not ListingStatus.STALE
        return [
            proposals.invalidate(proposal, ProposalState.INVALIDATED_BY_WITHDRAWAL)
            for _, proposal in sorted(existing.items())
            if proposal.is_open and (gone or proposal.state in UNANSWERED)
        ]
    changed = []
    for scored in judged:
        before = existing.get(
            proposals.proposal_id(scored.need.listing_id, scored.offer.listing_id)
        )
        after = _next(scored, before, now)
        if after is not None and after is not before:
            changed.append(after)
    return changed


def _next(scored: Scored, before: Proposal | None, now: datetime) -> Proposal | None:
    if before is not None and before.state in UNANSWERED:
        if scored.blockers:
            return proposals.invalidate(before, ProposalState.NO_LONGER_FITTING, scored.blockers)
        return proposals.rescore(before, scored, now)
    if before is not None and before.is_open:
        one = tuple(each for each in scored.blockers if each.criterion == Blocker.SAME_PARTY)
        return proposals.invalidate(before, ProposalState.NO_LONGER_FITTING, one) if one else before
    fits_again = before is not None and (
        before.state in _REVIVED
        or (before.state in _ANSWERED_NO and not stands(before, scored.need, scored.offer))
    )
    if not scored.blockers and (before is None or fits_again):
        return proposals.suggest(scored, now, earlier=before)
    return before


def stands(proposal: Standing, need: Listing, offer: Listing) -> bool:
    """Whether the pair was answered with no, or not at all, and nothing of that has changed."""
    if proposal.state not in _ANSWERED_NO:
        return False
    said = {scoring.content_hash(need, offer)}
    reason, by = proposal.decline_reason, proposal.declined_by
    if reason is not None and by is not None:
        said.add(refusals.basis(need.state, offer.state, reason, by))
    return proposal.content_hash in said


def _counterpart(proposal: Standing, listing: Listing) -> UUID:
    return proposal.offer_id if proposal.need_id == listing.listing_id else proposal.need_id


def _sides(listing: Listing, other: Listing) -> tuple[Listing, Listing]:
    """As (need, offer)."""
    return (listing, other) if listing.is_need else (other, listing)
