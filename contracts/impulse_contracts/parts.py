"""Values that several contexts share: seats, places, times, quantities.

What partners and people say is bounded and its codes are closed (`Reported...`); what facts carry
is open, so that a reader takes a code that came later as `unknown`.
"""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from impulse_contracts import recurrence
from impulse_contracts.codes import (
    EvidenceKind,
    EvidenceState,
    IntakeChannel,
    Language,
    Payer,
    PlaceMode,
    ResourceCategory,
    TimeMode,
    Unit,
)
from impulse_contracts.faults import Broken
from impulse_contracts.message import Part
from impulse_contracts.types import (
    Ags,
    Day,
    EmailAddress,
    Identifier,
    Moment,
    Name,
    Number,
    Open,
    OptionalName,
    Postcode,
    Title,
    Whole,
    blank,
)


class RegisterEntry(Part):
    """An entry in a public register: court and number, the number with its type, `VR 4321`."""

    court: Name
    number: Annotated[Identifier, Field(examples=["VR 4321"])]
    """Kind and number of the entry: `VR 4321`, `HRB 123`."""


class ReportedSeat(Part):
    """Where an actor sits, as a partner knows it. One of postcode, city and AGS is needed."""

    street: OptionalName | None = None
    postcode: Postcode | None = None
    city: OptionalName | None = None
    ags: Ags | None = None
    """Amtlicher Gemeindeschlüssel: 8 digits, or 5 for a district."""

    @model_validator(mode="after")
    def _names_a_place(self) -> Self:
        if blank(self.postcode) and blank(self.city) and not self.ags:
            raise Broken(
                "braucht eines von postcode, city und ags",
                "needs one of postcode, city and ags",
            )
        return self


class Seat(Part):
    """Where an actor sits, located. `located_by` is null where the place isn't known.

    Coordinates are WGS 84 degrees. A street is left out: sole traders live where they work.
    """

    postcode: str | None = None
    city: str | None = None
    ags: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    located_by: str | None = None


class ReportedContact(Part):
    """A contact person as a partner reports it. Personal data: travels on no other topic."""

    name: Name
    email: EmailAddress
    phone: OptionalName | None = None
    language: Language = Language.DE


class Source(Part):
    """Under which id a partner's system knows a thing."""

    source: Identifier
    external_id: Identifier


class Provenance(Part):
    """Which fields of an actor rest on what one source said of it, and how that reached us.

    `source` is the partner's system; null for what people said to Impulse itself. `at` is when it
    was known to be so, `confirmed` whether the party itself stands for it.
    """

    fields: tuple[str, ...]
    source: str | None = None
    channel: Open[IntakeChannel]
    at: Moment
    confirmed: bool = False
    said_on: Day | None = None
    """When the party told whoever recorded it; null: not stated."""


class Quantity(Part):
    """How much."""

    value: float
    unit: Open[Unit]


class ReportedQuantity(Quantity):
    """How much."""

    value: Annotated[Number, Field(gt=0, le=1_000_000)]
    unit: Unit


class TeamSize(Part):
    """How many people at least and at most."""

    min: Annotated[Whole, Field(ge=1, le=10_000)] = 1
    max: Annotated[Whole, Field(ge=1, le=10_000)]

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise Broken("min ist größer als max", "min is greater than max")
        return self


class Time(Part):
    """When: a fixed date, a window, a recurrence (RFC 5545) or open-ended."""

    mode: Open[TimeMode] = TimeMode.OPEN_ENDED
    start: Moment | None = None
    """Needed for `fixed` and `window`."""
    end: Moment | None = None
    """Needed for `window`."""
    duration_hours: float | None = None
    rrule: str | None = None
    """How it recurs, as RFC 5545 writes it: `FREQ=WEEKLY;BYDAY=TU`."""
    flexibility_days: int = 0
    """By how many days it may move."""


