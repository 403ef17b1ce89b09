"""Commands on the life of an actor (evidence, confirmation, suspension), and its facts."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.codes import EvidenceKind, IntakeChannel, SuspensionReason
from impulse_contracts.message import Command, Timer
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.types import Day, Flag, OptionalName

# ------------------------------------------------------------------------------ commands


class SubmitEvidence(
    Command,
    ce_type="impulse.registry.submit_evidence.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Say which evidence an actor has; repeated with its id it corrects one not yet checked."""

    actor_id: UUID
    evidence_id: UUID
    kind: EvidenceKind
    issuer: OptionalName | None = None
    """The authority that issued it."""
    issued_on: Day | None = None
    """The date of the notice; from it the periods of section 63 (5) AO are counted."""


class CheckEvidence(
    Command,
    ce_type="impulse.registry.check_evidence.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Say what came of checking a piece of evidence."""

    actor_id: UUID
    evidence_id: UUID
    accepted: Flag
    checked_on: Day | None = None
    """Unset: today."""
    valid_until: Day | None = None
    """The last day on which it holds. Unset: as the law says for its kind."""


class ConfirmActor(
    Command,
    ce_type="impulse.registry.confirm_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Confirm that what stands about an actor is current; a stale one is back in sight."""

    actor_id: UUID
    channel: IntakeChannel | None = None
    """How the actor's people said so to a broker who notes it; needed from a broker."""
    said_on: Day | None = None
    """When they said so. Unset: today."""


class SuspendActor(
    Command,
    ce_type="impulse.registry.suspend_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Take an actor out of sight, with its listings, until it is reactivated."""

    actor_id: UUID
    reason: SuspensionReason


class ReactivateActor(
    Command,
    ce_type="impulse.registry.reactivate_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Lift an actor's suspension."""

    actor_id: UUID


class FollowBearer(
    Timer,
    ce_type="impulse.registry.follow_bearer.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="bearer_id",
):
    """See what its units have of an actor's evidence now that it changed, a portion at a time."""

    bearer_id: UUID
    after: UUID | None = None
    """The last unit of the portion before; unset: begin."""


class SweepActors(
    Timer,
    ce_type="impulse.registry.sweep_actors.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="what",
):
    """Look which actors the clock changes now: reminders, stale ones, evidence that ended; and
    delete what was kept long enough of what does not stand."""

    what: Annotated[str, Field(pattern="^actors$")]


# --------------------------------------------------------------------------------- facts


class ActorEvidenceSubmitted(ActorState, ce_type="impulse.registry.actor.evidence_submitted.v1"):
    """An actor named evidence."""


class ActorVerified(ActorState, ce_type="impulse.registry.actor.verified.v1"):
    """An actor's evidence was checked and accepted."""


class ActorVerificationRejected(
    ActorState, ce_type="impulse.registry.actor.verification_rejected.v1"
):
    """A piece of an actor's evidence was checked and not accepted."""


class ActorEvidenceDueSoon(ActorState, ce_type="impulse.registry.actor.evidence_due_soon.v1"):
    """The last evidence of an actor that holds comes to its end."""


class ActorEvidenceEnded(ActorState, ce_type="impulse.registry.actor.evidence_ended.v1"):
    """No evidence of an actor holds any more: it is to be renewed."""


class ActorEvidenceInherited(ActorState, ce_type="impulse.registry.actor.evidence_inherited.v1"):
    """What a unit has of its bearer's evidence changed."""


class ActorConfirmed(ActorState, ce_type="impulse.registry.actor.confirmed_current.v1"):
    """What stands about an actor was confirmed."""


class ActorConfirmationDue(ActorState, ce_type="impulse.registry.actor.confirmation_due.v1"):
    """An actor will be stale soon unless somebody confirms it."""


class ActorMarkedStale(ActorState, ce_type="impulse.registry.actor.marked_stale.v1"):
    """An actor was not confirmed for `IMPULSE_REGISTRY_STALE_DAYS` and is hidden."""


class ActorSuspended(ActorState, ce_type="impulse.registry.actor.suspended.v1"):
    """An actor was taken out of sight by staff."""
