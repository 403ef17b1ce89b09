"""When a cooperation is due, and what the parties are reminded of: the pure part."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_booking.domain.cooperation import (
    Reminder,
    cooperation_id,
    due_reminder,
    next_reminder,
    open_cooperation,
)
from impulse_booking.domain.days import day_of, months_later, morning_of
from impulse_contracts.codes import CooperationState
from tests.booking.given import mutually_accepted

OPENED = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=800)).map(lambda later: OPENED + later)


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2026, 11, 24), 12, date(2027, 11, 24)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
    ],
)
def test_calendar_months(start, months, end):
    assert months_later(start, months) == end


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 240))
def test_months_later_keeps_the_day_or_takes_the_last_of_the_month(start, months):
    end = months_later(start, months)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])


def test_a_day_begins_at_midnight_in_germany():
    assert day_of(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)) == date(2026, 11, 25)
    assert day_of(datetime(2026, 7, 24, 21, 59, tzinfo=UTC)) == date(2026, 7, 24)
    # Winter and summer time.
    assert morning_of(date(2027, 1, 15)).astimezone(UTC).hour == 7
    assert morning_of(date(2027, 7, 15)).astimezone(UTC).hour == 6


def test_a_cooperation_is_what_was_proposed_and_has_a_year():
    proposal = mutually_accepted()
    cooperation = open_cooperation(proposal, OPENED, 12)
    assert cooperation.cooperation_id == cooperation_id(proposal.proposal_id)
    assert cooperation.redeem_by == date(2027, 11, 24)
    assert cooperation.state is CooperationState.INTRODUCED
    assert cooperation.version == 1
    for field in ("need_id", "offer_id", "need_actor_id", "offer_actor_id", "topics", "example"):
        assert getattr(cooperation, field) == getattr(proposal, field)


def test_the_id_never_changes():
    assert cooperation_id(UUID(int=1)) == UUID("5dc187e3-9969-53b7-a389-da07c069409d")


def test_two_reminders_and_no_more():
    cooperation = open_cooperation(mutually_accepted(), OPENED, 12)
    assert next_reminder(cooperation) == morning_of(date(2027, 10, 25))
    cooperation = cooperation.evolve(reminded=Reminder.DUE_SOON)
    assert next_reminder(cooperation) == morning_of(date(2027, 11, 25))
    cooperation = cooperation.evolve(reminded=Reminder.OVERDUE)
    assert next_reminder(cooperation) is None


@pytest.mark.parametrize("state", [CooperationState.COMPLETED, CooperationState.CANCELLED])
def test_nobody_is_reminded_of_what_is_over(state):
    cooperation = open_cooperation(mutually_accepted(), OPENED, 12).evolve(state=state)
    assert next_reminder(cooperation) is None
    assert due_reminder(cooperation, OPENED + timedelta(days=500)) is None


@given(MOMENTS, st.sampled_from([None, *Reminder]))
def test_what_is_due(now, reminded):
    cooperation = open_cooperation(mutually_accepted(), OPENED, 12).evolve(reminded=reminded)
    due = due_reminder(cooperation, now)
    today = day_of(now)
    if due is Reminder.OVERDUE:
        assert today > cooperation.redeem_by
    if due is Reminder.DUE_SOON:
        assert cooperation.redeem_by - timedelta(days=30) <= today <= cooperation.redeem_by
    if due is not None:
        assert due is not reminded
        assert (reminded, due) != (Reminder.OVERDUE, Reminder.DUE_SOON)
    at = next_reminder(cooperation)
    if at is not None and now >= at:
        assert due is not None, "when the time has come there is something to say"
