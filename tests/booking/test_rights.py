"""Who may say what: each command of the programme, by those who may not."""

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.bookings import (
    CancelBooking,
    CheckEligibility,
    DecideApplication,
    DeclinePlace,
    OfferPlace,
    RecordAttendance,
    TakePlace,
)
from impulse_contracts.booking.programme import (
    CancelSession,
    ChangeCapacity,
    ChangeProgrammeOffer,
    DrawLots,
    RescheduleSession,
    WithdrawProgrammeOffer,
)
from impulse_contracts.booking.support import (
    AcceptSupport,
    DeclineSupport,
    FinishSupport,
    RequestSupport,
    StartSupport,
    WithdrawSupport,
)
from impulse_contracts.reasons import Reason
from tests.booking.programme import (
    SESSION,
    WORKSHOP,
    BookingWorld,
    at,
    ident,
    offer,
    request,
    session,
)

GUIDE = ident("guide")
IDS = {
    "booking_id": ident("booking/A"),
    "session_id": SESSION,
    "request_id": ident("wish"),
    "programme_offer_id": WORKSHOP,
}
TIMES = {"starts": at(300), "ends": at(303)}
WISH = {"actor_id": ident("A"), "wish": "Moderation", "programme_offer_id": GUIDE}
OF_THE_PROGRAMME = [
    (CancelBooking, {"by": "provider"}),
    (OfferPlace, {}),
    (DecideApplication, {"accepted": True}),
    (RecordAttendance, {"attendance": [{"presence": "present"}]}),
    (CancelSession, {}),
    (ChangeCapacity, {"capacity": 9}),
    (RescheduleSession, TIMES),
    (DrawLots, {"seed": "x"}),
    (WithdrawProgrammeOffer, {}),
    (ChangeProgrammeOffer, {"title": "Unseres", "category": "qualification"}),
    (AcceptSupport, {"person_id": ident("x"), "until": "2026-12-24"}),
    (StartSupport, {}),
    (FinishSupport, {"hours": 1, "result": "fertig"}),
    (DeclineSupport, {"reason": "keine Zeit"}),
]
"""What those who run it say; not the organisation itself whose booking it is."""
OF_THE_ORGANISATION = [
    (CancelBooking, {"by": "booker"}),
    (TakePlace, {}),
    (DeclinePlace, {}),
    (CheckEligibility, {"actor_id": ident("A")}),
    (RequestSupport, WISH),
    (WithdrawSupport, {}),
]
"""What its own people say, and nobody else's."""


@pytest.fixture
def world(engine_of):
    world = BookingWorld(engine_of(service))
    world.offered(1, "A", "B")
    world.book("A")
    world.accepted(offer(GUIDE, category="support"))
    world.accepted(RequestSupport.model_validate({"request_id": ident("wish"), **WISH}))
    return world


@pytest.mark.parametrize(
    ("commands", "who"),
    [(OF_THE_PROGRAMME, "A"), (OF_THE_PROGRAMME, "B"), (OF_THE_ORGANISATION, "B")],
)
def test_nobody_speaks_for_others(world, commands, who):
    somebody = world.member("somebody", who)
    for kind, fields in commands:
        said = {**IDS, **fields}
        if kind is RequestSupport:
            said["request_id"] = ident("another")
        if kind is ChangeProgrammeOffer:
            said["provider_actor_id"] = ident(who)
        world.refused(kind.model_validate(said), Reason.NOT_ALLOWED, somebody)
    world.refused(session(ident("another")), Reason.NOT_ALLOWED, somebody)


def test_an_offer_is_not_passed_on_by_changing_it(world):
    """Whoever gives it may change it, and not in the name of others."""
    mine, somebody = ident("mine"), world.member("somebody", "A")
    own = offer(mine, provider_actor_id=ident("A"))
    world.accepted(own, principal=somebody)
    for provider in (ident("B"), None):
        terms = own.model_dump() | {"provider_actor_id": provider}
        change = ChangeProgrammeOffer.model_validate(terms)
        world.refused(change, Reason.NOT_ALLOWED, somebody)


@pytest.mark.parametrize(
    ("unit", "taken"), [("organisation", (1, 1)), ("team", (1, 1)), ("person", (4, 3))]
)
def test_what_takes_a_place(world, unit, taken):
    other, date = ident("another offer"), ident("another date")
    world.accepted(offer(other, capacity_unit=unit))
    world.accepted(session(date, programme_offer_id=other, capacity=7, starts=at(99), ends=at(100)))
    for name, size, places in zip("AB", (4, 3), taken, strict=True):
        before = world.session(date).taken
        wish = request(name, date, booking_id=ident(f"{name} there"), party_size=size)
        world.accepted(wish)
        assert world.session(date).taken == before + places


def test_a_district_has_its_share(world):
    """Five digits count all its municipalities, eight one of them."""
    quotas = [{"district": "05913", "reserved": 0, "at_most": 1}, {"district": "05112000"}]
    date = ident("for districts")
    world.accepted(session(date, capacity=9, quotas=quotas, starts=at(99), ends=at(100)))
    for name, ags in (("D1", "05913000"), ("D2", "05913000"), ("Essen", "05113000")):
        world.know(name, seat={"ags": ags})
        world.book(name, session_id=date)
    assert world.states("D1", "D2", "Essen") == ["confirmed", "waitlisted", "confirmed"]
    assert world.facts("D2")[-1].reason == Reason.QUOTA_FULL_FOR_GROUP
