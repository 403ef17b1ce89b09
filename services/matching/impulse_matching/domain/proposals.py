"""The life of a proposal: suggested, released, accepted by one side, by both; or declined, expired,
void.

What is suggested is the brokers' alone; both sides see and answer it from its release on, and have
a time to answer. A broker may answer for a side before: that releases it as well.

An offer is promised once. `OfferCapacity` says to which proposal; who decides about a proposal
holds its offer's capacity under a lock, so two needs can never win one offer. The first
acceptance of either side reserves the offer, the second promises it: for good, unless the two don't
carry out what they agreed. Then it is free again for others; that pair is not proposed again.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache
from uuid import UUID, uuid5

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    ProposalOrigin,
    ProposalState,
    SocietalTopic,
)
from impulse_contracts.matching import Adjustment, Answer, Contribution, ReasonGiven
from impulse_contracts.parts import OnBehalf
from impulse_contracts.reasons import Reason
from impulse_contracts.unchecked import unchecked
from impulse_matching.domain.scoring import Inputs, Scored

RELEASED_AT_ONCE = 3
"""How many proposals of a listing may be released and unanswered."""

NAMESPACE = UUID("8a6c1c39-5f0e-5c0b-9d3e-0f6a54e2c7d1")
"""Namespace of proposal ids. Never changes: one pair has one id, whoever finds it."""

OPEN = frozenset(
    {
        ProposalState.SUGGESTED,
        ProposalState.SENT,
        ProposalState.ACCEPTED_BY_NEED,
        ProposalState.ACCEPTED_BY_OFFER,
    }
)
_TOPICS = frozenset(SocietalTopic)
UNANSWERED = frozenset({ProposalState.SUGGESTED, ProposalState.SENT})
_ACCEPTED_BY = {
    Direction.NEED: ProposalState.ACCEPTED_BY_NEED,
    Direction.OFFER: ProposalState.ACCEPTED_BY_OFFER,
}


class Proposal(Aggregate, key="proposal_id"):
    """A pair that fits, why, and what both sides say to it. Fields as in `ProposalFact`.

    `content_hash` is what the two listings said when it was scored last; of one that expired what
    they said then, and of one that was declined what of that the refusal rests on. `scored_on` is
    the day. `inputs` is None where it was scored before they were kept. `exposed`: whether it ever
    was a suggestion of ours, so that it counts for those whose listings it shows (fairness.py).
    """

    proposal_id: UUID
    need_id: UUID
    offer_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    score: float
    contributions: tuple[Contribution, ...] = ()
    reasons: tuple[ReasonGiven, ...] = ()
    blockers: tuple[ReasonGiven, ...] = ()
    ruleset_version: str
    inputs: Inputs | None = None
    inputs_hash: str
    content_hash: str
    scored_on: date
    topics: tuple[SocietalTopic, ...] = ()
    example: bool = False
    state: ProposalState
    declined_by: Direction | None = None
    decline_reason: DeclineReason | None = None
    answer_until: datetime | None = None
    suggested_at: datetime
    origin: ProposalOrigin = ProposalOrigin.ENGINE
    released_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    note: str | None = None
    adjustment: Adjustment | None = None
    exposed: bool = False

    @property
    def lifted(self) -> float:
        """By what suggestions are put in order."""
        return self.score + (self.adjustment.points if self.adjustment else 0)

    @property
    def is_open(self) -> bool:
        """Whether it can still come about."""
        return self.state in OPEN

    def rests_on(self, listing_id: UUID, version: int) -> bool:
        """Whether its score was made from this version of a listing."""
        made_from = self.inputs
        return made_from is not None and (listing_id, version) in (
            (self.need_id, made_from.need_version),
            (self.offer_id, made_from.offer_version),
        )

    @property
    def actors(self) -> tuple[UUID, UUID]:
        """Who needs, and who offers."""
        return self.need_actor_id, self.offer_actor_id

    def actor_of(self, side: Direction) -> UUID:
        """The actor who answers for a side."""
        return self.need_actor_id if side is Direction.NEED else self.offer_actor_id


class OfferCapacity(Aggregate, key="offer_id"):
    """To which proposal an offer is reserved; `promised` once both sides accepted."""

    offer_id: UUID
    reserved_for: UUID | None = None
    promised: bool = False


@lru_cache(maxsize=1 << 14)
def proposal_id(need_id: UUID, offer_id: UUID) -> UUID:
    """The id of the proposal of a pair, the same whichever listing it was found from."""
    return uuid5(NAMESPACE, f"{need_id}/{offer_id}")


def suggest(
    scored: Scored,
    now: datetime,
    earlier: Proposal | None = None,
    origin: ProposalOrigin = ProposalOrigin.ENGINE,
    note: str | None = None,
) -> Proposal:
    """Proposes a pair; again, if there was an `earlier` proposal of it that was closed."""
    need, offer = scored.need.state, scored.offer.state
    fields = {
        "proposal_id": proposal_id(need.listing_id, offer.listing_id),
        "need_id": need.listing_id,
        "offer_id": offer.listing_id,
        "state": ProposalState.SUGGESTED,
        "suggested_at": now,
        "declined_by": None,
        "decline_reason": None,
        "answer_until": None,
        "origin": origin,
        "note": note,
        "adjustment": scored.adjustment,
        "exposed": origin is ProposalOrigin.ENGINE or (earlier is not None and earlier.exposed),
        "released_at": None,
        "answers": (),
        **_judged(scored, now),
    }
    if earlier is None:
        return unchecked(Proposal, {"version": 1, **fields})
    return earlier.evolve(**fields)


def rescore(proposal: Proposal, scored: Scored, now: datetime) -> Proposal:
    """The same proposal with the score and the words of now; as it is, if they are the same.

    What was changed in a listing need not show: that it is valid longer, or that it was confirmed
    when nobody doubted it. Then nothing is kept or said, and what it was made from stays.
    """
    judged = _judged(scored, now)
    shown = {key: value for key, value in judged.items() if key not in _UNSHOWN}
    if all(getattr(proposal, key) == value for key, value in shown.items()):
        return proposal
    return proposal.evolve(**judged)


def unanswered(proposals: Iterable[Proposal]) -> Counter[UUID]:
    """How many of these proposals are released and unanswered, for each listing."""
    sent = [each for each in proposals if each.state is ProposalState.SENT]
    return Counter(listing for each in sent for listing in (each.need_id, each.offer_id))


def release(
    proposal: Proposal,
    capacity: OfferCapacity,
    waiting: Mapping[UUID, int],
    now: datetime,
    wait: timedelta,
) -> Proposal:
    """Both sides see the proposal, and have `wait` to answer.

    `waiting` is what `unanswered` says of the proposals of its listings. Refused with `wrong_state`
    unless it is suggested, with `offer_taken` when its offer is reserved for another one, with
    `too_many_released` when a listing has `RELEASED_AT_ONCE`: nobody is asked too much at once.
    """
    if proposal.state is not ProposalState.SUGGESTED:
        raise _wrong_state(proposal)
    _require_free(capacity, proposal)
    listings = ((proposal.need_id, proposal.need_title), (proposal.offer_id, proposal.offer_title))
    for listing_id, title in listings:
        if waiting.get(listing_id, 0) >= RELEASED_AT_ONCE:
            raise Refused(Reason.TOO_MANY_RELEASED, detail=title)
    return proposal.evolve(state=ProposalState.SENT, released_at=now, answer_until=now + wait)


def require_seen(proposal: Proposal) -> None:
    """Refuses with `not_released` what a side cannot know of yet."""
    if proposal.state is ProposalState.SUGGESTED:
        raise Refused(Reason.NOT_RELEASED, state=(proposal.state.de, proposal.state.en))


def accept(
    proposal: Proposal,
    capacity: OfferCapacity,
    side: Direction,
    now: datetime,
    wait: timedelta,
    on_behalf: OnBehalf | None = None,
) -> tuple[Proposal, OfferCapacity]:
    """One side says yes; when both have, the offer is promised.

    Where it was not released yet, it is now, and the other side has `wait` to answer. Refused with
    `wrong_state` unless the proposal is open and this side has not accepted yet, with `offer_taken`
    when the offer is reserved for another proposal, as two needs never win one.
    """
    if not proposal.is_open or proposal.state is _ACCEPTED_BY[side]:
        raise _wrong_state(proposal)
    _require_free(capacity, proposal)
    answered = {
        "answers": (*proposal.answers, _answer(side, True, now, on_behalf)),
        "released_at": proposal.released_at or now,
    }
    if proposal.state in UNANSWERED:
        until = proposal.answer_until or now + wait
        accepted = proposal.evolve(state=_ACCEPTED_BY[side], answer_until=until, **answered)
        return accepted, capacity.evolve(reserved_for=proposal.proposal_id)
    both = proposal.evolve(state=ProposalState.MUTUALLY_ACCEPTED, answer_until=None, **answered)
    return both, capacity.evolve(reserved_for=proposal.proposal_id, promised=True)


def decline(
    proposal: Proposal,
    capacity: OfferCapacity,
    side: Direction,
    reason: DeclineReason,
    now: datetime,
    rests_on: str | None = None,
    on_behalf: OnBehalf | None = None,
) -> tuple[Proposal, OfferCapacity]:
    """One side says no; the offer is free again. Refused with `wrong_state` unless it is open.

    `rests_on` is what the refusal rests on (`refusals.basis`); None: on all that was said.
    """
    if not proposal.is_open:
        raise _wrong_state(proposal)
    declined = proposal.evolve(
        state=ProposalState.DECLINED,
        declined_by=side,
        decline_reason=reason,
        answer_until=None,
        answers=(*proposal.answers, _answer(side, False, now, on_behalf)),
        content_hash=rests_on or proposal.content_hash,
    )
    return declined, released(capacity, proposal)


def remind(proposal: Proposal, now: datetime) -> Proposal:
    """The next version, of which a side that has not answered is reminded: it says nothing new.

    As it is where there is nothing to wait for any more.
    """
    waits = proposal.is_open and proposal.answer_until is not None and proposal.answer_until > now
    return proposal.evolve() if waits else proposal


def expire(
    proposal: Proposal, capacity: OfferCapacity, now: datetime, says: str | None = None
) -> tuple[Proposal, OfferCapacity]:
    """Not both sides answered in time; the offer is free again.

    `says` is the hash of what the two listings say now, which nobody is asked about again.
    Both come back as they are when there is no longer anything to wait for, or not yet.
    """
    if not proposal.is_open or proposal.answer_until is None or proposal.answer_until > now:
        return proposal, capacity
    says = says or proposal.content_hash
    expired = proposal.evolve(state=ProposalState.EXPIRED, answer_until=None, content_hash=says)
    return expired, released(capacity, proposal)


def invalidate(
    proposal: Proposal, state: ProposalState, blockers: tuple[ReasonGiven, ...] = ()
) -> Proposal:
    """An open proposal that can't come about any more, for a reason outside of it."""
    return proposal.evolve(state=state, blockers=blockers, answer_until=None)


