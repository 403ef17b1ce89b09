"""The ledger of exposure says how often whose open listings were suggested, and moves them."""

import random
from collections import Counter
from collections.abc import Iterable
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine

from impulse_chassis.testing import Node, World
from impulse_contracts.codes import DeclineReason, Direction, ListingStatus, ProposalOrigin
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpressInterest,
    ProposalFact,
    ProposalSuggested,
)
from impulse_matching.app import service
from impulse_matching.domain import proposals
from impulse_matching.domain.fairness import keys
from impulse_matching.domain.listing import Listing
from impulse_matching.store.exposures import RECOUNT
from tests.fixtures.services import Engines
from tests.matching.given import BOCHUM, ESSEN, NOWHERE, changed, need, offer

ACTORS = [UUID(int=number) for number in range(1, 6)]
Counts = dict[str, tuple[int, int]]


@pytest.fixture
def engine(engine_of: Engines) -> Engine:
    """A new database of matching."""
    return engine_of(service)


def ledger(connection: Connection, statement: str = "SELECT * FROM exposure") -> Counts:
    """How many listings are open, and how often they were shown, in each entry."""
    rows = connection.exec_driver_sql(statement).mappings()
    return {row["of"]: (row["open"], row["shown"]) for row in rows}


def told(listings: Iterable[Listing], suggested: Iterable[tuple[UUID, UUID]]) -> Counts:
    """The same from outside: from what the listings say now and what was published."""
    shown = Counter(side for pair in set(suggested) for side in pair)
    counts: Counts = {}
    for listing in listings:
        for key in keys(listing.state) if listing.is_open else ():
            opened, so_far = counts.get(key, (0, 0))
            counts[key] = opened + 1, so_far + shown[listing.listing_id]
    return counts


@pytest.mark.parametrize("seed", range(3))
def test_the_ledger_counts_what_was_shown(engine: Engine, seed: int) -> None:
    """Whatever becomes of listings and proposals: each pair counts once, where its listings are."""
    chance = random.Random(seed)
    world = World([Node(service, engine) for _ in range(2)])
    current: dict[UUID, Listing] = {}
    for _ in range(12):
        for _ in range(chance.randint(1, 12)):
            _change(chance, world, current)
        world.settle()
        for _ in range(3):
            _answer(chance, world)
        world.settle()
        suggested = {
            (heard.data.need_id, heard.data.offer_id)
            for heard in world.heard(ProposalSuggested)
            if heard.data.origin is ProposalOrigin.ENGINE
        }
        with engine.connect() as connection:
            found = ledger(connection)
            assert found == told(current.values(), suggested)
            assert found == ledger(connection, RECOUNT)
    assert any(shown for _, shown in found.values())


def _change(chance: random.Random, world: World, current: dict[UUID, Listing]) -> None:
    make = chance.choice([need, offer])
    one = make(str(chance.randrange(15)), example=False)
    before = current.get(one.listing_id, one)
    after = changed(
        before,
        status=chance.choice([*[ListingStatus.OPEN] * 4, *ListingStatus]),
        place=chance.choice([ESSEN, BOCHUM, NOWHERE]),
        actor_id=chance.choice(ACTORS),
        title=chance.choice(["Streichen", "Malern"]),
    )
    current[one.listing_id] = after
    world.say(after.state)


def _answer(chance: random.Random, world: World) -> None:
    """Somebody says something to a proposal, or shows interest without one."""
    needs, offers = ([make(str(each)) for each in range(15)] for make in (need, offer))
    heard = {each.data.proposal_id: each.data for each in world.heard(ProposalFact)}
    pair = chance.choice(list(heard.values())) if heard else None
    if pair and chance.random() < 0.7:
        decline = DeclineProposal(
            proposal_id=pair.proposal_id, side=Direction.NEED, reason=DeclineReason.OTHER
        )
        accept = AcceptProposal(proposal_id=pair.proposal_id, side=Direction.NEED)
        world.say(chance.choice([decline, accept]))
    else:
        world.say(
            ExpressInterest(
                interest_id=UUID(int=chance.getrandbits(128)),
                need_id=chance.choice(needs).listing_id,
                offer_id=chance.choice(offers).listing_id,
                actor_id=chance.choice(ACTORS),
            )
        )


def test_who_was_shown_less_is_suggested_and_the_proposal_says_why(engine: Engine) -> None:
    """Twelve needs that fit alike, ten of Essen and older ones; those of Bochum were not shown."""
    world = World([Node(service, engine)])
    essen = [need(f"Essen {number}", title="Streichen") for number in range(10)]
    bochum = [
        need(f"Bochum {number}", title="Streichen", place=BOCHUM.model_copy(update=_AT_ESSEN))
        for number in range(2)
    ]
    for number in range(3):
        world.say(offer(f"Erstes {number}", title="Streichen").state)
    for each in essen:
        world.say(each.state)
    world.settle()
    withdrawn = [offer(f"Erstes {number}", title="Streichen") for number in range(3)]
    for given in withdrawn:
        world.say(changed(given, status=ListingStatus.WITHDRAWN).state)
    for each in bochum:
        world.say(each.state)
    world.settle()
    late = offer("Spätes", title="Streichen")
    world.say(late.state)
    world.settle()
    facts = {
        heard.data.need_id: heard.data
        for heard in world.heard(ProposalSuggested)
        if heard.data.offer_id == late.listing_id
    }
    assert len(facts) == 10
    for each in bochum:
        said = facts[each.listing_id].adjustment
        assert said is not None
        assert said.points > 0
        assert (said.ags, said.municipality) == (BOCHUM.ags, 0)
        assert "aus Bochum" in said.de
    first = proposals.proposal_id(bochum[0].listing_id, late.listing_id)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql(
            "SELECT adjustment ->> 'de' FROM proposal WHERE proposal_id = %(id)s", {"id": first}
        ).scalar_one()
    assert kept == facts[bochum[0].listing_id].adjustment.de


_AT_ESSEN = {"latitude": ESSEN.latitude, "longitude": ESSEN.longitude}
"""As near as the others."""
