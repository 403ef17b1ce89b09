"""The programme as notifications hears of it: offers, sessions, bookings, requests for support."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from impulse_chassis.testing import START
from impulse_contracts.booking.bookings import BookingConfirmed, BookingFact
from impulse_contracts.booking.editions import EditionAnnounced, EditionFact
from impulse_contracts.booking.programme import (
    ProgrammeOfferFact,
    ProgrammeOfferPublished,
    SessionFact,
    SessionScheduled,
)
from impulse_contracts.booking.support import SupportFact, SupportRequested
from tests.notifications.given import NEED_ACTOR

OFFER = UUID(int=40)
SESSION = UUID(int=41)
BOOKING = UUID(int=42)
REQUEST = UUID(int=43)
STARTS = START + timedelta(days=7)
LINK = "https://treffen.beispiel.example/raum-2"


def offer(
    kind: type[ProgrammeOfferFact] = ProgrammeOfferPublished, **changes: Any
) -> ProgrammeOfferFact:
    """An offer of the programme operator's."""
    return kind.model_validate(
        {
            "version": 1,
            "programme_offer_id": OFFER,
            "state": "published",
            "title": "Impulsworkshop",
            "category": "qualification",
            "capacity_unit": "organisation",
            "selection_mode": "first_come",
            "waiting_list": True,
            "group_policy": "hold_for_group",
            "overlap_policy": "hard",
            "overlap_grace_minutes": 0,
            "answer_hours": 48,
            "last_offer_hours": 24,
            "cancel_hours": 72,
            "no_shows_allowed": 2,
            **changes,
        }
    )


def session(kind: type[SessionFact] = SessionScheduled, **changes: Any) -> SessionFact:
    """A session of three hours in a week."""
    return kind.model_validate(
        {
            "version": 1,
            "session_id": SESSION,
            "programme_offer_id": OFFER,
            "title": "Impulsworkshop",
            "category": "qualification",
            "state": "scheduled",
            "starts": STARTS,
            "ends": STARTS + timedelta(hours=3),
            "timezone": "Europe/Berlin",
            "place": {"postcode": "45127", "city": "Essen", "venue": "Haus der Vereine, Raum 2"},
            "capacity": 10,
            "taken": 1,
            "waiting": 0,
            **changes,
        }
    )


def booking(kind: type[BookingFact] = BookingConfirmed, **changes: Any) -> BookingFact:
    """What happened to a booking of the need's actor, which names nobody."""
    words = kind.ce_type.split(".")[-2]
    states = {
        "place_offered": "offered",
        "skipped": "waitlisted",
        "transferred": "confirmed",
        "cancelled": "cancelled_by_booker",
    }
    return kind.model_validate(
        {
            "version": 1,
            "booking_id": BOOKING,
            "session_id": SESSION,
            "session_version": 2,
            "programme_offer_id": OFFER,
            "actor_id": NEED_ACTOR,
            "party_size": 1,
            "state": states.get(words, words),
            "free_of_charge": True,
            "requested_at": START,
            **changes,
        }
    )


def support(kind: type[SupportFact] = SupportRequested, **changes: Any) -> SupportFact:
    """What happened to a request for support of the need's actor."""
    return kind.model_validate(
        {
            "version": 1,
            "request_id": REQUEST,
            "programme_offer_id": OFFER,
            "actor_id": NEED_ACTOR,
            "wish": "Eine Moderation für den ersten Runden Tisch.",
            "state": kind.ce_type.split(".")[-2],
            "free_of_charge": True,
            "requested_at": START,
            **changes,
        }
    )


def edition(kind: type[EditionFact] = EditionAnnounced, **changes: Any) -> EditionFact:
    """An edition whose day is the session; projects are submitted for two days, claimed for six."""
    return kind.model_validate(
        {
            "version": 1,
            "edition_id": UUID(int=44),
            "stage": "registration",
            "since": START,
            "title": "Beispielmarkt",
            "format": "projektboerse",
            "programme_offer_id": OFFER,
            "session_id": SESSION,
            "starts": STARTS,
            "ends": STARTS + timedelta(hours=3),
            "timezone": "Europe/Berlin",
            "places": {"companies": 5, "nonprofits": 5},
            "selection_mode": "first_come",
            "deadlines": {
                "submit_by": START + timedelta(days=4),
                "claim_by": START + timedelta(days=6),
            },
            **changes,
        }
    )
