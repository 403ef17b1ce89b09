"""Who somebody is to Impulse, and so what they may see and ask for. Services decide for good."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from impulse_contracts import rights
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.codes import (
    ActorStatus,
    Direction,
    ListingStatus,
    ProposalState,
    Visibility,
)
from impulse_contracts.matching import ProposalFact
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.people import Membership

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
    memberships: tuple[Membership, ...] = ()

    @property
    def roles(self) -> frozenset[Role]:
        """The roles; a person who has signed in is a member at least."""
        if self.person_id is None:
            return frozenset({Role.VISITOR})
        held = rights.roles_in(self.memberships)
        return frozenset({Role.MEMBER} | {Role(each) for each in rights.STAFF & held})

    @property
    def sees_all(self) -> bool:
        """Whether nothing of the brokerage is hidden."""
        return rights.is_staff(self.memberships)

    @property
    def actors(self) -> list[UUID]:
        """The actors that this person belongs to."""
        return [each.actor_id for each in self.memberships]

    def answers_for(self, actor_id: UUID) -> bool:
        """Whether they may answer a proposal for an actor."""
        return rights.may_answer(self.memberships, actor_id)

    def manages(self, actor_id: UUID) -> bool:
        """Whether they may change an actor and its listings."""
        return rights.may_manage(self.memberships, actor_id)

    def manages_people(self, actor_id: UUID) -> bool:
        """Whether they may invite people to an actor, change their roles, and take them off."""
        return rights.may_manage_people(self.memberships, actor_id)

    def acts_for_others(self, actor_id: UUID) -> bool:
        """Whether they enter things on an actor's behalf: they are staff, and not its own."""
        return self.sees_all and not rights.belongs_to(self.memberships, actor_id)

    def sees_all_of(self, actor_id: UUID) -> bool:
        """Whether nothing of an actor is hidden: it is their own, or nothing is hidden at all."""
        return self.sees_all or rights.belongs_to(self.memberships, actor_id)


def sees_actor(viewer: Viewer, actor: ActorState) -> bool:
    """Everybody sees those that are registered; who belongs to one, or brokers, see it anyway."""
    return actor.status in SHOWN_ACTORS or viewer.sees_all_of(actor.actor_id)


def sees_listing(viewer: Viewer, listing: ListingState) -> bool:
    """Open listings are seen by those whom they are for; who belongs to its actor, or brokers, see
    it anyway."""
    if viewer.sees_all_of(listing.actor_id):
        return True
    return listing.status == ListingStatus.OPEN and listing.visibility in seen_by(viewer)


def seen_by(viewer: Viewer) -> list[Visibility]:
    """The visibilities of open listings that somebody sees, whosever they are."""
    if viewer.sees_all:
        return list(Visibility)
    if viewer.person_id is not None:
        return [Visibility.PUBLIC, Visibility.NETWORK]
    return [Visibility.PUBLIC]


def sees_pair(viewer: Viewer, pair: ProposalFact | CooperationFact) -> bool:
    """Proposals and cooperations are for their parties and for brokers; examples for everybody.

    What is not released, the brokers alone see.
    """
    if isinstance(pair, ProposalFact) and pair.released_at is None:
        return viewer.sees_all
    parties = (pair.need_actor_id, pair.offer_actor_id)
    return pair.example or any(viewer.sees_all_of(actor_id) for actor_id in parties)


def party(pair: ProposalFact | CooperationFact, side: Direction) -> UUID:
    """The actor on a side."""
    return pair.need_actor_id if side is Direction.NEED else pair.offer_actor_id


def may_release(viewer: Viewer, proposal: ProposalFact) -> bool:
    """Whether somebody can let both sides see a suggestion."""
    return viewer.sees_all and proposal.state == ProposalState.SUGGESTED


def may_accept(viewer: Viewer, proposal: ProposalFact) -> list[Direction]:
    """The sides for which somebody can say yes now."""
    return [side for side in may_decline(viewer, proposal) if proposal.state != _ACCEPTED_BY[side]]


def may_decline(viewer: Viewer, proposal: ProposalFact) -> list[Direction]:
    """The sides for which somebody can say no now."""
    if proposal.state not in OPEN_PROPOSALS:
        return []
    return [side for side in Direction if viewer.answers_for(party(proposal, side))]


def runs(viewer: Viewer, offer: ProgrammeOfferFact, session: SessionFact | None = None) -> bool:
    """Whether somebody runs an offer, or a session of it: staff run all, the people of who gives an
    offer run that one, and an adviser runs their own talks."""
    if viewer.sees_all:
        return True
    gives = offer.provider_actor_id is not None and viewer.manages(offer.provider_actor_id)
    adviser_id = session.adviser_id if session else None
    return gives or (adviser_id is not None and adviser_id == viewer.person_id)


def runs_edition(viewer: Viewer, edition: EditionFact) -> bool:
    """Whether somebody runs an edition: staff run all, the people of who gives it run that one."""
    provider = edition.provider_actor_id
    return viewer.sees_all or (provider is not None and viewer.manages(provider))
