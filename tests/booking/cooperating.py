"""Cooperations of a made-up world: two organisations, their people, and a broker."""

from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Engine

from impulse_booking.domain.cooperation import cooperation_id
from impulse_contracts.booking.agreements import DraftAgreement, EnterCooperation, SignAgreement
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.codes import PersonRole
from impulse_contracts.message import Message
from impulse_contracts.registry.people import Membership, MembershipGranted
from tests.booking.given import mutually_accepted
from tests.booking.programme import BookingWorld, ident, organisation

NEED, OFFER, AGENCY = ident("the need"), ident("the offer"), ident("the agency")
HOST, FIRM, BROKER, BOTH = ident("host"), ident("firm"), ident("broker"), ident("both")
TERMS: dict[str, Any] = {
    "performance": "Acht Personen streichen zwei Räume.",
    "counter_performance": "Ein Bericht für die Website.",
    "redeem_by": "2027-10-01",
    "estimated_value_eur": 1200,
    "value_method": "hourly_rate",
}
PHONE = {"channel": "phone", "on": "2026-11-24"}


class CooperationWorld(BookingWorld):
    """Booking with two organisations that work together."""

    def __init__(self, engine: Engine, **more: Any) -> None:
        super().__init__(engine, **more)
        self.say(organisation("the need", in_charge=AGENCY))
        self.say(organisation("the offer", kind="company", actor_type="company_small"))
        self.say(belongs(HOST, NEED))
        self.say(belongs(FIRM, OFFER))
        self.say(belongs(BOTH, NEED, OFFER))
        self.say(belongs(BROKER, AGENCY, role=PersonRole.BROKER))
        self.settle()

    def opened(self) -> UUID:
        """A cooperation that came of a proposal."""
        proposal = mutually_accepted().model_copy(
            update={"need_actor_id": NEED, "offer_actor_id": OFFER}
        )
        self.say(proposal)
        self.settle()
        return cooperation_id(proposal.proposal_id)

    def agreed(self) -> UUID:
        """One whose agreement both sides have signed."""
        key = self.opened()
        self.accepted(said(DraftAgreement, key, terms=TERMS, side="need"), principal=str(HOST))
        self.accepted(said(SignAgreement, key, side="need"), principal=str(HOST))
        self.accepted(said(SignAgreement, key, side="offer"), principal=str(FIRM))
        return key

    def now_is(self, key: UUID) -> CooperationFact:
        """What was said of a cooperation last."""
        heard: list[CooperationFact] = [each.data for each in self.heard(CooperationFact)]
        return [each for each in heard if each.cooperation_id == key][-1]


def belongs(
    person_id: UUID, *actors: UUID, role: PersonRole = PersonRole.CONTACT
) -> MembershipGranted:
    """What somebody is to organisations."""
    memberships = tuple(Membership(actor_id=each, roles=(role,)) for each in actors)
    return MembershipGranted(version=1, person_id=person_id, memberships=memberships)


def said(kind: type[Message], key: UUID, **fields: Any) -> Message:
    """A command on a cooperation."""
    return kind.model_validate({"cooperation_id": key, **fields})


def entry(**fields: Any) -> EnterCooperation:
    """A cooperation that a broker enters."""
    return EnterCooperation.model_validate(
        {
            "cooperation_id": uuid4(),
            "need_actor_id": NEED,
            "offer_actor_id": OFFER,
            "need_title": "Zwei Räume streichen",
            "offer_title": "Ein Malerteam",
            "topics": ["social_cohesion"],
            **fields,
        }
    )
