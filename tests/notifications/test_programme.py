"""Who is told what of the programme: each step of a booking once, reminders in time (T12)."""

from datetime import timedelta
from itertools import permutations
from uuid import UUID, uuid4

import pytest

from impulse_chassis import Transaction
from impulse_chassis.testing import START, Node, World
from impulse_contracts import topics
from impulse_contracts.booking.bookings import (
    BookingAttended,
    BookingCancelled,
    BookingConfirmed,
    BookingDeclined,
    BookingExpired,
    BookingSkipped,
    BookingTransferred,
    BookingWaitlisted,
    PlaceOffered,
)
from impulse_contracts.booking.programme import PlacesChanged, SessionRescheduled
from impulse_contracts.booking.support import SupportAccepted, SupportDeclined, SupportDone
from impulse_contracts.codes import MessageState, PersonRole
from impulse_contracts.notifications import MessageFact
from impulse_contracts.purposes import TERMS, Purpose
from impulse_notifications import queue
from impulse_notifications.app import service
from impulse_notifications.domain.attempt import Retries
from impulse_notifications.domain.message import Template
from tests.notifications.given import (
    NEED_PERSON,
    OFFER_ACTOR,
    OFFER_PERSON,
    both_sides,
    membership,
    person,
    say_all,
)
from tests.notifications.programme import LINK, STARTS, booking, offer, session, support

ONE, TWO = UUID(int=21), UUID(int=22)


@pytest.fixture
def world(engine_of):
    world = World([Node(service, engine_of(service))])
    say_all(world, *both_sides(), person(ONE), person(TWO), offer(), session())
    return world


def told(world, *templates):
    """Who was told what, in the order of telling; each by mail and in the inbox."""
    facts = [heard.data for heard in world.heard(MessageFact) if heard.data.version == 1]
    found = [(fact.person_id, fact.template) for fact in facts if fact.channel == "email"]
    inbox = [(fact.person_id, fact.template) for fact in facts if fact.channel == "in_app"]
    assert sorted(found) == sorted(inbox)
    return sorted(each for each in found if not templates or each[1] in templates)


def reminded(world):
    return [who for who, _ in told(world, Template.SESSION_SOON)]


def inbox_text(world):
    [text] = [heard.data.text for heard in world.heard(MessageFact) if heard.data.text]
    return text


def test_who_is_named_is_told_each_once_and_else_the_organisations_people(world):
    say_all(world, booking(attendees=[TWO, ONE]))
    assert told(world) == [(ONE, Template.BOOKING_CONFIRMED), (TWO, Template.BOOKING_CONFIRMED)]
    say_all(world, booking(booking_id=uuid4()))
    assert told(world)[0] == (NEED_PERSON, Template.BOOKING_CONFIRMED)
    assert len(told(world)) == 3


@pytest.mark.parametrize(
    ("fact", "template", "said"),
    [
        (booking(BookingConfirmed), Template.BOOKING_CONFIRMED, "1. Dezember 2026, 10:00 Uhr"),
        (booking(BookingWaitlisted, place_in_list=3), Template.BOOKING_WAITLISTED, "auf Platz 3"),
        (booking(BookingSkipped), Template.BOOKING_SKIPPED, "für Ihre Gruppe reichte er nicht"),
        (
            booking(BookingSkipped, reason="quota_full_for_group"),
            Template.BOOKING_SKIPPED,
            "er ist für andere vorgesehen",
        ),
        (
            booking(PlaceOffered, offered_until=START + timedelta(days=2)),
            Template.PLACE_OFFERED,
            "bis zum 26. November 2026, 10:00 Uhr",
        ),
        (booking(BookingExpired, reason="offer_over"), Template.BOOKING_EXPIRED, "ging weiter"),
        (booking(BookingExpired, reason="closed"), Template.BOOKING_EXPIRED, "kein Platz frei"),
        (
            booking(BookingDeclined, reason="full"),
            Template.BOOKING_DECLINED,
            "Es ist kein Platz mehr frei.",
        ),
        (booking(BookingDeclined, waiting_number=1), Template.BOOKING_DECLINED, "nicht gewünscht"),
        (booking(BookingCancelled), Template.BOOKING_CANCELLED, "Ihre Buchung ist abgesagt"),
        (
            booking(BookingCancelled, state="cancelled_by_provider"),
            Template.BOOKING_CANCELLED,
            "Wir mussten",
        ),
    ],
)
def test_each_step_of_a_booking_is_told(world, fact, template, said):
    say_all(world, fact)
    assert told(world) == [(NEED_PERSON, template)]
    assert said in inbox_text(world)


