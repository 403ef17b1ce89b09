"""Commands on offers and needs, and facts about them."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import (
    Accessibility,
    Direction,
    ListingStatus,
    Requirement,
    ResourceCategory,
    SocietalTopic,
)
from impulse_contracts.message import Command, Fact, Timer
from impulse_contracts.partner import ListingContent
from impulse_contracts.parts import CounterOffer, Place, Quantity, Source, TeamSize, Time
from impulse_contracts.types import Day, Moment, Open

# ------------------------------------------------------------------------------ commands


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


# --------------------------------------------------------------------------------- facts


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
