"""A broker takes a report away from an actor that it was joined to by mistake."""

from typing import Any
from uuid import UUID

import pytest

from impulse_contracts.codes import ActorStatus, PairState
from impulse_contracts.message import Message
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.duplicates import (
    DuplicateKeptApart,
    DuplicateSuspected,
    MergeActors,
    SeparateName,
    UndoMerge,
)
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.people import MembershipsState
from impulse_registry.domain import identity, people
from impulse_registry.domain.pairs import pair_id
from impulse_registry.handlers.duplicates import PAUSE
from tests.registry.given import (
    CONTACT,
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    add_person,
    at,
    change_actor,
    ident,
    listing_reported,
    register_actor,
)
from tests.registry.test_merging import THIRD, newest

ONE = identity.new_actor(SOURCE, "1").subject_id
SEPARATE = SeparateName(actor_id=ONE, source=OTHER, external_id="2")
ENTRY = {"court": "Essen", "number": "VR 1"}


def second(hours: float = 1, **said: Any) -> Message:
    return actor_reported("2", at(hours), **{"website": "https://zwei.example", **said})


@pytest.fixture
def joined(world: RegistryWorld) -> RegistryWorld:
    """Two partners' reports that became one actor by name and place, with what hangs on it."""
    contact = CONTACT | {"email": "eins@stadtwald.example"}
    world.accepted(actor_reported("1", contact=contact))
    assert world.accepted(second(contact=CONTACT), source=OTHER).aggregate_id == str(ONE)
    world.accepted(listing_reported("L1", actor_external_id="1"))
    world.accepted(listing_reported("L2", actor_external_id="2"), source=OTHER)
    world.accepted(add_person("anna", ONE, ["admin"]))
    return world


def separate(world: RegistryWorld, command: SeparateName = SEPARATE) -> UUID:
    return UUID(world.accepted(command).aggregate_id)


def at_actors(world: RegistryWorld, person_id: UUID) -> set[UUID]:
    held = newest(world, MembershipsState)[str(person_id)]
    return {each.actor_id for each in held.memberships}


def test_it_becomes_an_actor_of_its_own_with_what_was_its_own(joined: RegistryWorld):
    alone = separate(joined)
    found = newest(joined, ActorState)
    assert {key: [each.external_id for each in state.sources] for key, state in found.items()} == {
        str(ONE): ["1"],
        str(alone): ["2"],
    }
    assert (found[str(ONE)].website, found[str(alone)].website) == (None, "https://zwei.example")
    owners = {
        each.sources[0].external_id: each.actor_id for each in newest(joined, ListingState).values()
    }
    assert owners == {"L1": ONE, "L2": alone}
    assert at_actors(joined, people.contact_id(OTHER, "2")) == {alone}
    assert at_actors(joined, people.contact_id(SOURCE, "1")) == {ONE}
    assert at_actors(joined, ident("anna")) == {ONE}
    pair = joined.heard(DuplicateKeptApart)[-1].data
    assert (pair.pair_id, pair.state) == (pair_id(ONE, alone), PairState.NOT_THE_SAME)


def test_they_are_never_joined_again_by_name(joined: RegistryWorld):
    alone = separate(joined)
    joined.advance(2 * PAUSE)
    assert joined.heard(DuplicateSuspected) == [], "it was decided"
    # The partner repeats what it said before, and says something new.
    for report in (second(contact=CONTACT), second(2), second(3, website="https://neu.example")):
        assert joined.accepted(report, source=OTHER).aggregate_id == str(alone)
    assert joined.accepted(actor_reported("1", at(4))).aggregate_id == str(ONE)
    listing = listing_reported("L3", actor_external_id="2")
    joined.accepted(listing, source=OTHER)
    assert {each.actor_id for each in newest(joined, ListingState).values()} == {ONE, alone}
    # A third report of that name can mean either: it is taken for neither.
    third = joined.accepted(actor_reported("3"), source=THIRD).aggregate_id
    assert third not in (str(ONE), str(alone))


def test_the_keys_of_each_find_each(world: RegistryWorld):
    world.accepted(actor_reported("1", register=ENTRY))
    world.accepted(second(), source=OTHER)
    alone = separate(world)
    report = actor_reported("3", legal_name="Ganz anders", register=ENTRY)
    assert world.accepted(report, source=THIRD).aggregate_id == str(ONE)
    assert world.accepted(second(5, register=ENTRY), source=OTHER).aggregate_id == str(alone)


