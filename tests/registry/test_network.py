"""Who is in charge of whom: areas, admissions, handovers, and who follows when they change."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from impulse_chassis.testing import Log
from impulse_contracts.codes import SuspensionReason
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.actors import ArchiveActor
from impulse_contracts.registry.duplicates import MergeActors
from impulse_contracts.registry.life import SuspendActor
from impulse_contracts.registry.listings import ListingState
from impulse_contracts.registry.network import (
    ActorInChargeChanged,
    AdmitIntermediary,
    EndAdmission,
    HandOverActor,
    HandOverListing,
    SetServiceArea,
)
from impulse_registry.app import service
from impulse_registry.domain.network import HISTORY, Intermediary, Network
from impulse_registry.handlers import network as handlers
from impulse_registry.store import network as store
from tests.fixtures.stack import eventually
from tests.fixtures.statements import record_of
from tests.registry.given import (
    SOURCE,
    RegistryWorld,
    actor_reported,
    add_person,
    at,
    change_actor,
    ident,
    publish_listing,
    register_actor,
)
from tests.registry.test_life import REPORTED, by, newest

ESSEN, DISTRICT, HATTINGEN = "05113000", "05954", "05954016"
IN_HATTINGEN = {"postcode": "45525", "city": "Hattingen"}


def agency(name: str) -> object:
    return register_actor(
        name, kind="intermediary", legal_name=f"Beispiel-Agentur {name}", seat={"city": "Bochum"}
    )


def admit(name: str, *areas: str) -> AdmitIntermediary:
    return AdmitIntermediary(actor_id=ident(name), service_area=areas)


@pytest.fixture
def net(world: RegistryWorld) -> RegistryWorld:
    """Two agencies: one in Essen, one in the district that Hattingen belongs to."""
    for name, area in (("city", ESSEN), ("district", DISTRICT)):
        world.accepted(agency(name))  # type: ignore[arg-type]
        world.accepted(admit(name, area))
    return world


def in_charge(world: RegistryWorld, name: str = "actor") -> UUID | None:
    return newest(world, ident(name)).in_charge


# --------------------------------------------------------------------------------- the rule


def test_the_area_decides_and_elsewhere_the_operator(net: RegistryWorld):
    net.accepted(register_actor())
    assert in_charge(net) == ident("city")
    net.accepted(register_actor("far", seat=IN_HATTINGEN))
    assert in_charge(net, "far") == ident("district")
    net.accepted(register_actor("nowhere", seat={"city": "Flensburg"}))
    assert in_charge(net, "nowhere") is None
    net.accepted(register_actor("unlocated", seat={"city": "Beispielhausen"}))
    assert in_charge(net, "unlocated") is None
    net.accepted(actor_reported(legal_name="Beispiel-Verein Anderswo e.V."))
    assert newest(net, REPORTED).in_charge == ident("city")


def test_who_moves_is_in_other_hands_and_that_is_history(net: RegistryWorld):
    net.accepted(register_actor())
    net.accepted(change_actor(seat=IN_HATTINGEN))
    actor = newest(net)
    assert actor.in_charge == ident("district")
    [handover] = actor.handovers
    assert (handover.given_by, handover.taken_by) == (ident("city"), ident("district"))
    assert handover.by_rule


AREAS = st.sampled_from([ESSEN, ESSEN[:5], HATTINGEN, DISTRICT, "05913000", "05911"])
MEMBERS = st.lists(
    st.tuples(st.uuids(), st.integers(0, 3), st.lists(AREAS, max_size=3)),
    max_size=6,
    unique_by=lambda member: member[0],
)


@given(MEMBERS, st.sampled_from([ESSEN, HATTINGEN, "05913000", "01001000", None]))
def test_the_most_specific_area_wins_then_the_earliest_admission(members, ags):
    network = Network(
        tuple(Intermediary(each, at(hours), tuple(areas)) for each, hours, areas in members)
    )
    found = network.helping_at(ags)
    ranked = sorted(
        (-len(area), hours, each)
        for each, hours, areas in members
        for area in areas
        if ags and ags.startswith(area)
    )
    assert found == (ranked[0][2] if ranked else None)
    assert network.helping_at(ags, but=found) != found or found is None


# ------------------------------------------------------------------------- what follows


def test_actors_follow_an_area_that_grows_moves_and_ends(
    net: RegistryWorld, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(handlers, "PORTION", 3)
    monkeypatch.setattr(store.lock_portions, "__defaults__", (3,))
    for number in range(10):
        net.accepted(register_actor(f"a{number}", seat=IN_HATTINGEN))
    net.accepted(agency("town"))  # type: ignore[arg-type]
    net.accepted(admit("town", HATTINGEN))
    net.settle()
    assert {in_charge(net, f"a{number}") for number in range(10)} == {ident("town")}
    assert len(net.heard(ActorInChargeChanged)) == 10, "a fact only for those that changed"
    net.accepted(SetServiceArea(actor_id=ident("town"), service_area=(ESSEN,)))
    net.settle()
    assert {in_charge(net, f"a{number}") for number in range(10)} == {ident("district")}
    net.accepted(EndAdmission(actor_id=ident("district")))
    net.settle()
    assert {in_charge(net, f"a{number}") for number in range(10)} == {None}
    assert len(newest(net, ident("a0")).handovers) == 3
    assert newest(net, ident("district")).admitted_at is None
    assert net.timers() == 0


@pytest.mark.parametrize("how", ["suspended", "archived"])
def test_an_intermediary_out_of_sight_helps_nobody(net: RegistryWorld, how: str):
    net.accepted(register_actor())
    gone = ident("city")
    if how == "archived":
        net.accepted(ArchiveActor(actor_id=gone))
    else:
        net.accepted(SuspendActor(actor_id=gone, reason=SuspensionReason.UNDER_REVIEW))
    net.settle()
    assert in_charge(net) is None


def test_nobody_is_in_charge_of_themselves(world: RegistryWorld):
    world.accepted(register_actor("city", kind="intermediary"))
    world.accepted(admit("city", ESSEN))
    world.settle()
    assert in_charge(world, "city") is None


# ----------------------------------------------------------------------------- handovers


def test_the_id_of_one_that_was_merged_stands_for_the_one_that_goes_on(net: RegistryWorld):
    net.accepted(register_actor(seat=IN_HATTINGEN))
    net.accepted(publish_listing())
    net.accepted(agency("former"))  # type: ignore[arg-type]
    former = ident("former")
    net.refused(HandOverActor(actor_id=ident("actor"), to=former), Reason.NOT_ADMITTED)
    net.accepted(MergeActors(survivor_id=ident("city"), other_id=former))
    net.accepted(HandOverActor(actor_id=ident("actor"), to=former))
    assert in_charge(net) == ident("city")
    net.accepted(HandOverListing(listing_id=ident("listing"), to=former))
    assert net.heard(ListingState)[-1].data.in_charge == ident("city")
    # Nobody is put in charge of themselves by another name.
    itself = HandOverActor(actor_id=ident("city"), to=former)
    net.refused(itself, Reason.NOT_ADMITTED)


def test_a_decision_stands_over_the_areas_while_its_intermediary_does(net: RegistryWorld):
    net.accepted(register_actor())
    net.accepted(HandOverActor(actor_id=ident("actor"), to=ident("district")))
    assert in_charge(net) == ident("district")
    net.accepted(change_actor(unit="Büro"))
    net.accepted(SetServiceArea(actor_id=ident("city"), service_area=(ESSEN, DISTRICT)))
    net.settle()
    assert in_charge(net) == ident("district")
    assert newest(net).handed_over
    net.accepted(EndAdmission(actor_id=ident("district")))
    net.settle()
    assert in_charge(net) == ident("city")
    assert not newest(net).handed_over


def test_a_decision_can_be_taken_back(net: RegistryWorld):
    net.accepted(register_actor())
    net.accepted(HandOverActor(actor_id=ident("actor"), to=ident("district")))
    net.accepted(HandOverActor(actor_id=ident("actor")))
    assert in_charge(net) == ident("city")
    assert [each.taken_by for each in newest(net).handovers] == [ident("district"), ident("city")]
    assert not newest(net).handed_over


def test_the_history_is_bounded_and_keeps_the_newest(net: RegistryWorld):
    net.accepted(register_actor())
    for number in range(HISTORY + 3):
        to = ident(("district", "city")[number % 2])
        net.accepted(HandOverActor(actor_id=ident("actor"), to=to))
    assert len(newest(net).handovers) == HISTORY
    assert newest(net).handovers[-1].taken_by == in_charge(net)


def test_a_listing_is_handed_over_alone(net: RegistryWorld):
    net.accepted(register_actor())
    net.accepted(publish_listing())
    net.accepted(HandOverListing(listing_id=ident("listing"), to=ident("district")))
    listing = net.heard(ListingState)[-1].data
    assert listing.in_charge == ident("district")
    assert listing.handovers[-1].taken_by == ident("district")
    assert in_charge(net) == ident("city")
    net.accepted(HandOverListing(listing_id=ident("listing")))
    assert net.heard(ListingState)[-1].data.in_charge is None


def test_a_listing_is_given_back_when_its_intermediary_leaves(net: RegistryWorld):
    net.accepted(register_actor())
    net.accepted(publish_listing())
    net.accepted(HandOverListing(listing_id=ident("listing"), to=ident("district")))
    net.accepted(EndAdmission(actor_id=ident("district")))
    listing = net.heard(ListingState)[-1].data
    assert listing.in_charge is None
    assert listing.handovers[-1].given_by == ident("district")
    assert listing.handovers[-1].by_rule


def test_only_to_who_is_in_the_network(net: RegistryWorld):
    net.accepted(register_actor())
    net.accepted(publish_listing())
    net.refused(HandOverActor(actor_id=ident("actor"), to=ident("actor")), Reason.NOT_ADMITTED)
    net.refused(
        HandOverListing(listing_id=ident("listing"), to=ident("nobody")), Reason.NOT_ADMITTED
    )


# ------------------------------------------------------------------------------- rights


def test_the_operator_admits_and_brokers_hand_over(net: RegistryWorld):
    net.accepted(register_actor())
    net.accepted(add_person("broker", "city", ["broker"]))
    net.accepted(add_person("member", "actor", ["admin"]))
    for command in (
        admit("city", ESSEN),
        SetServiceArea(actor_id=ident("city"), service_area=(ESSEN,)),
        EndAdmission(actor_id=ident("city")),
    ):
        net.refused(command, Reason.NOT_ALLOWED, **by("broker"))
    to_district = HandOverActor(actor_id=ident("actor"), to=ident("district"))
    net.refused(to_district, Reason.NOT_ALLOWED, **by("member"))
    net.accepted(to_district, **by("broker"))


def test_areas_are_municipalities_or_districts_that_exist(net: RegistryWorld):
    net.refused(admit("city", "05999"), Reason.UNKNOWN_AREA)
    net.refused(admit("city", "05113001"), Reason.UNKNOWN_AREA)
    net.accepted(SetServiceArea(actor_id=ident("city"), service_area=(ESSEN, ESSEN[:5])))
    assert newest(net, ident("city")).service_area == (ESSEN[:5], ESSEN)


def test_only_members_have_an_area(net: RegistryWorld):
    net.accepted(register_actor())
    area = SetServiceArea(actor_id=ident("actor"), service_area=(ESSEN,))
    net.refused(area, Reason.NOT_ADMITTED)
    net.refused(EndAdmission(actor_id=ident("actor")), Reason.NOT_ADMITTED)
    net.accepted(ArchiveActor(actor_id=ident("actor")))
    net.refused(admit("actor", ESSEN), Reason.WRONG_STATE)


def test_admitted_again_it_keeps_its_date(net: RegistryWorld):
    since = newest(net, ident("city")).admitted_at
    net.advance(timedelta(days=1))
    net.accepted(admit("city", ESSEN, DISTRICT))
    assert newest(net, ident("city")).admitted_at == since


def test_who_places_an_actor_waits_for_the_network_before_it_locks_any_row(net: RegistryWorld):
    """`follow_intermediary` holds the network alone and then locks actors: else both would wait."""
    net.accepted(actor_reported())
    engine = net.engine
    log = Log()
    records = [
        record_of(actor_reported(observed_at=at(1), website="neu.example"), log, source=SOURCE)
    ]
    with ThreadPoolExecutor(1) as pool, engine.connect() as following:
        following.execute(text(store._ALONE))
        placing = pool.submit(service.processor(engine).process, records, net.now)
        waiting = text(
            """
            SELECT count(*) FROM pg_locks JOIN pg_database ON oid = database
            WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted
            """
        )
        eventually(lambda: following.execute(waiting).scalar() == 1)
        following.execute(text("SELECT FROM actor FOR UPDATE NOWAIT"))
        following.execute(text("SELECT FROM identity_key FOR UPDATE NOWAIT"))
        assert not placing.done()
        following.rollback()
        placing.result(timeout=60)
    with engine.connect() as connection:
        placed = text("SELECT count(*) FROM actor WHERE website = 'neu.example'")
        assert connection.execute(placed).scalar() == 1