def test_a_place_is_offered_to_who_comes_and_to_who_may_take_it_each_once(world):
    until = START + timedelta(days=2)
    say_all(world, booking(PlaceOffered, attendees=[ONE, NEED_PERSON], offered_until=until))
    offered = Template.PLACE_OFFERED
    assert told(world) == [(NEED_PERSON, offered), (ONE, offered)]
    other = {"booking_id": uuid4(), "attendees": [TWO], "offered_until": until}
    say_all(world, booking(PlaceOffered, **other))
    assert sorted(told(world)) == [(NEED_PERSON, offered)] * 2 + [(ONE, offered), (TWO, offered)]


def test_certificates_are_told_to_whom_they_belong_and_once(world):
    held = [
        {"number": f"2026-AB-00{n}", "person_id": str(each), "issued_at": STARTS}
        for n, each in enumerate([ONE, TWO], 1)
    ]
    there = {"attendees": [ONE, TWO, NEED_PERSON], "certificates": held}
    say_all(world, booking(BookingAttended, **there))
    # Attendance is corrected: nothing is new to them.
    say_all(world, booking(BookingAttended, version=2, **there))
    assert [who for who, _ in told(world)] == [ONE, TWO]
    texts = {h.data.person_id: h.data.text for h in world.heard(MessageFact) if h.data.text}
    assert "2026-AB-001" in texts[ONE]
    assert "2026-AB-002" not in texts[ONE]


PIECES = {
    "session": session(),
    "booking": booking(attendees=[ONE]),
    "person": person(ONE),
}


@pytest.mark.parametrize("order", list(permutations(PIECES)))
def test_topics_are_read_in_any_order(engine_of, order):
    world = World([Node(service, engine_of(service))])
    for name in order:
        say_all(world, PIECES[name])
        world.advance(timedelta(minutes=2))
    assert told(world) == [(ONE, Template.BOOKING_CONFIRMED)]


def test_a_booking_that_waited_does_not_undo_what_came_after(engine_of):
    """The place was given and given back before the session was known."""
    world = World([Node(service, engine_of(service))])
    say_all(world, *both_sides())
    say_all(world, booking(BookingCancelled, version=2), booking(version=1), session())
    world.advance(timedelta(minutes=1))
    assert told(world) == [(NEED_PERSON, Template.BOOKING_CANCELLED)]
    world.advance(timedelta(days=6, hours=1))
    assert not reminded(world)


def test_a_session_that_never_comes_is_a_dead_letter(engine_of):
    world = World([Node(service, engine_of(service))])
    say_all(world, *both_sides(), booking())
    world.advance(timedelta(minutes=11))
    assert not told(world)
    assert len(world.log.of(topics.DEAD_LETTERS.name)) == 1


def moved(to, version=3, sequence=1, kind=SessionRescheduled):
    times = {"starts": to, "ends": to + timedelta(hours=3)}
    return session(kind, version=version, sequence=sequence, **times)


def test_all_who_have_a_place_are_told_new_times_also_by_another_fact(world):
    """Of facts on one session the log may keep the newest alone."""
    waits = booking(BookingWaitlisted, booking_id=uuid4(), attendees=[TWO])
    say_all(world, booking(attendees=[ONE]), waits)
    say_all(world, moved(STARTS + timedelta(days=1), kind=PlacesChanged))
    say_all(world, moved(STARTS + timedelta(days=1), version=4, kind=PlacesChanged))
    assert told(world, Template.SESSION_RESCHEDULED) == [(ONE, Template.SESSION_RESCHEDULED)]
    # Whoever gets a place now is told the new times with it.
    say_all(world, booking(version=2, booking_id=waits.booking_id, attendees=[TWO]))
    say_all(world, moved(STARTS + timedelta(days=1), version=5, kind=PlacesChanged))
    assert len(told(world, Template.SESSION_RESCHEDULED)) == 1


# ------------------------------------------------------------------------------ reminders


def test_who_has_a_place_is_reminded_once_a_day_before(world):
    say_all(world, booking(attendees=[ONE, TWO]))
    world.advance(timedelta(days=5, hours=23))
    assert not reminded(world)
    world.advance(timedelta(hours=1))
    assert reminded(world) == [ONE, TWO]
    for version in (3, 4):
        say_all(world, session(PlacesChanged, version=version))
        world.advance(timedelta(hours=12))
    assert reminded(world) == [ONE, TWO]


@pytest.mark.parametrize(("late", "who"), [(6, [ONE]), (24, []), (30, [])])
def test_a_worker_that_was_down_reminds_once_and_never_after_the_start(world, late, who):
    say_all(world, booking(attendees=[ONE]))
    world.now = STARTS - timedelta(days=1) + timedelta(hours=late)
    world.say(session(PlacesChanged, version=3))
    world.settle()
    world.advance(timedelta(hours=1))
    assert reminded(world) == who


