"""What goes out by mail on bookings: entries for calendars (T8), links, and nothing outdated."""

import re
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from typing import Any
from uuid import UUID, uuid4

import icalendar
import pytest

from impulse_chassis import transact
from impulse_contracts import place_links
from impulse_contracts.booking.bookings import BookingCancelled, BookingWaitlisted, PlaceOffered
from impulse_contracts.booking.programme import SessionRescheduled
from impulse_contracts.booking.support import SupportAccepted
from impulse_contracts.codes import Language, MessageState
from impulse_notifications import calendar, queue
from impulse_notifications.domain.bookings import of_step
from impulse_notifications.domain.message import Template
from impulse_notifications.domain.notice import email
from impulse_notifications.domain.programme import KnownSession, heard
from tests.notifications.given import NEED_PERSON, OFFER_PERSON, now, say_all
from tests.notifications.office import KEY
from tests.notifications.programme import BOOKING, LINK, booking, offer, session, support

COMING = (now() + timedelta(days=7)).replace(microsecond=0)


def coming(starts=COMING, **changes):
    """A session in a week of real time, as the sender has no other."""
    return session(starts=starts, ends=starts + timedelta(hours=3), **changes)


def mine(**changes):
    return booking(**{"attendees": [NEED_PERSON], "online_link": LINK, **changes})


def entry_in(mail):
    """The one event of the entry that is attached to a mail, and its method."""
    [attached] = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    parsed = icalendar.Calendar.from_ical(attached.get_payload(decode=True))
    assert attached.get_param("method") == parsed["METHOD"]
    [event] = parsed.walk("VEVENT")
    return parsed["METHOD"], event


async def test_an_entry_moves_with_the_session_and_goes_with_the_booking(office):
    """T8: the same UID throughout, a SEQUENCE that rises, and METHOD:CANCEL in the end."""
    later = COMING + timedelta(days=1)
    cancelled = mine(version=2, online_link=None, state="cancelled_by_booker")
    for fact in (
        coming(sequence=4),
        mine(),
        coming(later, version=2, sequence=5, kind=SessionRescheduled),
        BookingCancelled(**cancelled.model_dump()),
    ):
        say_all(office.world, fact)
        await office.round()
    found = [entry_in(mail) for mail in office.post.mails]
    assert [(method, int(event["SEQUENCE"])) for method, event in found] == [
        ("REQUEST", 4),
        ("REQUEST", 5),
        ("CANCEL", 6),
    ]
    assert {str(event["UID"]) for _, event in found} == {str(BOOKING)}
    assert [event.decoded("DTSTART") for _, event in found] == [COMING, later, later]
    event = found[0][1]
    assert event.decoded("DTEND") == COMING + timedelta(hours=3)
    assert event["ATTENDEE"] == "mailto:person-11@beispiel.example"
    assert event["ORGANIZER"] == "mailto:impulse@impulse.example"
    assert event["LOCATION"] == "Haus der Vereine, Raum 2, 45127 Essen"
    assert LINK in event["DESCRIPTION"]
    text = office.post.mails[0].get_body(("plain",)).get_content()
    assert f"    Online: {LINK}" in text.splitlines()


async def test_who_never_had_a_place_has_no_entry_to_take_back(office):
    waits = BookingWaitlisted(**mine(state="waitlisted", online_link=None).model_dump())
    cancelled = mine(version=2, online_link=None, state="cancelled_by_booker")
    say_all(office.world, coming(), waits, BookingCancelled(**cancelled.model_dump()))
    await office.round()
    assert len(office.post.mails) == 2
    for mail in office.post.mails:
        assert mail.get_content_type() == "text/plain"


