"""How many statements a batch costs, of each message that notifications handles."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from impulse_chassis.testing import START, Node, World
from impulse_contracts.booking.bookings import BookingConfirmed, BookingTransferred
from impulse_contracts.booking.cooperations import CooperationDueSoon, CooperationOverdue
from impulse_contracts.booking.programme import ProgrammeOfferChanged, ProgrammeOfferWithdrawn
from impulse_contracts.booking.support import SupportAccepted, SupportDeclined, SupportDone
from impulse_contracts.codes import PersonRole
from impulse_contracts.matching import (
    ProposalDeclined,
    ProposalExpired,
    ProposalInvalidated,
    ProposalReleased,
    ProposalReminded,
)
from impulse_contracts.notifications import (
    RemindOfDeadline,
    RemindOfSession,
    RemindToClose,
    SendDigest,
)
from impulse_contracts.registry.disclosures import DisclosureEnded
from impulse_contracts.registry.life import (
    ActorConfirmationDue,
    ActorEvidenceDueSoon,
    ActorMarkedStale,
)
from impulse_contracts.registry.listings import ListingChanged
from impulse_contracts.registry.network import ActorHandedOver
from impulse_contracts.registry.people import (
    ClaimConfirmed,
    ClaimExpired,
    ClaimRefused,
    MembershipClaimed,
    MembershipGranted,
    MembershipInvited,
    MembershipsEnded,
    MembershipStep,
    OfficeTakenOver,
    PersonAdded,
    PersonContactChanged,
)
from impulse_notifications.app import service
from impulse_notifications.domain.bookings import TEMPLATES
from impulse_notifications.domain.cooperations import TEMPLATES as COOPERATIONS
from impulse_notifications.editions import EDITIONS
from impulse_notifications.programme import SESSIONS
from tests.fixtures.shelf import undone
from tests.fixtures.statements import counted, every_handler_is_counted, refusals
from tests.notifications.given import (
    NEED_ACTOR,
    NEED_PERSON,
    OFFER_ACTOR,
    OFFER_PERSON,
    accepted,
    both_sides,
    link,
    membership,
    nowhere,
    of_actor,
    opened,
    person,
    reminded,
    say_all,
)
from tests.notifications.programme import booking, edition, offer, session, support


def of_many(make, key, size, *kind, **changes):
    """What `make` makes, with another id each."""
    return [make(*kind, **{key: UUID(int=9000 + number)}, **changes) for number in range(size)]


def given_sessions(size):
    return of_many(session, "session_id", size)


def steps_of(size, kind=BookingConfirmed):
    """A step of a booking of another session each, which names somebody."""
    held = [{"number": "2027-001", "person_id": NEED_PERSON, "issued_at": START}]
    return [
        booking(
            kind,
            booking_id=UUID(int=8000 + number),
            session_id=UUID(int=9000 + number),
            attendees=[NEED_PERSON],
            certificates=held,
        )
        for number in range(size)
    ]


def transferred(size):
    moved = {"version": 2, "actor_id": OFFER_ACTOR}
    return [BookingTransferred.model_validate(each.model_dump() | moved) for each in steps_of(size)]


def given_places(size):
    return [*given_sessions(size), *steps_of(size)]


def given_editions(size):
    return [
        edition(edition_id=each.session_id, session_id=each.session_id)
        for each in given_sessions(size)
    ]


def over(size, provider):
    """Editions whose day was a week ago."""
    since: dict[str, Any] = {
        "stage": "results",
        "since": START - timedelta(weeks=1),
        "deadlines": None,
    }
    return [
        edition(edition_id=each.edition_id, provider_actor_id=provider, **since)
        for each in given_editions(size)
    ]


def operator():
    return membership(OFFER_PERSON, OFFER_ACTOR, roles=(PersonRole.OPERATOR,))


def people_of(size):
    return [UUID(int=1000 + number) for number in range(size)]


def members(size, kind=MembershipGranted):
    """That people are contacts of the need's actor, as facts of a kind."""
    return [kind(**membership(each, NEED_ACTOR).model_dump()) for each in people_of(size)]


