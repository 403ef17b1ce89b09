"""When a cooperation is due, and what the parties are reminded of: the pure part."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impulse_booking.domain.cooperation import Cooperation, cooperation_id
from impulse_booking.domain.days import day_of, midnight_of, months_later, morning_of
from impulse_booking.domain.happening import happen
from impulse_booking.domain.opening import open_cooperation
from impulse_booking.domain.reminding import Alert, due, next_look
from impulse_booking.domain.steps import settled
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


def of_its_last_day(cooperation: Cooperation) -> Cooperation:
    """The cooperation without what is next, which has reminders of its own."""
    return cooperation.model_copy(update={"next_action": None})


def given_all(cooperation: Cooperation, now: datetime) -> Cooperation:
    """The cooperation when all was said that is due."""
    keys = tuple(each.key for each in due(cooperation, now))
    return cooperation.evolve(reminded=(*cooperation.reminded, *keys))


def test_of_the_last_day_there_are_two_reminders_and_no_more():
    cooperation = of_its_last_day(open_cooperation(mutually_accepted(), OPENED, 12))
    for day, alert in (
        (date(2027, 10, 25), Alert.DUE_SOON),
        (date(2027, 11, 25), Alert.OVERDUE),
    ):
        at = next_look(cooperation, OPENED)
        assert at == morning_of(day)
        assert [each.alert for each in due(cooperation, at)] == [alert]
        cooperation = given_all(cooperation, at)
    assert next_look(cooperation, OPENED) is None


@pytest.mark.parametrize("state", [CooperationState.COMPLETED, CooperationState.CANCELLED])
def test_nobody_is_reminded_of_what_is_over(state):
    opened = open_cooperation(mutually_accepted(), OPENED, 12)
    cooperation = settled(opened.evolve(state=state))
    assert cooperation.next_action is None
    assert next_look(cooperation, OPENED) is None
    assert not due(cooperation, OPENED + timedelta(days=500))


@given(MOMENTS, MOMENTS)
def test_what_is_due(earlier, now):
    """Whatever was said `earlier`: each is said once, in its time, and time never runs out."""
    cooperation = given_all(open_cooperation(mutually_accepted(), OPENED, 12), earlier)
    entries = due(cooperation, now)
    assert not {each.key for each in entries} & set(cooperation.reminded)
    today, action = day_of(now), cooperation.next_action
    assert action is not None
    for each in entries:
        match each.alert:
            case Alert.OVERDUE:
                assert today > cooperation.redeem_by
            case Alert.DUE_SOON:
                assert cooperation.redeem_by - timedelta(days=30) <= today <= cooperation.redeem_by
            case Alert.ACTION_DUE:
                assert day_of(OPENED) < today <= action.due
            case Alert.ESCALATED:
                assert today >= action.due + timedelta(days=3)
    at = next_look(cooperation, now)
    assert bool(entries) == (at is not None and at <= now), "it is looked at when there is more"


def test_one_from_before_there_were_next_actions_gets_its_own():
    old = of_its_last_day(open_cooperation(mutually_accepted(), OPENED, 12))
    now = morning_of(date(2027, 10, 25))
    [entry] = due(old, now)
    after = happen(old, entry, now)
    assert after.next_action == open_cooperation(mutually_accepted(), OPENED, 12).next_action
    assert [each.alert for each in due(after, now)] == [Alert.ESCALATED], "it is late already"


def test_what_comes_after_midnight_is_too_late():
    """The evening of the last day is still a day; with midnight only what is true is said."""
    cooperation = of_its_last_day(open_cooperation(mutually_accepted(), OPENED, 12))
    over = midnight_of(cooperation.redeem_by + timedelta(days=1))
    [before] = due(cooperation, over - timedelta(seconds=1))
    assert before.alert is Alert.DUE_SOON
    assert not due(cooperation, over)
