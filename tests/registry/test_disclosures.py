"""A contact is disclosed when both sides accept: to the other side, for a purpose, for a time."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from impulse_chassis.testing import START
from impulse_contracts.booking.cooperations import (
    CooperationAgreed,
    CooperationCancelled,
    CooperationDeclined,
    CooperationOpened,
    CooperationOverdue,
)
from impulse_contracts.codes import CooperationState, ProposalState
from impulse_contracts.matching import ProposalAccepted, ProposalMutuallyAccepted
from impulse_contracts.registry.disclosures import (
    DisclosureEnded,
    DisclosureMade,
    DisclosureProlonged,
    DisclosureState,
)
from impulse_contracts.registry.duplicates import MergeActors, UndoMerge
from impulse_registry.domain import disclosures as rules
from impulse_registry.domain.pairs import pair_id
from tests.registry.given import RegistryWorld, add_person, at, ident, register_actor

PROPOSAL, COOPERATION = ident("proposal"), ident("cooperation")
NEED_ACTOR, OFFER_ACTOR = ident("need actor"), ident("offer actor")
_PAIR: dict[str, Any] = {
    "version": 1,
    "proposal_id": PROPOSAL,
    "need_id": ident("need"),
    "offer_id": ident("offer"),
    "need_actor_id": NEED_ACTOR,
    "offer_actor_id": OFFER_ACTOR,
    "need_title": "Streichaktion",
    "offer_title": "Malerteam",
}


def accepted(**fields: Any) -> ProposalMutuallyAccepted:
    values = {
        "score": 0.8,
        "ruleset_version": "ruhr-1",
        "inputs_hash": "0" * 32,
        "state": ProposalState.MUTUALLY_ACCEPTED,
        "suggested_at": START,
    }
    return ProposalMutuallyAccepted(**{**_PAIR, **values, **fields})


def opened(**fields: Any) -> CooperationOpened:
    values = {
        "cooperation_id": COOPERATION,
        "state": CooperationState.INTRODUCED,
        "opened_at": START,
        "redeem_by": date(2027, 11, 24),
    }
    return CooperationOpened(**{**_PAIR, **values, **fields})


def stand(world: RegistryWorld) -> dict[UUID, DisclosureState]:
    """The newest state of each disclosure that did not end."""
    newest = {each.data.disclosure_id: each.data for each in world.heard(DisclosureState)}
    return {key: each for key, each in newest.items() if each.ended_at is None}


def say(world: RegistryWorld, *facts: Any) -> None:
    for fact in facts:
        world.say(fact, source="urn:impulse:others")
        world.settle()


@pytest.fixture
def town(world: RegistryWorld) -> RegistryWorld:
    """Two actors; the need's has a contact and an editor, the offer's an administrator only."""
    world.accepted(register_actor("need actor"))
    world.accepted(register_actor("offer actor", kind="company"))
    world.accepted(add_person("contact", "need actor", ["contact"]))
    world.accepted(add_person("editor", "need actor", ["editor"]))
    world.accepted(add_person("boss", "offer actor", ["admin"]))
    return world


def test_nothing_is_disclosed_before_both_accept(town: RegistryWorld):
    values = accepted(state=ProposalState.ACCEPTED_BY_NEED).model_dump()
    say(town, ProposalAccepted.model_validate(values))
    assert town.heard(DisclosureState) == []


def test_the_named_contacts_are_disclosed_to_the_other_side(town: RegistryWorld):
    say(town, accepted())
    made = {
        (e.data.person_id, e.data.actor_id, e.data.to_actor_id) for e in town.heard(DisclosureMade)
    }
    assert made == {
        (ident("contact"), NEED_ACTOR, OFFER_ACTOR),
        (ident("boss"), OFFER_ACTOR, NEED_ACTOR),
    }
    for each in stand(town).values():
        assert each.proposal_id == PROPOSAL
        assert each.until == START + timedelta(days=30)
    written = b"".join(record.value or b"" for record in town.log.of("impulse.disclosures"))
    assert b"Beispielstelle" not in written
    assert b"@" not in written


def test_a_cooperation_says_until_when_whoever_comes_first(town: RegistryWorld):
    until = at(0).replace(2027, 12, 24, 23, 0)
    say(town, accepted(), opened())
    assert {each.until for each in stand(town).values()} == {until}
    assert {each.cooperation_id for each in stand(town).values()} == {COOPERATION}
    assert len(town.heard(DisclosureProlonged)) == 2
    # The same again, and another fact about the same cooperation, say nothing new.
    say(town, opened(), CooperationOverdue.model_validate(opened(version=2).model_dump()))
    assert len(town.heard(DisclosureState)) == 4


def test_the_cooperation_may_be_heard_of_first(town: RegistryWorld):
    say(town, opened())
    say(town, accepted())
    assert len(town.heard(DisclosureState)) == 2
    assert {each.cooperation_id for each in stand(town).values()} == {COOPERATION}


def test_a_disclosure_ends_by_itself(town: RegistryWorld):
    say(town, accepted())
    town.advance(timedelta(days=30) - timedelta(seconds=1))
    assert len(stand(town)) == 2
    town.advance(timedelta(seconds=1))
    assert stand(town) == {}
    ended = town.heard(DisclosureEnded)
    assert [each.data.ended_at for each in ended] == [START + timedelta(days=30)] * 2
    # Nor does it come back.
    say(town, accepted(version=2))
    assert len(town.heard(DisclosureMade)) == 2


def test_it_ends_30_days_after_its_cooperation(town: RegistryWorld):
    say(town, accepted(), opened())
    town.advance(timedelta(days=60))
    over = opened(version=2, state=CooperationState.CANCELLED)
    say(town, CooperationCancelled.model_validate(over.model_dump()))
    assert {each.until for each in stand(town).values()} == {START + timedelta(days=90)}
    town.advance(timedelta(days=1))
    say(town, CooperationOverdue.model_validate(over.model_dump()))
    assert {each.until for each in stand(town).values()} == {START + timedelta(days=90)}
    town.advance(timedelta(days=29))
    assert stand(town) == {}


def test_a_project_that_a_company_claims_discloses_at_once(town: RegistryWorld):
    say(town, opened(origin="project", proposal_id=COOPERATION))
    assert len(stand(town)) == 2


def test_what_a_broker_entered_discloses_when_both_have_agreed(town: RegistryWorld):
    entered = opened(origin="entered", proposal_id=COOPERATION)
    overdue = CooperationOverdue.model_validate(entered.model_dump())
    say(
        town,
        overdue,
        CooperationDeclined.model_validate({**entered.model_dump(), "state": "declined"}),
    )
    assert not town.heard(DisclosureMade)
    agreed = {**entered.model_dump(), "state": "agreed", "number": "2026-1"}
    say(town, CooperationAgreed.model_validate(agreed))
    assert len(stand(town)) == 2


def test_who_belongs_to_both_sides_is_disclosed_to_both(town: RegistryWorld):
    town.accepted(add_person("boss", "need actor", ["contact"]))
    say(town, accepted())
    both = [each for each in stand(town).values() if each.person_id == ident("boss")]
    assert {each.to_actor_id for each in both} == {NEED_ACTOR, OFFER_ACTOR}


def test_an_actor_without_people_discloses_nobody(world: RegistryWorld):
    world.accepted(register_actor("need actor"))
    say(world, accepted())
    assert world.heard(DisclosureState) == []


def test_what_was_over_long_ago_discloses_nothing():
    late = START + timedelta(days=800)
    assert rules.disclose(opened(), ident("contact"), NEED_ACTOR, OFFER_ACTOR, late) is None
    assert rules.disclose(opened(), ident("contact"), NEED_ACTOR, OFFER_ACTOR, START) is not None


def test_a_merge_takes_disclosures_along_and_its_undoing_gives_them_back(town: RegistryWorld):
    twin = ident("twin")
    town.accepted(register_actor("twin"))
    town.accepted(add_person("colleague", "twin", ["contact"]))
    say(town, accepted(), opened())
    before = sides(town)
    town.accepted(MergeActors(survivor_id=twin, other_id=NEED_ACTOR))
    moved = {(ident("contact"), twin, OFFER_ACTOR), (ident("boss"), OFFER_ACTOR, twin)}
    assert sides(town) == moved
    # What goes on calls the old one: it means the one that goes on, whose people these are now.
    say(town, CooperationOverdue.model_validate(opened(version=2).model_dump()))
    assert sides(town) == moved | {(ident("colleague"), twin, OFFER_ACTOR)}
    assert len(town.heard(DisclosureMade)) == 3, "nothing is disclosed twice"
    town.accepted(UndoMerge(pair_id=pair_id(twin, NEED_ACTOR)))
    assert sides(town) == before | {(ident("colleague"), twin, OFFER_ACTOR)}
    say(town, CooperationOverdue.model_validate(opened(version=3).model_dump()))
    assert len(town.heard(DisclosureMade)) == 3
    town.advance(timedelta(days=400))
    ended = {(e.data.actor_id, e.data.to_actor_id) for e in town.heard(DisclosureEnded)}
    assert (OFFER_ACTOR, NEED_ACTOR) in ended, "they are told to delete it"


def test_nothing_is_disclosed_to_ones_own_side(town: RegistryWorld):
    say(town, accepted())
    before = sides(town)
    town.accepted(MergeActors(survivor_id=OFFER_ACTOR, other_id=NEED_ACTOR))
    say(town, opened())
    assert sides(town) == before
    town.accepted(UndoMerge(pair_id=pair_id(OFFER_ACTOR, NEED_ACTOR)))
    assert sides(town) == before


def sides(world: RegistryWorld) -> set[tuple[UUID, UUID, UUID]]:
    """Whose contact is disclosed, by whom and to whom."""
    return {(each.person_id, each.actor_id, each.to_actor_id) for each in stand(world).values()}
