"""Who may book what, and free of charge: by who bears them and where they work."""

from datetime import timedelta

import pytest

from impulse_booking.app import service
from impulse_contracts.booking.bookings import (
    BookingFact,
    CancelBooking,
    CheckEligibility,
    RecordAttendance,
)
from impulse_contracts.booking.codes import CancelledBy
from impulse_contracts.booking.programme import WithdrawProgrammeOffer
from impulse_contracts.codes import ActorKind, ActorType, Carrier, LegalForm, PersonRole
from impulse_contracts.reasons import Reason
from impulse_registry.domain.carrier import default_carrier
from tests.booking.programme import (
    NEXT_WEEK,
    SESSION,
    WORKSHOP,
    BookingWorld,
    at,
    ident,
    offer,
    organisation,
    request,
    session,
)

OURS = ["nonprofit", "municipal"]
MAIN_TARGET_GROUP = [
    (ActorType.VOLUNTEER_AGENCY, ActorKind.INTERMEDIARY, LegalForm.E_V),
    (ActorType.COMMUNITY_FOUNDATION, ActorKind.INTERMEDIARY, LegalForm.FOUNDATION_CIVIL),
    (ActorType.MULTIGENERATIONAL_HOUSE, ActorKind.INTERMEDIARY, LegalForm.CHURCH_BODY),
    (ActorType.MUNICIPAL_VOLUNTEERING_OFFICE, ActorKind.MUNICIPAL, LegalForm.MUNICIPALITY_BODY),
    (ActorType.COMMUNITY_WORK_NETWORK, ActorKind.NONPROFIT, LegalForm.UNREGISTERED_ASSOCIATION),
    (ActorType.WELFARE_ASSOCIATION, ActorKind.NONPROFIT, LegalForm.E_V),
    (ActorType.ECONOMIC_DEVELOPMENT_AGENCY, ActorKind.MUNICIPAL, LegalForm.GMBH),
]


@pytest.fixture
def world(engine_of):
    return BookingWorld(engine_of(service))


@pytest.mark.parametrize(("actor_type", "kind", "legal_form"), MAIN_TARGET_GROUP)
def test_the_main_target_group_books_free_of_charge(world, actor_type, kind, legal_form):
    """In every legal form, a municipal GmbH among them."""
    carrier = default_carrier(kind, actor_type, legal_form)
    world.offered(1, open_to=OURS, free_for=OURS)
    fields = {"actor_type": actor_type, "kind": kind, "legal_form": legal_form}
    world.know("Actor", carrier=carrier, **fields)
    assert world.book("Actor").reason is None
    [confirmed] = world.facts("Actor")
    assert (confirmed.state, confirmed.free_of_charge) == ("confirmed", True)


def test_a_company_may_book_what_is_open_to_all_but_not_free(world):
    world.offered(1)
    world.know("Firm", kind="company", carrier="private")
    world.book("Firm")
    assert not world.facts("Firm")[0].free_of_charge


def test_the_carrier_decides_and_not_the_kind(world):
    world.offered(2, open_to=OURS)
    world.know("Chamber", kind="intermediary", carrier="private")
    world.know("Works", kind="company", carrier="municipal")
    refused = world.refused(request("Chamber"), Reason.NOT_NONPROFIT_OR_MUNICIPAL)
    assert Carrier.PRIVATE.de in refused.message.de
    assert world.book("Works").reason is None


def test_where_somebody_works_counts_and_not_only_where_they_sit(world):
    world.offered(3, areas=["05113", "05911000"])
    world.know("Essen")
    world.know("Agency", seat={"ags": "05112000"}, service_area=["05112000", "05911"])
    world.know("Duisburg", seat={"ags": "05112000"})
    assert world.book("Essen").reason is None
    assert world.book("Agency").reason is None
    world.refused(request("Duisburg"), Reason.OUTSIDE_SERVICE_AREA)


def test_evidence_is_asked_for_only_where_an_offer_demands_it(world):
    world.offered(4, evidence_needed=True)
    world.know("Unproven")
    world.know("Proven", status="verified")
    world.know("Town", carrier="municipal")
    bearer = {"actor_id": str(ident("Proven")), "needs_renewal": False}
    world.know("Unit", inherited=bearer)
    world.refused(request("Unproven"), Reason.EVIDENCE_MISSING)
    for name in ("Proven", "Town", "Unit"):
        assert world.book(name).reason is None


@pytest.mark.parametrize("status", ["suspended", "archived"])
def test_who_is_not_active_books_nothing(world, status):
    world.offered(1)
    world.know("Gone", status=status)
    world.refused(request("Gone"), Reason.ACTOR_NOT_ACTIVE)


