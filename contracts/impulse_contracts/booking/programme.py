"""What the programme offers: advice, qualification and support, and the sessions of it."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, model_validator

from impulse_contracts import topics
from impulse_contracts.booking.codes import (
    CapacityUnit,
    GroupPolicy,
    OverlapPolicy,
    ProgrammeCategory,
    ProgrammeState,
    SelectionMode,
    SessionState,
)
from impulse_contracts.codes import (
    Accessibility,
    ActorKind,
    Carrier,
    EventFormat,
    SocietalTopic,
)
from impulse_contracts.faults import Broken
from impulse_contracts.message import Command, Fact, Part, Timer
from impulse_contracts.types import (
    Ags,
    Description,
    Flag,
    LanguageCode,
    Moment,
    Open,
    OptionalName,
    Postcode,
    Title,
    Website,
    Whole,
)

MOST_PLACES = 10_000
"""So many places a session has at most."""
Places = Annotated[Whole, Field(ge=0, le=MOST_PLACES)]
Hours = Annotated[Whole, Field(ge=0, le=24 * 366)]


def _timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Broken(
            "ist keine Zeitzone wie Europe/Berlin", "is no time zone like Europe/Berlin"
        ) from None
    return name


Timezone = Annotated[str, Field(max_length=60, examples=["Europe/Berlin"])]
"""A time zone of the IANA database."""
ReportedTimezone = Annotated[Timezone, AfterValidator(_timezone)]


class Material(Part):
    """Something to take away, in a version: a guide, a model agreement."""

    title: Title
    version: Annotated[str, Field(min_length=1, max_length=40, examples=["2026-11"])]
    link: Website


class Quota(Part):
    """What of a session is kept for some, and how much of it they may take at most.

    It counts those of a `kind`, or from a `district` (five digits, or the eight of a municipality).
    """

    kind: Open[ActorKind] | None = None
    district: str | None = None
    reserved: int = 0
    at_most: int | None = None

    @property
    def name(self) -> str:
        """What it counts, as one word."""
        return f"kind/{self.kind}" if self.kind else f"district/{self.district}"


class ReportedQuota(Quota):
    """What of a session is kept for some, and how much of it they may take at most."""

    kind: ActorKind | None = None
    district: Ags | None = None
    reserved: Places = 0
    at_most: Places | None = None

    @model_validator(mode="after")
    def _counts_something(self) -> Self:
        if (self.kind is None) == (self.district is None):
            raise Broken("braucht kind oder district", "needs kind or district")
        if self.at_most is not None and self.at_most < self.reserved:
            raise Broken("at_most: ist kleiner als reserved", "at_most: is smaller than reserved")
        return self


class Meeting(Part):
    """One of several times at which a course meets."""

    starts: Moment
    ends: Moment


class SessionPlace(Part):
    """Where a session is."""

    postcode: Postcode | None = None
    city: OptionalName | None = None
    venue: OptionalName | None = None
    """House, street, room."""
    accessibility: tuple[Open[Accessibility], ...] = ()


class ReportedSessionPlace(SessionPlace):
    """Where a session is."""

    accessibility: tuple[Accessibility, ...] = ()


class ProgrammeTerms(Part):
    """What an offer of the programme is, who may have it, and by which rules it is booked."""

    title: Title
    category: ProgrammeCategory
    description: Description = ""
    event_format: EventFormat | None = None
    topics: Annotated[tuple[SocietalTopic, ...], Field(max_length=6)] = ()
    provider_actor_id: UUID | None = None
    """Who gives it; unset: the programme operator."""
    capacity_unit: CapacityUnit = CapacityUnit.ORGANISATION
    open_to: Annotated[tuple[Carrier, ...], Field(max_length=4)] = ()
    """By whom an organisation must be borne to book; empty: any registered organisation may."""
    free_for: Annotated[tuple[Carrier, ...], Field(max_length=4)] = (
        Carrier.NONPROFIT,
        Carrier.MUNICIPAL,
    )
    """For whom it is free of charge; for others on request. Impulse never takes payment."""
    areas: Annotated[tuple[Ags, ...], Field(max_length=60)] = ()
    """Municipalities (8 digits) and districts (5) that it is for: those who sit or work there."""
    evidence_needed: Flag = False
    """Whether only those may book whose evidence was checked."""
    prerequisites: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()
    """Offers that an organisation must have attended before."""
    selection_mode: SelectionMode = SelectionMode.FIRST_COME
    waiting_list: Flag = True
    group_policy: GroupPolicy = GroupPolicy.HOLD_FOR_GROUP
    overlap_policy: OverlapPolicy = OverlapPolicy.HARD
    overlap_grace_minutes: Annotated[Whole, Field(ge=0, le=24 * 60)] = 0
    """Overlaps of at most so many minutes are only pointed out."""
    bookings_per_organisation: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    """How many bookings of this offer an organisation may have."""
    party_limit: Annotated[Whole, Field(ge=1, le=1_000)] | None = None
    """How many people of one organisation take part in a session at most."""
    answer_hours: Annotated[Whole, Field(ge=1, le=24 * 30)] = 48
    """For how long a place that became free is held for the next in the waiting list."""
    last_offer_hours: Hours = 24
    """Nearer to the start than this no place is offered by itself."""
    cancel_hours: Hours = 72
    """Cancelling nearer to the start than this counts as late."""
    no_shows_allowed: Annotated[Whole, Field(ge=0, le=100)] = 2
    """Who did not come more often than this within a year can't book for now."""
    materials: Annotated[tuple[Material, ...], Field(max_length=30)] = ()
    languages: Annotated[tuple[LanguageCode, ...], Field(max_length=10)] = ("de",)
    example: Flag = False


