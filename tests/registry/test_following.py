"""Listings that were withdrawn only because their actor was, and come back with it."""

from datetime import timedelta

import pytest

from impulse_contracts.codes import SuspensionReason
from impulse_contracts.registry.actors import ArchiveActor
from impulse_contracts.registry.duplicates import MergeActors, UndoMerge
from impulse_contracts.registry.life import ReactivateActor, SuspendActor
from impulse_contracts.registry.listings import ListingState, WithdrawListing
from impulse_registry.domain import identity
from impulse_registry.domain.pairs import pair_id
from tests.registry.given import (
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    at,
    ident,
    listing_reported,
    listing_withdrawn,
    publish_listing,
)

ENTRY = {"court": "Essen", "number": "VR 1"}
ONE = identity.new_actor(SOURCE, "1").subject_id


@pytest.fixture
def both(world: RegistryWorld) -> RegistryWorld:
    """One actor that two partners report, each with a listing, and one by hand."""
    world.accepted(actor_reported("1", register=ENTRY))
    world.accepted(actor_reported("2", register=ENTRY), source=OTHER)
    world.accepted(listing_reported("L1", actor_external_id="1"))
    world.accepted(listing_reported("L2", actor_external_id="2"), source=OTHER)
    world.accepted(publish_listing("hand", ONE))
    return world


def withdraw(world: RegistryWorld, *ids: str) -> None:
    for each in ids:
        source = SOURCE if each == "1" else OTHER
        world.accepted(actor_withdrawn(each, at(1)), source=source)


def statuses(world: RegistryWorld) -> dict[str, str]:
    """How each listing stands, by its partner's id."""
    found: dict[str, tuple[int, str]] = {}
    for each in world.heard(ListingState):
        name = each.data.sources[0].external_id if each.data.sources else "hand"
        found[name] = max(found.get(name, (0, "")), (each.data.version, str(each.data.status)))
    return {name: status for name, (_, status) in found.items()}


GONE = {"L1": "withdrawn", "L2": "withdrawn", "hand": "withdrawn"}


def test_they_come_back_with_the_partner_that_knows_the_actor_again(both: RegistryWorld):
    withdraw(both, "1", "2")
    assert statuses(both) == GONE
    both.accepted(actor_reported("1", at(2), register=ENTRY))
    assert statuses(both) == {"L1": "open", "L2": "withdrawn", "hand": "open"}
    both.accepted(actor_reported("2", at(2), register=ENTRY), source=OTHER)
    assert statuses(both)["L2"] == "open"
    for days in (77, 15):
        both.advance(timedelta(days=days))
    assert statuses(both)["L2"] == "stale", "its clock runs again"


def test_so_they_do_where_others_knew_the_actor_all_along(both: RegistryWorld):
    withdraw(both, "1")
    assert statuses(both) == {"L1": "withdrawn", "L2": "open", "hand": "open"}
    both.accepted(actor_reported("1", at(2), register=ENTRY))
    assert statuses(both)["L1"] == "open"


def test_withdrawn_and_back_in_one_batch(both: RegistryWorld):
    both.send(actor_withdrawn("1", at(1)))
    both.send(actor_reported("1", at(2), register=ENTRY))
    both.settle()
    assert statuses(both)["L1"] == "open"


def test_an_archived_actor_that_is_reported_anew_has_them_again(both: RegistryWorld):
    both.accepted(ArchiveActor(actor_id=ONE))
    assert statuses(both) == GONE
    both.now = at(3)
    both.accepted(actor_reported("1", at(2), register=ENTRY))
    assert statuses(both) == {"L1": "open", "L2": "withdrawn", "hand": "open"}


def test_what_was_taken_back_itself_stays_away(both: RegistryWorld):
    both.accepted(WithdrawListing(listing_id=ident("hand")))
    withdraw(both, "1", "2")
    both.accepted(listing_withdrawn("L1", at(2)))
    both.accepted(actor_reported("1", at(3), register=ENTRY))
    assert statuses(both) == GONE


def test_they_are_out_of_sight_with_one_that_is_suspended(both: RegistryWorld):
    both.accepted(SuspendActor(actor_id=ONE, reason=SuspensionReason.FALSE_STATEMENTS))
    withdraw(both, "1", "2")
    both.accepted(actor_reported("1", at(2), register=ENTRY))
    assert statuses(both)["L1"] == "stale"
    both.accepted(ReactivateActor(actor_id=ONE))
    assert statuses(both)["L1"] == "open"


@pytest.mark.parametrize("survives", ["the withdrawn", "the other"])
def test_they_come_back_with_a_merge_and_go_with_its_undo(world: RegistryWorld, survives: str):
    world.accepted(actor_reported("1", legal_name="Beispiel Eins"))
    world.accepted(actor_reported("3", legal_name="Beispiel Drei"))
    world.accepted(listing_reported("L1", actor_external_id="1"))
    withdraw(world, "1")
    assert statuses(world) == {"L1": "withdrawn"}
    ids = [ONE, identity.new_actor(SOURCE, "3").subject_id]
    survivor, other = ids if survives == "the withdrawn" else ids[::-1]
    world.accepted(MergeActors(survivor_id=survivor, other_id=other))
    assert statuses(world) == {"L1": "open"}
    world.accepted(UndoMerge(pair_id=pair_id(*ids)))
    assert statuses(world) == {"L1": "withdrawn"}
