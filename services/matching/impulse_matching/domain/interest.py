"""Somebody wants a listing of another organisation: a proposal that they themselves ask for."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import Direction, ProposalOrigin, ProposalState
from impulse_contracts.reasons import Reason
from impulse_matching.domain import proposals, scoring
from impulse_matching.domain.blockers import Blocker
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.plan import stands
from impulse_matching.domain.proposals import Proposal
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.scoring import Scored

HARD = frozenset(
    {
        Blocker.NOT_OPEN,
        Blocker.SAME_DIRECTION,
        Blocker.EXAMPLE,
        Blocker.SAME_PARTY,
        Blocker.IMPOSSIBLE,
    }
)
"""What no wish overcomes. All other blockers are shown with the proposal, and the sides decide."""


def choose(
    need: Listing,
    offers: Iterable[Listing],
    rules: RuleSet,
    day: date,
    partners: Collection[UUID] = (),
) -> Scored:
    """The pair with the offer that fits best, or is least in the way.

    `partners` are the parties with whom the need's actor has agreed before.
    Refused with `offer_needed` where there is none, with `blocked` where no pair can be.
    """
    pairs = [scoring.score(need, offer, rules, day, offer.party in partners) for offer in offers]
    if not pairs:
        raise Refused(Reason.OFFER_NEEDED)
    best = min(pairs, key=lambda each: (_in_the_way(each), -each.score, each.offer.listing_id))
    hard = [each for each in best.blockers if each.criterion in HARD]
    if hard:
        raise Refused(Reason.BLOCKED, detail=(hard[0].de, hard[0].en))
    return best


def _in_the_way(scored: Scored) -> tuple[int, int]:
    return sum(each.criterion in HARD for each in scored.blockers), len(scored.blockers)


def ask(
    scored: Scored, before: Proposal | None, side: Direction, note: str | None, now: datetime
) -> Proposal:
    """The proposal that `side` asks for: the one that stands, or a new one of origin `requested`.

    Refused with `wrong_state` where both have agreed, or the other side has said no and nothing has
    changed of that on which its refusal rests.
    """
    if before is not None and before.is_open:
        return before.model_copy(update={"note": note}) if note else before
    if before is not None:
        agreed = before.state is ProposalState.MUTUALLY_ACCEPTED
        refused = before.declined_by not in (None, side)
        if agreed or (refused and stands(before, scored.need, scored.offer)):
            raise Refused(Reason.WRONG_STATE, state=(before.state.de, before.state.en))
    return proposals.suggest(scored, now, before, ProposalOrigin.REQUESTED, note)
