"""Reports about actors, on the database and the log."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_chassis.envelope import Attributes, render
from impulse_contracts import topics
from impulse_contracts.codes import ActorStatus, ListingStatus
from impulse_contracts.outcomes import Outcome
from impulse_contracts.partner import ActorReported
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ActorRegistered, ActorState
from impulse_contracts.registry.listings import ListingState
from impulse_registry.domain import identity
from tests.registry.given import (
    OTHER,
    SOURCE,
    RegistryWorld,
    actor_reported,
    actor_withdrawn,
    at,
    listing_reported,
    register_actor,
)


def test_a_report_becomes_a_fact_and_an_outcome(world: RegistryWorld):
    outcome = world.accepted(actor_reported())
    [registered] = world.heard(ActorRegistered)
    actor = registered.data
    assert (outcome.aggregate_id, outcome.version) == (str(actor.actor_id), 1)
    assert registered.record.key == str(actor.actor_id).encode()
    assert actor.register_entry is None
    assert (actor.seat.postcode, actor.seat.ags) == ("45144", "05113000")
    assert [(each.source, each.external_id) for each in actor.sources] == [(SOURCE, "4711")]
    assert actor.confirmed_at == at(0)
    assert actor.actor_id == identity.new_actor(SOURCE, "4711").subject_id


def test_street_and_contact_are_in_no_fact_of_actors(world: RegistryWorld):
    contact = {"name": "Kontaktstelle Beispiel", "email": "kontakt@stadtwald.example"}
    world.accepted(actor_reported(contact=contact))
    [record] = world.log.of("impulse.actors")
    said = (record.value or b"").decode()
    for private in ("Beispielstraße", "Kontaktstelle", "kontakt@", "contact", "street"):
        assert private not in said


def test_a_whole_profile_comes_back_from_the_database_as_it_was(world: RegistryWorld):
    full: dict[str, Any] = {
        "actor_type": "school_or_daycare",
        "unit": "Nachmittagsbetreuung",
        "register": {"court": "Essen", "number": "VR 4321"},
        "w_idnr": "DE123456789-00001",
        "topics": ["education_equity", "social_cohesion"],
        "icnpo_group": 2,
        "size_class": "40 Mitglieder",
        "languages": ["de", "tr"],
        "website": "https://stadtwald.example",
        "example": True,
    }
    world.accepted(actor_reported(**full))
    # Were one field read back as something else, this would be a second version.
    assert world.accepted(actor_reported(observed_at=at(1), **full)).version == 1
    world.accepted(actor_reported(observed_at=at(2), **full, display_name="Stadtwald"))
    first, second = (heard.data for heard in world.heard(ActorState))
    changed = {"version", "display_name", "confirmed_at", "provenance"}
    assert first.model_dump(exclude=changed) == second.model_dump(exclude=changed)
    assert (second.version, second.display_name) == (2, "Stadtwald")
    assert second.register_entry.number == "VR 4321"


def test_an_unknown_postcode_is_registered_and_not_located(world: RegistryWorld):
    world.accepted(actor_reported(seat={"postcode": "00000"}))
    [registered] = world.heard(ActorRegistered)
    assert registered.data.seat.model_dump() == {
        "postcode": "00000",
        "city": None,
        "ags": None,
        "latitude": None,
        "longitude": None,
        "located_by": None,
    }


@pytest.mark.parametrize("fault", [{"legal_name": " "}, {"seat": {"street": "Weg 1"}}])
def test_a_report_without_a_name_or_place_is_a_dead_letter_and_refused(
    world: RegistryWorld, fault: dict[str, object]
):
    bad = actor_reported().model_dump(mode="json") | fault
    attributes = Attributes(id="report-1", source=SOURCE, type=ActorReported.ce_type)
    value = ActorReported.model_construct(None, **bad).model_dump_json(warnings=False).encode()
    world.say_raw(topics.ACTOR_REPORTS.name, b"key", value, render(attributes))
    world.settle()
    [outcome] = world.heard(Outcome)
    assert outcome.data.reason is Reason.CONTRACT_VIOLATION
    assert next(iter(fault)) in outcome.data.message.en
    [letter] = world.log.of("impulse.dead-letters")
    assert letter.value == value
    assert world.facts() == []


# ---------------------------------------------------------------------------------- order


def test_the_same_again_and_an_older_one_change_nothing(world: RegistryWorld):
    world.accepted(actor_reported(observed_at=at(-2)))
    assert world.accepted(actor_reported(observed_at=at(-1))).version == 1
    older = actor_reported(observed_at=at(-1.5), legal_name="Beispiel-Verein Alt e.V.")
    assert world.accepted(older).version == 1
    assert world.short() == ["actor.registered"]


def test_a_later_report_wins_and_at_the_same_time_the_later_arrival(world: RegistryWorld):
    world.accepted(actor_reported(legal_name="Beispiel-Verein A e.V."))
    second = world.accepted(actor_reported(legal_name="Beispiel-Verein B e.V."))
    assert second.version == 2
    assert world.heard(ActorState)[-1].data.legal_name == "Beispiel-Verein B e.V."
    assert world.short() == ["actor.registered", "actor.details_changed"]


@pytest.mark.parametrize("field", ["legal_name", "display_name", "unit", "size_class"])
def test_contacts_in_free_words_are_masked_in_reports_and_refused_in_commands(
    world: RegistryWorld, field: str
):
    said: dict[str, Any] = {field: "Büro Beispiel, büro@beispiel.example"}
    outcome = world.accepted(actor_reported(**said))
    assert "1 contact detail masked" in outcome.message.en
    [actor] = [each.data for each in world.heard(ActorState)]
    assert getattr(actor, field) == "Büro Beispiel, […]"
    assert world.accepted(actor_reported(observed_at=at(1), **said)).version == 1
    world.refused(register_actor(**said), Reason.CONTACT_IN_TEXT)


def test_the_same_message_twice_takes_effect_once(world: RegistryWorld):
    report = actor_reported()
    for _ in range(2):
        world.send(report, message_id="report-1")
    world.settle()
    world.send(report, message_id="report-1")
    world.settle()
    outcomes = world.heard(Outcome)
    assert len({heard.attributes.id for heard in outcomes}) == 1
    assert world.short() == ["actor.registered"]


def test_ten_reports_of_one_actor_in_one_batch_see_each_other(world: RegistryWorld):
    for number in range(10):
        world.send(actor_reported(observed_at=at(-10 + number), legal_name=f"Beispiel {number}"))
    world.settle()
    assert [heard.data.version for heard in world.heard(ActorState)] == list(range(1, 11))
    assert world.rows("actor") == world.rows("identity_key") == 1


def test_every_order_of_reports_and_withdrawals_ends_in_the_same_state(world: RegistryWorld):
    messages = [
        actor_reported(observed_at=at(-5), legal_name="Beispiel-Verein A e.V."),
        actor_withdrawn(observed_at=at(-4)),
        actor_reported(observed_at=at(-3), legal_name="Beispiel-Verein B e.V."),
        actor_reported(observed_at=at(-2), legal_name="Beispiel-Verein C e.V."),
        actor_withdrawn(observed_at=at(-1)),
    ]
    orders = list(permutations(messages))
    for number, order in enumerate(orders):
        for message in order:
            world.send(message.model_copy(update={"external_id": str(number)}))
    world.settle()
    newest = {heard.data.actor_id: heard.data for heard in world.heard(ActorState)}
    assert len(newest) == len(orders) == 120
    assert {(actor.status, actor.legal_name) for actor in newest.values()} == {
        (ActorStatus.ARCHIVED, "Beispiel-Verein C e.V.")
    }
    versions: dict[object, list[int]] = {}
    for heard in world.heard(ActorState):
        versions.setdefault(heard.data.actor_id, []).append(heard.data.version)
    assert all(found == list(range(1, len(found) + 1)) for found in versions.values())


def test_two_partners_may_use_the_same_id(world: RegistryWorld):
    one = world.accepted(actor_reported())
    other = world.accepted(actor_reported(legal_name="Beispiel-Turnverein 08"), source=OTHER)
    assert one.aggregate_id != other.aggregate_id
    assert world.rows("actor") == 2


# ----------------------------------------------------------------------------- withdrawal


def test_a_withdrawal_archives_the_actor_and_takes_back_its_listings(world: RegistryWorld):
    world.accepted(actor_reported())
    for number in range(3):
        world.accepted(listing_reported(f"A-{number}"))
    world.accepted(actor_reported("other"))
    world.accepted(listing_reported("B-1", actor_external_id="other"))

    outcome = world.accepted(actor_withdrawn(observed_at=at(1)))
    assert outcome.version == 2
    assert world.short().count("actor.archived") == 1
    newest = {heard.data.listing_id: heard.data for heard in world.heard(ListingState)}
    assert sorted(str(each.status) for each in newest.values()) == ["open"] + ["withdrawn"] * 3
    assert world.timers() == 1, "what was taken back is not looked at any more"


def test_listings_published_in_the_same_batch_are_taken_back_too(world: RegistryWorld):
    for message in (actor_reported(), listing_reported(), actor_withdrawn(observed_at=at(1))):
        world.send(message)
    world.settle()
    assert world.heard(ListingState)[-1].data.status is ListingStatus.WITHDRAWN


def test_a_second_withdrawal_changes_nothing(world: RegistryWorld):
    world.accepted(actor_reported())
    world.accepted(actor_withdrawn(observed_at=at(1)))
    assert world.accepted(actor_withdrawn(observed_at=at(2))).version == 2
    # But it is remembered: what was observed before it is older now.
    assert world.accepted(actor_reported(observed_at=at(1.5))).version == 2


def test_a_withdrawal_of_something_unknown_is_remembered(world: RegistryWorld):
    outcome = world.accepted(actor_withdrawn(observed_at=at(1)))
    assert (outcome.aggregate_id, outcome.version) == (None, None)
    assert world.facts() == []
    assert world.accepted(actor_reported()).version == 2
    assert world.short() == ["actor.registered", "actor.archived"]


def test_a_newer_report_brings_an_archived_actor_back(world: RegistryWorld):
    world.accepted(actor_reported())
    world.accepted(actor_withdrawn(observed_at=at(1)))
    assert world.accepted(actor_reported(observed_at=at(2))).version == 3
    assert world.short() == ["actor.registered", "actor.archived", "actor.reactivated"]
    assert world.heard(ActorState)[-1].data.status is ActorStatus.REGISTERED


# ---------------------------------------------------------------------------------- keys


@given(st.text(min_size=1), st.text(min_size=1))
def test_ids_follow_from_names(source: str, external_id: str):
    key = identity.new_actor(source, external_id)
    assert key == identity.new_actor(source, external_id)
    assert key.subject_id != identity.new_listing(source, external_id).subject_id
    assert key.version == 0