class PublishProgrammeOffer(
    ProgrammeTerms,
    Command,
    ce_type="impulse.booking.publish_programme_offer.v1",
    topic=topics.BOOKING_COMMANDS,
    key="programme_offer_id",
):
    """Offer advice, qualification or support to the organisations that it is meant for."""

    programme_offer_id: UUID


class ChangeProgrammeOffer(
    ProgrammeTerms,
    Command,
    ce_type="impulse.booking.change_programme_offer.v1",
    topic=topics.BOOKING_COMMANDS,
    key="programme_offer_id",
):
    """Replace what an offer says. Bookings that were made stand."""

    programme_offer_id: UUID


class WithdrawProgrammeOffer(
    Command,
    ce_type="impulse.booking.withdraw_programme_offer.v1",
    topic=topics.BOOKING_COMMANDS,
    key="programme_offer_id",
):
    """Take an offer back: nothing of it can be booked any more. Bookings that were made stand."""

    programme_offer_id: UUID


class Times(Part):
    """When a session is, or a course meets."""

    starts: Moment
    ends: Moment
    timezone: ReportedTimezone = "Europe/Berlin"
    """In which zone its times are read; a time that daylight saving skips there is refused."""
    meetings: Annotated[tuple[Meeting, ...], Field(max_length=60)] = ()
    """Of a course, when it meets; booked as a whole, attended one by one."""

    @model_validator(mode="after")
    def _meets_one_at_a_time(self) -> Self:
        ordered = sorted(self.meetings, key=lambda each: each.starts)
        if any(after.starts < before.ends for before, after in pairwise(ordered)):
            raise Broken("meetings: überschneiden sich", "meetings: overlap")
        return self


