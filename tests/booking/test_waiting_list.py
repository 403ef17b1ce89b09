"""Places, and who waits for them: T1 to T7 of the edge cases."""

from datetime import timedelta

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.bookings import BookingSkipped, CancelBooking, OfferPlace
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import ChangeCapacity, RescheduleSession
from impulse_contracts.reasons import Reason
from tests.booking.programme import NEXT_WEEK, SESSION, BookingWorld, at, ident, request, session


@pytest.fixture
def world(engine_of):
    return BookingWorld(engine_of(service))


def test_t1_of_two_who_want_the_last_place_one_gets_it_and_one_waits(world):
    world.offered(1, "A", "B")
    for name in ("A", "B"):
        world.say(request(name))
    world.settle()
    assert sorted(world.states("A", "B")) == ["confirmed", "waitlisted"]
    [waits] = [name for name in ("A", "B") if world.states(name) == ["waitlisted"]]
    assert world.facts(waits)[-1].reason == Reason.FULL
    assert (world.session().taken, world.session().waiting) == (1, 1)


def test_t2_what_was_promoted_and_is_cancelled_is_free_at_once_for_the_next(world):
    world.offered(1, "A", "B", "C")
    for name in ("A", "B", "C"):
        world.book(name)
    assert [world.facts(name)[-1].place_in_list for name in ("A", "B", "C")] == [None, 1, 2]
    world.cancel("A")
    assert world.states("A", "B", "C") == ["cancelled_by_booker", "offered", "waitlisted"]
    world.cancel("B")
    assert world.states("B", "C") == ["cancelled_by_booker", "offered"]
    world.accepted(world.take("C"))
    assert (world.session().taken, world.session().waiting) == (1, 0)


def test_t3_the_order_is_by_priority_then_by_time(world):
    world.offered(1, "A", "B", "C")
    world.book("A")
    world.book("B")
    world.book("C", priority=5)
    world.cancel("A")
    assert world.states("B", "C") == ["waitlisted", "offered"]
    numbers = [world.facts(name)[-1].waiting_number for name in ("B", "C")]
    assert numbers == [1, 2]


@pytest.mark.parametrize("policy", ["hold_for_group", "skip_with_notice"])
def test_t4_a_group_at_the_head_is_never_split(world, policy):
    world.offered(4, "Four", "Three", "One", capacity_unit="person", group_policy=policy)
    world.book("Four", party_size=4)
    world.book("Three", party_size=3)
    world.book("One")
    world.cancel("Four")
    assert world.states("Three", "One") == ["offered", "offered"], "there was room for both"
    world.ask(world.decline("Three"), world.decline("One"))

    world.know("Five", "Group", "Small")
    world.book("Five", party_size=3)
    world.book("Group", party_size=2)
    world.book("Small")
    if policy == "hold_for_group":
        assert world.states("Five", "Group", "Small") == ["confirmed", "waitlisted", "waitlisted"]
        assert world.session().taken == 3, "one place is held for the group"
    else:
        assert world.states("Five", "Group", "Small") == ["confirmed", "waitlisted", "confirmed"]
        assert world.facts("Group")[-1].skipped == 1, "and it was told so"
        [notice] = world.heard(BookingSkipped)
        assert notice.data.reason == Reason.FULL


@pytest.mark.parametrize("policy", ["hold_for_group", "skip_with_notice"])
def test_t4_no_place_is_held_for_a_group_that_never_fits(world, policy):
    """One party that is larger than the session would keep everybody out."""
    world.offered(4, "Five", "One", "Two", capacity_unit="person", group_policy=policy)
    world.book("Five", party_size=5)
    world.book("One", party_size=4)
    assert world.states("Five", "One") == ["waitlisted", "confirmed"]
    assert world.facts("Five")[-1].skipped == 1
    world.book("Two")
    world.cancel("One")
    assert world.states("Five", "Two") == ["waitlisted", "offered"]
    world.accepted(world.decline("Two"))
    world.raise_to(5)
    assert world.states("Five") == ["offered"]


def test_t5_k_places_more_promote_k_at_most(world):
    names = [f"N{count}" for count in range(6)]
    world.offered(2, *names)
    for name in names:
        world.book(name)
    world.raise_to(4)
    assert world.states(*names) == ["confirmed"] * 2 + ["offered"] * 2 + ["waitlisted"] * 2
    world.raise_to(5)
    assert world.states(*names) == ["confirmed"] * 2 + ["offered"] * 3 + ["waitlisted"]
    assert world.session().taken == 5


def test_t6_an_offer_that_is_over_goes_to_the_next_and_a_late_click_is_answered(world):
    world.offered(1, "A", "B", "C", "D", answer_hours=24)
    for name in ("A", "B", "C", "D"):
        world.book(name)
    world.cancel("A")
    world.advance(timedelta(hours=23))
    assert world.states("B", "C") == ["offered", "waitlisted"]
    world.advance(timedelta(hours=1))
    assert world.states("B", "C", "D") == ["expired", "offered", "waitlisted"]
    late = world.refused(world.take("B"), Reason.OFFER_OVER)
    assert "auf Platz 2" in late.message.de
    assert "25.11.2026, 10:00" in late.message.de, "by the clock of Germany"
    assert world.states("B", "C") == ["expired", "offered"]
    world.accepted(world.decline("C"))
    assert world.states("C", "D") == ["declined", "offered"]


