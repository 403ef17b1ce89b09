"""The programme of the town of `given`: offers, sessions, bookings and a request for support."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from impulse_contracts.booking.advice import AdviceHoursSet, WorkingHours
from impulse_contracts.booking.bookings import BookingWaitlisted
from impulse_contracts.booking.codes import BookingState, ProgrammeCategory, SupportState
from impulse_contracts.booking.programme import (
    Material,
    Meeting,
    ProgrammeOfferPublished,
    Quota,
    SessionPlace,
    SessionScheduled,
)
from impulse_contracts.booking.support import SupportRequested
from impulse_contracts.codes import Accessibility, ActorKind, SocietalTopic
from impulse_contracts.registry.actors import ActorRegistered
from tests.gateway import given
from tests.gateway.given import ident

NOON = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)

UNTIL = NOON + timedelta(days=2)
"""Until then a place is held."""


def offer(title: str, **fields: Any) -> ProgrammeOfferPublished:
    """A workshop called `title`, free for non-profits and municipalities."""
    values: dict[str, Any] = {
        "programme_offer_id": ident(title),
        "version": 1,
        "state": "published",
        "title": title,
        "category": ProgrammeCategory.QUALIFICATION,
        "description": f"{title}: worum es geht.",
        "event_format": None,
        "topics": (SocietalTopic.SOCIAL_COHESION,),
        "capacity_unit": "organisation",
        "free_for": ("nonprofit", "municipal"),
        "selection_mode": "first_come",
        "waiting_list": True,
        "group_policy": "hold_for_group",
        "overlap_policy": "hard",
        "overlap_grace_minutes": 0,
        "answer_hours": 48,
        "last_offer_hours": 24,
        "cancel_hours": 72,
        "no_shows_allowed": 2,
        "example": True,
        **fields,
    }
    return ProgrammeOfferPublished.model_validate(values)


def session(of: ProgrammeOfferPublished, days: float, **fields: Any) -> SessionScheduled:
    """Three hours in so many days, with twelve places of which nine are taken."""
    starts = NOON + timedelta(days=days)
    values: dict[str, Any] = {
        "session_id": ident(f"{of.title} {days}"),
        "version": 1,
        "programme_offer_id": of.programme_offer_id,
        "title": of.title,
        "category": of.category,
        "state": "scheduled",
        "starts": starts,
        "ends": starts + timedelta(hours=3),
        "timezone": "Europe/Berlin",
        "place": SessionPlace(postcode="45127", city="Essen", venue="Beispielhaus, Saal 2"),
        "capacity": 12,
        "taken": 9,
        "waiting": 0,
        "example": True,
        **fields,
    }
    return SessionScheduled.model_validate(values)


def booking(
    of: SessionScheduled, owner: ActorRegistered, state: BookingState, **fields: Any
) -> BookingWaitlisted:
    """A booking of an organisation, in a state; what kind of fact says so does not matter here."""
    values: dict[str, Any] = {
        "booking_id": ident(f"{of.session_id} {owner.actor_id}"),
        "version": 1,
        "session_id": of.session_id,
        "session_version": 2,
        "programme_offer_id": of.programme_offer_id,
        "actor_id": owner.actor_id,
        "party_size": 1,
        "state": state,
        "free_of_charge": True,
        "requested_at": given.NOW,
        "example": True,
        **fields,
    }
    return BookingWaitlisted.model_validate(values)


WORKSHOP = offer(
    "Impulsworkshop",
    materials=(
        Material(title="Leitfaden", version="2026-11", link="https://impulse.example/leitfaden"),
    ),
)
ADVICE = offer("Beratung für Einsteiger", category=ProgrammeCategory.ADVICE, free_for=())
GUIDE = offer("Moderation vor Ort", category=ProgrammeCategory.SUPPORT)

SOON = session(WORKSHOP, 10)
FULL = session(WORKSHOP, 20, taken=12, waiting=2)
COURSE = session(
    WORKSHOP,
    30,
    place=None,
    online=True,
    ends=NOON + timedelta(days=37, hours=3),
    meetings=tuple(
        Meeting(starts=NOON + timedelta(days=days), ends=NOON + timedelta(days=days, hours=3))
        for days in (30, 37)
    ),
)
TALK = session(ADVICE, 5, capacity=1, taken=0)
PAST = session(WORKSHOP, -5)

CONFIRMED = booking(
    COURSE,
    given.HOUSE,
    BookingState.CONFIRMED,
    online_link="https://treffen.impulse.example/raum-2",
    attendees=(ident(given.MEMBER),),
)
OFFERED = booking(FULL, given.HOUSE, BookingState.OFFERED, offered_until=UNTIL)
WAITING = booking(FULL, given.CLUB, BookingState.WAITLISTED, waiting_number=4, priority=0)
FIRST = booking(FULL, given.PAINTER, BookingState.WAITLISTED, waiting_number=3)
CAME = booking(PAST, given.HOUSE, BookingState.CONFIRMED)
WISH = SupportRequested(
    request_id=ident("wish"),
    version=1,
    programme_offer_id=GUIDE.programme_offer_id,
    actor_id=given.HOUSE.actor_id,
    wish="Jemand, der unseren Runden Tisch leitet.",
    state=SupportState.REQUESTED,
    free_of_charge=True,
    requested_at=given.NOW,
    example=True,
)

HOURS = AdviceHoursSet(
    version=1,
    adviser_id=ident(given.BROKER),
    programme_offer_id=ADVICE.programme_offer_id,
    weekly=(
        WorkingHours(weekday=0, begins="09:00", ends="12:00"),
        WorkingHours(weekday=0, begins="13:30", ends="17:00"),
        WorkingHours(weekday=3, begins="10:00", ends="12:00"),
    ),
    slot_minutes=45,
    buffer_minutes=15,
    notice_hours=24,
    weeks_ahead=4,
    blocked=(date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 4)),
    online=True,
)
"""When the broker gives advice."""
LOTTERY = offer(
    "Gute Sache",
    selection_mode="lottery",
    languages=("de", "tr"),
    prerequisites=(WORKSHOP.programme_offer_id,),
    open_to=("nonprofit",),
    areas=("05113000", "05954"),
    cancel_hours=48,
)
RICH = session(
    LOTTERY,
    12,
    timezone="Europe/Lisbon",
    place=SessionPlace(
        city="Essen", accessibility=(Accessibility.STEP_FREE, Accessibility.INDUCTION_LOOP)
    ),
    quotas=(
        Quota(kind=ActorKind.NONPROFIT, reserved=4, at_most=8),
        Quota(district="05954", at_most=6),
    ),
    taken_by={"kind/nonprofit": 3, "district/05954": 2},
    seed="Ziehung vom Samstag: 3 8 15",
)
"""A session of which everything is to be said."""
SLOTS = [
    session(ADVICE, days, capacity=1, taken=taken, adviser_id=HOURS.adviser_id, online=True)
    for days, taken in ((-3, 1), (3, 1), (4, 0))
]
MORE = [
    *(HOURS, LOTTERY, RICH, *SLOTS),
    booking(SLOTS[0], given.CLUB, BookingState.CONFIRMED),
    booking(SLOTS[1], given.HOUSE, BookingState.CONFIRMED),
    booking(RICH, given.HOUSE, BookingState.CONFIRMED),
    booking(RICH, given.CLUB, BookingState.REQUESTED),
]
"""Advice hours with the talks that came of them, and a lottery: for tests that ask for it."""

PROGRAMME = [
    *(WORKSHOP, ADVICE, GUIDE, SOON, FULL, COURSE, TALK, PAST),
    *(CONFIRMED, OFFERED, WAITING, FIRST, CAME, WISH),
]
"""All of it, as facts."""
