"""Offers of the programme: what is given, to whom, and by which rules it is booked."""

from uuid import UUID

from impulse_booking.domain.texts import demand_no_contact
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.codes import (
    CapacityUnit,
    GroupPolicy,
    OverlapPolicy,
    ProgrammeCategory,
    ProgrammeState,
    SelectionMode,
)
from impulse_contracts.booking.programme import Material, ProgrammeTerms
from impulse_contracts.codes import Carrier, EventFormat, SocietalTopic
from impulse_contracts.reasons import Reason


class ProgrammeOffer(Aggregate, key="programme_offer_id"):
    """An offer of the programme. Fields as in `ProgrammeTerms`."""

    programme_offer_id: UUID
    state: ProgrammeState
    title: str
    category: ProgrammeCategory
    description: str
    event_format: EventFormat | None
    topics: tuple[SocietalTopic, ...]
    provider_actor_id: UUID | None
    capacity_unit: CapacityUnit
    open_to: tuple[Carrier, ...]
    free_for: tuple[Carrier, ...]
    areas: tuple[str, ...]
    evidence_needed: bool
    prerequisites: tuple[UUID, ...]
    selection_mode: SelectionMode
    waiting_list: bool
    group_policy: GroupPolicy
    overlap_policy: OverlapPolicy
    overlap_grace_minutes: int
    bookings_per_organisation: int | None
    party_limit: int | None
    answer_hours: int
    last_offer_hours: int
    cancel_hours: int
    no_shows_allowed: int
    materials: tuple[Material, ...]
    languages: tuple[str, ...]
    example: bool

    @property
    def is_published(self) -> bool:
        """Whether it can be booked."""
        return self.state is ProgrammeState.PUBLISHED

    def places_for(self, persons: int) -> int:
        """How many places a party of so many people takes."""
        return persons if self.capacity_unit is CapacityUnit.PERSON else 1


def publish(programme_offer_id: UUID, terms: ProgrammeTerms) -> ProgrammeOffer:
    """A new offer, to be booked from now on."""
    return ProgrammeOffer.model_validate(
        {
            **_said(terms),
            "version": 1,
            "programme_offer_id": programme_offer_id,
            "state": ProgrammeState.PUBLISHED,
        }
    )


def change(offer: ProgrammeOffer, terms: ProgrammeTerms) -> ProgrammeOffer:
    """The offer with other terms; it is there again if it was withdrawn."""
    return offer.evolve(**_said(terms), state=ProgrammeState.PUBLISHED)


def withdraw(offer: ProgrammeOffer) -> ProgrammeOffer:
    """The offer, not to be booked any more. Refuses with `wrong_state` what is gone already."""
    require_published(offer)
    return offer.evolve(state=ProgrammeState.WITHDRAWN)


def require_published(offer: ProgrammeOffer) -> None:
    """Refuses with `wrong_state` unless the offer stands."""
    if not offer.is_published:
        raise Refused(Reason.WRONG_STATE, state=(offer.state.de, offer.state.en))


def _said(terms: ProgrammeTerms) -> dict[str, object]:
    """What the terms say. Refuses with `contact_in_text` contacts in title and description."""
    demand_no_contact(terms.title, ("Titel", "title"))
    demand_no_contact(terms.description, ("Beschreibung", "description"))
    return {name: getattr(terms, name) for name in ProgrammeTerms.model_fields}
