"""Editions of the town of `given`: one that people register for, one whose agreements are entered,
projects, and what became of a batch."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from impulse_contracts.booking.agreement_batches import AgreementsEntered
from impulse_contracts.booking.codes import BookingState
from impulse_contracts.booking.cooperations import CooperationAgreed
from impulse_contracts.booking.editions import EditionAdvanced
from impulse_contracts.booking.projects import ProjectSubmitted
from impulse_gateway.web.floor_form import cooperation_id
from tests.gateway import given
from tests.gateway.given import ident
from tests.gateway.programme import NOON, booking, offer, session
from tests.gateway.test_markets import EDITION

DAY = offer("RUHRDAX", category="event", party_limit=2)
PREPARING = offer("Vorbereitung")


def edition(edition_id: UUID, stage: str, days: float, **fields: Any) -> EditionAdvanced:
    """An edition in so many days, in a stage."""
    starts = NOON + timedelta(days=days)
    values: dict[str, Any] = {
        "edition_id": edition_id,
        "version": 1,
        "stage": stage,
        "since": given.NOW,
        "title": f"RUHRDAX {stage}",
        "format": "ruhrdax",
        "description": "Neunzig Minuten über alles außer Geld.",
        "topics": ["social_cohesion"],
        "ags": "05113000",
        "place": {"postcode": "45127", "city": "Essen", "venue": "Beispielhaus, Saal 2"},
        "programme_offer_id": DAY.programme_offer_id,
        "session_id": ident(f"day of {edition_id}"),
        "starts": starts,
        "ends": starts + timedelta(hours=2),
        "timezone": "Europe/Berlin",
        "places": {"companies": 25, "nonprofits": 40},
        "selection_mode": "first_come",
        "example": True,
        **fields,
    }
    return EditionAdvanced.model_validate(values)


OPEN = edition(
    EDITION,
    "registration",
    30,
    registration_closes=NOON + timedelta(days=20),
    deadlines={"submit_by": NOON + timedelta(days=10), "claim_by": NOON + timedelta(days=25)},
    workshop={
        "title": "Wie man fragt",
        "programme_offer_id": PREPARING.programme_offer_id,
        "session_id": ident("workshop before"),
        "starts": NOON + timedelta(days=15),
        "ends": NOON + timedelta(days=15, hours=3),
        "places": 12,
    },
)
FLOOR = edition(
    ident("edition on the floor"),
    "results",
    -1,
    results={
        "counted_at": NOON,
        "registered": {"companies": 1, "nonprofits": 1},
        "attended": {"companies": 1, "nonprofits": 1},
        "agreements": 1,
        "drafts": 0,
        "estimated_value_eur": 1200,
    },
)
OVER = edition(ident("edition that is over"), "closed", -400)


def day_of(of: EditionAdvanced, **fields: Any) -> Any:
    """The session of an edition's day."""
    values = {"session_id": of.session_id, "edition_id": of.edition_id, **fields}
    values |= {"starts": of.starts, "ends": of.ends}
    return session(DAY, 1, capacity=65, taken=2, taken_by={"kind/company": 1}, **values)


TODAY, THEN = day_of(OPEN), day_of(FLOOR)
BEFORE = session(PREPARING, 15, session_id=ident("workshop before"))
BOOKED = [
    booking(each, owner, BookingState.CONFIRMED)
    for each in (TODAY, THEN)
    for owner in (given.HOUSE, given.PAINTER)
]
WAITING = booking(TODAY, given.CLUB, BookingState.WAITLISTED, waiting_number=1)
PROJECT = ProjectSubmitted.model_validate(
    {
        "project_id": ident("project"),
        "version": 1,
        "edition_id": OPEN.edition_id,
        "actor_id": given.HOUSE.actor_id,
        "state": "free",
        "title": "Hochbeete für den Hof",
        "description": "Sechs Beete bauen und bepflanzen.",
        "resource_category": "hands",
        "team": {"min": 6, "max": 10},
        "hours": 7,
        "cv_mode": "social_day",
        "submitted_at": given.NOW,
        "example": True,
    }
)
AGREED = CooperationAgreed.model_validate(
    {
        **given.COOPERATION.model_dump(),
        "cooperation_id": cooperation_id(FLOOR.edition_id, "7"),
        "origin": "entered",
        "edition_id": FLOOR.edition_id,
        "edition_number": 1,
    }
)
ENTERED = AgreementsEntered.model_validate(
    {
        "batch_id": ident("batch"),
        "version": 1,
        "edition_id": FLOOR.edition_id,
        "entered_at": NOON,
        "lines": [
            {
                "cooperation_id": AGREED.cooperation_id,
                "outcome": "agreed",
                "number": "2026-17",
                "edition_number": 1,
            },
            {
                "cooperation_id": cooperation_id(FLOOR.edition_id, "8"),
                "outcome": "draft",
                "missing": ["performance"],
            },
            {
                "cooperation_id": cooperation_id(FLOOR.edition_id, "9"),
                "outcome": "refused",
                "reason": "same_organisation",
                "message": {"de": "Beide Seiten sind dieselbe.", "en": "Both sides are one."},
            },
        ],
    }
)
EDITIONS = [
    *(DAY, PREPARING, OPEN, FLOOR, OVER, TODAY, THEN, BEFORE, *BOOKED, WAITING),
    *(PROJECT, AGREED, ENTERED),
]