async def test_what_is_not_so_any_more_is_not_sent(office):
    """The mail server was away while the session moved, and while the booking was cancelled."""
    say_all(office.world, coming(), mine())
    say_all(office.world, coming(COMING + timedelta(days=1), version=2, sequence=1))
    cancelled = mine(version=2, online_link=None, state="cancelled_by_provider")
    say_all(office.world, BookingCancelled(**cancelled.model_dump()))
    await office.round()
    [mail] = office.post.mails
    assert str(mail["Subject"]).startswith("Abgesagt")
    states = [fact.state for fact in office.mails()]
    assert sorted(states) == [MessageState.SENT, *[MessageState.SUPPRESSED] * 2]
    details = {fact.detail for fact in office.mails() if fact.state is MessageState.SUPPRESSED}
    assert details == {"Inzwischen hatte sich etwas geändert."}


async def test_what_changes_while_the_mail_server_is_asked_is_not_sent(office):
    say_all(office.world, coming(), mine())
    cancelled = mine(version=2, online_link=None, state="cancelled_by_booker")

    def cancel(_):
        say_all(office.world, BookingCancelled(**cancelled.model_dump()))
        return "250 OK"

    office.post.at_rcpt = [cancel]
    await office.rounds()
    assert [str(mail["Subject"]) for mail in office.post.mails] == ["Abgesagt: „Impulsworkshop“"]


async def test_what_is_not_so_any_more_is_not_claimed(office):
    say_all(office.world, coming(), mine())
    say_all(office.world, coming(COMING - timedelta(days=1), version=2, sequence=1))
    letters = transact(office.engine, "notifications", lambda tx: queue.claim(tx, uuid4()))
    assert [letter.message.template for letter in letters] == [Template.SESSION_RESCHEDULED]


async def test_an_offered_place_comes_with_a_link_that_answers_it(office):
    until = COMING - timedelta(days=3)
    offered = mine(state="offered", online_link=None, offered_until=until)
    say_all(office.world, coming(), PlaceOffered(**offered.model_dump()))
    await office.round()
    [mail] = office.post.mails
    found = re.search(r"http://127.0.0.1:8080/place/(\S+)", mail.get_content())
    assert found
    assert place_links.read(KEY, found[1], now()) == place_links.PlaceLink(
        BOOKING, NEED_PERSON, until
    )


async def test_who_takes_care_of_support_is_named_in_the_mail(office):
    taken = support(SupportAccepted, person_id=OFFER_PERSON, until="2027-01-15")
    say_all(office.world, offer(), taken)
    await office.round()
    [mail] = office.post.mails
    assert "Darum kümmert sich Beispielperson 12, bis zum 15. Januar 2027." in mail.get_content()


@pytest.mark.parametrize("last", [3, 1])
def test_a_course_is_one_entry_with_all_its_meetings(last):
    """The last meeting takes as long as the others, or not."""
    start = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
    hours = (3, 3, last)
    meetings = [
        {
            "starts": start + timedelta(days=7 * week),
            "ends": start + timedelta(days=7 * week, hours=length),
        }
        for week, length in enumerate(hours)
    ]
    fact = mine(attendees=[UUID(int=1)])
    known = KnownSession.model_validate(
        session(starts=start, ends=meetings[-1]["ends"], meetings=meetings).model_dump()
    )
    after = heard(fact, None, known)
    assert after is not None
    [notice] = of_step(fact, after, known, "cause", start, start - timedelta(days=1))
    message = email(notice, UUID(int=1), Language.DE, start - timedelta(days=1))
    entry = calendar.entry(
        message,
        organizer=Address("", "post", "impulse.example"),
        attendee="a@b.example",
        page="https://impulse.example/bookings",
        now=start,
    )
    assert entry is not None
    first, *different = icalendar.Calendar.from_ical(entry.text).walk("VEVENT")
    assert first.decoded("DTSTART") == meetings[0]["starts"]
    again: Any = first["RDATE"]
    assert [each.dt for each in again.dts] == [each["starts"] for each in meetings[1:]]
    assert [(each.decoded("RECURRENCE-ID"), each.decoded("DTEND")) for each in different] == (
        [] if last == 3 else [(meetings[2]["starts"], meetings[2]["ends"])]
    )
    assert {str(each["UID"]) for each in (first, *different)} == {str(BOOKING)}
