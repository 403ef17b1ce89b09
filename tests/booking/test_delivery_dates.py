"""The dates on which a cooperation is carried out: planned, moved, over."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import ValidationError

from impulse_booking.app import service
from impulse_chassis.testing import START
from impulse_contracts.booking.agreements import DraftAgreement, SignAgreement
from impulse_contracts.booking.cooperation_commands import HoldCooperation, ResumeCooperation
from impulse_contracts.booking.cooperations import DeliveryStarted
from impulse_contracts.booking.deliveries import PlanDelivery
from impulse_contracts.faults import in_words
from impulse_contracts.reasons import Reason
from tests.booking.cooperating import TERMS, CooperationWorld, said
from tests.booking.delivering import DATES, DAY, planned, weekly


@pytest.fixture
def world(engine_of):
    return CooperationWorld(engine_of(service))


def test_of_several_dates_those_to_come_are_changed_when_it_has_begun(world):
    key = world.agreed()
    world.accepted(said(PlanDelivery, key, dates=weekly(0, 1, 2, 3)))
    world.advance(DAY + timedelta(days=8) - world.now)
    began = world.now_is(key)
    world.accepted(said(PlanDelivery, key, dates=weekly(0, 1, 2, 5)))
    now = world.now_is(key)
    assert [each.starts for each in now.dates] == [each["starts"] for each in weekly(0, 1, 2, 5)]
    assert (now.state, now.since, now.checklist) == ("in_delivery", began.since, began.checklist)
    assert now.next_action.due == (DAY + timedelta(weeks=6)).date()
    # A date that nobody knew of can't lie behind them.
    world.refused(said(PlanDelivery, key, dates=weekly(0, 0.5, 2)), Reason.TIME_IN_PAST)


def test_a_date_that_has_begun_and_is_left_out_did_not_take_place(world):
    key = planned(world)
    world.advance(DAY + timedelta(hours=1) - world.now)
    assert world.now_is(key).state == "in_delivery"
    world.accepted(said(PlanDelivery, key, dates=weekly(1)))
    assert (world.now_is(key).state, len(world.now_is(key).dates)) == ("preparing", 1)


@pytest.mark.parametrize(
    ("dates", "rests", "state", "left"),
    [
        (weekly(0), -1, "agreed", []),
        (weekly(0, 1, 3), -1, "preparing", weekly(3)),
        (weekly(0, 1, 3), 1, "in_delivery", weekly(0, 3)),
        (weekly(3), -1, "preparing", weekly(3)),
    ],
)
def test_dates_that_come_while_it_rests_are_off(world, dates, rests, state, left):
    """It rests from a day before, or after, the first date on, for two weeks."""
    key = world.agreed()
    world.accepted(said(PlanDelivery, key, dates=dates))
    world.advance(DAY + timedelta(days=rests) - world.now)
    until = str((DAY + timedelta(days=20)).date())
    world.accepted(said(HoldCooperation, key, reason="staff_change", until=until))
    world.advance(timedelta(weeks=2))
    started = len(world.heard(DeliveryStarted))
    world.accepted(said(ResumeCooperation, key))
    world.advance(timedelta(hours=1))
    now = world.now_is(key)
    assert (now.state, [each.starts for each in now.dates]) == (
        state,
        [each["starts"] for each in left],
    )
    assert len(world.heard(DeliveryStarted)) == started
    assert (now.next_action.kind == "find_date") == (state == "agreed")


@pytest.mark.parametrize(
    ("starts", "ends", "reason"),
    [(-1, 5, Reason.TIME_IN_PAST), (24, 24, Reason.ENDS_BEFORE_IT_BEGINS)],
)
def test_a_date_lies_ahead_and_has_an_end(world, starts, ends, reason):
    key = world.agreed()
    dates = [{"starts": START + timedelta(hours=starts), "ends": START + timedelta(hours=ends)}]
    world.refused(said(PlanDelivery, key, dates=dates), reason)


@pytest.mark.parametrize("second", [(0, 7), (6, 12), (1, 2), (-2, 9)])
def test_no_two_dates_are_at_once(second):
    begins, ends = (DAY + timedelta(hours=each) for each in second)
    both = [*DATES, {"starts": begins, "ends": ends}]
    with pytest.raises(ValidationError) as refused:
        said(PlanDelivery, UUID(int=1), dates=both)
    [fault] = refused.value.errors()
    assert (fault["loc"], in_words(fault)[0]) == (("dates",), "Termine überschneiden sich")


def test_a_date_is_no_more_than_two_years_ahead(world):
    key = world.agreed()
    starts = datetime(2028, 11, 24, 8, tzinfo=UTC)
    for days, allowed in ((1, False), (0, True)):
        at = starts + timedelta(days=days)
        plan = said(PlanDelivery, key, dates=[{"starts": at, "ends": at + timedelta(hours=6)}])
        if allowed:
            world.accepted(plan)
        else:
            world.refused(plan, Reason.DATE_TOO_FAR)


def test_a_date_after_the_last_day_is_a_warning(world):
    key = world.agreed()
    late = START + timedelta(days=400)
    dates = [{"starts": late, "ends": late + timedelta(hours=4)}]
    world.accepted(said(PlanDelivery, key, dates=dates))
    assert "after_last_day" in world.now_is(key).warnings


def test_terms_that_change_keep_the_date(world):
    key = planned(world)
    world.accepted(said(DraftAgreement, key, terms=TERMS))
    for side in ("need", "offer"):
        world.accepted(said(SignAgreement, key, side=side))
    assert (world.now_is(key).state, len(world.now_is(key).dates)) == ("preparing", 1)
