"""Places by review of applications, and by lot."""

import hashlib
from datetime import timedelta

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.bookings import DecideApplication
from impulse_contracts.booking.programme import DrawLots, LotsDrawn
from impulse_contracts.reasons import Reason
from tests.booking.programme import SESSION, BookingWorld, ident

NAMES = [f"N{count}" for count in range(5)]


@pytest.fixture
def world(engine_of):
    return BookingWorld(engine_of(service))


def decide(name, accepted):
    return DecideApplication(
        booking_id=ident(f"booking/{name}"), accepted=accepted, reason=None if accepted else "Thema"
    )


def lot(seed, name):
    return hashlib.sha256(f"{seed}/{ident(f'booking/{name}')}".encode()).hexdigest()


def test_applications_are_decided_by_the_programme(world):
    world.offered(1, *NAMES, selection_mode="application_review")
    for name in NAMES:
        world.book(name)
    assert world.states(*NAMES) == ["requested"] * 5
    assert world.session().taken == 0
    contact = decide("N0", False).model_copy(update={"reason": "frau.beispiel@verein.example"})
    world.refused(contact, Reason.CONTACT_IN_TEXT)
    world.accepted(decide("N3", True), decide("N0", False), decide("N1", True))
    assert world.states("N3", "N0", "N1") == ["confirmed", "declined", "waitlisted"]
    assert world.facts("N0")[-1].note == "Thema"
    world.refused(decide("N3", True), Reason.WRONG_STATE)
    member = world.member("somebody", "N2")
    world.refused(decide("N2", True), Reason.NOT_ALLOWED, member)
    world.cancel("N3")
    assert world.states("N1", "N2") == ["offered", "requested"], "who was chosen is next"


def test_without_a_waiting_list_no_more_are_accepted_than_there_are_places(world):
    world.offered(1, *NAMES, selection_mode="application_review", waiting_list=False)
    for name in NAMES:
        world.book(name)
    world.accepted(decide("N0", True))
    world.refused(decide("N1", True), Reason.FULL)
    assert world.states("N1") == ["requested"]


@pytest.mark.parametrize("waiting_list", [True, False])
def test_lots_are_drawn_in_an_order_that_anyone_can_recompute(world, waiting_list):
    world.offered(2, *NAMES, selection_mode="lottery", waiting_list=waiting_list)
    for name in NAMES:
        world.book(name)
    assert world.states(*NAMES) == ["requested"] * 5
    seed = "Lotto 6 aus 49, 28.11.2026: 3 8 15 22 33 41"
    world.accepted(DrawLots(session_id=SESSION, seed=seed))

    order = sorted(NAMES, key=lambda name: lot(seed, name))
    rest = ["waitlisted" if waiting_list else "declined"] * 3
    assert world.states(*order) == ["confirmed", "confirmed", *rest]
    [drawn] = world.heard(LotsDrawn)
    assert drawn.data.seed == seed
    world.refused(DrawLots(session_id=SESSION, seed="another"), Reason.WRONG_STATE)
    if waiting_list:
        world.cancel(order[0])
        assert world.states(order[2]) == ["offered"], "the waiting list has the order of the lots"
    world.know("Late")
    outcome = world.book("Late")
    assert outcome.reason == (None if waiting_list else Reason.FULL)


@pytest.mark.parametrize("policy", ["hold_for_group", "skip_with_notice"])
@pytest.mark.parametrize("mode", ["application_review", "lottery"])
def test_a_group_is_not_passed_over_silently(world, mode, policy):
    """Those who were chosen before, and wait for more places than are free, come first."""
    chance = {"selection_mode": mode, "group_policy": policy, "capacity_unit": "person"}
    world.offered(2, "One", "Two", "Three", **chance)
    # With this seed, lots are drawn in the order of the names.
    seed = next(
        f"{count}"
        for count in range(100)
        if sorted(("One", "Two", "Three"), key=lambda name: lot(f"{count}", name))
        == ["One", "Two", "Three"]
    )
    for name, size in (("One", 1), ("Two", 2), ("Three", 1)):
        world.book(name, party_size=size)
    if mode == "lottery":
        world.accepted(DrawLots(session_id=SESSION, seed=seed))
    else:
        world.accepted(*(decide(name, True) for name in ("One", "Two", "Three")))
    last = "waitlisted" if policy == "hold_for_group" else "confirmed"
    assert world.states("One", "Two", "Three") == ["confirmed", "waitlisted", last]
    assert world.facts("Two")[-1].skipped == (policy == "skip_with_notice")


def test_nothing_is_drawn_of_what_goes_by_order(world):
    world.offered(1)
    world.refused(DrawLots(session_id=SESSION, seed="1"), Reason.WRONG_STATE)


def test_who_was_not_chosen_when_it_starts_is_told(world):
    world.offered(1, "A", selection_mode="lottery")
    world.book("A")
    world.advance(timedelta(days=8))
    assert world.states("A") == ["expired"]
