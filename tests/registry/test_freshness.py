"""What time makes of a listing, decided on plain values: reminded first, then hidden."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr, ValidationError

from impulse_chassis.testing import START
from impulse_contracts.codes import ListingStatus
from impulse_contracts.parts import Source
from impulse_registry.domain import freshness, identity, listings
from impulse_registry.domain.freshness import Patience
from impulse_registry.domain.listings import VISIBLE, Listing
from impulse_registry.settings import Settings
from tests.registry.given import SOURCE, at, listing_reported
from tests.registry.test_listings import ACTOR

STALE_AFTER, REMIND_BEFORE = timedelta(days=90), timedelta(days=14)
PATIENCE = Patience(STALE_AFTER, REMIND_BEFORE)
ALMOST = timedelta(microseconds=1)
LAST_DAYS = st.sampled_from([None, date(2026, 12, 1), date(2027, 2, 1), date(2028, 1, 1)])


def published(**fields: object) -> Listing:
    key = identity.new_listing(SOURCE, "A-17")
    source = Source(source=SOURCE, external_id="A-17")
    [new] = listings.report(None, key, source, listing_reported(), ACTOR, START, ListingStatus.OPEN)
    return new.model_copy(update=fields)


def test_a_day_ends_at_midnight_in_the_ruhr_area():
    summer, winter = freshness.end_of(date(2026, 7, 1)), freshness.end_of(date(2026, 12, 1))
    assert summer == datetime.fromisoformat("2026-07-02T00:00:00+02:00")
    assert winter == datetime.fromisoformat("2026-12-02T00:00:00+01:00")


def test_what_is_heard_of_too_late_is_closed_or_stale_at_once():
    day = date(2026, 12, 1)
    end, stale = freshness.end_of(day), START + STALE_AFTER
    for now, until, status in (
        (end - ALMOST, day, ListingStatus.OPEN),
        (end, day, ListingStatus.CLOSED),
        (stale - ALMOST, None, ListingStatus.OPEN),
        (stale, None, ListingStatus.STALE),
    ):
        assert freshness.status_at(now, until, START, PATIENCE) is status


def test_the_reminder_comes_14_days_before_it_is_hidden_after_90():
    listing = published()
    due = START + STALE_AFTER - REMIND_BEFORE
    assert freshness.check(listing, [], due - ALMOST, PATIENCE) is listing
    reminded = freshness.check(listing, [], due, PATIENCE)
    assert (reminded.status, reminded.confirm_by) == (ListingStatus.OPEN, START + STALE_AFTER)
    hidden_at = START + STALE_AFTER
    assert freshness.check(reminded, [], hidden_at - ALMOST, PATIENCE) is reminded
    hidden = freshness.check(reminded, [], hidden_at, PATIENCE)
    assert (hidden.status, hidden.confirm_by) == (ListingStatus.STALE, None)


@given(st.integers(0, 400), st.integers(0, 400))
def test_nothing_is_hidden_that_was_not_reminded_of_long_enough_before(late, later):
    """Also where the service was away when the reminder was due."""
    first = freshness.check(published(), [], START + timedelta(days=late), PATIENCE)
    assert first.status is ListingStatus.OPEN
    moment = START + timedelta(days=late + later)
    second = freshness.check(first, [], moment, PATIENCE)
    if second.status is ListingStatus.STALE:
        assert first.confirm_by is not None
        assert later >= REMIND_BEFORE.days


@given(st.sampled_from(ListingStatus), LAST_DAYS, st.booleans(), st.integers(-80, 0))
def test_the_next_check_is_exactly_when_something_changes(status, until, reminded, confirmed):
    confirmed_at = START + timedelta(days=confirmed)
    listing = published(
        status=status,
        valid_until=until,
        confirmed_at=confirmed_at,
        confirm_by=confirmed_at + STALE_AFTER if reminded else None,
    )
    when = freshness.next_check(listing, [], PATIENCE)
    if when is None:
        assert status not in VISIBLE or (status is ListingStatus.STALE and until is None)
        return
    assert freshness.check(listing, [], when, PATIENCE) is not listing
    if status is not ListingStatus.STALE:
        assert freshness.check(listing, [], when - ALMOST, PATIENCE) is listing


def test_a_report_that_says_nothing_new_confirms():
    heard = [identity.new_listing(SOURCE, "A-17").reported(at(24 * 70))]
    listing = published()
    due = START + STALE_AFTER - REMIND_BEFORE
    assert freshness.last_confirmed(listing, heard) == at(24 * 70)
    assert freshness.check(listing, heard, due, PATIENCE) is listing
    assert freshness.next_check(listing, heard, PATIENCE) == due + timedelta(days=70)


def test_the_reminder_comes_before_it_is_hidden():
    with pytest.raises(ValidationError, match="REMIND_DAYS must be less"):
        Settings(
            database_url="postgresql://nobody@127.0.0.1/x",
            privacy_key=SecretStr("x" * 32),
            stale_days=14,
            remind_days=14,
        )
    assert Settings.defaults().patience == PATIENCE