class ReportedTime(Time):
    """When: a fixed date, a window, a recurrence (RFC 5545) or open-ended."""

    mode: TimeMode = TimeMode.OPEN_ENDED
    duration_hours: Annotated[Number, Field(gt=0, le=10_000)] | None = None
    rrule: OptionalName | None = None
    flexibility_days: Annotated[Whole, Field(ge=0, le=366)] = 0

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise Broken("end liegt vor start", "end is before start")
        if self.mode in (TimeMode.FIXED, TimeMode.WINDOW) and self.start is None:
            raise Broken(f"mode {self.mode} braucht start", f"mode {self.mode} needs a start")
        if self.mode is TimeMode.WINDOW and self.end is None:
            raise Broken("mode window braucht end", "mode window needs an end")
        if not blank(self.rrule) and recurrence.parts(self.rrule or "") is None:
            raise Broken("rrule ist keine Regel nach RFC 5545", "rrule is no rule of RFC 5545")
        return self


class ReportedPlace(Part):
    """Where a listing happens, as reported; without a postcode at its actor's seat."""

    mode: PlaceMode = PlaceMode.AT_NONPROFIT
    """Unset: by arrangement, it rules no other place out."""
    postcode: Postcode | None = None
    """Unset: the actor's."""
    max_distance_km: Annotated[Number, Field(ge=0, le=1_000)] | None = None
    """How far away the other side may be."""

    @property
    def mode_stated(self) -> bool:
        """Whether the mode was said; what is left at its default rules no other out."""
        return "mode" in self.model_fields_set

    @model_serializer(mode="wrap")
    def _unsaid_stays_unsaid(self, serialize: SerializerFunctionWrapHandler) -> dict[str, Any]:
        said: dict[str, Any] = serialize(self)
        if not self.mode_stated:
            said.pop("mode", None)
        return said


class Place(Part):
    """Where a listing happens, located; without coordinates it is never matched by distance."""

    mode: Open[PlaceMode] = PlaceMode.AT_NONPROFIT
    mode_stated: bool = True
    """False: nobody said the mode; it is the usual one, and another will do as well."""
    postcode: str | None = None
    ags: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    max_distance_km: float | None = None

    @property
    def is_located(self) -> bool:
        """Whether it is known where it happens, or it is online; else only online ones match it."""
        return self.latitude is not None or self.mode is PlaceMode.ONLINE


class CounterOffer(Part):
    """What the needing side gives in return (Gegenleistung)."""

    title: str
    resource_category: Open[ResourceCategory]


class ReportedCounterOffer(CounterOffer):
    """What the needing side gives in return (Gegenleistung)."""

    title: Title
    resource_category: ResourceCategory


class Costs(Part):
    """What a joint day costs, and who bears it; between the parties, never through Impulse."""

    material_paid_by: Open[Payer] | None = None
    host_fee_eur: int | None = None
    """What the host takes for its own effort, in whole euros; 0: nothing."""


class ReportedCosts(Costs):
    """What a joint day costs, and who bears it; between the parties, never through Impulse."""

    material_paid_by: Payer | None = None
    host_fee_eur: Annotated[Whole, Field(ge=0, le=100_000)] | None = None


class OnBehalf(Part):
    """That a broker recorded something for a party, and how and when the party said it."""

    channel: Open[IntakeChannel]
    on: Day


class ReportedOnBehalf(OnBehalf):
    """That a broker records something for a party, and how and when the party said it."""

    channel: IntakeChannel


class Evidence(Part):
    """A piece of evidence of an actor, and what came of checking it. No document is kept."""

    evidence_id: UUID
    kind: Open[EvidenceKind]
    issuer: str | None = None
    """The authority that issued it."""
    issued_on: Day | None = None
    valid_until: Day | None = None
    """The last day on which it holds; null where it has no end."""
    state: Open[EvidenceState] = EvidenceState.SUBMITTED
    checked_on: Day | None = None
    checked_by: UUID | None = None
    """The intermediary that checked it; null: the programme operator."""


class InheritedEvidence(Part):
    """Evidence that a unit has through whoever bears it."""

    actor_id: UUID
    """The bearer, whose evidence it is."""
    valid_until: Day | None = None
    """The last day on which it holds; null where it has no end."""


class Handover(Part):
    """That the charge of something passed from one intermediary to another; null: the operator."""

    at: Moment
    given_by: UUID | None = None
    taken_by: UUID | None = None
    by_rule: bool = False
    """Whether it followed from a change of areas, and not from a decision on this one."""
