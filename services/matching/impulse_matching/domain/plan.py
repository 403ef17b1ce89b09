"""What becomes of a listing's proposals when it appears, changes or goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from impulse_contracts.codes import DeclineReason, Direction, ListingStatus, ProposalState
from impulse_matching.domain import proposals, refusals, scoring
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import UNANSWERED, Proposal
from impulse_matching.domain.scoring import Scored

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
ANSWERED_NO = frozenset({ProposalState.DECLINED, ProposalState.EXPIRED})
"""Of such a pair nobody is asked again about the same thing."""


class Standing(Protocol):
    """What must be known of a proposal to judge its pair again."""

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

    `judged` comes from `judging` and `choosing`; `existing` are the listing's proposals by id.
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
        or (before.state in ANSWERED_NO and not stands(before, scored.need, scored.offer))
    )
    if not scored.blockers and (before is None or fits_again):
        return proposals.suggest(scored, now, earlier=before)
    return before


def stands(proposal: Standing, need: Listing, offer: Listing) -> bool:
    """Whether the pair was answered with no, or not at all, and nothing of that has changed."""
    if proposal.state not in ANSWERED_NO:
        return False
    said = {scoring.content_hash(need, offer)}
    reason, by = proposal.decline_reason, proposal.declined_by
    if reason is not None and by is not None:
        said.add(refusals.basis(need.state, offer.state, reason, by))
    return proposal.content_hash in said
