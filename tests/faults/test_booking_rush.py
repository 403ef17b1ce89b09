"""Everybody wants a place at once, and a replica dies: never overbooked, nobody forgotten."""

import json
import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from impulse_contracts.booking.bookings import CancelBooking, RequestBooking
from impulse_contracts.booking.programme import PublishProgrammeOffer, ScheduleSession
from impulse_contracts.registry.actors import ActorRegistered
from tests.faults.reporter import LONG
from tests.fixtures.stack import Stack, eventually

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900 if LONG else 240)]
REQUESTS, SESSIONS = (10_000, 100) if LONG else (2_000, 20)
CAPACITY, CANCELLED = 7, 0.1
ACTORS = REQUESTS // SESSIONS
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
HOLDING = {"offered", "confirmed"}


def sessions_for(
    stack: Stack, count: int, capacity: int, organisations: int
) -> tuple[list[UUID], list[UUID]]:
    """So many sessions, and organisations that will want places in them; booking knows them all."""
    offer_id = uuid4()
    terms = {"title": "Beispiel-Workshop", "category": "qualification", "example": True}
    stack.say(PublishProgrammeOffer.model_validate({"programme_offer_id": offer_id, **terms}))
    sessions = [uuid4() for _ in range(count)]
    for hours, session_id in enumerate(sessions):
        starts = SOON + timedelta(hours=hours)
        said = {"session_id": session_id, "programme_offer_id": offer_id, "capacity": capacity}
        times = {"starts": starts, "ends": starts + timedelta(hours=1)}
        stack.say(ScheduleSession.model_validate({**said, **times}))
    actors = [uuid4() for _ in range(organisations)]
    for actor_id in actors:
        fact = {
            "version": 1,
            "actor_id": actor_id,
            "status": "registered",
            "kind": "nonprofit",
            "actor_type": "nonprofit_association",
            "carrier": "nonprofit",
            "legal_name": "Beispielverein",
            "seat": {"postcode": "45144", "ags": "05113000"},
            "example": True,
            "confirmed_at": datetime.now(UTC),
        }
        stack.say(ActorRegistered.model_validate(fact), source="urn:impulse:registry")
    stack.flush()
    for table, ids in (("session", sessions), ("actor", actors)):
        await_rows(stack, table, ids)
    return sessions, actors


def await_rows(stack: Stack, table: str, ids: list[UUID]) -> None:
    """Waits until booking has them all."""

    def known() -> bool:
        with stack.database("booking") as connection:
            said = f"SELECT count(*) FROM {table} WHERE {table}_id = ANY(%s)"
            row = connection.execute(said, (ids,)).fetchone()
        return row == (len(ids),)

    eventually(known)


def test_ten_thousand_want_places_and_a_replica_is_killed(stack: Stack) -> None:
    first, second = stack.start("booking"), stack.start("booking", "-2")
    first.ready()
    second.ready()
    sessions, actors = sessions_for(stack, SESSIONS, CAPACITY, ACTORS)

    chance = random.Random(1)
    wishes = [(session_id, actor_id) for session_id in sessions for actor_id in actors]
    chance.shuffle(wishes)
    said: list[str] = []
    for count, (session_id, actor_id) in enumerate(wishes):
        wish = {"booking_id": uuid4(), "session_id": session_id, "actor_id": actor_id}
        said.append(stack.say(RequestBooking.model_validate(wish)))
        if chance.random() < CANCELLED:
            back = CancelBooking.model_validate({"booking_id": wish["booking_id"], "by": "booker"})
            said.append(stack.say(back, key=str(session_id)))
        if count == REQUESTS // 2:
            stack.flush()
            time.sleep(0.5)
            first.kill()
    stack.flush()
    eventually(lambda: set(said) <= stack.outcomes().keys(), 600 if LONG else 150, 1)
    eventually(lambda: stack.query("booking", "SELECT count(*) FROM outbox") == [(0,)])

    outcomes = stack.outcomes()
    answers = [
        {json.dumps(json.loads(x.value or b""), sort_keys=True) for x in outcomes[i]} for i in said
    ]
    assert all(len(each) == 1 for each in answers), "one outcome each, however often it is said"
    assert all(json.loads(next(iter(each)))["reason"] is None for each in answers)

    taken = stack.query(
        "booking",
        "SELECT session_id, sum(places) FILTER (WHERE state IN ('offered', 'confirmed')),"
        " count(*) FROM booking GROUP BY session_id",
    )
    assert [(held, asked) for _, held, asked in taken] == [(CAPACITY, ACTORS)] * SESSIONS
    check_facts(stack, sessions)


def check_facts(stack: Stack, sessions: list[UUID]) -> None:
    """By the topics alone: at no time more places were taken than there are."""
    facts = {
        (each["session_id"], each["session_version"]): each
        for each in (json.loads(record.value or b"") for record in stack.read("impulse.bookings"))
    }
    of_sessions: dict[str, list[int]] = {str(session_id): [] for session_id in sessions}
    for record in stack.read("impulse.programme"):
        if record.key in of_sessions:
            of_sessions[record.key].append(json.loads(record.value or b"")["version"])
    for session_id, versions in of_sessions.items():
        assert sorted(set(versions)) == list(range(1, len(set(versions)) + 1))
        state: dict[str, str] = {}
        for version in sorted(version for held, version in facts if held == session_id):
            fact = facts[session_id, version]
            state[fact["booking_id"]] = fact["state"]
            assert sum(each in HOLDING for each in state.values()) <= CAPACITY
        assert Counter(state.values())["requested"] == 0
