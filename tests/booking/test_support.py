"""Support, which is asked for without a session."""

from datetime import timedelta

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.support import (
    AcceptSupport,
    DeclineSupport,
    FinishSupport,
    RequestSupport,
    StartSupport,
    SupportFact,
    WithdrawSupport,
)
from impulse_contracts.reasons import Reason
from tests.booking.programme import WORKSHOP, BookingWorld, ident, offer, request, session

REQUEST = ident("request")


@pytest.fixture
def world(engine_of):
    world = BookingWorld(engine_of(service))
    world.accepted(offer(category="support", title="Moderation"))
    world.know("A")
    return world


def wish(**fields):
    return RequestSupport.model_validate(
        {
            "request_id": REQUEST,
            "programme_offer_id": WORKSHOP,
            "actor_id": ident("A"),
            "wish": "Moderation einer Stadtteilkonferenz",
            **fields,
        }
    )


def taken(world, days=14):
    until = (world.now + timedelta(days=days)).date()
    return AcceptSupport(request_id=REQUEST, person_id=ident("helper"), until=until)


def states(world):
    return [str(heard.data.state) for heard in world.heard(SupportFact)]


def test_it_is_asked_for_taken_on_and_done(world):
    world.accepted(wish(), taken(world), StartSupport(request_id=REQUEST))
    world.accepted(FinishSupport(request_id=REQUEST, hours=3.5, result="Konferenz moderiert"))
    assert states(world) == ["requested", "accepted", "in_progress", "done"]
    done = world.heard(SupportFact)[-1].data
    assert (done.hours, done.result, done.person_id) == (
        3.5,
        "Konferenz moderiert",
        ident("helper"),
    )
    assert done.free_of_charge
    world.refused(DeclineSupport(request_id=REQUEST, reason="zu spät"), Reason.WRONG_STATE)


def test_it_is_declined_with_the_reason_or_withdrawn(world):
    world.accepted(wish(), DeclineSupport(request_id=REQUEST, reason="keine Zeit"))
    assert world.heard(SupportFact)[-1].data.reason == "keine Zeit"
    other = ident("other")
    world.accepted(wish(request_id=other), WithdrawSupport(request_id=other))
    assert sorted(states(world)) == ["declined", "requested", "requested", "withdrawn"]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"programme_offer_id": ident("unknown")}, Reason.NOT_FOUND),
        ({"wish": "Rufen Sie an: 0201 1234567"}, Reason.CONTACT_IN_TEXT),
    ],
)
def test_what_is_refused(world, fields, reason):
    world.refused(wish(**fields), reason)


def test_nothing_is_promised_for_a_day_that_is_over(world):
    world.accepted(wish())
    world.refused(taken(world, days=-1), Reason.DATE_IN_PAST)
    world.refused(FinishSupport(request_id=REQUEST, hours=1, result="x"), Reason.WRONG_STATE)


def test_support_has_no_sessions_and_all_else_has(world):
    world.accepted(session())
    world.refused(request("A"), Reason.NO_SESSION_NEEDED)
    other = ident("a workshop")
    world.accepted(offer(other))
    world.refused(wish(programme_offer_id=other), Reason.NO_SESSION_NEEDED)


def test_whom_it_is_not_meant_for(world):
    other = ident("for municipalities")
    world.accepted(offer(other, category="support", open_to=["municipal"]))
    world.refused(wish(programme_offer_id=other), Reason.NOT_NONPROFIT_OR_MUNICIPAL)
    member = world.member("somebody", "A")
    world.accepted(wish(), principal=member)
    world.refused(taken(world), Reason.NOT_ALLOWED, member)
