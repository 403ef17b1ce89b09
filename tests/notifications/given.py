"""People and facts that notifications hears of, with sensible values."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from impulse_chassis.testing import START, World
from impulse_contracts.booking.cooperations import CooperationFact, CooperationOpened
from impulse_contracts.codes import (
    ActorKind,
    ActorStatus,
    ActorType,
    Carrier,
    CooperationState,
    Direction,
    Language,
    ListingStatus,
    PersonRole,
    ProposalState,
    ResourceCategory,
)
from impulse_contracts.matching import ProposalAccepted
from impulse_contracts.message import Message
from impulse_contracts.notifications import SendSignInLink
from impulse_contracts.parts import Seat
from impulse_contracts.registry.actors import ActorRegistered, ActorState
from impulse_contracts.registry.listings import ListingPublished, ListingReminded, ListingState
from impulse_contracts.registry.people import Membership, MembershipGranted, PersonAdded
from impulse_notifications.domain.cooperations import of_cooperation
from impulse_notifications.domain.notice import Notice, Telling, notices_of

NEED_ACTOR = UUID(int=1)
OFFER_ACTOR = UUID(int=2)
NEED_PERSON = UUID(int=11)
OFFER_PERSON = UUID(int=12)


def person(
    person_id: UUID, language: Language = Language.DE, email: str | None = None, version: int = 1
) -> PersonAdded:
    """A person, called after their id."""
    return PersonAdded(
        version=version,
        person_id=person_id,
        name=f"Beispielperson {person_id.int}",
        email=email or f"person-{person_id.int}@beispiel.example",
        language=language,
    )


def membership(
    person_id: UUID, *actors: UUID, roles: tuple[PersonRole, ...] = (PersonRole.CONTACT,)
) -> MembershipGranted:
    """A person's memberships, with the same roles everywhere."""
    return MembershipGranted(
        version=1,
        person_id=person_id,
        memberships=tuple(Membership(actor_id=actor, roles=roles) for actor in actors),
    )


def actor(actor_id: UUID, name: str) -> ActorRegistered:
    """An actor that is called `name`."""
    return ActorRegistered(
        version=1,
        actor_id=actor_id,
        status=ActorStatus.REGISTERED,
        kind=ActorKind.NONPROFIT,
        actor_type=ActorType.NONPROFIT_ASSOCIATION,
        carrier=Carrier.NONPROFIT,
        legal_name=name,
        seat=Seat(),
        example=True,
        confirmed_at=START,
    )


def both_sides() -> list[Message]:
    """A German contact of the need's actor, an English one of the offer's, and who they are."""
    return [
        actor(NEED_ACTOR, "Beispiel Jugendzentrum e. V."),
        actor(OFFER_ACTOR, "Beispiel Malerbetrieb GmbH"),
        person(NEED_PERSON, Language.DE),
        person(OFFER_PERSON, Language.EN),
        membership(NEED_PERSON, NEED_ACTOR),
        membership(OFFER_PERSON, OFFER_ACTOR),
    ]


def accepted(**changes: Any) -> ProposalAccepted:
    """A proposal that the need's side accepted."""
    values: dict[str, Any] = {
        "version": 2,
        "proposal_id": uuid4(),
        "need_id": uuid4(),
        "offer_id": uuid4(),
        "need_actor_id": NEED_ACTOR,
        "offer_actor_id": OFFER_ACTOR,
        "need_title": "Streichaktion im Jugendzentrum",
        "offer_title": "Malerteam für einen Aktionstag",
        "score": 0.8,
        "ruleset_version": "ruhr-1",
        "inputs_hash": "0" * 64,
        "state": ProposalState.ACCEPTED_BY_NEED,
        "answer_until": START + timedelta(days=14),
        "suggested_at": START,
    }
    return ProposalAccepted(**{**values, **changes})


def opened(**changes: Any) -> CooperationOpened:
    """A cooperation that was opened."""
    values: dict[str, Any] = {
        "version": 1,
        "cooperation_id": uuid4(),
        "proposal_id": uuid4(),
        "need_id": uuid4(),
        "offer_id": uuid4(),
        "need_actor_id": NEED_ACTOR,
        "offer_actor_id": OFFER_ACTOR,
        "need_title": "Streichaktion im Jugendzentrum",
        "offer_title": "Malerteam für einen Aktionstag",
        "state": CooperationState.INTRODUCED,
        "opened_at": START,
        "redeem_by": date(2027, 11, 24),
    }
    return CooperationOpened(**{**values, **changes})


def reminded(**changes: Any) -> ListingReminded:
    """A need that nobody has confirmed for a while."""
    values: dict[str, Any] = {
        "version": 2,
        "listing_id": uuid4(),
        "actor_id": NEED_ACTOR,
        "status": ListingStatus.OPEN,
        "direction": Direction.NEED,
        "title": "Streichaktion im Jugendzentrum",
        "resource_category": ResourceCategory.HANDS,
        "confirmed_at": START - timedelta(days=76),
        "confirm_by": START + timedelta(days=14),
    }
    return ListingReminded(**{**values, **changes})


def nowhere(
    kind: type[ListingState] = ListingPublished, postcode: str | None = "00000", **changes: Any
) -> ListingState:
    """A need at a postcode that there is not."""
    values = {**reminded().model_dump(), "version": 1, "place": {"postcode": postcode}, **changes}
    return kind.model_validate(values)


def of_actor(kind: type[ActorState], **changes: Any) -> ActorState:
    """A fact about the need's actor."""
    known = actor(NEED_ACTOR, "Beispiel Jugendzentrum e. V.").model_dump()
    return kind.model_validate({**known, "version": 2, **changes})


def link(person_id: UUID, expires_at: datetime | None = None) -> SendSignInLink:
    """A sign-in link; valid for a quarter of an hour."""
    return SendSignInLink(
        person_id=person_id,
        link="https://impulse.example/anmelden?token=geheim",
        expires_at=expires_at or START + timedelta(minutes=15),
    )


def notices_on(
    fact: Telling | CooperationFact, happened_at: datetime = START
) -> tuple[Notice, ...]:
    """What a fact says to whom."""
    if isinstance(fact, CooperationFact):
        return of_cooperation(fact, "cause", happened_at, START)
    return notices_of(fact, "cause", happened_at, START)


def say_all(world: World, *messages: Message) -> None:
    """Publishes messages and lets the service work."""
    for message in messages:
        world.say(message)
    world.settle()


def now() -> datetime:
    """The real time, for tests of the sender, which has no other."""
    return datetime.now(UTC)
