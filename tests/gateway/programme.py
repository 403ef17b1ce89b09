"""The programme of the town of `given`: offers, sessions, bookings and a request for support."""

from datetime import UTC, datetime, timedelta
from typing import Any

from impulse_contracts.booking.bookings import BookingWaitlisted
from impulse_contracts.booking.codes import BookingState, ProgrammeCategory, SupportState
from impulse_contracts.booking.programme import (
    Material,
    Meeting,
    ProgrammeOfferPublished,
    SessionPlace,
    SessionScheduled,
)
from impulse_contracts.booking.support import SupportRequested
from impulse_contracts.codes import SocietalTopic
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

PROGRAMME = [
    *(WORKSHOP, ADVICE, GUIDE, SOON, FULL, COURSE, TALK, PAST),
    *(CONFIRMED, OFFERED, WAITING, FIRST, CAME, WISH),
]
"""All of it, as facts."""
