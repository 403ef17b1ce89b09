"""The programme as booking hears of it: offers, sessions and organisations of a made-up world."""

from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from sqlalchemy import Engine

from impulse_booking.app import service
from impulse_chassis.testing import START, Heard, Node, World
from impulse_contracts.booking.bookings import (
    BookingFact,
    CancelBooking,
    DeclinePlace,
    RequestBooking,
    TakePlace,
)
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import (
    ChangeCapacity,
    PublishProgrammeOffer,
    ScheduleSession,
    SessionFact,
)
from impulse_contracts.codes import PersonRole
from impulse_contracts.message import Message
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import (
    ActorMerged,
    ActorRegistered,
    ActorSeparated,
    ActorState,
)
from impulse_contracts.registry.people import Membership, MembershipGranted


def ident(name: str) -> UUID:
    """An id that is always the same for a name."""
    return uuid5(NAMESPACE_URL, name)


def at(hours: float) -> datetime:
    """A moment so many hours after the start of the world's clock."""
    return START + timedelta(hours=hours)


WORKSHOP, SESSION = ident("workshop"), ident("session")
NEXT_WEEK = 24 * 7


def organisation(name: str, **fields: Any) -> ActorRegistered:
    """A registered organisation: an association in Essen unless said otherwise."""
    return ActorRegistered.model_validate(
        {
            "version": 1,
            "actor_id": ident(name),
            "status": "registered",
            "kind": "nonprofit",
            "actor_type": "nonprofit_association",
            "carrier": "nonprofit",
            "legal_name": f"Beispiel {name} e.V.",
            "seat": {"postcode": "45144", "city": "Essen", "ags": "05113000"},
            "confirmed_at": START,
            **fields,
        }
    )


def offer(programme_offer_id: UUID = WORKSHOP, **fields: Any) -> PublishProgrammeOffer:
    """A workshop that is offered."""
    return PublishProgrammeOffer.model_validate(
        {
            "programme_offer_id": programme_offer_id,
            "title": "Impulsworkshop",
            "category": "qualification",
            **fields,
        }
    )


def session(session_id: UUID = SESSION, **fields: Any) -> ScheduleSession:
    """A session of three hours next week."""
    return ScheduleSession.model_validate(
        {
            "session_id": session_id,
            "programme_offer_id": WORKSHOP,
            "starts": at(NEXT_WEEK),
            "ends": at(NEXT_WEEK + 3),
            "capacity": 1,
            **fields,
        }
    )


def request(name: str, session_id: UUID = SESSION, **fields: Any) -> RequestBooking:
    """The booking `name` of the organisation `name`."""
    return RequestBooking.model_validate(
        {
            "booking_id": ident(f"booking/{name}"),
            "session_id": session_id,
            "actor_id": ident(name),
            **fields,
        }
    )


class BookingWorld(World):
    """Booking on a database, with what it heard and said."""

    def __init__(self, engine: Engine, **more: Any) -> None:
        super().__init__([Node(service, engine)], **more)
        self.engine = engine

    def offered(self, capacity: int = 1, *names: str, **terms: Any) -> None:
        """A workshop with a session of so many places, and organisations that may want them."""
        self.ask(offer(**terms), session(capacity=capacity))
        self.know(*names)

    def merged(self, name: str, survivor: str, version: int = 2) -> None:
        """An organisation goes on as another one."""
        self.tell(ActorMerged, name, version, status="merged", merged_into=str(ident(survivor)))

    def separated(self, name: str, version: int = 3) -> None:
        """It stands by itself again."""
        self.tell(ActorSeparated, name, version)

    def tell(self, kind: type[ActorState], name: str, version: int, **fields: Any) -> None:
        """Says something of an organisation."""
        said = organisation(name, **fields).model_dump() | {"version": version}
        self.say(kind.model_validate(said))
        self.settle()

    def know(self, *names: str, **fields: Any) -> None:
        """Organisations become known."""
        for name in names:
            self.say(organisation(name, **fields))
        self.settle()

    def ask(self, *commands: Message, principal: str = "system") -> list[Outcome]:
        """Says commands, one after another; returns their outcomes."""
        ids = [str(uuid4()) for _ in commands]
        for command, message_id in zip(commands, ids, strict=True):
            self.say(command, principal=principal, message_id=message_id)
            self.settle()
        return [outcome for message_id in ids for outcome in self.outcomes(message_id)]

    def outcomes(self, message_id: str) -> list[Outcome]:
        """What was answered to a message."""
        heard: list[Heard] = self.heard(Outcome)
        return [each.data for each in heard if each.data.command_id == message_id]

    def accepted(self, *commands: Message, principal: str = "system") -> Outcome:
        """As `ask`, for commands that are accepted; returns the last outcome."""
        outcomes = self.ask(*commands, principal=principal)
        assert [outcome.reason for outcome in outcomes] == [None] * len(commands)
        return outcomes[-1]

    def refused(self, command: Message, reason: Reason, principal: str = "system") -> Outcome:
        """As `ask`, for a command that is refused."""
        [outcome] = self.ask(command, principal=principal)
        assert outcome.reason == reason
        return outcome

    def book(self, name: str, **fields: Any) -> Outcome:
        """The organisation asks for a place."""
        [outcome] = self.ask(request(name, **fields))
        return outcome

    def cancel(self, name: str, by: CancelledBy = CancelledBy.BOOKER) -> Outcome:
        """One side gives the booking of an organisation back."""
        return self.accepted(CancelBooking(booking_id=ident(f"booking/{name}"), by=by))

    def take(self, name: str) -> TakePlace:
        """The command to take the place that the organisation was offered."""
        return TakePlace(booking_id=ident(f"booking/{name}"))

    def decline(self, name: str) -> DeclinePlace:
        """The command to do without it."""
        return DeclinePlace(booking_id=ident(f"booking/{name}"))

    def raise_to(self, capacity: int) -> Outcome:
        """The session gets so many places."""
        return self.accepted(ChangeCapacity(session_id=SESSION, capacity=capacity))

    def facts(self, name: str) -> list[BookingFact]:
        """What was said of the booking of an organisation."""
        booking_id = ident(f"booking/{name}")
        heard: list[Heard] = self.heard(BookingFact)
        return [each.data for each in heard if each.data.booking_id == booking_id]

    def states(self, *names: str) -> list[str]:
        """How far the bookings of organisations are."""
        return [str(self.facts(name)[-1].state) for name in names]

    def session(self, session_id: UUID = SESSION) -> SessionFact:
        """The session as it was said last."""
        heard: list[Heard] = self.heard(SessionFact)
        said: list[SessionFact] = [each.data for each in heard]
        return [each for each in said if each.session_id == session_id][-1]

    def member(
        self, person: str, *actors: str, roles: tuple[PersonRole, ...] = (PersonRole.CONTACT,)
    ) -> str:
        """Somebody of organisations; returns who they are as a principal."""
        held = tuple(Membership(actor_id=ident(name), roles=roles) for name in actors)
        self.say(MembershipGranted(version=1, person_id=ident(person), memberships=held))
        self.settle()
        return str(ident(person))
