"""The entry in people's calendars that comes with a place (RFC 5545, iTIP of RFC 5546).

An entry is known by the id of the booking. Whenever the times of the session change its SEQUENCE is
higher, so calendars move what they have; it is taken back by METHOD:CANCEL with a higher one still.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.headerregistry import Address
from typing import NamedTuple

import icalendar

from impulse_contracts.booking.programme import Meeting
from impulse_notifications.domain.message import Message, Template
from impulse_notifications.domain.programme import Appointment

_METHODS = {
    Template.BOOKING_CONFIRMED: "REQUEST",
    Template.SESSION_RESCHEDULED: "REQUEST",
    Template.BOOKING_CANCELLED: "CANCEL",
}


class Entry(NamedTuple):
    """What is attached to an e-mail."""

    method: str
    text: str


def entry(
    message: Message, *, organizer: Address, attendee: str, page: str, now: datetime
) -> Entry | None:
    """The entry that comes with a message; None where none does.

    A course is one entry that recurs at each meeting.
    """
    about = message.matter.appointment if message.matter else None
    method = _METHODS.get(message.template)
    if about is None or about.sequence is None or method is None:
        return None
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Impulse//Impulse//DE")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    for event in _events(about):
        event.add("uid", str(about.booking_id))
        event.add("sequence", about.sequence)
        event.add("dtstamp", now.astimezone(UTC))
        event.add("summary", about.title)
        event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
        event.add("location", about.venue or about.online_link or "")
        event.add("description", "\n".join(each for each in (about.online_link, page) if each))
        event.add("url", page)
        event.add("organizer", _person(organizer.addr_spec, {"CN": organizer.display_name}))
        # They have booked: nobody waits for an answer.
        accepted = {"PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}
        event.add("attendee", _person(attendee, accepted))
        calendar.add_component(event)
    return Entry(method, calendar.to_ical().decode())


def _events(about: Appointment) -> Iterable[icalendar.Event]:
    """The first meeting, the days on which it recurs, and those that take another time."""
    first, *others = about.meetings or (Meeting(starts=about.starts, ends=about.ends),)
    event = _at(first)
    if others:
        event.add("rdate", [each.starts.astimezone(UTC) for each in others])
    yield event
    for each in others:
        if each.ends - each.starts != first.ends - first.starts:
            different = _at(each)
            different.add("recurrence-id", each.starts.astimezone(UTC))
            yield different


def _at(times: Meeting) -> icalendar.Event:
    event = icalendar.Event()
    event.add("dtstart", times.starts.astimezone(UTC))
    event.add("dtend", times.ends.astimezone(UTC))
    return event


def _person(address: str, parameters: dict[str, str]) -> icalendar.vCalAddress:
    who = icalendar.vCalAddress(f"mailto:{address}")
    who.params.update({name: value for name, value in parameters.items() if value})
    return who
