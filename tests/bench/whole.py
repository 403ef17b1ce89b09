"""The whole stack: throughput to the read model, latency at 50 reports a second, memory."""

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import psycopg
from confluent_kafka import Consumer, TopicPartition

from impulse_contracts.partner import ActorReported
from impulse_contracts.registry.actors import RegisterActor
from impulse_sample.reports import bulk_reports
from tests.bench.figures import Figure, figure
from tests.bench.ground import memory_mb, pair, preload, stack_on
from tests.fixtures.stack import Stack, eventually

EVENTS = 20_000
WARM = 40_000
FLOOD = 100_000
PER_SECOND = 50
SECONDS = 10
ROUNDS = 5


def measure() -> Iterator[Figure]:
    """One stack, one after the other: latency, throughput, memory idle, warm and after a flood."""
    with pair() as (kafka, postgres), tempfile.TemporaryDirectory() as folder:
        stack = stack_on(kafka, postgres, Path(folder), "whole")
        try:
            stack.start_mail()
            stack.start_all()
            time.sleep(5)
            idle = {name: memory_mb(process) for name, process in stack.processes.items()}
            yield from _latency(stack)
            yield from _throughput(stack)
            yield from _memory(stack, idle)
        finally:
            stack.close()


def _latency(stack: Stack) -> Iterator[Figure]:
    organisations = _organisations(ROUNDS * PER_SECOND * SECONDS)
    rounds = [_round(stack, organisations) for _ in range(ROUNDS)]
    lost = sum(each.lost for each in rounds)
    note = f"{ROUNDS} times {PER_SECOND}/s for {SECONDS} s; {lost} not seen"
    for name in ("outcome", "read_model"):
        ordered = [sorted(getattr(each, name)) for each in rounds]
        halves = [statistics.median(samples) for samples in ordered]
        tails = [samples[int(len(samples) * 0.99)] for samples in ordered]
        yield figure(f"stack.{name}_ms_p50", halves, "ms", at_most=60, note=note)
        yield figure(f"stack.{name}_ms_p99", tails, "ms", at_most=250, note=note)


class Round(NamedTuple):
    """Milliseconds from a command to its outcome and to its row, and how many were never seen."""

    outcome: list[float]
    read_model: list[float]
    lost: int


def _organisations(count: int) -> Iterator[dict[str, Any]]:
    """Of real names and places: namesakes in one place are looked through as likely duplicates."""
    for record in bulk_reports(count):
        said = json.loads(record.value)
        yield {name: said[name] for name in ("kind", "legal_name", "seat")}


def _round(stack: Stack, organisations: Iterator[dict[str, Any]]) -> Round:
    outcome_ms, visible_ms = [], []
    consumer = Consumer({"bootstrap.servers": stack.bootstrap, "group.id": "bench"})
    topic = stack.prefix + "impulse.outcomes"
    consumer.assign([TopicPartition(topic, number) for number in range(6)])
    consumer.poll(1)
    database = stack.postgres.url_of(stack.databases["gateway"]).replace("+psycopg", "", 1)
    said: dict[str, tuple[float, str]] = {}
    unseen: dict[str, float] = {}
    with psycopg.connect(database, autocommit=True) as connection:
        start = looked = time.perf_counter()
        number = 0
        while number < PER_SECOND * SECONDS or said or unseen:
            now = time.perf_counter()
            if now - start > SECONDS + 20:
                break
            if number < PER_SECOND * SECONDS and now - start >= number / PER_SECOND:
                actor = uuid4()
                command = stack.say(
                    RegisterActor.model_validate({"actor_id": actor, **next(organisations)})
                )
                stack._producer.flush()
                said[command] = (now, str(actor))
                unseen[str(actor)] = now
                number += 1
            # Looking more often would take the cores away from what is measured.
            for record in consumer.consume(100, 0.005):
                if record.error() is None and (
                    found := said.pop((record.key() or b"").decode(), None)
                ):
                    outcome_ms.append((time.perf_counter() - found[0]) * 1000)
            if unseen and now - looked >= 0.01:
                looked = now
                rows = connection.execute(
                    "SELECT actor_id FROM actor WHERE actor_id = ANY(%s::uuid[])", (list(unseen),)
                ).fetchall()
                for (actor_id,) in rows:
                    visible_ms.append((time.perf_counter() - unseen.pop(str(actor_id))) * 1000)
    consumer.close()
    return Round(outcome_ms, visible_ms, len(said) + len(unseen))


def _count(stack: Stack, service: str, table: str) -> int:
    return int(stack.query(service, f"SELECT count(*) FROM {table}")[0][0])


def _actors(stack: Stack, service: str) -> tuple[object, ...]:
    return tuple(stack.query(service, "SELECT count(*), sum(version) FROM actor")[0])


def _throughput(stack: Stack) -> Iterator[Figure]:
    before = _count(stack, "registry", "inbox")
    preload(stack.bootstrap, stack.prefix, EVENTS)
    began = time.monotonic()
    # Some are of organisations that are there already, and change these.
    eventually(
        lambda: (
            _count(stack, "registry", "inbox") >= before + EVENTS
            and _actors(stack, "gateway") == _actors(stack, "registry")
        ),
        300,
        0.1,
    )
    yield figure(
        "stack.reports_per_second",
        [EVENTS / (time.monotonic() - began)],
        "reports/s",
        note="from Kafka to the gateway's read model, all services running",
    )


def _memory(stack: Stack, idle: dict[str, float]) -> Iterator[Figure]:
    for round_ in range(WARM // EVENTS):
        _flood(stack, round_)
    warm = {name: memory_mb(process) for name, process in stack.processes.items()}
    for round_ in range(WARM // EVENTS, (WARM + FLOOD) // EVENTS):
        _flood(stack, round_)
    after = {name: memory_mb(process) for name, process in stack.processes.items()}
    for name, value in after.items():
        yield figure(
            f"{name if name != 'mail' else 'stack.mail'}.memory_mb",
            [value],
            "MB",
            baseline=warm[name],
            note=f"after {FLOOD} further events; idle at first: {idle[name]:.0f}",
        )
    yield figure(
        "stack.services_memory_mb", [sum(after.values())], "MB", note="without broker and database"
    )


def _flood(stack: Stack, round_: int) -> None:
    """The same actors again, each with a later observation, so that there is work to do."""
    for number in range(EVENTS):
        stack.say(
            ActorReported.model_validate(
                {
                    "external_id": f"flood-{number % 5000}",
                    "kind": "nonprofit",
                    "legal_name": f"Beispielverein {round_} {number}",
                    "seat": {"postcode": "45144"},
                    "observed_at": datetime.now(UTC),
                }
            )
        )
    stack.flush()
    eventually(
        lambda: (
            _count(stack, "registry", "outbox") == 0
            and stack.query(
                "registry",
                f"SELECT 1 FROM actor WHERE legal_name = 'Beispielverein {round_} {EVENTS - 1}'",
            )
            != []
        ),
        300,
        0.5,
    )
