"""Commands to the registry and its facts: actors, listings, people, memberships."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.codes import (
    Accessibility,
    ActorKind,
    ActorStatus,
    ActorType,
    Carrier,
    Direction,
    Language,
    LegalForm,
    ListingStatus,
    PersonRole,
    Requirement,
    ResourceCategory,
    SocietalTopic,
)
from impulse_contracts.message import Command, Fact, Part, Timer
from impulse_contracts.partner import ActorProfile, ListingContent
from impulse_contracts.parts import (
    CounterOffer,
    Place,
    Quantity,
    RegisterEntry,
    Seat,
    Source,
    TeamSize,
    Time,
)
from impulse_contracts.types import Day, EmailAddress, Moment, Name, Open, OptionalName

# ------------------------------------------------------------------------------- commands


class RegisterActor(
    ActorProfile,
    Command,
    ce_type="impulse.registry.register_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Register an actor that no partner has reported."""

    actor_id: UUID


class ChangeActor(
    ActorProfile,
    Command,
    ce_type="impulse.registry.change_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Replace an actor's profile."""

    actor_id: UUID


class ArchiveActor(
    Command,
    ce_type="impulse.registry.archive_actor.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="actor_id",
):
    """Take an actor and its listings out of sight."""

    actor_id: UUID


class PublishListing(
    ListingContent,
    Command,
    ce_type="impulse.registry.publish_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """Publish an offer or a need of an actor."""

    listing_id: UUID
    actor_id: UUID


class ChangeListing(
    ListingContent,
    Command,
    ce_type="impulse.registry.change_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """Replace what a listing says; it counts as confirmed, and is open again if it was stale."""

    listing_id: UUID


class WithdrawListing(
    Command,
    ce_type="impulse.registry.withdraw_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """Take a listing back."""

    listing_id: UUID


class CheckListing(
    Timer,
    ce_type="impulse.registry.check_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """A listing may have gone stale or come to its end: look."""

    listing_id: UUID


class AddPerson(
    Command,
    ce_type="impulse.registry.add_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Add a person and what they are to an actor; repeated for a person it adds and corrects."""

    person_id: UUID
    actor_id: UUID
    name: Name
    email: EmailAddress
    phone: OptionalName | None = None
    language: Language = Language.DE
    roles: tuple[PersonRole, ...] = ()


class ErasePerson(
    Command,
    ce_type="impulse.registry.erase_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Erase all data on a person."""

    person_id: UUID


# ---------------------------------------------------------------------------------- facts


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
    merged_into: UUID | None = None
    confirmed_at: Moment


class ActorRegistered(ActorState, ce_type="impulse.registry.actor.registered.v1"):
    """An actor is known for the first time."""


class ActorDetailsChanged(ActorState, ce_type="impulse.registry.actor.details_changed.v1"):
    """What is known about an actor changed."""


class ActorArchived(ActorState, ce_type="impulse.registry.actor.archived.v1"):
    """An actor was withdrawn."""


class ActorReactivated(ActorState, ce_type="impulse.registry.actor.reactivated.v1"):
    """A withdrawn actor is back."""


class ListingState(Fact, topic=topics.LISTINGS, key="listing_id"):
    """An offer or a need as the registry knows it."""

    listing_id: UUID
    actor_id: UUID
    status: Open[ListingStatus]
    direction: Open[Direction]
    title: str
    description: str = ""
    resource_category: Open[ResourceCategory]
    skills: tuple[str, ...] = ()
    quantity: Quantity | None = None
    team_size: TeamSize | None = None
    time: Time = Time()
    place: Place = Place()
    topics: tuple[Open[SocietalTopic], ...] = ()
    target_groups: tuple[str, ...] = ()
    requirements: tuple[Open[Requirement], ...] = ()
    accessibility: tuple[Open[Accessibility], ...] = ()
    counter_offers: tuple[CounterOffer, ...] = ()
    valid_until: Day | None = None
    example: bool = False
    sources: tuple[Source, ...] = ()
    confirmed_at: Moment


class ListingPublished(ListingState, ce_type="impulse.registry.listing.published.v1"):
    """A listing is there for the first time."""


class ListingChanged(ListingState, ce_type="impulse.registry.listing.changed.v1"):
    """What a listing says changed, or it is open again."""


class ListingMarkedStale(ListingState, ce_type="impulse.registry.listing.marked_stale.v1"):
    """A listing was not confirmed for `IMPULSE_REGISTRY_STALE_DAYS` and is hidden."""


class ListingClosed(ListingState, ce_type="impulse.registry.listing.closed.v1"):
    """A listing came to its end (`valid_until`)."""


class ListingWithdrawnFact(ListingState, ce_type="impulse.registry.listing.withdrawn.v1"):
    """A listing was taken back."""


class PersonState(Fact, topic=topics.PEOPLE, key="person_id"):
    """A person: contact details and language. Personal data: travels on no other topic."""

    person_id: UUID
    name: str
    email: str
    phone: str | None = None
    language: Open[Language] = Language.DE


class PersonAdded(PersonState, ce_type="impulse.registry.person.added.v1"):
    """A person is known for the first time."""


class PersonContactChanged(PersonState, ce_type="impulse.registry.person.contact_changed.v1"):
    """A person's contact details or language changed."""


class Membership(Part):
    """What a person is to an actor."""

    actor_id: UUID
    roles: tuple[Open[PersonRole], ...] = ()


class MembershipsState(Fact, topic=topics.MEMBERSHIPS, key="person_id"):
    """Everything that a person is to actors; ids only, no name."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()


class MembershipGranted(MembershipsState, ce_type="impulse.registry.membership.granted.v1"):
    """A person's memberships changed: one was added or its roles are others now."""


class MembershipsEnded(MembershipsState, ce_type="impulse.registry.membership.ended.v1"):
    """A person has fewer memberships than before, or none."""
