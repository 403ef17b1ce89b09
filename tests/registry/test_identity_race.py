"""Two first reports of one organisation at the same moment, on two replicas, make one actor."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, text

from impulse_chassis import metrics
from impulse_chassis.testing import START, Log
from impulse_registry.app import service
from tests.fixtures.services import Engines
from tests.fixtures.statements import record_of
from tests.registry.given import OTHER, SOURCE, actor_reported

ROUNDS = 50
PAIRS = 20
"""Organisations that both replicas hear of in one round: in all 1,000 races."""


def reports(source: str, number: int, count: int, by: str) -> list[Any]:
    """One partner's first reports of organisations; they share no id with another partner's."""
    log = Log()
    found = []
    for each in range(number, number + count):
        said: dict[str, Any] = {"legal_name": f"Beispiel-Verein Nummer {each} e.V."}
        if by == "register":
            court = "Essen" if source == SOURCE else "Amtsgericht Essen"
            said = {
                "legal_name": f"Beispiel {source[-30:]} {each}",
                "register": {"court": court, "number": f"VR {each + 1}"},
            }
        report = actor_reported(f"{each}", **said)
        found.append(record_of(report, log, source=source))
    return found


@pytest.mark.parametrize("by", ["register", "name"])
def test_two_replicas_that_race_make_one_actor_of_each(engine_of: Engines, by: str):
    """Both begin each transaction together, on connections of their own."""
    engine: Engine = engine_of(service)
    replicas = [service.processor(engine), service.processor(engine)]
    together = Barrier(2)
    lost = repeats()
    started = time.monotonic()

    def run(place: int, rounds: list[list[Any]]) -> None:
        for records in rounds:
            together.wait(timeout=30)
            replicas[place].process(records, START)

    rounds = range(0, ROUNDS * PAIRS, PAIRS)
    with ThreadPoolExecutor(2) as pool:
        running = [
            pool.submit(run, place, [reports(source, each, PAIRS, by) for each in rounds])
            for place, source in enumerate((SOURCE, OTHER))
        ]
        for each in running:
            each.result(timeout=60)

    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT jsonb_array_length(sources), count(*) FROM actor GROUP BY 1")
        )
        assert [tuple(row) for row in found] == [(2, ROUNDS * PAIRS)]
        names = connection.execute(text("SELECT count(*) FROM identity_key")).scalar_one()
        assert names == 2 * ROUNDS * PAIRS
    # Nothing would be proved if one had always come after the other.
    assert repeats() > lost, "no two transactions met"
    assert time.monotonic() - started < 60


def test_a_unit_and_its_bearer_that_race_are_linked(engine_of: Engines):
    engine: Engine = engine_of(service)
    replicas = [service.processor(engine), service.processor(engine)]
    together = Barrier(2)
    lost = repeats()

    def told(place: int, number: int) -> Any:
        log = Log()
        if place:
            report = actor_reported(f"B{number}", legal_name=f"Beispielträger {number}")
        else:
            report = actor_reported(
                f"U{number}", legal_name=f"Beispielhaus {number}", carrier_external_id=f"B{number}"
            )
        return record_of(report, log, source=SOURCE)

    def run(place: int) -> None:
        for first in range(0, ROUNDS * PAIRS, PAIRS):
            records = [told(place, first + each) for each in range(PAIRS)]
            together.wait(timeout=30)
            replicas[place].process(records, START)

    with ThreadPoolExecutor(2) as pool:
        for each in [pool.submit(run, place) for place in (0, 1)]:
            each.result(timeout=60)

    with engine.connect() as connection:
        linked = connection.execute(
            text(
                "SELECT count(*) FROM actor AS unit JOIN actor AS bearer"
                " ON bearer.actor_id = unit.carrier_actor_id"
                " WHERE replace(unit.legal_name, 'haus', 'träger') = bearer.legal_name"
            )
        )
        assert linked.scalar_one() == ROUNDS * PAIRS
    assert repeats() > lost, "no two transactions met"


def repeats() -> float:
    """How many batches were repeated because the other replica was faster."""
    return float(metrics.REPEATS.labels("registry", "conflict")._value.get())
