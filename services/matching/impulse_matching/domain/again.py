"""A proposal's score once more, from what it was made from: whether the same comes out."""

from typing import NamedTuple

from impulse_contracts.codes import ProposalState
from impulse_contracts.registry.listings import ListingState
from impulse_matching.domain import scoring
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import Proposal
from impulse_matching.domain.rules import RuleSet
from impulse_matching.domain.scoring import Inputs, Scored

_COMPARED = ("inputs_hash", "score", "contributions", "reasons", "blockers")
_ENDED = frozenset(
    {
        ProposalState.INVALIDATED_BY_OTHER_AGREEMENT,
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
        ProposalState.NO_LONGER_FITTING,
    }
)
"""In these the blockers say why a proposal ended, not how it was scored."""


class Kept(NamedTuple):
    """What is kept of a proposal, and of what its score was made from."""

    proposal: Proposal
    inputs: Inputs
    need: ListingState
    offer: ListingState
    rules: RuleSet


def score_again(kept: Kept) -> Scored:
    """The pair as it is judged now by the rules, the listings and the day of then."""
    need, offer = Listing(kept.need), Listing(kept.offer)
    return scoring.score(need, offer, kept.rules, kept.proposal.scored_on, kept.inputs.partners)


def deviations(proposal: Proposal, scored: Scored) -> list[str]:
    """The fields in which a proposal is not what was scored now; none where both agree."""
    return [
        name
        for name in _COMPARED
        if not (name == "blockers" and proposal.state in _ENDED)
        and getattr(proposal, name) != getattr(scored, name)
    ]
