"""Whether an agreement was carried out in time, looked at after 3, 6 and 12 months."""

from datetime import date, timedelta

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.cooperation_commands import (
    CancelCooperation,
    HoldCooperation,
    ResumeCooperation,
)
from impulse_contracts.booking.cooperations import RedemptionChecked
from impulse_contracts.booking.deliveries import (
    CompleteCooperation,
    ContinueCooperation,
    DecideDelivery,
    ReportDelivery,
)
from tests.booking.cooperating import BROKER, FIRM, HOST, CooperationWorld, said
from tests.booking.delivering import carried_out, planned


@pytest.fixture
def world(engine_of):
    return CooperationWorld(engine_of(service))


@pytest.mark.parametrize("ending", [CompleteCooperation, ContinueCooperation])
def test_it_is_looked_at_after_3_6_and_12_months_whether_it_was_carried_out(world, ending):
    key = carried_out(world)
    world.accepted(said(ending, key), principal=str(BROKER))
    for _ in range(13):
        world.advance(timedelta(days=31))
    checks = world.now_is(key).redemption
    assert [(each.months, each.redeemed, each.reason) for each in checks] == [
        (3, True, None),
        (6, True, None),
        (12, True, None),
    ]
    assert len(world.heard(RedemptionChecked)) == 3


def test_what_is_not_carried_out_is_looked_at_as_of_the_day_with_its_reason(world):
    key = world.agreed()
    world.advance(timedelta(days=100))
    world.accepted(said(CancelCooperation, key, reason="contact_lost"))
    # Late by months: nothing that came after the day counts.
    world.advance(timedelta(days=400))
    checks = world.now_is(key).redemption
    assert [(each.months, each.redeemed, each.reason) for each in checks] == [
        (3, False, None),
        (6, False, "contact_lost"),
        (12, False, "contact_lost"),
    ]
    assert checks[0].on == date(2027, 2, 24)


def test_what_is_looked_at_goes_by_the_day_of_delivery(world):
    """Carried out on day 60, and reported when the three months are over."""
    key = planned(world)
    world.advance(timedelta(days=100))
    assert [each.redeemed for each in world.now_is(key).redemption] == [False]
    done = {"side": "offer", "outcome": "done", "persons": 8, "hours": 56.0}
    world.accepted(said(ReportDelivery, key, **done), principal=str(FIRM))
    [check] = world.now_is(key).redemption
    assert (check.redeemed, check.reason) == (True, None)
    denied = said(DecideDelivery, key, side="need", outcome="not_done", reason="other")
    world.accepted(denied, principal=str(HOST))
    [check] = world.now_is(key).redemption
    assert (check.redeemed, check.reason) == (False, "other")


def test_who_tells_of_an_earlier_day_sets_right_what_was_looked_at(world):
    key = world.agreed()
    world.advance(timedelta(days=100))
    done = {"outcome": "done", "persons": 8, "hours": 56.0}
    world.accepted(said(ReportDelivery, key, side="offer", **done), principal=str(FIRM))
    assert [each.redeemed for each in world.now_is(key).redemption] == [False]
    told = {"on_behalf": {"channel": "phone", "on": "2027-02-10"}}
    world.accepted(said(ReportDelivery, key, side="need", **done, **told), principal=str(BROKER))
    assert [each.redeemed for each in world.now_is(key).redemption] == [True]


def test_why_it_rested_once_is_not_why_it_was_not_carried_out(world):
    rested, rests = world.agreed(), world.agreed()
    hold = {"reason": "staff_change", "until": "2027-05-01"}
    for key in (rested, rests):
        world.accepted(said(HoldCooperation, key, **hold))
    world.advance(timedelta(days=2))
    world.accepted(said(ResumeCooperation, rested))
    world.advance(timedelta(days=100))
    reasons = [[each.reason for each in world.now_is(key).redemption] for key in (rested, rests)]
    assert reasons == [[None], ["staff_change"]]
