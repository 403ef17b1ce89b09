"""Reports of partner systems about actors and listings (docs/publishing-actor-events.md)."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from impulse_contracts import recurrence, topics
from impulse_contracts.codes import (
    Accessibility,
    ActorKind,
    ActorType,
    Carrier,
    CcInstrument,
    CvFormat,
    CvMode,
    Direction,
    LegalForm,
    Requirement,
    ResourceCategory,
    SocietalTopic,
    TimeMode,
    Visibility,
    WorktimeBasis,
)
from impulse_contracts.faults import Broken
from impulse_contracts.message import Part, Report
from impulse_contracts.parts import (
    RegisterEntry,
    ReportedContact,
    ReportedCosts,
    ReportedCounterOffer,
    ReportedPlace,
    ReportedQuantity,
    ReportedSeat,
    ReportedTime,
    TeamSize,
)
from impulse_contracts.types import (
    Code,
    Day,
    Description,
    Flag,
    Identifier,
    LanguageCode,
    Moment,
    Name,
    OptionalName,
    Title,
    Website,
    Whole,
    blank,
)


class ActorProfile(Part):
    """What describes an actor, whoever says it."""

    kind: ActorKind
    actor_type: ActorType | None = None
    """Unset: the usual one for `kind`."""
    carrier: Carrier | None = None
    """Who bears it (Träger). Unset: what `actor_type` and `legal_form` suggest."""
    unit: OptionalName | None = None
    """The part of a legal entity that this is, where one bears several actors."""
    legal_name: Name
    """The name as in the register or the statutes."""
    display_name: OptionalName | None = None
    """The name it goes by, where that is another."""
    legal_form: LegalForm | None = None
    register_entry: Annotated[RegisterEntry | None, Field(alias="register")] = None
    """Its entry in a public register; with it reports of several partners find together."""
    w_idnr: OptionalName | None = None
    """Wirtschafts-Identifikationsnummer, `DE123456789-00001`."""
    seat: ReportedSeat
    topics: tuple[SocietalTopic, ...] = ()
    """The societal tasks that it works on."""
    icnpo_group: Annotated[Whole, Field(ge=1, le=12)] | None = None
    """Group of the International Classification of Nonprofit Organizations."""
    size_class: OptionalName | None = None
    """Its size in the partner's own words."""
    languages: tuple[LanguageCode, ...] = ()
    """Languages in which it can be spoken to, ISO 639."""
    website: Website | None = None
    example: Flag = False
    """Marks made-up organisations of a demonstration, which enter no feed, export or report."""


class ListingContent(Part):
    """What describes an offer or a need, whoever says it."""

    direction: Direction
    title: Title
    """One line that says what is offered or needed."""
    description: Description = ""
    """More about it; may hold line breaks. Publish no names and no addresses of persons.

    E-mail addresses and telephone numbers are masked in what is reported, and refused in commands:
    so in titles and counter-offers."""
    resource_category: ResourceCategory
    skills: tuple[Code, ...] = ()
    """What helpers must know, or bring: `renovation`, `it_web`, `rooms`, or codes of your own."""
    cv_format: CvFormat | None = None
    """Which kind of corporate volunteering it is."""
    cv_mode: CvMode | None = None
    """How employees take part."""
    cc_instrument: CcInstrument | None = None
    """By which instrument a company engages. Those in which money flows are never matched."""
    worktime_basis: WorktimeBasis | None = None
    """In whose time employees take part."""
    quantity: ReportedQuantity | None = None
    team_size: TeamSize | None = None
    """How many people do it together."""
    time: ReportedTime = ReportedTime()
    place: ReportedPlace | None = None
    """Unset: at the actor's seat."""
    topics: tuple[SocietalTopic, ...] = ()
    target_groups: tuple[Code, ...] = ()
    """Whom it is for: `youth`, `seniors`, or codes of your own."""
    requirements: tuple[Requirement, ...] = ()
    """What helpers must bring or clear beforehand."""
    accessibility: tuple[Accessibility, ...] = ()
    costs: ReportedCosts | None = None
    counter_offers: tuple[ReportedCounterOffer, ...] = ()
    """What is given in return."""
    visibility: Visibility = Visibility.PUBLIC
    """Who sees it while it is open. What brokers alone see is matched by them, not by Impulse."""
    valid_until: Day | None = None
    """The last day on which it stands."""

    @model_validator(mode="after")
    def _recurrence_ends(self) -> Self:
        rule = self.time.rrule
        if self.time.mode is TimeMode.RECURRING and not blank(rule):
            ends = self.time.end or self.valid_until or recurrence.has_end(rule or "")
            if not ends:
                raise Broken(
                    "time.rrule braucht ein Ende: UNTIL, COUNT, time.end oder valid_until",
                    "time.rrule needs an end: UNTIL, COUNT, time.end or valid_until",
                )
        return self


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
    """The actor's id in the partner's system: unique there, and never given to another."""
    carrier_external_id: Identifier | None = None
    """The external id of the actor that bears this one."""
    contact: ReportedContact | None = None
    """Whom to write to. Personal data: leave it out where nobody agreed to it."""
    observed_at: Moment
    """When the partner's system last knew it to be so; of two reports the later one wins."""


class ActorWithdrawn(
    Report,
    ce_type="impulse.partner.actor.withdrawn.v1",
    topic=topics.ACTOR_REPORTS,
    key="external_id",
    not_ahead=("observed_at",),
):
    """The partner's system does not hold this actor any more."""

    external_id: Identifier
    """The actor's id in the partner's system."""
    observed_at: Moment
    """When it was taken out; an older report that comes late does not bring it back."""
    reason: OptionalName | None = None
    """Why, in the partner's words; no names of persons."""


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
    """The listing's id in the partner's system."""
    actor_external_id: Identifier
    """The external id of the actor whose listing it is, as in its report."""
    observed_at: Moment
    """When the partner's system last knew it to be so; of two reports the later one wins."""


class ListingWithdrawn(
    Report,
    ce_type="impulse.partner.listing.withdrawn.v1",
    topic=topics.ACTOR_REPORTS,
    key="actor_external_id",
    not_ahead=("observed_at",),
):
    """The partner's system does not hold this listing any more."""

    external_id: Identifier
    """The listing's id in the partner's system."""
    actor_external_id: Identifier
    """The external id of the actor whose listing it is, as in its report."""
    observed_at: Moment
    """When it was taken out; an older report that comes late does not bring it back."""
    reason: OptionalName | None = None
    """Why, in the partner's words; no names of persons."""
