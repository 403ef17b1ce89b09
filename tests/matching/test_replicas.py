"""Two replicas at the same time: no pair is missed or miscounted, no offer is promised twice."""

import random
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from impulse_chassis.envelope import StoredRecord
from impulse_chassis.inbox import Conflict
from impulse_chassis.processor import Processor
from impulse_chassis.testing import START, Log
from impulse_contracts.booking.cooperations import CooperationCancelled
from impulse_contracts.codes import DeclineReason, Direction, ListingStatus
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpressInterest,
)
from impulse_contracts.message import Message
from impulse_contracts.registry.listings import ListingState
from impulse_matching.app import service
from impulse_matching.domain import proposals
from impulse_matching.store.exposures import RECOUNT
from tests.fixtures.services import Engines
from tests.fixtures.statements import record_of, watching
from tests.matching.given import BOCHUM, ESSEN, HAMM, changed, ended, need, offer
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


def test_an_offer_that_is_freed_while_its_change_waits_is_suggested_again(
    engine_of: Engines,
) -> None:
    engine, log = engine_of(service), Log()
    one, other = (service.processor(engine) for _ in range(2))
    first, second, given_ = need("Streichen"), need("Malern"), offer("Malern")
    one.process([record_of(each.state, log) for each in (first, given_)], START)
    ids = first.listing_id, given_.listing_id
    pair = proposals.proposal_id(*ids)
    both = [record_of(AcceptProposal(proposal_id=pair, side=side), log) for side in Direction]
    one.process([*both, record_of(second.state, log)], START)
    over = [record_of(ended(CooperationCancelled, *ids), log)]
    with watching(engine, lambda statement, _: _overtake(statement, other, over)):
        one.process([record_of(changed(given_).state, log)], START)
    assert not over
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT need_id FROM proposal WHERE state = 'suggested'")
        assert found.scalars().all() == [second.listing_id]


def _overtake(statement: str, other: Processor, waiting: list[Any]) -> None:
    """The other replica handles what waits just before the first one has the lock."""
    if "impulse.matching.scoring" in statement and waiting:
        now, waiting[:] = [*waiting], []
        other.process(now, START)


@pytest.mark.parametrize("seed", range(2))
def test_two_replicas_write_what_one_would(engine_of: Engines, seed: int) -> None:
    """While a batch waits for the lock, the other replica handles a whole one.

    What is written and published then is what a single process makes of these batches, the other
    one's first: no pair is missed, none comes twice, and none is told by what was so before.
    """
    chance, log = random.Random(seed), Log()
    engine, alone = engine_of(service), engine_of(service)
    one, other = (service.processor(engine) for _ in range(2))
    single = service.processor(alone)
    town = _Town(chance, engine)
    waiting: list[StoredRecord] = []
    overtaken = 0

    def meanwhile(statement: str, _: int) -> None:
        before = len(waiting)
        _overtake(statement, other, waiting)
        if len(waiting) < before and chance.random() < 0.4:
            raise Conflict  # it begins anew, with its own listings in the index

    for _ in range(10):
        late, early = ([record_of(each, log) for each in town.says()] for _ in range(2))
        waiting[:] = early
        with watching(engine, meanwhile):
            one.process(late, START)
        overtaken += not waiting
        other.process(waiting, START)  # unless nobody waited for the lock, these are none
        for batch in (late, early) if waiting else (early, late):
            single.process(batch, START)
        assert _written(engine) == _written(alone)
    assert overtaken > 5
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM dead_letter").scalar() == 0
        states = set(connection.exec_driver_sql("SELECT state FROM proposal").scalars())
    assert states >= {"suggested", "accepted_by_need", "declined", "invalidated_by_withdrawal"}


class _Town:
    """More listings than are suggested, that change all the time, and what is said to proposals."""

    def __init__(self, chance: random.Random, engine: Engine) -> None:
        self._chance = chance
        self._engine = engine
        self._listings = [make(str(number)) for make in (need, offer) for number in range(40)]

    def says(self) -> list[Message]:
        """Some facts and commands."""
        with self._engine.connect() as connection:
            pairs = connection.exec_driver_sql("SELECT proposal_id FROM proposal").scalars().all()
        said: list[Message] = [self._fact() for _ in range(self._chance.randint(1, 15))]
        for pair in self._chance.sample(sorted(pairs), min(len(pairs), 4)):
            side, reason = self._chance.choice(list(Direction)), DeclineReason.OTHER
            said.append(
                self._chance.choice(
                    [
                        AcceptProposal(proposal_id=pair, side=side),
                        DeclineProposal(proposal_id=pair, side=side, reason=reason),
                    ]
                )
            )
        self._chance.shuffle(said)
        return said

    def _fact(self) -> ListingState:
        place = self._chance.randrange(len(self._listings))
        now = self._listings[place] = changed(
            self._listings[place],
            title=self._chance.choice(["Streichen", "Malern", "Gärtnern", "Website"]),
            status=self._chance.choice([*[ListingStatus.OPEN] * 6, ListingStatus.WITHDRAWN]),
            place=self._chance.choice([ESSEN, BOCHUM, HAMM]),
            actor_id=UUID(int=self._chance.randrange(1, 30)),
        )
        return now.state


def _written(engine: Engine) -> dict[str, list[Any]]:
    """All that matching keeps and says."""
    with engine.connect() as connection:
        return {
            table: list(connection.exec_driver_sql(f"SELECT {row} FROM {table} AS t ORDER BY 1"))
            for table, row in (
                ("listing", "(to_jsonb(t) - 'changed_in')::text"),
                ("offer_capacity", "(to_jsonb(t) - 'changed_in')::text"),
                ("proposal", "to_jsonb(t)::text"),
                ("exposure", "to_jsonb(t)::text"),
                ("earlier_listing", "to_jsonb(t)::text"),
                ("timer", "to_jsonb(t)::text"),
                ("outbox", "id, key, value"),
            )
        }
