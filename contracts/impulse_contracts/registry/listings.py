"""Commands on offers and needs, and facts about them."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import (
    Accessibility,
    CcInstrument,
    CvFormat,
    CvMode,
    Direction,
    ListingStatus,
    Requirement,
    ResourceCategory,
    SocietalTopic,
    Visibility,
    WorktimeBasis,
)
from impulse_contracts.message import Command, Fact, Timer
from impulse_contracts.partner import ListingContent
from impulse_contracts.parts import (
    Costs,
    CounterOffer,
    Handover,
    OnBehalf,
    Place,
    Quantity,
    ReportedOnBehalf,
    Source,
    TeamSize,
    Time,
)
from impulse_contracts.types import Day, Flag, Moment, Open

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
    template: Flag = False
    """Keep it as a template of the actor, which is neither shown nor matched."""
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the actor said it to them. It shows as such until the actor confirms it."""


class ChangeListing(
    ListingContent,
    Command,
    ce_type="impulse.registry.change_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """Replace what a listing says; it counts as confirmed, and is open again if it was stale."""

    listing_id: UUID
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the actor said it to them. It shows as such until the actor confirms it."""


class ConfirmListing(
    Command,
    ce_type="impulse.registry.confirm_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """Say that a listing still stands as it is; it is open again if it was stale."""

    listing_id: UUID
    on_behalf: ReportedOnBehalf | None = None
    """For brokers: the actor said it to them. It shows as such until the actor confirms it."""


class CopyListing(
    Command,
    ce_type="impulse.registry.copy_listing.v1",
    topic=topics.REGISTRY_COMMANDS,
    key="listing_id",
):
    """Publish a new listing that says what another one of the same actor says.

    The other one may be a template, in any status; days that have passed are left out.
    """

    listing_id: UUID
    """The id of the new listing."""
    original_id: UUID
    template: Flag = False
    """Keep the copy as a template of the actor, which is neither shown nor matched."""


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
    """A listing may be due for a reminder, have gone stale or come to its end: look."""

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
    cv_format: Open[CvFormat] | None = None
    cv_mode: Open[CvMode] | None = None
    cc_instrument: Open[CcInstrument] | None = None
    worktime_basis: Open[WorktimeBasis] | None = None
    quantity: Quantity | None = None
    team_size: TeamSize | None = None
    time: Time = Time()
    place: Place = Place()
    topics: tuple[Open[SocietalTopic], ...] = ()
    target_groups: tuple[str, ...] = ()
    requirements: tuple[Open[Requirement], ...] = ()
    accessibility: tuple[Open[Accessibility], ...] = ()
    costs: Costs | None = None
    counter_offers: tuple[CounterOffer, ...] = ()
    visibility: Open[Visibility] = Visibility.PUBLIC
    valid_until: Day | None = None
    example: bool = False
    sources: tuple[Source, ...] = ()
    on_behalf: OnBehalf | None = None
    """Set where a broker recorded what stands, until the actor confirms it itself."""
    in_charge: UUID | None = None
    """The intermediary it was handed over to; null: whoever is in charge of its actor."""
    handovers: tuple[Handover, ...] = ()
    """The newest decisions on who is in charge, oldest first."""
    confirmed_at: Moment
    confirm_by: Moment | None = None
    """Set when its actor was reminded: from then on it is hidden, unless somebody confirms it."""


class ListingPublished(ListingState, ce_type="impulse.registry.listing.published.v1"):
    """A listing is there for the first time; also one that is a template."""


class ListingChanged(ListingState, ce_type="impulse.registry.listing.changed.v1"):
    """What a listing says changed, or it is open again."""


class ListingConfirmed(ListingState, ce_type="impulse.registry.listing.confirmed.v1"):
    """Somebody said that a listing still stands as it is."""


class ListingReminded(ListingState, ce_type="impulse.registry.listing.reminded.v1"):
    """A listing will be hidden soon (`confirm_by`) unless somebody confirms it."""


class ListingMarkedStale(ListingState, ce_type="impulse.registry.listing.marked_stale.v1"):
    """A listing was not confirmed for `IMPULSE_REGISTRY_STALE_DAYS` and is hidden."""


class ListingClosed(ListingState, ce_type="impulse.registry.listing.closed.v1"):
    """A listing came to its end (`valid_until`)."""


class ListingWithdrawnFact(ListingState, ce_type="impulse.registry.listing.withdrawn.v1"):
    """A listing was taken back."""


class ListingHandedOver(ListingState, ce_type="impulse.registry.listing.handed_over.v1"):
    """Somebody decided which intermediary is in charge of a listing."""