def released(capacity: OfferCapacity, proposal: Proposal) -> OfferCapacity:
    """The offer's capacity without the reservation for `proposal`, if it has one."""
    if capacity.promised or capacity.reserved_for != proposal.proposal_id:
        return capacity
    return capacity.evolve(reserved_for=None)


def freed(capacity: OfferCapacity, proposal_id: UUID) -> OfferCapacity:
    """The offer's capacity when what came of a proposal ended without having been carried out: free
    again, if that is what it was promised to."""
    if capacity.reserved_for != proposal_id:
        return capacity
    return capacity.evolve(reserved_for=None, promised=False)


_UNSHOWN = {"scored_on", "inputs", "inputs_hash", "content_hash"}


def _judged(scored: Scored, now: datetime) -> dict[str, object]:
    """What a proposal takes from the pair as it was scored."""
    need, offer = scored.need.state, scored.offer.state
    return {
        "need_actor_id": need.actor_id,
        "offer_actor_id": offer.actor_id,
        "need_title": need.title,
        "offer_title": offer.title,
        "score": scored.score,
        "contributions": scored.contributions,
        "reasons": scored.reasons,
        "blockers": scored.blockers,
        "ruleset_version": scored.ruleset_version,
        "inputs": scored.inputs,
        "inputs_hash": scored.inputs_hash,
        "content_hash": scored.content_hash,
        "scored_on": now.date(),
        "topics": tuple(topic for topic in need.topics if topic in _TOPICS),
        "example": need.example,
    }


def _answer(side: Direction, accepted: bool, now: datetime, on_behalf: OnBehalf | None) -> Answer:
    return Answer(side=side, accepted=accepted, at=now, on_behalf=on_behalf)


def _require_free(capacity: OfferCapacity, proposal: Proposal) -> None:
    if capacity.reserved_for not in (None, proposal.proposal_id):
        raise Refused(Reason.OFFER_TAKEN)


def _wrong_state(proposal: Proposal) -> Refused:
    return Refused(Reason.WRONG_STATE, state=(proposal.state.de, proposal.state.en))
