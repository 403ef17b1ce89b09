"""A batch costs a handful of statements, for few messages as for many."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from impulse_contracts.codes import DeclineReason, Direction, ListingStatus
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpireProposal,
)
from impulse_contracts.registry import ListingState
from impulse_matching.app import build
from tests.fixtures.services import Engines
from tests.fixtures.statements import statements_for
from tests.matching.given import changed, need, offer


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of matching."""
    return engine_of(build())


def _needs(_: Engine, number: int) -> list[ListingState]:
    return [need(f"Bedarf {uuid4()}").state for _ in range(number)]


def _changes(engine: Engine, number: int) -> list[ListingState]:
    entries = [need(f"Bedarf {uuid4()}") for _ in range(number)]
    statements_for(build(), engine, [entry.state for entry in entries])
    return [changed(entry, title="Streichen").state for entry in entries]


def _withdrawals(engine: Engine, number: int) -> list[ListingState]:
    entries = [need(f"Bedarf {uuid4()}") for _ in range(number)]
    statements_for(build(), engine, [entry.state for entry in entries])
    return [changed(entry, status=ListingStatus.WITHDRAWN).state for entry in entries]


def _answers(engine: Engine, number: int, command: Callable[[UUID], Any]) -> list[Any]:
    # One need and many offers: each offer suggests itself to the need.
    entries = [need(f"B {uuid4()}"), *(offer(f"A {uuid4()}") for _ in range(number))]
    statements_for(build(), engine, [entry.state for entry in entries])
    with engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT DISTINCT ON (offer_id) proposal_id FROM proposal WHERE state = 'suggested'"
            f" LIMIT {number}"
        ).fetchall()
    assert len(found) == number
    return [command(proposal_id) for (proposal_id,) in found]


@pytest.mark.parametrize(
    "messages",
    [
        _needs,
        _changes,
        _withdrawals,
        lambda engine, number: _answers(
            engine, number, lambda pair: AcceptProposal(proposal_id=pair, side=Direction.NEED)
        ),
        lambda engine, number: _answers(
            engine,
            number,
            lambda pair: DeclineProposal(
                proposal_id=pair, side=Direction.NEED, reason=DeclineReason.OTHER
            ),
        ),
        lambda engine, number: _answers(
            engine, number, lambda pair: ExpireProposal(proposal_id=pair, need_id=pair)
        ),
    ],
    ids=["publish", "change", "withdraw", "accept", "decline", "expire"],
)
def test_a_batch_costs_the_same_for_few_and_for_many(engine: Engine, messages: Any) -> None:
    few = statements_for(build(), engine, messages(engine, 50))
    many = statements_for(build(), engine, messages(engine, 500))
    assert few == many <= 16