def test_who_gets_a_place_on_the_last_day_is_told_with_it_and_not_reminded(world):
    world.advance(timedelta(days=6, hours=4))
    say_all(world, booking(attendees=[ONE]), session(PlacesChanged, version=3))
    world.advance(timedelta(hours=1))
    assert told(world) == [(ONE, Template.BOOKING_CONFIRMED)]


def test_who_goes_on_for_the_organisation_that_booked_is_reminded(world):
    say_all(world, booking(), booking(BookingTransferred, version=2, actor_id=OFFER_ACTOR))
    # What was said before comes again.
    say_all(world, booking(BookingTransferred, version=1))
    assert told(world) == [(NEED_PERSON, Template.BOOKING_CONFIRMED)]
    world.advance(timedelta(days=6))
    assert reminded(world) == [OFFER_PERSON]


def test_who_cancelled_is_not_reminded_and_nobody_of_a_session_that_is_cancelled(world):
    say_all(world, booking(attendees=[ONE]), booking(booking_id=uuid4(), attendees=[TWO]))
    say_all(world, booking(BookingCancelled, version=2, attendees=[ONE]))
    say_all(world, session(PlacesChanged, version=3, state="cancelled"))
    world.advance(timedelta(days=6, hours=1))
    assert not reminded(world)


def test_of_a_session_that_moved_the_new_times_are_reminded(world):
    say_all(world, booking(attendees=[ONE]), moved(STARTS + timedelta(days=3)))
    world.advance(timedelta(days=7))
    assert not reminded(world)
    world.advance(timedelta(days=2))
    assert reminded(world) == [ONE]
    # It moves again: so is the reminder.
    say_all(world, moved(STARTS + timedelta(days=9), version=4, sequence=2))
    world.advance(timedelta(days=6))
    assert reminded(world) == [ONE, ONE]


# -------------------------------------------------------------------------------- support


def test_support_is_told_to_those_who_give_it_and_those_who_asked(world):
    broker = uuid4()
    say_all(world, person(broker), membership(broker, uuid4(), roles=(PersonRole.BROKER,)))
    say_all(world, support())
    assert told(world) == [(broker, Template.SUPPORT_REQUESTED)]
    accepted = {"person_id": broker, "until": "2026-12-10"}
    say_all(
        world,
        support(SupportAccepted, version=2, **accepted),
        support(SupportDone, version=3, hours=2, result="Der Runde Tisch tagt."),
        support(SupportDeclined, version=2, reason="Der Monat ist ausgebucht."),
    )
    assert [each for each in told(world) if each[0] == NEED_PERSON] == [
        (NEED_PERSON, Template.SUPPORT_ACCEPTED),
        (NEED_PERSON, Template.SUPPORT_DECLINED),
        (NEED_PERSON, Template.SUPPORT_DONE),
    ]


def test_support_of_a_provider_is_told_to_its_people_and_waits_for_its_offer(world):
    other = uuid4()
    say_all(world, support(programme_offer_id=other))
    assert not told(world)
    say_all(world, offer(programme_offer_id=other, provider_actor_id=OFFER_ACTOR))
    assert told(world) == [(OFFER_PERSON, Template.SUPPORT_REQUESTED)]


# ------------------------------------------------------------------------------- privacy


def test_no_fact_says_where_it_meets_or_who_comes(world):
    say_all(world, booking(attendees=[ONE], online_link=LINK, note="Sagt Erika."), support())
    for record in world.log.of(topics.MESSAGES.name):
        for secret in (b"treffen.beispiel", b"Raum 2", b"Erika", b"Beispielperson"):
            assert secret not in record.value


def test_who_came_is_known_here_no_longer_than_what_they_were_told(world):
    say_all(world, booking(attendees=[ONE]))
    term = timedelta(days=TERMS[Purpose.MESSAGES].days)

    def kept_at(now):
        with world.nodes[0].processor.engine.begin() as connection:
            queue.tidy(Transaction(connection, service.name, now), uuid4(), Retries())
            rows = connection.exec_driver_sql("SELECT count(*) FROM booking")
            return rows.scalar_one()

    ends = session().ends
    assert kept_at(ends + term) == 1
    assert kept_at(ends + term + timedelta(seconds=1)) == 0


def test_what_came_too_late_to_be_of_use_is_suppressed(world):
    world.now = STARTS
    say_all(world, booking(attendees=[ONE]))
    assert {fact.data.state for fact in world.heard(MessageFact)} == {MessageState.SUPPRESSED}
