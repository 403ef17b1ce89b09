"""Cooperations: two organisations that work together, from the handshake to what came of it."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.booking.agreements import Signature, Terms
from impulse_contracts.booking.cooperation_codes import (
    ActionKind,
    AgreementGap,
    CooperationOrigin,
    CooperationStep,
    CooperationWarning,
    NotRedeemedReason,
    PreparationItem,
    Responsible,
)
from impulse_contracts.booking.deliveries import (
    DeliveryDate,
    DeliveryReport,
    Evaluation,
    RedemptionCheck,
)
from impulse_contracts.booking.preparations import ChecklistItem, Contacts
from impulse_contracts.codes import (
    CooperationState,
    CvMode,
    DeclineReason,
    Direction,
    SocietalTopic,
)
from impulse_contracts.message import Fact, Part, Timer
from impulse_contracts.parts import OnBehalf
from impulse_contracts.types import Day, Moment, Open


class RemindOfCooperation(
    Timer,
    ce_type="impulse.booking.remind_of_cooperation.v1",
    topic=topics.BOOKING_COMMANDS,
    key="cooperation_id",
):
    """Something about a cooperation comes due: do it, or tell those whom it concerns."""

    cooperation_id: UUID


class NextAction(Part):
    """What is to be done next, by whom, and until when."""

    kind: Open[ActionKind]
    responsible: Open[Responsible]
    due: Day
    text: str | None = None
    """What somebody has set (kind `other`)."""
    item: Open[PreparationItem] | None = None
    """What is to be prepared (kind `prepare`)."""


class Step(Part):
    """A step of a cooperation: when, whose, and how a side told a broker who recorded it."""

    step: Open[CooperationStep]
    at: Moment
    state: Open[CooperationState]
    """Where the cooperation was after it."""
    side: Open[Direction] | None = None
    """Null: the brokers, or the clock."""
    on_behalf: OnBehalf | None = None
    reason: Open[NotRedeemedReason] | None = None
    decline_reason: Open[DeclineReason] | None = None


class Hold(Part):
    """That a cooperation rests: until when, why, and where it goes on."""

    until: Day
    reason: Open[NotRedeemedReason]
    state: Open[CooperationState]


class Formerly(Part):
    """As which organisation a side was entered, where another one goes on for it."""

    side: Open[Direction]
    actor_id: UUID


class CooperationFact(Fact, topic=topics.COOPERATIONS, key="cooperation_id"):
    """A cooperation: what both sides agreed to do, until when, and how far it is.

    One that came of no proposal names none: its own id stands for proposal, need and offer.
    """

    cooperation_id: UUID
    proposal_id: UUID
    need_id: UUID
    offer_id: UUID
    need_actor_id: UUID
    offer_actor_id: UUID
    need_title: str
    offer_title: str
    topics: tuple[Open[SocietalTopic], ...] = ()
    """The need's, as they were when it was opened."""
    example: bool = False
    state: Open[CooperationState]
    opened_at: Moment
    redeem_by: Day
    origin: Open[CooperationOrigin] = CooperationOrigin.PROPOSAL
    format: Open[CvMode] | None = None
    in_charge: UUID | None = None
    """The intermediary in charge of the organisation with the need; null: the operator."""
    since: Moment | None = None
    """Since when it is in its state; null: since it was opened."""
    terms: Terms | None = None
    missing: tuple[Open[AgreementGap], ...] = ()
    """What the terms lack to be complete."""
    signatures: tuple[Signature, ...] = ()
    number: str | None = None
    """Of the agreement: the year, and which one of it."""
    agreed_at: Moment | None = None
    """When both sides had signed; where a broker records it later, on that day."""
    hold: Hold | None = None
    next_action: NextAction | None = None
    """Null: it is over, or was last changed before there were next actions."""
    warnings: tuple[Open[CooperationWarning], ...] = ()
    steps: tuple[Step, ...] = ()
    """What has happened, oldest first; without reminders."""
    reminded: tuple[str, ...] = ()
    """The reminders that were given; each once."""
    dates: tuple[DeliveryDate, ...] = ()
    """When they come together, in order."""
    reports: tuple[DeliveryReport, ...] = ()
    """What each side says of what happened; at most one of each."""
    decision: DeliveryReport | None = None
    """What stands, as the approving side says."""
    redeemed_at: Moment | None = None
    """When it was first known that it was carried out, at least partly."""
    evaluations: tuple[Evaluation, ...] = ()
    redemption: tuple[RedemptionCheck, ...] = ()
    """After 3, 6 and 12 months from the agreement."""
    checklist: tuple[ChecklistItem, ...] = ()
    """What is to be prepared, in the order in which it is due."""
    contacts: tuple[Contacts, ...] = ()
    """At most one of each side."""
    formerly: tuple[Formerly, ...] = ()
    """Of one that came of no proposal; what came of one follows that."""
    edition_id: UUID | None = None
    """The edition at which it came about."""
    edition_number: int | None = None
    """Which agreement of that edition it is, counted from 1."""