def test_what_was_wrong_is_mended_by_a_merge_and_parted_again_by_its_undoing(
    joined: RegistryWorld,
):
    alone = separate(joined)
    joined.accepted(MergeActors(survivor_id=ONE, other_id=alone))
    assert joined.accepted(second(5), source=OTHER).aggregate_id == str(ONE)
    # What a merge brought is given back by undoing it, as a whole.
    joined.refused(SEPARATE, Reason.WRONG_STATE)
    joined.accepted(UndoMerge(pair_id=pair_id(ONE, alone)))
    assert joined.accepted(second(6), source=OTHER).aggregate_id == str(alone)


def test_the_id_of_one_that_was_merged_reaches_it_too(joined: RegistryWorld):
    three = UUID(joined.accepted(actor_reported("3", legal_name="Drei"), source=THIRD).aggregate_id)
    joined.accepted(MergeActors(survivor_id=ONE, other_id=three))
    alone = separate(joined, SEPARATE.model_copy(update={"actor_id": three}))
    assert newest(joined, ActorState)[str(ONE)].absorbed == (three,)
    joined.accepted(UndoMerge(pair_id=pair_id(ONE, three)))
    assert {str(each.status) for each in newest(joined, ActorState).values()} == {"registered"}
    assert len({ONE, three, alone}) == 3


def test_it_is_taken_from_what_people_said_by_hand(world: RegistryWorld):
    world.accepted(register_actor())
    world.accepted(second(), source=OTHER)
    by_hand = ident("actor")
    alone = separate(world, SEPARATE.model_copy(update={"actor_id": by_hand}))
    found = newest(world, ActorState)
    assert (found[str(by_hand)].sources, found[str(by_hand)].website) == ((), None)
    assert found[str(alone)].website == "https://zwei.example"
    world.now = at(3)
    world.accepted(change_actor(unit="Haus"))


def test_one_that_was_withdrawn_stands_alone_out_of_sight(joined: RegistryWorld):
    joined.accepted(actor_withdrawn("2", at(2)), source=OTHER)
    alone = separate(joined)
    found = newest(joined, ActorState)
    assert found[str(alone)].status is ActorStatus.ARCHIVED
    assert found[str(ONE)].status is ActorStatus.REGISTERED


def test_what_is_left_of_withdrawn_reports_goes_with_its_listings(joined: RegistryWorld):
    joined.accepted(actor_withdrawn("1", at(2)))
    joined.accepted(listing_reported("L4", at(3), actor_external_id="2"), source=OTHER)
    alone = separate(joined)
    assert newest(joined, ActorState)[str(ONE)].status is ActorStatus.ARCHIVED
    open_at = {
        each.actor_id for each in newest(joined, ListingState).values() if each.status == "open"
    }
    assert open_at == {alone}


# --------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize("shared", [{"register": ENTRY}, {"w_idnr": "DE123456788-00001"}])
def test_what_one_register_entry_or_number_says_is_one_stays_one(
    world: RegistryWorld, shared: dict[str, Any]
):
    world.accepted(actor_reported("1", **shared))
    world.accepted(second(**shared), source=OTHER)
    world.refused(SEPARATE, Reason.ONE_ENTITY)
    # The source corrects it: then they can be taken apart.
    assert world.accepted(second(2), source=OTHER).aggregate_id == str(ONE)
    assert separate(world) != ONE


@pytest.mark.parametrize(
    "command",
    [
        SEPARATE.model_copy(update={"external_id": "unknown"}),
        SEPARATE.model_copy(update={"source": THIRD}),
        SEPARATE.model_copy(update={"actor_id": ident("nobody")}),
    ],
)
def test_what_is_not_known_cannot_be_separated(joined: RegistryWorld, command: SeparateName):
    joined.refused(command, Reason.NOT_FOUND)


def test_a_name_of_another_actor_is_none_of_this_one(joined: RegistryWorld):
    separate(joined)
    joined.refused(SEPARATE, Reason.NOT_FOUND)


def test_the_only_name_stays(world: RegistryWorld):
    world.accepted(actor_reported("1"))
    world.refused(SeparateName(actor_id=ONE, source=SOURCE, external_id="1"), Reason.WRONG_STATE)


def test_only_staff_separates(joined: RegistryWorld):
    for who in (str(ident("anna")), None):
        joined.refused(SEPARATE, Reason.NOT_ALLOWED, principal=who)