class ScheduleSession(
    Times,
    Command,
    ce_type="impulse.booking.schedule_session.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """Set a date on which an offer can be had, or the dates of a course."""

    session_id: UUID
    programme_offer_id: UUID
    capacity: Places
    quotas: Annotated[tuple[ReportedQuota, ...], Field(max_length=20)] = ()
    place: ReportedSessionPlace | None = None
    online_link: Website | None = None
    """Where it meets online; told to those who are confirmed, and to nobody else."""
    opens_at: Moment | None = None
    """From when it can be booked; unset: at once."""
    closes_at: Moment | None = None
    """Until when it can be booked; unset: until it starts."""

    @model_validator(mode="after")
    def _quotas_once(self) -> Self:
        names = [quota.name for quota in self.quotas]
        if len(set(names)) < len(names):
            raise Broken("quotas: eine Gruppe steht zweimal", "quotas: a group is named twice")
        # Kinds exclude each other; a district may lie in another, and counts for both.
        of_kinds = sum(quota.reserved for quota in self.quotas if quota.kind is not None)
        if max([of_kinds, *(quota.reserved for quota in self.quotas)]) > self.capacity:
            raise Broken(
                "quotas: halten mehr Plätze frei, als es gibt",
                "quotas: keep more places than there are",
            )
        return self

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            raise Broken(
                "closes_at: liegt nicht nach opens_at", "closes_at: is not later than opens_at"
            )
        return self


class RescheduleSession(
    Times,
    Command,
    ce_type="impulse.booking.reschedule_session.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """Move a session to other times; those who booked keep their places."""

    session_id: UUID


class CancelSession(
    Command,
    ce_type="impulse.booking.cancel_session.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """A session does not take place: all its bookings are cancelled by the provider."""

    session_id: UUID


class ChangeCapacity(
    Command,
    ce_type="impulse.booking.change_capacity.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """Give a session more places, or fewer; not fewer than are taken."""

    session_id: UUID
    capacity: Places


class DrawLots(
    Command,
    ce_type="impulse.booking.draw_lots.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """Draw who gets the places of a session, in an order that anyone can recompute.

    The order is that of the SHA-256 of `<seed>/<booking id>`, as hexadecimal text.
    """

    session_id: UUID
    seed: Annotated[str, Field(min_length=1, max_length=200)]
    """Something that nobody could choose: the draw of a lottery, named beforehand."""


class EndWaiting(
    Timer,
    ce_type="impulse.booking.end_waiting.v1",
    topic=topics.BOOKING_COMMANDS,
    key="session_id",
):
    """A session starts: who waits for a place waits in vain."""

    session_id: UUID


# --------------------------------------------------------------------------------- facts


class ProgrammeOfferFact(Fact, topic=topics.PROGRAMME, key="programme_offer_id"):
    """An offer of the programme: what it is, and by which rules it is booked."""

    programme_offer_id: UUID
    state: Open[ProgrammeState]
    title: str
    category: Open[ProgrammeCategory]
    description: str = ""
    event_format: Open[EventFormat] | None = None
    topics: tuple[Open[SocietalTopic], ...] = ()
    provider_actor_id: UUID | None = None
    capacity_unit: Open[CapacityUnit]
    open_to: tuple[Open[Carrier], ...] = ()
    free_for: tuple[Open[Carrier], ...] = ()
    areas: tuple[str, ...] = ()
    evidence_needed: bool = False
    prerequisites: tuple[UUID, ...] = ()
    selection_mode: Open[SelectionMode]
    waiting_list: bool
    group_policy: Open[GroupPolicy]
    overlap_policy: Open[OverlapPolicy]
    overlap_grace_minutes: int
    bookings_per_organisation: int | None = None
    party_limit: int | None = None
    answer_hours: int
    last_offer_hours: int
    cancel_hours: int
    no_shows_allowed: int
    materials: tuple[Material, ...] = ()
    languages: tuple[str, ...] = ()
    example: bool = False


class ProgrammeOfferPublished(
    ProgrammeOfferFact, ce_type="impulse.booking.programme_offer.published.v1"
):
    """An offer of the programme can be booked."""


class ProgrammeOfferChanged(
    ProgrammeOfferFact, ce_type="impulse.booking.programme_offer.changed.v1"
):
    """What an offer of the programme says changed."""


class ProgrammeOfferWithdrawn(
    ProgrammeOfferFact, ce_type="impulse.booking.programme_offer.withdrawn.v1"
):
    """An offer of the programme is not given any more."""


class SessionFact(Fact, topic=topics.PROGRAMME, key="session_id"):
    """A session: when and where, how many places it has, and how many are taken.

    `taken` counts what is confirmed and what is held for somebody who was offered a place.
    """

    session_id: UUID
    programme_offer_id: UUID
    title: str
    category: Open[ProgrammeCategory]
    state: Open[SessionState]
    starts: Moment
    ends: Moment
    timezone: Timezone
    meetings: tuple[Meeting, ...] = ()
    place: SessionPlace | None = None
    online: bool = False
    capacity: int
    taken: int
    waiting: int
    """How many bookings wait for a place."""
    quotas: tuple[Quota, ...] = ()
    taken_by: Mapping[str, int] = {}
    """How many places those have taken whom a quota counts, by its `name`."""
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    sequence: int = 0
    """How often its times were changed: the SEQUENCE of its calendar entries (RFC 5545)."""
    seed: str | None = None
    """With what lots were drawn; null: they were not."""
    adviser_id: UUID | None = None
    """Who gives advice in this slot, by person id."""
    edition_id: UUID | None = None
    """The edition that it is a day of, or the workshop before."""
    example: bool = False


class SessionScheduled(SessionFact, ce_type="impulse.booking.session.scheduled.v1"):
    """A session was set."""


class SessionRescheduled(SessionFact, ce_type="impulse.booking.session.rescheduled.v1"):
    """A session is at other times now."""


class SessionChanged(SessionFact, ce_type="impulse.booking.session.changed.v1"):
    """What a session is called changed with its offer."""


class SessionCancelled(SessionFact, ce_type="impulse.booking.session.cancelled.v1"):
    """A session does not take place."""


class CapacityChanged(SessionFact, ce_type="impulse.booking.session.capacity_changed.v1"):
    """A session has more places now, or fewer."""


class LotsDrawn(SessionFact, ce_type="impulse.booking.session.lots_drawn.v1"):
    """It was drawn who gets a place; the `seed` lets anyone recompute the order."""


class PlacesChanged(SessionFact, ce_type="impulse.booking.session.places_changed.v1"):
    """Places were taken or became free, or somebody waits."""
