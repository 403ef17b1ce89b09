"""Two replicas at the same time: no pair is missed or miscounted, no offer is promised twice."""

import random
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from uuid import uuid4

import pytest

from impulse_chassis.envelope import StoredRecord
from impulse_chassis.processor import Processor
from impulse_chassis.testing import START, Log
from impulse_contracts.codes import Direction
from impulse_contracts.matching import AcceptProposal, ExpressInterest
from impulse_matching.app import service
from impulse_matching.domain import proposals
from impulse_matching.store.exposures import RECOUNT
from tests.fixtures.services import Engines
from tests.fixtures.statements import record_of, watching
from tests.matching.given import HAMM, changed, need, offer
from tests.matching.test_exposure import ledger

GROUPS, NEEDS, OFFERS = 10, 10, 5
"""So many towns of their own, each with so many needs and offers: no more than are suggested."""


def _process_in_turns(processor: Processor, records: Sequence[StoredRecord], size: int) -> None:
    for start in range(0, len(records), size):
        processor.process(records[start : start + size], START)


def _at_once(processors: Sequence[Processor], records: list[StoredRecord], size: int) -> None:
    """Each replica gets every other record, in batches; all work at the same time."""
    with ThreadPoolExecutor(len(processors)) as pool:
        shares = [records[place :: len(processors)] for place in range(len(processors))]
        list(pool.map(_process_in_turns, processors, shares, [size] * len(processors)))


@pytest.mark.parametrize("side", Direction)
def test_who_is_merged_while_somebody_asks_is_a_side_as_what_they_are_now(
    engine_of: Engines, side: Direction
) -> None:
    """A listing becomes another organisation's on one replica, while the other one opens a proposal
    of it: whichever is first, the proposal follows."""
    engine = engine_of(service)
    one, other = (service.processor(engine) for _ in range(2))
    log, into = Log(), uuid4()
    pair = {Direction.NEED: need("Streichen"), Direction.OFFER: offer("Malern", place=HAMM)}
    one.process([record_of(each.state, log) for each in pair.values()], START)
    asked = ExpressInterest(
        interest_id=uuid4(),
        need_id=pair[Direction.NEED].listing_id,
        offer_id=pair[Direction.OFFER].listing_id,
        actor_id=pair[Direction.OFFER].state.actor_id,
    )
    merged = record_of(changed(pair[side], actor_id=into).state, log)
    merging: list[Future[object]] = []

    def meanwhile(statement: str, _: int) -> None:
        if 'INSERT INTO "proposal"' in statement and not merging:
            merging.append(pool.submit(other.process, [merged], START))
            wait(merging, timeout=1)

    with ThreadPoolExecutor(1) as pool, watching(engine, meanwhile):
        one.process([record_of(asked, log)], START)
        merging[0].result(timeout=30)
    with engine.connect() as connection:
        [row] = connection.exec_driver_sql(
            f"SELECT state, {side}_actor_id AS actor_id FROM proposal"
        )
    assert (row.state, row.actor_id) == ("accepted_by_offer", into)


def test_no_pair_is_missed_and_no_offer_is_promised_twice(engine_of: Engines) -> None:
    engine = engine_of(service)
    processors = [service.processor(engine) for _ in range(2)]
    log, chance = Log(), random.Random(1)

    towns = [
        {
            "place": {"latitude": 40 + 2 * town, "longitude": 7},
            "example": bool(town % 2),
        }
        for town in range(GROUPS)
    ]
    needs = [[need(f"{t}-{n}", **town) for n in range(NEEDS)] for t, town in enumerate(towns)]
    offers = [[offer(f"{t}-{n}", **town) for n in range(OFFERS)] for t, town in enumerate(towns)]
    entries = [entry for group in (*needs, *offers) for entry in group]
    chance.shuffle(entries)
    _at_once(processors, [record_of(entry.state, log) for entry in entries], 3)

    pairs = {
        proposals.proposal_id(wanted.listing_id, given.listing_id)
        for t in range(GROUPS)
        for wanted in needs[t]
        for given in offers[t]
    }
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT proposal_id FROM proposal").fetchall()
    assert {row.proposal_id for row in rows} == pairs
    with engine.connect() as connection:
        found = ledger(connection)
        assert found == ledger(connection, RECOUNT)
    of_each = GROUPS // 2 * NEEDS * OFFERS
    assert found["need"] == found["example/need"] == (GROUPS // 2 * NEEDS, of_each)
    assert found["offer"] == found["example/offer"] == (GROUPS // 2 * OFFERS, of_each)

    answers = [
        AcceptProposal(proposal_id=pair, side=side) for pair in sorted(pairs) for side in Direction
    ]
    assert len(answers) == 1_000
    chance.shuffle(answers)
    _at_once(processors, [record_of(answer, log) for answer in answers], 7)

    with engine.connect() as connection:
        promised = connection.exec_driver_sql(
            "SELECT offer_id, count(*) FILTER (WHERE state = 'mutually_accepted') AS won,"
            " count(*) FILTER (WHERE state = 'suggested') AS left_open,"
            " bool_or(c.promised) AS promised"
            " FROM proposal JOIN offer_capacity AS c USING (offer_id) GROUP BY offer_id"
        ).fetchall()
    assert len(promised) == GROUPS * OFFERS
    for row in promised:
        assert row.won <= 1
        assert row.promised == (row.won == 1)
        assert row.left_open == (0 if row.won else NEEDS - 1)
    assert any(row.won for row in promised)
