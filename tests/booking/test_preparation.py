"""What is prepared before the day: by format, dated backwards, with an owner and a reminder."""

from datetime import date, timedelta

import pytest

from impulse_booking.app import service
from impulse_chassis.testing import START
from impulse_contracts import topics
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_commands import CancelCooperation
from impulse_contracts.booking.cooperations import (
    ContactLeft,
    CooperationEscalated,
    PreparationDue,
)
from impulse_contracts.booking.deliveries import PlanDelivery
from impulse_contracts.booking.preparations import ChangePreparation, NameContacts
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import MembershipsEnded
from tests.booking.cooperating import (
    BOTH,
    BROKER,
    FIRM,
    HOST,
    NEED,
    OFFER,
    PHONE,
    TERMS,
    CooperationWorld,
    belongs,
    said,
)
from tests.booking.programme import ident

DAY = START + timedelta(days=60)


@pytest.fixture
def world(engine_of):
    return CooperationWorld(engine_of(service))


def planned(world, starts=DAY, kind=None):
    key = world.opened()
    world.accepted(said(DraftAgreement, key, terms=TERMS, format=kind))
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, key, side=side))
    plan(world, key, starts)
    return key


def plan(world, key, starts):
    dates = [{"starts": starts, "ends": starts + timedelta(hours=6)}]
    world.accepted(said(PlanDelivery, key, dates=dates))


def dues(world, key):
    return {str(each.item): each.due for each in world.now_is(key).checklist}


def done(key, item, **fields):
    return said(ChangePreparation, key, item=item, done=True, side="need", **fields)


def test_the_list_is_dated_backwards_from_the_day(world):
    key = planned(world, kind="social_day")
    found = dues(world, key)
    day = DAY.date()
    assert found["site_visit"] == day - timedelta(days=42)
    assert found["briefing"] == found["rain_plan"] == day - timedelta(days=7)
    assert len(found) == 8
    assert list(found.values()) == sorted(found.values())
    first = world.now_is(key).next_action
    assert (first.kind, first.item, first.responsible) == ("prepare", "profile", "need")


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("virtual", {"profile", "briefing", "contact_on_day"}),
        ("mentoring", {"profile", "briefing", "contact_on_day", "insurance_liability"}),
    ],
)
def test_the_list_is_that_of_the_format(world, kind, items):
    assert set(dues(world, planned(world, kind=kind))) == items


def test_another_day_dates_what_is_left_anew_and_never_so_soon_that_nobody_is_reminded(world):
    key = planned(world)
    world.accepted(done(key, "profile"), principal=str(HOST))
    near = START + timedelta(days=5)
    plan(world, key, near)
    assert set(dues(world, key).values()) == {START.date() + timedelta(days=3)}
    profile = next(each for each in world.now_is(key).checklist if each.item == "profile")
    assert profile.done_on == START.date(), "what is done stays done"


def test_each_thing_is_reminded_of_once_and_not_after_the_start(world):
    key = planned(world, kind="virtual")
    for _ in range(70):
        world.advance(timedelta(days=1))
    reminders = [each.data.due_items for each in world.heard(PreparationDue)]
    assert reminders == [("profile",), ("briefing", "contact_on_day")]
    assert all(each.attributes.time < DAY for each in world.heard(PreparationDue))
    late = [each.data.next_action.item for each in world.heard(CooperationEscalated)]
    assert late[0] == "profile", "the broker in charge is told what is late"
    assert world.now_is(key).state == "in_delivery"


def test_what_should_be_done_already_when_a_day_is_found_is_reminded_of_too(world):
    key = planned(world, START + timedelta(days=21), "social_day")
    for _ in range(21):
        world.advance(timedelta(days=1))
    reminders = [item for each in world.heard(PreparationDue) for item in each.data.due_items]
    assert sorted(reminders) == sorted(dues(world, key))


def test_what_comes_to_a_day_later_is_reminded_of_once_and_what_was_there_not_again(world):
    key = planned(world, kind="virtual")
    for _ in range(51):
        world.advance(timedelta(days=1))
    due = {"due": str(dues(world, key)["briefing"])}
    world.accepted(said(ChangePreparation, key, item="conduct_certificate", **due))
    world.accepted(done(key, "briefing"), principal=str(HOST))
    world.accepted(said(ChangePreparation, key, item="briefing", done=False))
    for _ in range(9):
        world.advance(timedelta(days=1))
    reminders = [each.data.due_items for each in world.heard(PreparationDue)]
    assert reminders == [("profile",), ("briefing", "contact_on_day"), ("conduct_certificate",)]


def test_t12_what_was_due_while_the_worker_was_down_is_not_reminded_of_after_the_start(world):
    planned(world, START + timedelta(days=9), "virtual")
    world.now += timedelta(days=9, hours=6)
    world.settle()
    assert not world.heard(PreparationDue)


