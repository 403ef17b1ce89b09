"""A merge of organisations in the registry, and its undo, reach what was accepted before."""

import pytest

from impulse_booking.app import service as booking
from impulse_chassis.testing import Node, World
from impulse_contracts.codes import Direction
from impulse_contracts.matching import AcceptProposal, ProposalFact
from impulse_contracts.registry.duplicates import MergeActors, UndoMerge
from impulse_gateway.app import service as gateway
from impulse_gateway.store import cooperations, pairs
from impulse_matching.app import service as matching
from impulse_registry.app import service as registry
from impulse_registry.domain.pairs import pair_id
from tests.registry.given import ident, publish_listing, register_actor

ONE, OTHER, COMPANY = ident("one"), ident("other"), ident("company")
FIRM = {"kind": "company", "actor_type": "company_small", "legal_form": "gmbh"}
ONLINE = {"mode": "online"}


@pytest.mark.parametrize("sides", [(Direction.OFFER,), (Direction.OFFER, Direction.NEED)])
def test_pages_are_those_of_the_organisation_that_goes_on(engine_of, sides):
    read = engine_of(gateway)
    others = [Node(each, engine_of(each)) for each in (registry, matching, booking)]
    world = World([*others, Node(gateway, read)])

    def say(*messages):
        for message in messages:
            world.say(message, principal="system")
        world.settle()

    def shown():
        with read.connect() as connection:
            proposal = pairs.proposal(connection, proposal_id)
            cooperation = cooperations.of_proposal(connection, proposal_id)
        return [
            (each.need_actor_id, each.offer_actor_id) for each in (proposal, cooperation) if each
        ]

    say(
        register_actor("one", legal_name="Turnverein Nordstadt"),
        register_actor("other", legal_name="Jugendhaus Sonnenblick"),
        register_actor("company", legal_name="Malerbetrieb Beispiel", **FIRM),
    )
    say(
        publish_listing("need", "other", direction="need", place=ONLINE),
        publish_listing("offer", "company", direction="offer", place=ONLINE),
    )
    proposal_id = world.heard(ProposalFact)[0].data.proposal_id
    for side in sides:
        say(AcceptProposal(proposal_id=proposal_id, side=side))
    assert shown() == [(OTHER, COMPANY)] * len(sides)
    say(MergeActors(survivor_id=ONE, other_id=OTHER))
    assert shown() == [(ONE, COMPANY)] * len(sides)
    say(UndoMerge(pair_id=pair_id(ONE, OTHER)))
    assert shown() == [(OTHER, COMPANY)] * len(sides)
