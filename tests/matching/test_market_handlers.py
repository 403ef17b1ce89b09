"""A market planned by command, on the database: who may, and what is published."""

from uuid import uuid4

import pytest

from impulse_chassis.testing import Node, World
from impulse_contracts.codes import Direction, EventFormat, PersonRole, WithoutTalk
from impulse_contracts.markets import MarketPlanned, PlanMarket
from impulse_contracts.matching import AcceptProposal
from impulse_contracts.outcomes import Outcome
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Membership, MembershipGranted
from impulse_matching.app import service
from impulse_matching.domain.proposals import proposal_id
from tests.fixtures.services import Engines
from tests.matching.given import need, offer
from tests.matching.test_handlers import borne

WANTED, GIVEN, BROKER = need("Streichen"), offer("Malern"), uuid4()
MARKET = PlanMarket(
    edition_id=uuid4(),
    format=EventFormat.MARKTPLATZ,
    companies=(GIVEN.state.actor_id,),
    nonprofits=(WANTED.state.actor_id, uuid4()),
)


@pytest.fixture
def world(engine_of: Engines) -> World:
    """A need and an offer, and somebody who brokers."""
    world = World([Node(service, engine_of(service))])
    world.say(WANTED.state)
    world.say(GIVEN.state)
    world.say(
        MembershipGranted(
            person_id=BROKER,
            version=1,
            memberships=(Membership(actor_id=uuid4(), roles=(PersonRole.BROKER,)),),
        )
    )
    world.settle()
    return world


def test_a_broker_plans_and_the_next_plan_replaces_the_first(world: World) -> None:
    for _ in range(2):
        world.say(MARKET, principal=str(BROKER))
        world.settle()
    first, second = [heard.data for heard in world.heard(MarketPlanned)]
    assert (first.version, second.version) == (1, 2)
    (talk,) = second.talks
    assert (talk.need_id, talk.offer_id) == (WANTED.listing_id, GIVEN.listing_id)
    assert [(a.actor_id, a.why) for a in second.alone] == [
        (MARKET.nonprofits[1], WithoutTalk.NOTHING_OPEN)
    ]


@pytest.mark.parametrize("principal", ["00000000-0000-0000-0000-000000000001", None])
def test_nobody_else_plans(world: World, principal: str | None) -> None:
    world.say(MARKET, principal=principal)
    world.settle()
    assert not list(world.heard(MarketPlanned))
    [outcome] = [h.data for h in world.heard(Outcome) if h.data.command_type == MARKET.ce_type]
    assert outcome.reason == Reason.NOT_ALLOWED


def test_units_of_one_entity_need_no_market_and_what_is_promised_is_not_on_it(world: World) -> None:
    by, other = uuid4(), need("Tapezieren")
    market = MARKET.model_copy(update={"nonprofits": (WANTED.state.actor_id, other.state.actor_id)})
    for said in (other.state, borne(WANTED, by), borne(GIVEN, by)):
        world.say(said)
    world.settle()
    world.say(market, principal=str(BROKER))
    world.settle()
    [planned] = [heard.data for heard in world.heard(MarketPlanned)]
    assert [talk.need_id for talk in planned.talks] == [other.listing_id]
    pair = proposal_id(other.listing_id, GIVEN.listing_id)
    for side in Direction:
        world.say(AcceptProposal(proposal_id=pair, side=side))
    world.settle()
    world.say(market, principal=str(BROKER))
    world.settle()
    planned = [heard.data for heard in world.heard(MarketPlanned)][-1]
    assert not planned.talks
    assert planned.alone[0].why is WithoutTalk.NOTHING_OPEN