def persons(size, kind=PersonAdded, version=1):
    return [kind(**person(each, version=version).model_dump()) for each in people_of(size)]


def steps(size: int, fact: type[MembershipStep]) -> list[MembershipStep]:
    return [
        fact(version=1, person_id=each, about=NEED_ACTOR, memberships=())
        for each in people_of(size)
    ]


def alone(number):
    """An actor without people went stale; the intermediary in charge has no other."""
    ids = {"actor_id": UUID(int=5000 + number), "in_charge": UUID(int=7000 + number)}
    return of_actor(ActorMarkedStale, **ids)


def _over(kind):
    """A released proposal that is over for a reason of this kind."""
    values = {**accepted().model_dump(), "released_at": START, "declined_by": "need"}
    state = "declined" if kind is ProposalDeclined else "invalidated_by_withdrawal"
    return kind.model_validate({**values, "state": state})


STATEMENTS: dict[str, tuple[Any, Any]] = {
    # What is known before, so that each of them is told what stands; and what is said.
    "person": (members, persons),
    "contact changed": (
        lambda size: [*members(size), *persons(size)],
        lambda size: persons(size, PersonContactChanged, version=2),
    ),
    "membership": (persons, members),
    # Of another actor no longer; what stands for the one that is left they hear with that.
    "membership ended": (persons, lambda size: members(size, MembershipsEnded)),
    "accepted": (None, lambda size: [accepted() for _ in range(size)]),
    "reminded of the answer": (
        None,
        lambda size: [ProposalReminded(**accepted().model_dump()) for _ in range(size)],
    ),
    "expired": (
        None,
        lambda size: [ProposalExpired(**accepted().model_dump()) for _ in range(size)],
    ),
    "released": (
        None,
        lambda size: [ProposalReleased(**accepted(state="sent").model_dump()) for _ in range(size)],
    ),
    "declined": (None, lambda size: [_over(ProposalDeclined) for _ in range(size)]),
    "invalidated": (None, lambda size: [_over(ProposalInvalidated) for _ in range(size)]),
    "opened": (None, lambda size: [opened() for _ in range(size)]),
    "due soon": (
        None,
        lambda size: [CooperationDueSoon(**opened().model_dump()) for _ in range(size)],
    ),
    "overdue": (
        None,
        lambda size: [CooperationOverdue(**opened().model_dump()) for _ in range(size)],
    ),
    "published nowhere": (None, lambda size: [nowhere() for _ in range(size)]),
    "changed to nowhere": (None, lambda size: [nowhere(ListingChanged) for _ in range(size)]),
    "reminded": (None, lambda size: [reminded() for _ in range(size)]),
    "confirmation due": (None, lambda size: [of_actor(ActorConfirmationDue)] * size),
    "marked stale": (None, lambda size: [of_actor(ActorMarkedStale)] * size),
    "evidence due soon": (None, lambda size: [of_actor(ActorEvidenceDueSoon)] * size),
    "nobody hears": (None, lambda size: [alone(number) for number in range(size)]),
    "digest": (
        lambda size: [
            person(OFFER_PERSON),
            operator(),
            *(alone(number) for number in range(size)),
        ],
        lambda size: [SendDigest(reader_id=alone(number).in_charge) for number in range(size)],
    ),
    "handed over": (
        None,
        lambda size: [of_actor(ActorHandedOver, in_charge=OFFER_ACTOR) for _ in range(size)],
    ),
    "disclosure ended": (None, lambda size: [recalled() for _ in range(size)]),
    "claimed": (persons, lambda size: steps(size, MembershipClaimed)),
    "claim confirmed": (persons, lambda size: steps(size, ClaimConfirmed)),
    "claim refused": (persons, lambda size: steps(size, ClaimRefused)),
    "claim expired": (persons, lambda size: steps(size, ClaimExpired)),
    "invited": (persons, lambda size: steps(size, MembershipInvited)),
    "taken over": (persons, lambda size: steps(size, OfficeTakenOver)),
    "offer": (None, lambda size: of_many(offer, "programme_offer_id", size)),
    "offer changed": (
        None,
        lambda size: of_many(offer, "programme_offer_id", size, ProgrammeOfferChanged),
    ),
    "offer withdrawn": (
        None,
        lambda size: of_many(offer, "programme_offer_id", size, ProgrammeOfferWithdrawn),
    ),
    **{
        f"session {kind.ce_type}": (
            given_places,
            lambda size, kind=kind: of_many(
                session, "session_id", size, kind, version=2, sequence=1
            ),
        )
        for kind in SESSIONS
    },
    **{
        f"booking {kind.ce_type}": (given_sessions, lambda size, kind=kind: steps_of(size, kind))
        for kind in TEMPLATES
    },
    "booking transferred": (given_places, transferred),
    "booking waits": (None, lambda size: steps_of(size, BookingConfirmed)),
    "session soon": (
        given_places,
        lambda size: [
            RemindOfSession(session_id=UUID(int=9000 + n), sequence=0) for n in range(size)
        ],
    ),
    **{
        f"edition {kind.ce_type}": (
            None,
            lambda size, kind=kind: of_many(edition, "edition_id", size, kind),
        )
        for kind in EDITIONS
    },
    "deadline": (
        lambda size: [*given_places(size), *given_editions(size)],
        lambda size: [
            RemindOfDeadline(
                edition_id=each.edition_id, claiming=False, until=each.deadlines.submit_by
            )
            for each in given_editions(size)
        ],
    ),
    **{
        f"closing {provider}": (
            lambda size, provider=provider: [operator(), *over(size, provider)],
            lambda size, provider=provider: [
                RemindToClose(edition_id=each.edition_id) for each in over(size, provider)
            ],
        )
        for provider in (None, NEED_ACTOR)
    },
    "support": (
        lambda size: [offer(), operator()],
        lambda size: of_many(support, "request_id", size),
    ),
    **{
        f"support {kind.ce_type}": (
            lambda size: [offer()],
            lambda size, kind=kind: of_many(support, "request_id", size, kind),
        )
        for kind in (SupportAccepted, SupportDone, SupportDeclined)
    },
    **{
        f"cooperation {kind.ce_type}": (
            lambda size: [operator()],
            lambda size, kind=kind: [
                kind.model_validate(opened().model_dump()) for _ in range(size)
            ],
        )
        for kind in COOPERATIONS
    },
    "link": (None, lambda size: [link(NEED_PERSON) for _ in range(size)]),
    "link waits": (None, lambda size: [link(each) for each in people_of(size)]),
}


def recalled():
    return DisclosureEnded(
        version=2,
        disclosure_id=uuid4(),
        person_id=NEED_PERSON,
        actor_id=NEED_ACTOR,
        to_actor_id=OFFER_ACTOR,
        proposal_id=uuid4(),
        disclosed_at=START,
        until=START,
        ended_at=START,
    )


@pytest.fixture(scope="module")
def engine(shelf):
    """A database in which both sides and a cooperation of theirs are known."""
    with shelf.engine(service) as engine:
        say_all(World([Node(service, engine)]), *both_sides(), opened())
        yield engine


@pytest.mark.parametrize("case", STATEMENTS)
def test_statements_do_not_depend_on_the_number_of_messages(engine, case):
    before, messages = STATEMENTS[case]
    statements = {}
    for size in (50, 500):
        with undone(engine):
            if before:
                counted(service, engine, before(size))
            statements[size] = counted(service, engine, messages(size)).statements
            assert refusals(engine) == 0
    assert statements[50] == statements[500]


def test_every_handler_is_counted():
    every_handler_is_counted(service, (type(say(1)[0]) for _, say in STATEMENTS.values()))