class CooperationOpened(CooperationFact, ce_type="impulse.booking.cooperation.opened.v1"):
    """Both sides accepted a proposal, or one claimed the other's project; now it has to be carried
    out."""


class CooperationEntered(CooperationFact, ce_type="impulse.booking.cooperation.entered.v1"):
    """A broker entered a cooperation of which no proposal was made."""


class CooperationDueSoon(CooperationFact, ce_type="impulse.booking.cooperation.due_soon.v1"):
    """A cooperation should be carried out soon."""


class CooperationOverdue(CooperationFact, ce_type="impulse.booking.cooperation.overdue.v1"):
    """A cooperation was not carried out in time."""


class CooperationTransferred(CooperationFact, ce_type="impulse.booking.cooperation.transferred.v1"):
    """A side of a cooperation is another organisation now; what was agreed stands."""


class AgreementDrafted(CooperationFact, ce_type="impulse.booking.cooperation.drafted.v1"):
    """The terms are written down; `missing` says what they lack."""


class AgreementSigned(CooperationFact, ce_type="impulse.booking.cooperation.signed.v1"):
    """One side agrees to the terms; the other one has not said so yet."""


class CooperationAgreed(CooperationFact, ce_type="impulse.booking.cooperation.agreed.v1"):
    """Both sides agree to the terms, which are complete and have a number."""


class CooperationHeld(CooperationFact, ce_type="impulse.booking.cooperation.put_on_hold.v1"):
    """It rests until a day; `hold` says why."""


class CooperationResumed(CooperationFact, ce_type="impulse.booking.cooperation.resumed.v1"):
    """It goes on where it was put on hold."""


class CooperationDeclined(CooperationFact, ce_type="impulse.booking.cooperation.declined.v1"):
    """A side does not want it; nothing was agreed. The last step says why."""


class CooperationWithdrawn(CooperationFact, ce_type="impulse.booking.cooperation.withdrawn.v1"):
    """A side can't go on; nothing was agreed. The last step says why."""


class CooperationCancelled(CooperationFact, ce_type="impulse.booking.cooperation.cancelled.v1"):
    """What was agreed is called off. The last step says why."""


class CooperationNotRedeemed(
    CooperationFact, ce_type="impulse.booking.cooperation.not_redeemed.v1"
):
    """What was agreed was not carried out, and will not be. The last step says why."""


class NextActionSet(CooperationFact, ce_type="impulse.booking.cooperation.action_set.v1"):
    """Somebody said what is to be done next."""


class NextActionDue(CooperationFact, ce_type="impulse.booking.cooperation.action_due.v1"):
    """What is to be done next should be done soon; whoever does it is reminded."""


class CooperationEscalated(CooperationFact, ce_type="impulse.booking.cooperation.escalated.v1"):
    """What was to be done next was not done in time; whoever is in charge should help."""

    times: int = 1
    """How often that was said by now; the operator is told, too, when it is said again."""


class DeliveryPlanned(CooperationFact, ce_type="impulse.booking.cooperation.planned.v1"):
    """They come together at these dates."""


class DeliverySoon(CooperationFact, ce_type="impulse.booking.cooperation.day_soon.v1"):
    """They come together in a few days; both are reminded."""


class DeliveryStarted(CooperationFact, ce_type="impulse.booking.cooperation.started.v1"):
    """The first date has come."""


class DeliveryReported(CooperationFact, ce_type="impulse.booking.cooperation.reported.v1"):
    """A side said what happened; the other one may say otherwise."""


class DeliveryDecided(CooperationFact, ce_type="impulse.booking.cooperation.decided.v1"):
    """The approving side said what stands."""


class CooperationEvaluated(CooperationFact, ce_type="impulse.booking.cooperation.evaluated.v1"):
    """A side said how good it was."""


class CooperationCompleted(CooperationFact, ce_type="impulse.booking.cooperation.completed.v1"):
    """It was carried out, and is over."""


class CooperationContinued(CooperationFact, ce_type="impulse.booking.cooperation.continued.v1"):
    """It was carried out, and goes on as a lasting partnership."""


class RedemptionChecked(
    CooperationFact, ce_type="impulse.booking.cooperation.redemption_checked.v1"
):
    """It was looked at whether the agreement is carried out; the last of `redemption` says so."""


class CooperationPrepared(CooperationFact, ce_type="impulse.booking.cooperation.prepared.v1"):
    """Something of the preparation is done, or was changed."""


class PreparationDue(CooperationFact, ce_type="impulse.booking.cooperation.items_due.v1"):
    """Something should be prepared soon; whoever does it is reminded."""

    due_items: tuple[Open[PreparationItem], ...] = ()


class ContactsNamed(CooperationFact, ce_type="impulse.booking.cooperation.contacts_named.v1"):
    """A side said whom to reach, and who steps in."""


class ContactLeft(CooperationFact, ce_type="impulse.booking.cooperation.contact_left.v1"):
    """Somebody left an organisation who was named as the one to reach, or to step in."""

    lost: tuple[Open[Direction], ...] = ()
    """The sides of which nobody is left to reach, and was before."""
