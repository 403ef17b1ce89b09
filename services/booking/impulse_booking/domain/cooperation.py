"""A cooperation: two organisations that work together, from the handshake to what came of it."""

from datetime import date, datetime
from uuid import UUID, uuid5

from impulse_chassis.aggregate import Aggregate
from impulse_contracts.booking.agreements import Signature, Terms
from impulse_contracts.booking.cooperation_codes import (
    AgreementGap,
    CooperationOrigin,
    CooperationWarning,
)
from impulse_contracts.booking.cooperations import Formerly, Hold, NextAction, Step
from impulse_contracts.booking.deliveries import (
    DeliveryDate,
    DeliveryReport,
    Evaluation,
    RedemptionCheck,
)
from impulse_contracts.booking.preparations import ChecklistItem, Contacts
from impulse_contracts.codes import CooperationState, CvMode, Direction, SocietalTopic
from impulse_contracts.matching import ProposalTransferred
from impulse_contracts.types import Open

TO_BE_CARRIED_OUT = frozenset(
    {
        CooperationState.INTRODUCED,
        CooperationState.NEGOTIATING,
        CooperationState.AGREED,
        CooperationState.PREPARING,
        CooperationState.IN_DELIVERY,
    }
)
"""The states in which it is to be carried out until its last day."""
OPEN = TO_BE_CARRIED_OUT | {CooperationState.EVALUATING, CooperationState.ON_HOLD}
"""The states in which something is left to do."""
SIDES = (Direction.NEED, Direction.OFFER)
_FIELD = {Direction.NEED: "need_actor_id", Direction.OFFER: "offer_actor_id"}


class Cooperation(Aggregate, key="cooperation_id"):
    """A cooperation. Fields as in `CooperationFact`."""

    cooperation_id: UUID
    proposal_id: UUID
    need_id: UUID
    offer_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    topics: tuple[Open[SocietalTopic], ...] = ()
    example: bool = False
    state: CooperationState
    opened_at: datetime
    redeem_by: date
    origin: CooperationOrigin = CooperationOrigin.PROPOSAL
    format: Open[CvMode] | None = None
    in_charge: UUID | None = None
    since: datetime | None = None
    terms: Terms | None = None
    missing: tuple[AgreementGap, ...] = ()
    signatures: tuple[Signature, ...] = ()
    number: str | None = None
    agreed_at: datetime | None = None
    hold: Hold | None = None
    next_action: NextAction | None = None
    warnings: tuple[CooperationWarning, ...] = ()
    steps: tuple[Step, ...] = ()
    reminded: tuple[str, ...] = ()
    dates: tuple[DeliveryDate, ...] = ()
    reports: tuple[DeliveryReport, ...] = ()
    decision: DeliveryReport | None = None
    redeemed_at: datetime | None = None
    evaluations: tuple[Evaluation, ...] = ()
    redemption: tuple[RedemptionCheck, ...] = ()
    checklist: tuple[ChecklistItem, ...] = ()
    contacts: tuple[Contacts, ...] = ()
    formerly: tuple[Formerly, ...] = ()
    edition_id: UUID | None = None
    edition_number: int | None = None

    @property
    def began(self) -> datetime:
        """Since when it is in its state."""
        return self.since or self.opened_at

    @property
    def is_signed(self) -> bool:
        """Whether both sides have signed the terms as they are."""
        return {each.side for each in self.signatures}.issuperset(SIDES)

    def actor_of(self, side: Direction) -> UUID:
        """The organisation of a side."""
        return self.need_actor_id if side is Direction.NEED else self.offer_actor_id


def cooperation_id(proposal_id: UUID) -> UUID:
    """The id of the cooperation that comes of a proposal: always the same, whoever asks."""
    return uuid5(proposal_id, "cooperation")


def follow(cooperation: Cooperation, proposal: ProposalTransferred) -> Cooperation:
    """The cooperation of the actors that are the sides of its proposal now; as it is, if these are
    the same."""
    now = {
        "need_actor_id": proposal.need_actor_id,
        "offer_actor_id": proposal.offer_actor_id,
    }
    if all(getattr(cooperation, side) == actor_id for side, actor_id in now.items()):
        return cooperation
    return cooperation.evolve(**now)


def passed_on(cooperation: Cooperation, actor_id: UUID, survivor_id: UUID) -> Cooperation:
    """The cooperation of the organisation that goes on for a merged one; whose a side was is
    remembered."""
    moved = [side for side in SIDES if cooperation.actor_of(side) == actor_id]
    remembered = (Formerly(side=side, actor_id=actor_id) for side in moved)
    return cooperation.evolve(
        **{_FIELD[side]: survivor_id for side in moved},
        formerly=(*cooperation.formerly, *remembered),
    )


def given_back(cooperation: Cooperation, actor_id: UUID) -> Cooperation:
    """The cooperation of an organisation that is separated again, which passed it on before."""
    changes: dict[str, UUID] = {}
    formerly = cooperation.formerly
    for side in SIDES:
        own = [each.actor_id for each in formerly if each.side == side]
        if actor_id in own:
            changes[_FIELD[side]] = actor_id
            before = own[: own.index(actor_id)]
            formerly = (
                *(each for each in formerly if each.side != side),
                *(Formerly(side=side, actor_id=each) for each in before),
            )
    return cooperation.evolve(**changes, formerly=formerly)
