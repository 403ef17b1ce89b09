"""Commands on actors and facts about them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.codes import (
    ActorKind,
    ActorStatus,
    ActorType,
    Carrier,
    IntakeChannel,
    LegalForm,
    SocietalTopic,
    SuspensionReason,
)
from impulse_contracts.message import Command, Fact
from impulse_contracts.partner import ActorProfile
from impulse_contracts.parts import (
    Evidence,
    Handover,
    InheritedEvidence,
    Provenance,
    RegisterEntry,
    Seat,
    Source,
)
from impulse_contracts.types import Day, Moment, Open

# ------------------------------------------------------------------------------ commands


class RegisterActor(
    ActorProfile,
    Command,
    ce_type="impulse.registry.register_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Register an actor that no partner has reported."""

    actor_id: UUID
    channel: IntakeChannel | None = None
    """How it was said, where somebody records it for the party. Unset: by who sends this."""
    said_on: Day | None = None
    """When the party said it, where that was before; refused if it lies ahead."""


class ChangeActor(
    ActorProfile,
    Command,
    ce_type="impulse.registry.change_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Replace an actor's profile."""

    actor_id: UUID
    channel: IntakeChannel | None = None
    """How it was said, where somebody records it for the party. Unset: by who sends this."""
    said_on: Day | None = None
    """When the party said it, where that was before; refused if it lies ahead."""


class ArchiveActor(
    Command,
    ce_type="impulse.registry.archive_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Take an actor and its listings out of sight."""

    actor_id: UUID


# --------------------------------------------------------------------------------- facts


class ActorState(Fact, topic=topics.ACTORS, key="actor_id"):
    """An actor as the registry knows it."""

    actor_id: UUID
    status: Open[ActorStatus]
    kind: Open[ActorKind]
    actor_type: Open[ActorType]
    carrier: Open[Carrier]
    unit: str | None = None
    legal_name: str
    display_name: str | None = None
    legal_form: Open[LegalForm] | None = None
    register_entry: Annotated[RegisterEntry | None, Field(alias="register")] = None
    w_idnr: str | None = None
    seat: Seat
    topics: tuple[Open[SocietalTopic], ...] = ()
    icnpo_group: int | None = None
    size_class: str | None = None
    languages: tuple[str, ...] = ()
    website: str | None = None
    example: bool = False
    sources: tuple[Source, ...] = ()
    """Every name that it was ever reported under, withdrawn ones too: they go on to mean it."""
    carrier_actor_id: UUID | None = None
    """The actor that bears this one: of one legal entity, or named by its report."""
    merged_into: UUID | None = None
    """The actor that this one was merged into; commands and reports that name this one reach it."""
    absorbed: tuple[UUID, ...] = ()
    """The actors that were merged into this one."""
    provenance: tuple[Provenance, ...] = ()
    """What each field rests on."""
    evidence: tuple[Evidence, ...] = ()
    inherited: InheritedEvidence | None = None
    """What a unit has of its bearer's evidence: it is verified by that, too. Null: nothing."""
    needs_renewal: bool = False
    """Whether no checked evidence holds any more, inherited or own; the status is not lost by that.
    """
    suspended_for: Open[SuspensionReason] | None = None
    in_charge: UUID | None = None
    """The intermediary in charge; null: the programme operator."""
    handed_over: bool = False
    """Whether somebody decided who is in charge, and not the areas."""
    handovers: tuple[Handover, ...] = ()
    """The newest changes of who is in charge, oldest first."""
    admitted_at: Moment | None = None
    """Since when it is an admitted intermediary; null: it is none."""
    service_area: tuple[str, ...] = ()
    """Municipalities (AGS of 8 digits) and districts (5) where it helps as intermediary."""
    confirmed_at: Moment


class ActorRegistered(ActorState, ce_type="impulse.registry.actor.registered.v1"):
    """An actor is known for the first time."""


class ActorDetailsChanged(ActorState, ce_type="impulse.registry.actor.details_changed.v1"):
    """What is known about an actor changed."""


class ActorArchived(ActorState, ce_type="impulse.registry.actor.archived.v1"):
    """An actor was withdrawn."""


class ActorMerged(ActorState, ce_type="impulse.registry.actor.merged.v1"):
    """An actor is another one's other entry (`merged_into`), which goes on for both."""


class ActorSeparated(ActorState, ce_type="impulse.registry.actor.separated.v1"):
    """A merge was undone: the actor stands by itself again."""


class ActorReactivated(ActorState, ce_type="impulse.registry.actor.reactivated.v1"):
    """A withdrawn actor is back."""
