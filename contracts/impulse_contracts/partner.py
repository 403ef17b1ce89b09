"""Reports of partner systems about actors and listings (contract.md 2)."""

from typing import Annotated

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.codes import (
    Accessibility,
    ActorKind,
    ActorType,
    Carrier,
    Direction,
    LegalForm,
    Requirement,
    ResourceCategory,
    SocietalTopic,
)
from impulse_contracts.message import Part, Report
from impulse_contracts.parts import (
    CounterOffer,
    Day,
    Quantity,
    RegisterEntry,
    ReportedContact,
    ReportedPlace,
    ReportedSeat,
    TeamSize,
    Time,
)
from impulse_contracts.types import (
    Code,
    Description,
    Identifier,
    LanguageCode,
    Moment,
    Name,
    OptionalName,
    Title,
)


class ActorProfile(Part):
    """What describes an actor, whoever says it."""

    kind: ActorKind
    actor_type: ActorType | None = None
    carrier: Carrier | None = None
    unit: OptionalName | None = None
    legal_name: Name
    display_name: OptionalName | None = None
    legal_form: LegalForm | None = None
    register_entry: Annotated[RegisterEntry | None, Field(alias="register")] = None
    w_idnr: OptionalName | None = None
    seat: ReportedSeat
    topics: tuple[SocietalTopic, ...] = ()
    icnpo_group: Annotated[int, Field(ge=1, le=12)] | None = None
    size_class: OptionalName | None = None
    languages: tuple[LanguageCode, ...] = ()
    website: OptionalName | None = None
    example: bool = False
    """Marks made-up organisations of a demonstration, which enter no feed, export or report."""


class ListingContent(Part):
    """What describes an offer or a need, whoever says it."""

    direction: Direction
    title: Title
    description: Description = ""
    resource_category: ResourceCategory
    skills: tuple[Code, ...] = ()
    quantity: Quantity | None = None
    team_size: TeamSize | None = None
    time: Time = Time()
    place: ReportedPlace | None = None
    topics: tuple[SocietalTopic, ...] = ()
    target_groups: tuple[Code, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    accessibility: tuple[Accessibility, ...] = ()
    counter_offers: tuple[CounterOffer, ...] = ()
    valid_until: Day | None = None


class ActorReported(
    ActorProfile,
    Report,
    ce_type="impulse.partner.actor.reported.v1",
    topic=topics.ACTOR_REPORTS,
    key="external_id",
    not_ahead=("observed_at",),
):
    """An actor as the partner's system knows it at `observed_at`, whole (not a difference)."""

    external_id: Identifier
    carrier_external_id: Identifier | None = None
    contact: ReportedContact | None = None
    observed_at: Moment


class ActorWithdrawn(
    Report,
    ce_type="impulse.partner.actor.withdrawn.v1",
    topic=topics.ACTOR_REPORTS,
    key="external_id",
    not_ahead=("observed_at",),
):
    """The partner's system does not hold this actor any more."""

    external_id: Identifier
    observed_at: Moment
    reason: OptionalName | None = None


class ListingReported(
    ListingContent,
    Report,
    ce_type="impulse.partner.listing.reported.v1",
    topic=topics.ACTOR_REPORTS,
    key="actor_external_id",
    not_ahead=("observed_at",),
):
    """An offer or a need of a reported actor, whole."""

    external_id: Identifier
    actor_external_id: Identifier
    observed_at: Moment


class ListingWithdrawn(
    Report,
    ce_type="impulse.partner.listing.withdrawn.v1",
    topic=topics.ACTOR_REPORTS,
    key="actor_external_id",
    not_ahead=("observed_at",),
):
    """The partner's system does not hold this listing any more."""

    external_id: Identifier
    actor_external_id: Identifier
    observed_at: Moment
    reason: OptionalName | None = None