def test_who_was_merged_books_as_the_one_that_goes_on(world):
    world.offered(1, "Goes on")
    world.know("Merged", status="merged", merged_into=str(ident("Goes on")))
    assert world.book("Merged").reason is None
    assert world.facts("Merged")[0].actor_id == ident("Goes on")


def test_a_booking_waits_for_the_one_that_goes_on(world):
    world.offered(1)
    world.know("Merged", status="merged", merged_into=str(ident("Goes on")))
    world.say(request("Merged"))
    world.settle()
    assert not world.heard(BookingFact)
    world.know("Goes on")
    world.advance(timedelta(seconds=4))
    assert world.facts("Merged")[0].actor_id == ident("Goes on")


def test_who_goes_on_for_one_that_booked_speaks_for_it(world):
    world.offered(1, "Before")
    world.know("After")
    world.book("Before")
    own = world.member("somebody", "After")
    back = CancelBooking(booking_id=ident("booking/Before"), by=CancelledBy.BOOKER)
    world.refused(back, Reason.NOT_ALLOWED, own)
    world.know("Before", version=2, status="merged", merged_into=str(ident("After")))
    world.accepted(back, principal=own)


def test_a_second_booking_is_refused_with_the_id_of_the_first(world):
    world.offered(3, "A")
    world.book("A")
    again = request("A", booking_id=ident("again"))
    outcome = world.refused(again, Reason.DUPLICATE_BOOKING)
    assert str(ident("booking/A")) in outcome.message.de
    others = [str(ident("someone"))]
    world.refused(
        request("A", booking_id=ident("again"), attendees=others), Reason.DUPLICATE_BOOKING
    )


def test_other_people_of_an_organisation_may_book_too(world):
    world.offered(9, "A", capacity_unit="person", party_limit=3)
    one, two, three, four = (str(ident(f"person {count}")) for count in range(4))
    world.book("A", attendees=[one, two])
    assert world.facts("A")[0].party_size == 2
    second = ident("second")
    assert world.book("A", booking_id=second, attendees=[three]).reason is None
    third = request("A", booking_id=ident("third"), attendees=[four])
    world.refused(third, Reason.ORGANISATION_LIMIT_REACHED)
    assert world.session().taken == 3


def test_how_many_bookings_of_an_offer_an_organisation_may_have(world):
    world.offered(3, "A", bookings_per_organisation=1)
    later = ident("later")
    world.accepted(session(later, starts=at(NEXT_WEEK + 50), ends=at(NEXT_WEEK + 53)))
    world.book("A")
    second = request("A", later, booking_id=ident("second"))
    world.refused(second, Reason.ORGANISATION_LIMIT_REACHED)
    world.cancel("A")
    assert world.ask(second)[0].reason is None


def test_what_has_to_be_attended_before(world):
    course, date = ident("course"), ident("date of the course")
    world.offered(1, "A")
    world.accepted(
        offer(course, prerequisites=[str(WORKSHOP)]),
        session(date, programme_offer_id=course, starts=at(NEXT_WEEK * 3), ends=at(600)),
    )
    wish = request("A", date, booking_id=ident("course of A"))
    world.refused(wish, Reason.PREREQUISITE_MISSING)
    world.book("A")
    world.advance(timedelta(hours=NEXT_WEEK + 3))
    there = {"booking_id": ident("booking/A"), "attendance": [{"presence": "present"}]}
    world.accepted(RecordAttendance.model_validate(there))
    assert world.ask(wish)[0].reason is None


def test_who_did_not_come_too_often_waits_until_a_year_is_over(world):
    world.offered(1, "A", no_shows_allowed=0)
    world.book("A")
    world.advance(timedelta(hours=NEXT_WEEK + 3))
    gone = {"booking_id": ident("booking/A"), "attendance": [{"presence": "no_show"}]}
    world.accepted(RecordAttendance.model_validate(gone))
    assert world.states("A") == ["no_show"]
    for months, reason in ((6, Reason.SUSPENDED_NO_SHOWS), (13, None)):
        date = ident(f"in {months} months")
        starts = at(24 * 31 * months)
        world.accepted(session(date, starts=starts, ends=starts + timedelta(hours=1)))
        world.now = starts - timedelta(hours=1)
        [outcome] = world.ask(request("A", date, booking_id=ident(f"{months}")))
        assert outcome.reason == reason


