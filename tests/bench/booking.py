"""Booking requests decided: through Kafka, against one statement called directly on PostgreSQL."""

import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import psycopg
from confluent_kafka import Consumer, TopicPartition

from impulse_contracts.booking.bookings import RequestBooking
from tests.bench.figures import Figure, figure
from tests.bench.ground import pair, rate, stack_on
from tests.faults.test_booking_rush import sessions_for
from tests.fixtures.pair import Kafka, Postgres
from tests.fixtures.stack import Stack

REQUESTS, SESSIONS, CAPACITY = 10_000, 100, 20
ACTORS = REQUESTS // SESSIONS
ROUNDS, CONNECTIONS = 3, 16
PER_SECOND, SECONDS = 200, 10
TABLES = """
    CREATE TABLE slot (slot_id uuid PRIMARY KEY, capacity int, taken int);
    CREATE TABLE booked (id uuid, slot_id uuid, actor_id uuid, state text)
"""
ONE_STATEMENT = """
    WITH taken AS (
        UPDATE slot SET taken = taken + 1 WHERE slot_id = %s AND taken < capacity RETURNING true
    )
    INSERT INTO booked
    SELECT %s, %s, %s, CASE WHEN EXISTS (SELECT FROM taken) THEN 'confirmed' ELSE 'waitlisted' END
"""
"""A place if there is one, without which nothing is overbooked; no rule, no outcome, no event."""


def measure() -> Iterator[Figure]:
    """In turns: 10,000 requests for 2,000 places of 100 sessions; then latency at 200 a second."""
    ours, theirs, tails, halves, twofold = [], [], [], [], []
    with pair() as (kafka, postgres), tempfile.TemporaryDirectory() as name:
        for count in range(ROUNDS):
            theirs.append(_directly(postgres))
            folder = Path(name) / str(count)
            decided, waited = _through_kafka(kafka, postgres, folder / "one")
            ours.append(decided)
            twofold.append(_through_kafka(kafka, postgres, folder / "two", replicas=2)[0])
            halves.append(statistics.median(waited))
            tails.append(sorted(waited)[int(len(waited) * 0.99)])
    base = statistics.median(theirs)
    yield figure("booking.requests_per_second", ours, "requests/s", baseline=base)
    name = "booking.requests_per_second_of_two_replicas"
    yield figure(name, twofold, "requests/s", baseline=base)
    yield figure(
        "booking.ratio_to_one_statement",
        [one / other for one, other in zip(ours, theirs, strict=True)],
        "ratio",
        at_least=1.0,
        baseline=1.0,
        note=f"a conditional insert by {CONNECTIONS} connections, no rules, no outcome, no event",
    )
    note = f"{ROUNDS} times {PER_SECOND}/s for {SECONDS} s"
    yield figure("booking.outcome_ms_p50", halves, "ms", note=note)
    yield figure("booking.outcome_ms_p99", tails, "ms", at_most=250, note=note)


def _directly(postgres: Postgres) -> float:
    """Requests a second."""
    wishes = [(uuid4(), uuid4()) for _ in range(ACTORS)]
    slots = [uuid4() for _ in range(SESSIONS)]
    requests = [(slot, *wish) for slot in slots for wish in wishes]
    random.Random(1).shuffle(requests)
    with postgres.database("direct") as found:
        url = found.replace("+psycopg", "", 1)
        with psycopg.connect(url) as connection:
            connection.execute(
                "CREATE TABLE slot (slot_id uuid PRIMARY KEY, capacity int, taken int)"
            )
            connection.execute(
                "CREATE TABLE booked (id uuid, slot_id uuid, actor_id uuid, state text)"
            )
            rows = [(slot, CAPACITY, 0) for slot in slots]
            connection.cursor().executemany("INSERT INTO slot VALUES (%s, %s, %s)", rows)

        def work(share: Sequence[tuple[UUID, UUID, UUID]]) -> None:
            with psycopg.connect(url, autocommit=True) as connection:
                for slot, booking, actor in share:
                    connection.execute(ONE_STATEMENT, (slot, booking, slot, actor))

        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(work, [requests[place::CONNECTIONS] for place in range(CONNECTIONS)]))
        return REQUESTS / (time.perf_counter() - began)


def _through_kafka(
    kafka: Kafka, postgres: Postgres, folder: Path, replicas: int = 1
) -> tuple[float, list[float]]:
    """Requests decided a second, and milliseconds to the outcome at a steady pace."""
    folder.mkdir(parents=True)
    stack = stack_on(kafka, postgres, folder, "booking")
    try:
        services = [
            stack.start("booking", f"-{number}" * (number > 1)) for number in range(1, replicas + 1)
        ]
        for service in services:
            service.ready()
        sessions, actors = sessions_for(stack, SESSIONS, CAPACITY, ACTORS)
        for service in services:
            service.stop()
        wishes = [(session_id, actor) for session_id in sessions for actor in actors]
        random.Random(1).shuffle(wishes)
        for session_id, actor in wishes:
            stack.say(_request(session_id, actor))
        stack.flush()
        done = len(stack.outcomes())
        for service in services:
            service.start()
        topic = stack.prefix + "impulse.outcomes"
        decided = rate(stack.bootstrap, topic, done + REQUESTS, first=done + 1000)
        [later], asking = sessions_for(stack, 1, PER_SECOND * SECONDS, PER_SECOND * SECONDS)
        return decided, _latency(stack, later, asking)
    finally:
        stack.close()


def _latency(stack: Stack, session_id: UUID, actors: Sequence[UUID]) -> list[float]:
    consumer = Consumer({"bootstrap.servers": stack.bootstrap, "group.id": "bench"})
    topic = stack.prefix + "impulse.outcomes"
    consumer.assign([TopicPartition(topic, number) for number in range(6)])
    consumer.poll(1)
    waited: list[float] = []
    said: dict[str, float] = {}
    began = time.perf_counter()
    sent = 0
    while len(waited) < len(actors) and time.perf_counter() - began < SECONDS + 20:
        now = time.perf_counter()
        if sent < len(actors) and now - began >= sent / PER_SECOND:
            said[stack.say(_request(session_id, actors[sent]))] = now
            sent += 1
        for record in consumer.consume(100, 0.002):
            key = (record.key() or b"").decode()
            if record.error() is None and key in said:
                waited.append((time.perf_counter() - said[key]) * 1000)
    consumer.close()
    if len(waited) < len(actors):
        raise TimeoutError(f"{len(actors) - len(waited)} requests without an outcome")
    return waited


def _request(session_id: UUID, actor_id: UUID) -> RequestBooking:
    wish = {"booking_id": uuid4(), "session_id": session_id, "actor_id": actor_id}
    return RequestBooking.model_validate(wish)
