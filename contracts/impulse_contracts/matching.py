"""Commands to matching and its facts: proposals, which offer fits which need, and why."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    ProposalOrigin,
    ProposalState,
    SocietalTopic,
)
from impulse_contracts.message import Command, Fact, Part, Timer
from impulse_contracts.parts import OnBehalf, ReportedOnBehalf
from impulse_contracts.types import Moment, Open, OptionalName


class ReleaseProposal(
    Command,
    ce_type="impulse.matching.release_proposal.v1",
    topic=topics.MATCHING_COMMANDS,
    key="proposal_id",
):
    """A broker shows a suggestion to both sides, who can answer it from now on.

    The record key is the need's id, as of all commands on proposals.
    """

    proposal_id: UUID


class AcceptProposal(
    Command,
    ce_type="impulse.matching.accept_proposal.v1",
    topic=topics.MATCHING_COMMANDS,
    key="proposal_id",
):
    """One side says yes. The record key is the need's id, which orders all answers on a need."""

    proposal_id: UUID
    side: Direction
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the side said it to them. It shows as such."""


class DeclineProposal(
    Command,
    ce_type="impulse.matching.decline_proposal.v1",
    topic=topics.MATCHING_COMMANDS,
    key="proposal_id",
):
    """One side says no, and why."""

    proposal_id: UUID
    side: Direction
    reason: DeclineReason
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the side said it to them. It shows as such."""


class ExpressInterest(
    Command,
    ce_type="impulse.matching.express_interest.v1",
    topic=topics.MATCHING_COMMANDS,
    key="need_id",
):
    """An organisation says that it wants a published need or offer of another one.

    That opens a proposal of origin `requested`, to which its own side has said yes; the outcome
    names it. Without an `offer_id` it is the organisation's own open offer that fits best. It waits
    for a listing that is not known yet: one may be published to ask with it.
    """

    interest_id: UUID
    need_id: UUID
    offer_id: UUID | None = None
    actor_id: UUID
    """Who is interested: the organisation of one of the two listings."""
    note: OptionalName | None = None
    """What the other side should know; without e-mail addresses and telephone numbers."""
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the organisation said it to them. It shows as such."""


class ExpireProposal(
    Timer,
    ce_type="impulse.matching.expire_proposal.v1",
    topic=topics.MATCHING_COMMANDS,
    key="need_id",
):
    """A proposal that was released has waited long enough for the answers."""

    proposal_id: UUID
    need_id: UUID


class RemindProposal(
    Timer,
    ce_type="impulse.matching.remind_proposal.v1",
    topic=topics.MATCHING_COMMANDS,
    key="need_id",
):
    """The time to answer a proposal ends in a few days."""

    proposal_id: UUID
    need_id: UUID


class ReleaseSuggestions(
    Timer,
    ce_type="impulse.matching.release_suggestions.v1",
    topic=topics.MATCHING_COMMANDS,
    key="listing_id",
):
    """Where the rule set releases by itself: release the best suggestions of a listing."""

    listing_id: UUID


class Contribution(Part):
    """What one criterion adds to a score: `points` = `weight` x `raw`, both between 0 and 1."""

    criterion: str
    raw: float
    weight: float
    points: float
    de: str
    en: str


class ReasonGiven(Part):
    """A sentence why a pair fits, or what stands against it."""

    criterion: str
    de: str
    en: str


class Adjustment(Part):
    """How fairness moved a pair when it was suggested; its score stays as it is.

    Of how often the other side's listings were suggested, for each that was open then:
    `municipality` (that of `ags`), `actor` and, over all, `average`.
    """

    rank_by_score: int
    """Its place by score among the counterparts of the listing that it was suggested for."""
    rank: int
    points: float
    """By how much it was lifted, as a part of a score."""
    ags: str | None = None
    municipality: float | None = None
    actor: float
    average: float
    de: str
    en: str


class Answer(Part):
    """What a side said, when it was recorded, and how the side said it to whoever recorded it."""

    side: Open[Direction]
    accepted: bool
    at: Moment
    on_behalf: OnBehalf | None = None


class ProposalFact(Fact, topic=topics.PROPOSALS, key="proposal_id"):
    """A proposal and everything that explains it."""

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
    inputs_hash: str
    topics: tuple[Open[SocietalTopic], ...] = ()
    """The need's topics as they were when the proposal was made."""
    example: bool = False
    state: Open[ProposalState]
    declined_by: Open[Direction] | None = None
    decline_reason: Open[DeclineReason] | None = None
    answer_until: Moment | None = None
    suggested_at: Moment
    origin: Open[ProposalOrigin] = ProposalOrigin.ENGINE
    released_at: Moment | None = None
    """Since when both sides see it; null: it is the brokers' alone."""
    answers: tuple[Answer, ...] = ()
    """What the sides have said since it was suggested last, oldest first."""
    note: str | None = None
    """What the side that asked for it wants the other one to know."""
    adjustment: Adjustment | None = None
    """Null: fairness had nothing to do with it."""


class ProposalSuggested(ProposalFact, ce_type="impulse.matching.proposal.suggested.v1"):
    """The engine found a pair that fits."""


class ProposalReleased(ProposalFact, ce_type="impulse.matching.proposal.released.v1"):
    """Both sides see the proposal from now on, and have until `answer_until` to answer."""


class ProposalRescored(ProposalFact, ce_type="impulse.matching.proposal.rescored.v1"):
    """A listing of a released proposal changed, and its score or its reasons with it."""


class ProposalReminded(ProposalFact, ce_type="impulse.matching.proposal.reminded.v1"):
    """The time to answer ends soon, and a side has not answered yet; nothing else has changed."""


class ProposalAccepted(ProposalFact, ce_type="impulse.matching.proposal.accepted.v1"):
    """One side accepted; the offer's capacity is reserved."""


class ProposalMutuallyAccepted(
    ProposalFact, ce_type="impulse.matching.proposal.mutually_accepted.v1"
):
    """Both sides accepted."""


class ProposalTransferred(ProposalFact, ce_type="impulse.matching.proposal.transferred.v1"):
    """A listing of an accepted proposal is another organisation's now; the answers stand."""


class ProposalDeclined(ProposalFact, ce_type="impulse.matching.proposal.declined.v1"):
    """One side declined."""


class ProposalExpired(ProposalFact, ce_type="impulse.matching.proposal.expired.v1"):
    """The other side did not answer in time; the offer is free again."""


class ProposalInvalidated(ProposalFact, ce_type="impulse.matching.proposal.invalidated.v1"):
    """The proposal can't come about any more: another agreement, a withdrawal, better ones."""
