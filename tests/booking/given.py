"""Facts that booking hears, with sensible values."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from impulse_contracts.codes import ProposalState, SocietalTopic
from impulse_contracts.matching import ProposalMutuallyAccepted


def mutually_accepted(proposal_id: UUID | None = None) -> ProposalMutuallyAccepted:
    """A proposal that both sides accepted."""
    return ProposalMutuallyAccepted(
        version=3,
        proposal_id=proposal_id or uuid4(),
        need_id=uuid4(),
        offer_id=uuid4(),
        need_actor_id=uuid4(),
        offer_actor_id=uuid4(),
        need_title="Streichaktion im Jugendzentrum",
        offer_title="Malerteam für einen Aktionstag",
        score=0.8,
        ruleset_version="ruhr-1",
        inputs_hash="0" * 64,
        topics=(SocietalTopic.SOCIAL_COHESION,),
        example=True,
        state=ProposalState.MUTUALLY_ACCEPTED,
        suggested_at=datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
    )
