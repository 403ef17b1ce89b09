"""Commands on the network of intermediaries, and its facts."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.message import Command, Timer
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.types import Ags

ServiceArea = Annotated[tuple[Ags, ...], Field(max_length=500)]
"""Municipalities (AGS of 8 digits) and whole districts (5 digits)."""

# ------------------------------------------------------------------------------ commands


class AdmitIntermediary(
    Command,
    ce_type="impulse.registry.admit_intermediary.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Admit an actor to the network of intermediaries."""

    actor_id: UUID
    service_area: ServiceArea = ()


class EndAdmission(
    Command,
    ce_type="impulse.registry.end_admission.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Take an intermediary out of the network; others are in charge of what it had."""

    actor_id: UUID


class SetServiceArea(
    Command,
    ce_type="impulse.registry.set_service_area.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Say where an intermediary helps."""

    actor_id: UUID
    service_area: ServiceArea


class HandOverActor(
    Command,
    ce_type="impulse.registry.hand_over_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Put an intermediary in charge of an actor, whatever the areas say."""

    actor_id: UUID
    to: UUID | None = None
    """The intermediary. Unset: whoever the areas say."""


class HandOverListing(
    Command,
    ce_type="impulse.registry.hand_over_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """Put an intermediary in charge of one listing."""

    listing_id: UUID
    to: UUID | None = None
    """The intermediary. Unset: whoever is in charge of the listing's actor."""


class FollowIntermediary(
    Timer,
    ce_type="impulse.registry.follow_intermediary.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="intermediary_id",
):
    """See who is in charge now that an intermediary changed, a portion of actors at a time."""

    intermediary_id: UUID
    after: UUID | None = None
    """The last actor of the portion before; unset: begin."""


# --------------------------------------------------------------------------------- facts


class ActorAdmitted(ActorState, ce_type="impulse.registry.actor.admitted.v1"):
    """An actor is an intermediary of the network."""


class ActorAdmissionEnded(ActorState, ce_type="impulse.registry.actor.admission_ended.v1"):
    """An actor is no intermediary of the network any more."""


class ActorServiceAreaChanged(ActorState, ce_type="impulse.registry.actor.service_area_changed.v1"):
    """An intermediary helps elsewhere than before."""


class ActorHandedOver(ActorState, ce_type="impulse.registry.actor.handed_over.v1"):
    """Somebody decided which intermediary is in charge of an actor."""


class ActorInChargeChanged(ActorState, ce_type="impulse.registry.actor.in_charge_changed.v1"):
    """Another intermediary is in charge of an actor, because areas or admissions changed."""