def test_what_is_done_is_not_reminded_of_and_can_be_opened_again(world):
    key = planned(world, kind="virtual")
    world.refused(done(key, "profile", done_on="2026-12-24"), Reason.DATE_IN_FUTURE)
    for item in ("profile", "briefing", "contact_on_day"):
        world.accepted(done(key, item), principal=str(HOST))
    assert world.now_is(key).next_action.kind == "carry_out"
    world.accepted(said(ChangePreparation, key, item="briefing", done=False))
    assert world.now_is(key).next_action.item == "briefing"
    world.accepted(said(ChangePreparation, key, item="briefing", needed=False))
    assert world.now_is(key).next_action.kind == "carry_out"
    world.advance(timedelta(days=58))
    assert not world.heard(PreparationDue)


def test_of_a_certificate_of_conduct_only_that_it_was_inspected_is_kept(world):
    key = planned(world, kind="mentoring")
    world.accepted(said(ChangePreparation, key, item="conduct_certificate", due="2027-01-05"))
    assert dues(world, key)["conduct_certificate"] == date(2027, 1, 5)
    world.accepted(done(key, "conduct_certificate", done_on="2026-11-24"), principal=str(HOST))
    [kept] = [e for e in world.now_is(key).checklist if e.item == "conduct_certificate"]
    assert kept.model_dump(mode="json") == {
        "item": "conduct_certificate",
        "responsible": "need",
        "due": "2027-01-05",
        "person_id": None,
        "done_on": "2026-11-24",
        "needed": True,
    }


def test_a_contact_without_a_successor_is_a_warning(world):
    key = planned(world)
    assert world.now_is(key).warnings == ("no_successor_need", "no_successor_offer")
    name = {"contact_id": HOST, "side": "need"}
    world.accepted(said(NameContacts, key, **name), principal=str(HOST))
    assert "no_successor_need" in world.now_is(key).warnings
    world.accepted(said(NameContacts, key, successor_id=HOST, **name), principal=str(HOST))
    assert "no_successor_need" in world.now_is(key).warnings, "nobody steps in for themselves"
    for stranger in (FIRM, ident("somebody")):
        of_others = said(NameContacts, key, successor_id=stranger, **name)
        world.refused(of_others, Reason.NOT_OF_SIDE, principal=str(HOST))
    world.say(belongs(ident("somebody"), NEED))
    world.settle()
    stands_in = said(NameContacts, key, successor_id=ident("somebody"), **name)
    world.accepted(stands_in, principal=str(HOST))
    assert world.now_is(key).warnings == ("no_successor_offer",)
    both = {"contact_id": FIRM, "successor_id": BOTH, "side": "offer", "on_behalf": PHONE}
    world.accepted(said(NameContacts, key, **both), principal=str(BROKER))
    assert world.now_is(key).warnings == ("conflict_of_interest",), "T17: flagged, not blocked"


def left(person_id, *actors):
    """Somebody who is with these organisations alone from now on."""
    values = belongs(person_id, *actors).model_dump()
    return MembershipsEnded.model_validate({**values, "version": 2})


def leave(world, fact):
    world.say(fact)
    world.settle()
    world.advance(timedelta(minutes=10))


def test_a_contact_who_leaves_is_a_warning_until_another_one_is_named(world):
    key, over = planned(world), planned(world)
    stands_in = {"contact_id": HOST, "successor_id": BOTH, "side": "need"}
    for each in (key, over):
        world.accepted(said(NameContacts, each, **stands_in), principal=str(HOST))
    cancel = said(CancelCooperation, over, reason="other", side="need")
    world.accepted(cancel, principal=str(HOST))
    leave(world, left(HOST))
    assert not any("left" in str(each) for each in world.now_is(key).warnings), "one steps in"
    leave(world, left(BOTH, OFFER))
    now = world.now_is(key)
    assert now.warnings == ("conflict_of_interest", "no_successor_offer", "contact_left_need")
    assert (now.next_action.kind, now.contacts[0].successor_left) == ("prepare", True)
    told = [(each.data.cooperation_id, each.data.lost) for each in world.heard(ContactLeft)]
    assert told == [(key, ()), (key, ("need",))]
    for name in ("new", "too"):
        world.say(belongs(ident(name), NEED))
    world.settle()
    new = said(NameContacts, key, side="need", contact_id=ident("new"), successor_id=ident("too"))
    world.accepted(new)
    assert world.now_is(key).warnings == ("no_successor_offer",)


def test_a_contact_who_is_erased_is_missed_and_one_who_was_merged_along_is_not(world):
    key = planned(world)
    firm = {"contact_id": FIRM, "side": "offer"}
    world.accepted(said(NameContacts, key, **firm), principal=str(FIRM))
    world.say(left(FIRM, ident("the survivor")))
    world.settle()
    world.know("the survivor")
    world.merged("the offer", "the survivor")
    world.advance(timedelta(minutes=10))
    assert not world.heard(ContactLeft), "they went along"
    world.say(left(FIRM).model_copy(update={"version": 3}))
    world.say_raw(topics.MEMBERSHIPS.name, str(FIRM).encode(), None, [])
    world.settle()
    world.advance(timedelta(minutes=10))
    assert "contact_left_offer" in world.now_is(key).warnings
