"""Editions: one Marktplatz, RUHRDAX, action day, night shift or course, from announcement to close.

Who takes part books the session of its day, as any other one; so it has a waiting list, mails,
calendar entries and attendance.
"""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from impulse_contracts import topics
from impulse_contracts.booking.codes import SelectionMode
from impulse_contracts.booking.edition_codes import EditionStage
from impulse_contracts.booking.programme import (
    Meeting,
    Places,
    ReportedSessionPlace,
    SessionPlace,
    Times,
    Timezone,
)
from impulse_contracts.codes import EventFormat, SocietalTopic
from impulse_contracts.faults import Broken
from impulse_contracts.message import Command, Fact, Part, Timer
from impulse_contracts.types import Ags, Description, Flag, Moment, Open, Title, Website

MOST_OF_A_SIDE = 5_000
"""So many organisations of a side take part at most."""
PlacesOfASide = Annotated[Places, Field(le=MOST_OF_A_SIDE)]


class Sides(Part):
    """A number for companies, and one for all others: the non-profit side."""

    companies: int = 0
    nonprofits: int = 0


class ProjectDeadlines(Part):
    """Until when projects are submitted, and until when companies claim them."""

    submit_by: Moment
    claim_by: Moment

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.claim_by < self.submit_by:
            raise Broken("claim_by: liegt vor submit_by", "claim_by: is before submit_by")
        return self


class ReportedWorkshop(Times):
    """A workshop before the day, with places of its own."""

    title: Title
    places: Places
    place: ReportedSessionPlace | None = None
    online_link: Website | None = None
    """Told to those who are confirmed, and to nobody else."""


class EditionTerms(Times):
    """What an edition is, when and where, and for how many. Times are those of its day."""

    title: Title
    format: EventFormat
    description: Description = ""
    topics: Annotated[tuple[SocietalTopic, ...], Field(max_length=6)] = ()
    provider_actor_id: UUID | None = None
    """Who runs it; unset: the programme operator."""
    ags: Ags | None = None
    """The municipality, or district, that it is in."""
    place: ReportedSessionPlace | None = None
    online_link: Website | None = None
    """Told to those who are confirmed, and to nobody else."""
    nonprofit_places: PlacesOfASide
    """For how many organisations that are no companies."""
    company_places: PlacesOfASide | None = None
    """For how many companies; unset: as many as for the others."""
    registration_opens: Moment | None = None
    """Unset: at once."""
    registration_closes: Moment | None = None
    """Unset: when it begins."""
    selection_mode: SelectionMode | None = None
    """Unset: by review of applications for a night shift, else in their order."""
    workshop: ReportedWorkshop | None = None
    deadlines: ProjectDeadlines | None = None
    """Unset: no projects are submitted."""
    example: Flag = False

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        begins = min([self.starts, *(each.starts for each in self.meetings)])
        closes = self.registration_closes or begins
        if closes > begins:
            raise Broken(
                "registration_closes: liegt nach dem Beginn",
                "registration_closes: is later than the start",
            )
        if self.registration_opens and self.registration_opens >= closes:
            raise Broken(
                "registration_opens: liegt nicht vor dem Ende der Anmeldung",
                "registration_opens: is not before registration ends",
            )
        if self.workshop and self.workshop.starts >= begins:
            raise Broken(
                "workshop: beginnt nicht vor der Veranstaltung",
                "workshop: does not start before the event",
            )
        for name in ("submit_by", "claim_by") if self.deadlines else ():
            if getattr(self.deadlines, name) > self.ends:
                raise Broken(
                    f"{name}: liegt nach der Veranstaltung", f"{name}: is later than the event"
                )
        return self


class _EditionCommand(Command, topic=topics.BOOKING_COMMANDS, key="edition_id"):
    edition_id: UUID


class AnnounceEdition(EditionTerms, _EditionCommand, ce_type="impulse.booking.announce_edition.v1"):
    """Announce an edition: its programme offer is published and its sessions are scheduled."""


class ChangeEdition(EditionTerms, _EditionCommand, ce_type="impulse.booking.change_edition.v1"):
    """Replace what an edition says; its sessions move along, and who booked keeps their places.

    A link that is not said again stays. Until its day begins.
    """


class CancelEdition(_EditionCommand, ce_type="impulse.booking.cancel_edition.v1"):
    """It does not take place: its sessions are cancelled, with all bookings."""


class CloseEdition(_EditionCommand, ce_type="impulse.booking.close_edition.v1"):
    """Its results are complete; nothing is entered any more."""


class AdvanceEdition(
    Timer,
    ce_type="impulse.booking.advance_edition.v1",
    topic=topics.BOOKING_COMMANDS,
    key="edition_id",
):
    """The next stage of an edition may have come, or its results may have changed."""

    edition_id: UUID


# --------------------------------------------------------------------------------- facts


class Workshop(Part):
    """The workshop before the day: what is booked, and when it is."""

    title: str
    programme_offer_id: UUID
    session_id: UUID
    starts: Moment
    ends: Moment
    places: int
    place: SessionPlace | None = None
    online: bool = False


class EditionResults(Part):
    """What came of an edition, as it was counted last."""

    counted_at: Moment
    registered: Sides
    """Organisations with a confirmed place."""
    attended: Sides
    """Those of which it was recorded that they came."""
    agreements: int
    drafts: int
    """Cooperations of it that are not agreed yet, and not over."""
    estimated_value_eur: int
    """Of the agreements whose terms both sides have signed; an estimate for statistics."""


class EditionFact(Fact, topic=topics.EDITIONS, key="edition_id"):
    """An edition: when and where, for whom, how far it is, and what came of it."""

    edition_id: UUID
    stage: Open[EditionStage]
    since: Moment
    """Since when it is in its stage."""
    title: str
    format: Open[EventFormat]
    description: str = ""
    topics: tuple[Open[SocietalTopic], ...] = ()
    provider_actor_id: UUID | None = None
    ags: str | None = None
    place: SessionPlace | None = None
    online: bool = False
    programme_offer_id: UUID
    session_id: UUID
    """The session of its day: who books it takes part."""
    starts: Moment
    ends: Moment
    timezone: Timezone
    meetings: tuple[Meeting, ...] = ()
    places: Sides
    registration_opens: Moment | None = None
    registration_closes: Moment | None = None
    selection_mode: Open[SelectionMode]
    workshop: Workshop | None = None
    deadlines: ProjectDeadlines | None = None
    results: EditionResults | None = None
    """Null: its day is not over, and no agreement was entered."""
    example: bool = False


class EditionAnnounced(EditionFact, ce_type="impulse.booking.edition.announced.v1"):
    """An edition is announced."""


class EditionChanged(EditionFact, ce_type="impulse.booking.edition.changed.v1"):
    """What an edition says changed."""


class EditionAdvanced(EditionFact, ce_type="impulse.booking.edition.advanced.v1"):
    """An edition is in its next stage, as time has come."""


class EditionCounted(EditionFact, ce_type="impulse.booking.edition.counted.v1"):
    """Agreements of an edition were entered, or changed later, and its results are counted anew."""


class EditionClosed(EditionFact, ce_type="impulse.booking.edition.closed.v1"):
    """The results of an edition are complete."""


class EditionCancelled(EditionFact, ce_type="impulse.booking.edition.cancelled.v1"):
    """An edition does not take place."""