@pytest.mark.parametrize("policy", ["hold_for_group", "skip_with_notice"])
def test_t7_nobody_is_promoted_shortly_before_the_start_but_by_hand(world, policy):
    world.offered(1, "A", "B", "C", last_offer_hours=24, group_policy=policy)
    for name in ("A", "B"):
        world.book(name)
    world.advance(timedelta(hours=NEXT_WEEK - 23))
    world.cancel("A")
    assert world.facts("A")[-1].cancelled_late
    assert world.states("B") == ["waitlisted"]
    world.book("C")
    assert world.states("C") == ["waitlisted"], "nobody gets the place before who waits for it"
    world.accepted(OfferPlace(booking_id=ident("booking/B")))
    assert world.facts("B")[-1].offered_until == at(NEXT_WEEK), "never longer than to the start"
    world.advance(timedelta(hours=23))
    assert world.states("B", "C") == ["expired", "expired"]


def test_an_offered_place_is_held(world):
    world.offered(1, "A", "B", "C")
    world.book("A")
    world.book("B")
    world.cancel("A")
    assert world.states("B") == ["offered"]
    world.book("C")
    assert world.states("C") == ["waitlisted"], "the place is B's as long as the offer stands"
    assert world.session().taken == 1


def test_without_a_waiting_list_it_is_full(world):
    world.offered(1, "A", "B", waiting_list=False)
    world.book("A")
    assert world.book("B").reason == Reason.FULL
    assert world.facts("B") == []


def test_fewer_places_than_are_taken_are_refused_with_what_would_have_to_go(world):
    world.offered(3, "A", "B", "C")
    for name in ("A", "B", "C"):
        world.book(name)
        world.advance(timedelta(minutes=1))
    outcome = world.refused(ChangeCapacity(session_id=SESSION, capacity=1), Reason.PLACES_ARE_TAKEN)
    named = [str(ident(f"booking/{name}")) for name in ("C", "B")]
    assert ", ".join(named) in outcome.message.de
    assert world.session().capacity == 3
    world.cancel("C", CancelledBy.PROVIDER)
    assert world.raise_to(2).reason is None


def test_reserved_places_are_kept_for_those_they_are_meant_for(world):
    quotas = [{"kind": "company", "reserved": 1, "at_most": 1}]
    world.offered(0)
    session_id = ident("with quotas")
    world.accepted(session(session_id, capacity=2, quotas=quotas))
    world.know("A", "B")
    world.know("Firm", "Other", kind="company", carrier="private")
    world.book("A", session_id=session_id)
    world.book("B", session_id=session_id)
    assert world.states("A", "B") == ["confirmed", "waitlisted"]
    assert world.facts("B")[-1].reason == Reason.QUOTA_FULL_FOR_GROUP
    world.book("Firm", session_id=session_id)
    world.book("Other", session_id=session_id)
    assert world.states("Firm", "Other") == ["confirmed", "waitlisted"]
    world.cancel("A")
    assert world.states("B", "Other") == ["offered", "waitlisted"], "a company has its share"


@pytest.mark.parametrize("by", list(CancelledBy))
def test_a_note_names_no_contacts(world, by):
    world.offered(1, "A")
    world.book("A")
    note = CancelBooking(booking_id=ident("booking/A"), by=by, reason="Bitte anrufen: 0201 1234567")
    world.refused(note, Reason.CONTACT_IN_TEXT)
    world.accepted(note.model_copy(update={"reason": "verlegt"}))
    assert world.facts("A")[-1].note == "verlegt"


def test_who_is_passed_over_for_a_quota_is_told_once(world):
    quotas = [{"kind": "company", "reserved": 0, "at_most": 1}]
    world.offered(0)
    session_id = ident("with quotas")
    world.accepted(session(session_id, capacity=3, quotas=quotas))
    world.know("A", "B", "C", "N", "M")
    world.know("Firm", "Other", kind="company", carrier="private")
    for name in ("A", "B", "C", "Firm", "Other", "N", "M"):
        world.book(name, session_id=session_id)
    assert world.facts("Other")[-1].reason == Reason.FULL
    for name in ("A", "B", "C"):
        world.cancel(name)
    waits = world.states("Firm", "Other", "N", "M")
    assert waits == ["offered", "waitlisted", "offered", "offered"]
    assert world.facts("Other")[-1].reason == Reason.QUOTA_FULL_FOR_GROUP
    assert len(world.heard(BookingSkipped)) == 1


def test_a_place_that_was_free_too_late_is_offered_when_the_session_moves(world):
    world.offered(1, "A", "B", last_offer_hours=24)
    world.book("A")
    world.book("B")
    world.advance(timedelta(hours=NEXT_WEEK - 23))
    world.cancel("A")
    assert world.states("B") == ["waitlisted"]
    there = {"session_id": SESSION, "starts": at(400), "ends": at(403)}
    world.accepted(RescheduleSession.model_validate(there))
    assert world.states("B") == ["offered"]


def test_an_offer_does_not_outlast_a_start_that_was_brought_forward(world):
    world.offered(1, "A", "B", answer_hours=48)
    world.book("A")
    world.book("B")
    world.cancel("A")
    sooner = {"session_id": SESSION, "starts": at(10), "ends": at(13)}
    world.accepted(RescheduleSession.model_validate(sooner))
    world.now = at(10)
    world.refused(world.take("B"), Reason.OFFER_OVER)
