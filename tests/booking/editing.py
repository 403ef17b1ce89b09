"""An edition of a made-up world: what is announced, and who takes part."""

from typing import Any
from uuid import UUID

from impulse_booking.domain.editions import day_id, workshop_id
from impulse_contracts.booking.editions import AnnounceEdition, ChangeEdition, EditionFact
from impulse_contracts.booking.programme import ProgrammeOfferFact
from tests.booking.cooperating import CooperationWorld
from tests.booking.programme import at, ident, request

EDITION = ident("edition")
DAY, WORKSHOP = day_id(EDITION), workshop_id(EDITION)
WEEK = 24 * 7
TERMS: dict[str, Any] = {
    "edition_id": EDITION,
    "title": "Beispielmarkt",
    "format": "marktplatz",
    "starts": at(8 * WEEK),
    "ends": at(8 * WEEK + 2),
    "registration_opens": at(WEEK),
    "registration_closes": at(7 * WEEK),
    "nonprofit_places": 2,
}
PREPARED = {
    "title": "Vorbereitung auf den Beispielmarkt",
    "starts": at(6 * WEEK),
    "ends": at(6 * WEEK + 3),
    "places": 2,
}
DEADLINES = {"submit_by": at(4 * WEEK), "claim_by": at(8 * WEEK + 1)}


def announcement(**fields: Any) -> AnnounceEdition:
    """A Marktplatz in eight weeks, for two of each side."""
    return AnnounceEdition.model_validate({**TERMS, **fields})


def change(**fields: Any) -> ChangeEdition:
    """The same with something else."""
    return ChangeEdition.model_validate({**TERMS, **fields})


class EditionWorld(CooperationWorld):
    """Booking with an edition."""

    def announced(self, *, opened: bool = True, **fields: Any) -> None:
        """An edition; `opened`, for registration."""
        self.accepted(announcement(**fields))
        if opened:
            self.move_to(WEEK)

    def move_to(self, hours: float) -> None:
        """So many hours after the beginning."""
        self.advance(at(hours) - self.now)

    def companies(self, *names: str) -> None:
        """Companies become known."""
        self.know(*names, kind="company", actor_type="company_small", carrier="private")

    def register(self, *names: str, session_id: UUID = DAY) -> list[str]:
        """Organisations ask for a place, one after another; returns what became of that."""
        for name in names:
            self.accepted(request(name, session_id))
        return self.states(*names)

    def said(self) -> list[EditionFact]:
        """What was said of the edition."""
        heard: list[EditionFact] = [each.data for each in self.heard(EditionFact)]
        return heard

    def offer(self, programme_offer_id: UUID) -> ProgrammeOfferFact:
        """An offer as it was said last."""
        heard: list[ProgrammeOfferFact] = [each.data for each in self.heard(ProgrammeOfferFact)]
        return [each for each in heard if each.programme_offer_id == programme_offer_id][-1]
