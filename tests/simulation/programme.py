"""The programme by seed: places are wanted, given back, offered, taken too late; who came.

Bookings of one session come one after another; what is said of a booking later comes by a
partition of its own, in any order: there the invariants count, not who was first.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from impulse_chassis.testing import START, World
from impulse_contracts.booking.bookings import (
    BookingFact,
    CancelBooking,
    DeclinePlace,
    RecordAttendance,
    RequestBooking,
    TakePlace,
)
from impulse_contracts.booking.programme import (
    ChangeCapacity,
    PublishProgrammeOffer,
    ScheduleSession,
    SessionFact,
)
from impulse_contracts.message import Message
from impulse_contracts.registry.actors import RegisterActor
from impulse_contracts.registry.duplicates import MergeActors
from impulse_contracts.registry.people import AddPerson
from tests.simulation.cast import Phase, Saying
from tests.simulation.chain import said

OFFER = UUID(int=500)
SESSIONS = [UUID(int=501), UUID(int=502)]
ACTORS = [UUID(int=600 + number) for number in range(6)]
BEGINS = START + timedelta(days=20)
CAPACITY = 3
HOLDING = {"offered", "confirmed", "attended", "no_show"}
OVER = {"requested", "waitlisted", "offered"}


def scenario(seed: int) -> list[Phase]:
    """All is set; bookings; second thoughts; answers; a merge; the day, and who came."""
    chance = random.Random(f"programme {seed}")
    return [
        Phase(_given(chance)),
        Phase(_wishes(chance)),
        Phase(partial(_second_thoughts, chance.random()), timedelta(hours=3)),
        Phase(partial(_answers, chance.random()), timedelta(days=3)),
        Phase(partial(_merge, chance.random()), timedelta(days=20)),
        Phase(_attendance),
    ]


def broken(world: World) -> Iterator[str]:
    """I1, of the programme: by the facts alone, no session ever has more taken than it has; when
    it has begun nobody waits any more; and what was merged has no bookings."""
    sessions = {(each.session_id, each.version): each for each in _all(world, SessionFact)}
    facts = {(each.session_id, each.session_version): each for each in _all(world, BookingFact)}
    known: dict[UUID, dict[UUID, BookingFact]] = {session_id: {} for session_id in SESSIONS}
    for (session_id, version), fact in sorted(facts.items()):
        held, of_session = sessions[session_id, version], known[session_id]
        of_session[fact.booking_id] = fact
        taken = sum(each.party_size for each in of_session.values() if each.state in HOLDING)
        if taken != held.taken or taken > held.capacity:
            yield f"I1 {session_id} {version}: {taken} taken of {held.capacity}"
    for fact in newest(world):
        if world.now > BEGINS + timedelta(hours=3) and fact.state in OVER:
            yield f"I1 booking {fact.booking_id} is {fact.state} when all is over"
        if fact.formerly and fact.actor_id != ACTORS[0]:
            yield f"I1 booking {fact.booking_id} did not go along"


def newest(world: World) -> list[BookingFact]:
    """Each booking as it was said last."""
    found: dict[UUID, BookingFact] = {}
    for fact in _all(world, BookingFact):
        known = found.get(fact.booking_id)
        if known is None or known.version < fact.version:
            found[fact.booking_id] = fact
    return [found[key] for key in sorted(found)]


def _all(world: World, kind: Any) -> list[Any]:
    return [each.data for each in world.heard(kind)]


# ------------------------------------------------------------------------------- the phases


def _given(chance: random.Random) -> list[Saying]:
    """Organisations with somebody to tell, an offer and its sessions, in any order."""
    terms = {
        "programme_offer_id": OFFER,
        "title": "Impulsworkshop",
        "category": "qualification",
        "capacity_unit": "person",
        "group_policy": chance.choice(["hold_for_group", "skip_with_notice"]),
        "answer_hours": 24,
    }
    found: list[Message] = [PublishProgrammeOffer.model_validate(terms)]
    for hours, session_id in enumerate(SESSIONS):
        starts = BEGINS + timedelta(hours=hours)
        times = {"starts": starts, "ends": starts + timedelta(hours=1)}
        ids = {"session_id": session_id, "programme_offer_id": OFFER}
        found.append(ScheduleSession.model_validate({**ids, **times, "capacity": CAPACITY}))
    for number, actor_id in enumerate(ACTORS):
        profile = {
            "kind": "nonprofit",
            "legal_name": f"Beispielverein {number}",
            "seat": {"postcode": "45144"},
        }
        found.append(RegisterActor.model_validate({"actor_id": actor_id, **profile}))
        contact = {"name": f"Beispielperson {number}", "email": f"person@{number}.example"}
        ids = {"person_id": UUID(int=700 + number), "actor_id": actor_id}
        found.append(AddPerson.model_validate({**ids, **contact, "language": "de"}))
    chance.shuffle(found)
    return [said(each, f"given {number}") for number, each in enumerate(found)]


def _wishes(chance: random.Random) -> list[Saying]:
    """All want to come to each session, some twice; all at the same time."""
    wishes = [
        (session_id, actor_id)
        for session_id in SESSIONS
        for actor_id in (*ACTORS, *chance.sample(ACTORS, 2))
    ]
    chance.shuffle(wishes)
    found: list[Saying] = []
    for number, (session_id, actor_id) in enumerate(wishes):
        ids = {"session_id": session_id, "actor_id": actor_id}
        booking_id = uuid5(session_id, f"{number}")
        wish = {"booking_id": booking_id, "party_size": chance.choice([1, 1, 2, 4])}
        found.append(said(RequestBooking.model_validate(ids | wish), f"wish {number}"))
    return found


def _second_thoughts(seed: float, world: World) -> list[Saying]:
    """Some give back what they have, and a session gets a place more."""
    chance = random.Random(seed)
    found: list[Saying] = [
        said(CancelBooking.model_validate({"booking_id": each.booking_id, "by": by}), f"back {n}")
        for n, each in enumerate(newest(world))
        if each.state in {"confirmed", "waitlisted"}
        and (by := chance.choice(["booker", "provider", None]))
    ]
    more = ChangeCapacity(session_id=SESSIONS[0], capacity=CAPACITY + 1)
    return [*found, said(more, "one more")]


def _answers(seed: float, world: World) -> list[Saying]:
    """Those who were offered a place take it, do without, both, or say nothing in time."""
    chance = random.Random(seed)
    offered = [each.booking_id for each in newest(world) if each.state == "offered"]
    choices: list[list[type[Message]]] = [
        [TakePlace],
        [DeclinePlace],
        [TakePlace, DeclinePlace],
        [],
    ]
    return [
        said(kind.model_validate({"booking_id": booking_id}), f"{kind.__name__} {booking_id}")
        for booking_id in offered
        for kind in chance.choice(choices)
    ]


def _merge(seed: float, world: World) -> list[Saying]:
    """One organisation goes on for another, while somebody gives a place back."""
    chance = random.Random(seed)
    confirmed = [each.booking_id for each in newest(world) if each.state == "confirmed"]
    found: list[Saying] = [
        said(MergeActors(survivor_id=ACTORS[0], other_id=ACTORS[1]), "merge"),
        *(
            said(CancelBooking.model_validate({"booking_id": each, "by": "booker"}), f"late {each}")
            for each in confirmed[:1]
        ),
    ]
    chance.shuffle(found)
    return found


def _attendance(world: World) -> list[Saying]:
    """Who has a place came."""
    return [
        said(
            RecordAttendance.model_validate(
                {"booking_id": each.booking_id, "attendance": [{"presence": "present"}]}
            ),
            f"came {each.booking_id}",
        )
        for each in newest(world)
        if each.state == "confirmed"
    ]
