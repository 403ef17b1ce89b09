"""Organisations that are merged, one after another, and separated again."""

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.bookings import BookingTransferred, CancelBooking
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import SessionFact
from impulse_contracts.booking.support import RequestSupport, SupportTransferred, WithdrawSupport
from impulse_contracts.reasons import Reason
from tests.booking.programme import SESSION, BookingWorld, ident, offer, request


@pytest.fixture
def world(engine_of):
    world = BookingWorld(engine_of(service))
    world.offered(3, "One", "Two", "Three")
    return world


def whose(world, name):
    fact = world.facts(name)[-1]
    return fact.actor_id, fact.formerly


def test_what_was_booked_goes_along_and_back(world):
    one, two, three = (ident(name) for name in ("One", "Two", "Three"))
    world.book("One")
    world.merged("One", "Two")
    assert whose(world, "One") == (two, (one,))
    world.merged("Two", "Three")
    assert whose(world, "One") == (three, (one, two))
    world.separated("Two")
    assert whose(world, "One") == (two, (one,))
    world.separated("One")
    assert whose(world, "One") == (one, ())
    assert len(world.heard(BookingTransferred)) == 4
    assert world.states("One") == ["confirmed"]
    versions = [h.data.version for h in world.heard(SessionFact) if h.data.session_id == SESSION]
    assert versions == list(range(1, len(versions) + 1)), "and each has its turn among all"


def test_it_counts_as_a_booking_of_the_one_that_goes_on(world):
    world.book("One")
    world.merged("One", "Two")
    world.refused(request("Two"), Reason.DUPLICATE_BOOKING)
    own = world.member("somebody", "Two")
    back = CancelBooking(booking_id=ident("booking/One"), by=CancelledBy.BOOKER)
    world.accepted(back, principal=own)


def test_who_was_merged_twice_books_as_the_last(world):
    world.merged("One", "Two")
    world.merged("Two", "Three")
    world.book("One")
    assert whose(world, "One") == (ident("Three"), ())


def test_what_was_asked_for_goes_along_and_back(world):
    moderation = ident("moderation")
    world.accepted(offer(moderation, category="support"))
    wish = {"programme_offer_id": moderation, "actor_id": ident("One"), "wish": "Moderation"}
    world.accepted(RequestSupport.model_validate({"request_id": ident("wish"), **wish}))
    world.merged("One", "Two")
    world.separated("One")
    moved = [heard.data for heard in world.heard(SupportTransferred)]
    assert [(each.actor_id, each.formerly) for each in moved] == [
        (ident("Two"), (ident("One"),)),
        (ident("One"), ()),
    ]
    own = world.member("somebody", "One")
    world.accepted(WithdrawSupport(request_id=ident("wish")), principal=own)
