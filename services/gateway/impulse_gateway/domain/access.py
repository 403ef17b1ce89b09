"""Who somebody is to Impulse, and so what they may see and ask for. Services decide for good."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from impulse_contracts.booking import CooperationFact
from impulse_contracts.codes import ActorStatus, Direction, ListingStatus, PersonRole, ProposalState
from impulse_contracts.matching import ProposalFact
from impulse_contracts.registry import ActorState, ListingState

_LOOK_ONLY = {PersonRole.VIEWER, PersonRole.VOLUNTEER}
_ANSWERING = {
    PersonRole.CONTACT,
    PersonRole.DECISION,
    PersonRole.COORDINATOR,
    PersonRole.SIGNATORY,
    PersonRole.EDITOR,
    PersonRole.ADMIN,
}
"""What one must be to an organisation to answer for it; matching decides for good."""
OPEN_PROPOSALS = (
    ProposalState.SUGGESTED,
    ProposalState.SENT,
    ProposalState.ACCEPTED_BY_NEED,
    ProposalState.ACCEPTED_BY_OFFER,
)
"""The states in which a proposal can still be answered."""
_ACCEPTED_BY = {
    Direction.NEED: ProposalState.ACCEPTED_BY_NEED,
    Direction.OFFER: ProposalState.ACCEPTED_BY_OFFER,
}
SHOWN_ACTORS = (ActorStatus.REGISTERED, ActorStatus.VERIFIED)
"""Actors that everybody sees; the others are seen by their own people, brokers and operators."""


class Role(StrEnum):
    """What somebody is at the gateway; a person may be several."""

    VISITOR = "visitor"
    MEMBER = "member"
    BROKER = "broker"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Viewer:
    """Whoever is asking: a visitor, or a person who has signed in, with their memberships."""

    person_id: UUID | None = None
    name: str = ""
    memberships: Mapping[UUID, frozenset[str]] = field(default_factory=dict)

    @property
    def roles(self) -> frozenset[Role]:
        """The roles; a person who has signed in is a member at least."""
        if self.person_id is None:
            return frozenset({Role.VISITOR})
        functions = frozenset().union(*self.memberships.values())
        special = {PersonRole.BROKER: Role.BROKER, PersonRole.OPERATOR: Role.OPERATOR}
        return frozenset({Role.MEMBER} | {special[each] for each in special if each in functions})

    @property
    def sees_all(self) -> bool:
        """Whether nothing of the brokerage is hidden."""
        return bool(self.roles & {Role.BROKER, Role.OPERATOR})

    @property
    def actors(self) -> list[UUID]:
        """The actors that this person belongs to."""
        return sorted(self.memberships)

    def answers_for(self, actor_id: UUID) -> bool:
        """Whether they may answer a proposal for an actor."""
        return self.sees_all or bool(self._own(actor_id) & _ANSWERING)

    def manages(self, actor_id: UUID) -> bool:
        """Whether they may change an actor and its listings."""
        return self.sees_all or bool(self._own(actor_id) - _LOOK_ONLY)

    def _own(self, actor_id: UUID) -> frozenset[str]:
        return self.memberships.get(actor_id, frozenset())


def sees_actor(viewer: Viewer, actor: ActorState) -> bool:
    """Everybody sees those that are registered; who belongs to one, or brokers, see it anyway."""
    return actor.status in SHOWN_ACTORS or viewer.sees_all or actor.actor_id in viewer.memberships


def sees_listing(viewer: Viewer, listing: ListingState) -> bool:
    """Everybody sees open listings; who belongs to its actor, or brokers, see it anyway."""
    is_open = listing.status == ListingStatus.OPEN
    return is_open or viewer.sees_all or listing.actor_id in viewer.memberships


def sees_pair(viewer: Viewer, pair: ProposalFact | CooperationFact) -> bool:
    """Proposals and cooperations are for their parties and for brokers; examples for everybody."""
    parties = {pair.need_actor_id, pair.offer_actor_id}
    return pair.example or viewer.sees_all or bool(parties & viewer.memberships.keys())


def party(proposal: ProposalFact, side: Direction) -> UUID:
    """The actor on a side."""
    return proposal.need_actor_id if side is Direction.NEED else proposal.offer_actor_id


def may_accept(viewer: Viewer, proposal: ProposalFact) -> list[Direction]:
    """The sides for which somebody can say yes now."""
    return [side for side in may_decline(viewer, proposal) if proposal.state != _ACCEPTED_BY[side]]


def may_decline(viewer: Viewer, proposal: ProposalFact) -> list[Direction]:
    """The sides for which somebody can say no now."""
    if proposal.state not in OPEN_PROPOSALS:
        return []
    return [side for side in Direction if viewer.answers_for(party(proposal, side))]
