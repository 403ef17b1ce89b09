"""A proposal with all that its score was made from."""

from uuid import UUID

from impulse_chassis import Transaction
from impulse_matching.domain.again import Kept
from impulse_matching.domain.proposals import Proposal
from impulse_matching.domain.rules import RuleSet, shipped_as
from impulse_matching.store.earlier import stated
from impulse_matching.store.proposals import proposals
from impulse_matching.store.rulesets import rulesets


def kept(tx: Transaction, proposal_id: UUID) -> Kept | Proposal | None:
    """What is kept of a proposal: all, or itself alone where its inputs are not; None: unknown."""
    proposals.read(tx, [proposal_id])
    proposal = proposals.get(tx, proposal_id)
    if proposal is None or proposal.inputs is None:
        return proposal
    need = stated(tx, proposal.need_id, proposal.inputs.need_version)
    offer = stated(tx, proposal.offer_id, proposal.inputs.offer_version)
    rules = _rules(tx, proposal.ruleset_version)
    if need is None or offer is None or rules is None:
        return proposal
    return Kept(proposal, proposal.inputs, need, offer, rules)


def _rules(tx: Transaction, version: str) -> RuleSet | None:
    """The rules of a version, shipped or brought into force once."""
    rulesets.read(tx, [version])
    if active := rulesets.get(tx, version):
        return RuleSet.model_validate(active.rules)
    return shipped_as(version)
