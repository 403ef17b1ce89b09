"""A batch costs a handful of statements, for few messages as for many; for every handler."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from impulse_chassis.testing import START
from impulse_contracts.booking.cooperations import CooperationCancelled
from impulse_contracts.codes import (
    DeclineReason,
    Direction,
    EventFormat,
    ListingStatus,
    ProposalState,
)
from impulse_contracts.markets import PlanMarket
from impulse_contracts.matching import (
    AcceptProposal,
    DeclineProposal,
    ExpireProposal,
    ExpressInterest,
    ReleaseProposal,
    ReleaseSuggestions,
    RemindProposal,
)
from impulse_contracts.message import Message
from impulse_contracts.registry.listings import (
    ListingChanged,
    ListingClosed,
    ListingConfirmed,
    ListingMarkedStale,
    ListingPublished,
    ListingReminded,
    ListingState,
    ListingWithdrawnFact,
)
from impulse_contracts.rulesets import ActivateRuleSet
from impulse_matching.app import service
from impulse_matching.domain.listing import Listing
from impulse_matching.domain.proposals import proposal_id
from impulse_matching.domain.rules import shipped
from impulse_matching.handlers.cooperations import ENDED
from tests.fixtures.shelf import Shelf, undone
from tests.fixtures.statements import every_handler_is_counted, refusals, statements_for
from tests.matching.given import changed, ended, need, offer

SIZES = (50, 500)
KNOWN = 550
"""So many pairs, so that some are left that nobody speaks of."""
LATER = timedelta(days=15)
"""Longer than a side has to answer."""


@dataclass(frozen=True)
class Pair:
    """A need and an offer."""

    need: Listing
    offer: Listing

    @property
    def proposal_id(self) -> UUID:
        """The id of what is proposed about them."""
        return proposal_id(self.need.listing_id, self.offer.listing_id)

    def accepted(self, side: Direction) -> AcceptProposal:
        """That a side says yes."""
        return AcceptProposal(proposal_id=self.proposal_id, side=side)


def crowd() -> tuple[list[Pair], list[Listing]]:
    """Many offers with one of two needs, and all listings: each offer has two proposals."""
    needs = [need("Bedarf"), need("Bedarf zwei")]
    offers = [offer(f"Angebot {number}") for number in range(KNOWN)]
    return [Pair(needs[0], each) for each in offers], [*needs, *offers]


def towns() -> tuple[list[Pair], list[Listing]]:
    """Listings that have one proposal each, as each pair is in a town of its own."""
    pairs = []
    for town in range(KNOWN):
        place = {"latitude": town % 60 - 30, "longitude": 2 * (town // 60)}
        of_town = need(f"Bedarf {town}", place=place), offer(f"Angebot {town}", place=place)
        pairs.append(Pair(*of_town))
    return pairs, [listing for each in pairs for listing in (each.need, each.offer)]


class World(NamedTuple):
    """What is known before a case, and which sides have said yes to what was proposed of it."""

    listings: Callable[[], tuple[list[Pair], list[Listing]]]
    accepted_by: tuple[Direction, ...] = ()


CROWD, TOWNS = World(crowd), World(towns)
ACCEPTED = World(crowd, (Direction.NEED,))
AGREED = World(crowd, (Direction.NEED, Direction.OFFER))

Worlds = Callable[[World], tuple[Engine, list[Pair]]]


@pytest.fixture(scope="module")
def worlds(shelf: Shelf) -> Iterator[Worlds]:
    """A database in which a world is known, and the pairs that messages may be about."""
    with ExitStack() as stack:

        @cache
        def known(world: World) -> tuple[Engine, list[Pair]]:
            engine = stack.enter_context(shelf.engine(service))
            pairs, listings = world.listings()
            statements_for(service, engine, [each.state for each in listings])
            for side in world.accepted_by:
                statements_for(service, engine, [each.accepted(side) for each in pairs])
            assert refusals(engine) == 0
            return engine, pairs

        yield known


Make = Callable[[Pair], Message]
"""Makes a message, about a pair where it is about any."""


def followed(fact: type[ListingState], **changes: object) -> Make:
    """The offer, which is proposed, now changes or goes."""
    return lambda pair: fact.model_validate(changed(pair.offer, **changes).state.model_dump())


def passed_on(pair: Pair) -> Message:
    """Another organisation goes on with the offer."""
    return followed(ListingChanged, actor_id=uuid4())(pair)


def rules(_: Pair) -> Message:
    """Rules as they are shipped, under a name of their own."""
    document, version = shipped().model_dump(mode="json"), f"tried-{uuid4()}"
    return ActivateRuleSet(ruleset_version=version, rules={**document, "version": version})


CASES: dict[str, tuple[type[Message], World, Make, ProposalState | None]] = {
    "published": (ListingPublished, CROWD, lambda _: need(f"Bedarf {uuid4()}").state, None),
    "changed": (
        ListingChanged,
        CROWD,
        followed(ListingChanged, title="Streichen"),
        None,
    ),
    "passed on": (ListingChanged, ACCEPTED, passed_on, None),
    "confirmed": (
        ListingConfirmed,
        CROWD,
        followed(ListingConfirmed, confirmed_at=START + timedelta(hours=1)),
        None,
    ),
    "reminded": (
        ListingReminded,
        CROWD,
        followed(ListingReminded, confirm_by=START + timedelta(days=14)),
        None,
    ),
    "stale": (
        ListingMarkedStale,
        CROWD,
        followed(ListingMarkedStale, status=ListingStatus.STALE),
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
    ),
    "closed": (
        ListingClosed,
        CROWD,
        followed(ListingClosed, status=ListingStatus.CLOSED),
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
    ),
    "withdrawn": (
        ListingWithdrawnFact,
        CROWD,
        followed(ListingWithdrawnFact, status=ListingStatus.WITHDRAWN),
        ProposalState.INVALIDATED_BY_WITHDRAWAL,
    ),
    "accepted by one": (
        AcceptProposal,
        CROWD,
        lambda pair: pair.accepted(Direction.NEED),
        ProposalState.ACCEPTED_BY_NEED,
    ),
    "accepted by both": (
        AcceptProposal,
        ACCEPTED,
        lambda pair: pair.accepted(Direction.OFFER),
        ProposalState.MUTUALLY_ACCEPTED,
    ),
    "declined": (
        DeclineProposal,
        ACCEPTED,
        lambda pair: DeclineProposal(
            proposal_id=pair.proposal_id, side=Direction.OFFER, reason=DeclineReason.OTHER
        ),
        ProposalState.DECLINED,
    ),
    "released": (
        ReleaseProposal,
        TOWNS,
        lambda pair: ReleaseProposal(proposal_id=pair.proposal_id),
        ProposalState.SENT,
    ),
    "released by themselves": (
        ReleaseSuggestions,
        TOWNS,
        lambda pair: ReleaseSuggestions(listing_id=pair.need.listing_id),
        ProposalState.SENT,
    ),
    "interest": (
        ExpressInterest,
        TOWNS,
        lambda pair: ExpressInterest(
            interest_id=uuid4(),
            need_id=need("Bedarf 0").listing_id,
            actor_id=pair.offer.state.actor_id,
        ),
        ProposalState.ACCEPTED_BY_OFFER,
    ),
    "reminded of the answer": (
        RemindProposal,
        ACCEPTED,
        lambda pair: RemindProposal(proposal_id=pair.proposal_id, need_id=pair.need.listing_id),
        None,
    ),
    "expired": (
        ExpireProposal,
        ACCEPTED,
        lambda pair: ExpireProposal(proposal_id=pair.proposal_id, need_id=pair.need.listing_id),
        ProposalState.EXPIRED,
    ),
    "not carried out": (
        CooperationCancelled,
        AGREED,
        lambda pair: ended(CooperationCancelled, pair.need.listing_id, pair.offer.listing_id),
        None,
    ),
    "market": (
        PlanMarket,
        TOWNS,
        lambda pair: PlanMarket(
            edition_id=uuid4(),
            format=EventFormat.MARKTPLATZ,
            companies=(pair.offer.state.actor_id,),
            nonprofits=(pair.need.state.actor_id,),
        ),
        None,
    ),
    "rules": (ActivateRuleSet, TOWNS, rules, None),
}
"""What is said, in which world, how it is made, and what becomes of a proposal by each."""


def states(engine: Engine) -> Counter[str]:
    """How many proposals there are in which state."""
    with engine.connect() as connection:
        return Counter(connection.exec_driver_sql("SELECT state FROM proposal").scalars())


def handled(engine: Engine) -> int:
    """How many messages there were for handlers."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar_one())


@pytest.mark.parametrize("case", CASES)
def test_a_batch_costs_the_same_for_few_and_for_many(worlds: Worlds, case: str) -> None:
    kind, world, make, left = CASES[case]
    engine, pairs = worlds(world)
    now = START + LATER if case == "expired" else START
    before, others = states(engine), handled(engine)
    costs = set()
    for size in SIZES:
        messages = [make(pair) for pair in pairs[:size]]
        assert {type(message) for message in messages} == {kind}
        with undone(engine):
            costs.add(statements_for(service, engine, messages, now=now))
            assert refusals(engine) == 0
            assert handled(engine) == others + size
            found = states(engine)
        if left:
            assert found[left] >= before[left] + size, "it is another case"
        if case == "accepted by both":
            assert found[ProposalState.INVALIDATED_BY_OTHER_AGREEMENT] >= size
    assert len(costs) == 1
    assert max(costs) <= 30


def test_every_handler_is_counted() -> None:
    # However it ends, the same handler hears of it.
    every_handler_is_counted(service, [*(kind for kind, *_ in CASES.values()), *ENDED])