@pytest.mark.parametrize(
    ("opens_at", "closes_at", "reason"),
    [(at(1), None, Reason.NOT_OPEN_YET), (None, at(-1), Reason.CLOSED)],
)
def test_when_it_can_be_booked(world, opens_at, closes_at, reason):
    world.accepted(offer(), session(opens_at=opens_at, closes_at=closes_at))
    world.know("A")
    world.refused(request("A"), reason)


def test_what_has_begun_or_is_withdrawn_is_not_booked(world):
    world.offered(1, "A", "B")
    world.accepted(WithdrawProgrammeOffer(programme_offer_id=WORKSHOP))
    world.refused(request("A"), Reason.WRONG_STATE)
    world.ask(offer(ident("other")))
    world.now = at(NEXT_WEEK)
    world.refused(request("B"), Reason.WRONG_STATE)


@pytest.mark.parametrize(
    ("policy", "grace", "minutes", "reason", "pointed_out"),
    [
        ("hard", 0, 30, Reason.TIME_CONFLICT_HARD, False),
        ("hard", 30, 30, None, True),
        ("hard", 29, 30, Reason.TIME_CONFLICT_HARD, False),
        ("soft", 0, 180, None, True),
        ("hard", 0, 0, None, False),
    ],
)
def test_t16_nobody_is_at_two_places_at_once(world, policy, grace, minutes, reason, pointed_out):
    """By person: the same organisation sends somebody else, and another one the same person."""
    world.offered(9, "A", "B", overlap_policy=policy, overlap_grace_minutes=grace)
    other, person = ident("other date"), str(ident("person"))
    starts = at(NEXT_WEEK + 3) - timedelta(minutes=minutes)
    world.accepted(session(other, starts=starts, ends=starts + timedelta(hours=4), capacity=9))
    world.book("A", attendees=[person])
    somebody_else = request("A", other, booking_id=ident("x"), attendees=[str(ident("y"))])
    assert world.ask(somebody_else)[0].reason is None
    [outcome] = world.ask(request("B", other, attendees=[person]))
    assert outcome.reason == reason
    assert ("überschneidende" in outcome.message.de) is pointed_out


def test_may_i_is_answered_without_booking(world):
    world.offered(1, "A", "B", open_to=OURS)
    world.know("Firm", kind="company", carrier="private")

    def may(name):
        wish = {"session_id": SESSION, "actor_id": ident(name)}
        return world.ask(CheckEligibility.model_validate(wish))[0]

    assert may("A").reason is None
    assert may("Firm").reason == Reason.NOT_NONPROFIT_OR_MUNICIPAL
    assert not world.heard(BookingFact)
    world.book("A")
    said = may("B")
    assert said.reason is None
    assert "Warteliste" in said.message.de
    assert may("A").reason == Reason.DUPLICATE_BOOKING
    assert len(world.heard(BookingFact)) == 1


def test_a_booking_waits_for_its_session_and_organisation_and_is_refused_in_the_end(world):
    world.say(request("A"))
    world.settle()
    assert not world.heard(BookingFact)
    world.accepted(offer(), session())
    world.say(organisation("A"))
    world.advance(timedelta(seconds=4))
    assert world.states("A") == ["confirmed"]
    world.say(request("Nobody"), message_id="for nobody")
    world.settle()
    world.advance(timedelta(hours=2))
    [outcome] = world.outcomes("for nobody")
    assert outcome.reason == Reason.WAITED_TOO_LONG
    assert outcome.message.de.startswith("Die Organisation")


def test_who_may_book_for_an_organisation(world):
    world.offered(2, "A", "B")
    own = world.member("somebody", "A")
    looks_on = world.member("looks on", "A", roles=(PersonRole.VIEWER,))
    broker = world.member("broker", "Agency", roles=(PersonRole.BROKER,))
    told = {"channel": "phone", "on": "2026-11-23"}
    world.refused(request("A"), Reason.NOT_ALLOWED, looks_on)
    world.refused(request("B"), Reason.NOT_ALLOWED, own)
    world.refused(request("A", on_behalf=told), Reason.NOT_ALLOWED, own)
    world.refused(request("A", priority=9), Reason.NOT_ALLOWED, own)
    world.accepted(request("A"), principal=own)
    world.accepted(request("B", on_behalf=told), principal=broker)
    assert world.facts("A")[0].booked_by == ident("somebody")
    assert world.facts("B")[0].on_behalf.channel == "phone"
    world.refused(offer(ident("new")), Reason.NOT_ALLOWED, own)
    world.accepted(offer(ident("new"), provider_actor_id=str(ident("A"))), principal=own)
