"""Registration is a booking: an edition's programme offers and sessions, made and moved with it.

Its session keeps places for companies, as many as they may take; who is no company shares the
rest. Non-profits, municipal bodies and intermediaries are one side: the main target group comes in
every kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from impulse_booking.domain import editions, offers
from impulse_booking.domain.bookings import Booking, to_be_cancelled
from impulse_booking.domain.offers import ProgrammeOffer
from impulse_booking.domain.sessions import Session, require_ahead, schedule, spanned
from impulse_chassis.aggregate import Refused
from impulse_contracts.booking.codes import BookingState, ProgrammeCategory, SessionState
from impulse_contracts.booking.editions import EditionTerms, Sides
from impulse_contracts.booking.programme import (
    CapacityChanged,
    ProgrammeOfferChanged,
    ProgrammeOfferFact,
    ProgrammeOfferPublished,
    ProgrammeTerms,
    ReportedQuota,
    ScheduleSession,
    SessionChanged,
    SessionFact,
    SessionRescheduled,
    SessionScheduled,
)
from impulse_contracts.codes import ActorKind, Carrier, EventFormat
from impulse_contracts.reasons import Reason

COMPANIES, NONPROFITS = "companies", "nonprofits"
"""The sides: non-profits, and all others who are no companies, are one."""
OF_COMPANIES = f"kind/{ActorKind.COMPANY}"
"""The quota by which a booking is of the company's side."""
_TEACHES = frozenset(
    {
        EventFormat.IMPULSE_WORKSHOP,
        EventFormat.GUTE_SACHE_COURSE,
        EventFormat.ONLINE_SEMINAR,
    }
)
_REGISTERED = frozenset({BookingState.CONFIRMED, BookingState.ATTENDED})
_SIDES = {
    COMPANIES: ("als Unternehmen", "as a company"),
    NONPROFITS: ("auf der gemeinnützigen Seite", "on the non-profit side"),
}
_WHEN_AND_WHERE = frozenset({"starts", "ends", "timezone", "meetings", "place", "online_link"})
_HOW_MANY = frozenset({"capacity", "quotas"})
_SAID = (
    _WHEN_AND_WHERE
    | _HOW_MANY
    | {"title", "category", "online", "opens_at", "closes_at", "example"}
)


class Part(NamedTuple):
    """What is booked of an edition: its day, or the workshop before; an offer and its session."""

    offer: ProgrammeTerms
    """What the edition says of the offer; the rest of its terms is the programme's, and stays."""
    session: ScheduleSession


def parts(edition_id: UUID, terms: EditionTerms) -> list[Part]:
    """What can be booked of an edition."""
    places = editions.places_of(terms)
    common: dict[str, Any] = {
        "event_format": terms.format,
        "topics": terms.topics,
        "provider_actor_id": terms.provider_actor_id,
        "example": terms.example,
    }
    teaches = terms.format in _TEACHES
    day = Part(
        ProgrammeTerms(
            title=terms.title,
            description=terms.description,
            category=ProgrammeCategory.QUALIFICATION if teaches else ProgrammeCategory.EVENT,
            selection_mode=editions.selection_of(terms),
            **common,
        ),
        ScheduleSession(
            session_id=editions.day_id(edition_id),
            programme_offer_id=editions.offer_id(edition_id),
            starts=terms.starts,
            ends=terms.ends,
            timezone=terms.timezone,
            meetings=terms.meetings,
            capacity=places.companies + places.nonprofits,
            quotas=(
                ReportedQuota(
                    kind=ActorKind.COMPANY, reserved=places.companies, at_most=places.companies
                ),
            ),
            place=terms.place,
            online_link=terms.online_link,
            opens_at=terms.registration_opens,
            closes_at=terms.registration_closes,
        ),
    )
    if terms.workshop is None:
        return [day]
    workshop = Part(
        ProgrammeTerms(
            title=terms.workshop.title, category=ProgrammeCategory.QUALIFICATION, **common
        ),
        ScheduleSession(
            session_id=editions.workshop_id(edition_id),
            programme_offer_id=editions.workshop_offer_id(edition_id),
            starts=terms.workshop.starts,
            ends=terms.workshop.ends,
            timezone=terms.workshop.timezone,
            meetings=terms.workshop.meetings,
            capacity=terms.workshop.places,
            place=terms.workshop.place,
            online_link=terms.workshop.online_link,
        ),
    )
    return [day, workshop]


@dataclass(frozen=True, slots=True)
class Arranged:
    """An offer and its session as they are to be, each with the fact that says what changed; None
    where nothing did."""

    offer: ProgrammeOffer
    offer_fact: type[ProgrammeOfferFact] | None
    session: Session
    session_fact: type[SessionFact] | None


def arranged(
    edition_id: UUID,
    part: Part,
    offer: ProgrammeOffer | None,
    session: Session | None,
    holding: Iterable[Booking],
    now: datetime,
) -> Arranged:
    """The part as it is to be, from what it was; None where it was not there.

    `holding` are the bookings that have a place. Refuses times as `schedule` does, with `closed`
    to move what has begun, with `places_are_taken` fewer places than are taken.
    """
    after, offer_fact = _offered(part, offer)
    if session is None or session.state is not SessionState.SCHEDULED:
        made = schedule(part.session, after, now).model_copy(update={"edition_id": edition_id})
        if session is not None:
            made = made.model_copy(update=_continued(session))
        return Arranged(after, offer_fact, made, SessionScheduled)
    return Arranged(after, offer_fact, *_moved(part.session, after, session, holding, now))


def side_of(booking: Booking) -> str:
    """Of which side a booking is."""
    return COMPANIES if OF_COMPANIES in booking.quotas else NONPROFITS


def demand_registered(bookings: Iterable[Booking], side: str) -> None:
    """Refuses with `not_registered` unless one of the bookings is a place on this side."""
    if not any(each.state in _REGISTERED and side_of(each) == side for each in bookings):
        raise Refused(Reason.NOT_REGISTERED, detail=_SIDES[side])


def demand_both_sides(one: str, other: str) -> None:
    """Refuses with `same_side` two companies, and two kinds of organisations that are none."""
    if (one == ActorKind.COMPANY) == (other == ActorKind.COMPANY):
        raise Refused(Reason.SAME_SIDE)


def counted(bookings: Iterable[Booking]) -> Sides:
    """How many bookings are of each side."""
    sides = [side_of(booking) for booking in bookings]
    return Sides(companies=sides.count(COMPANIES), nonprofits=sides.count(NONPROFITS))


def _continued(session: Session) -> dict[str, int]:
    """What goes on where a session that was cancelled takes place after all."""
    return {
        "version": session.version + 1,
        "sequence": session.sequence + 1,
        "last_number": session.last_number,
        "certificates": session.certificates,
    }


def _offered(
    part: Part, offer: ProgrammeOffer | None
) -> tuple[ProgrammeOffer, type[ProgrammeOfferFact] | None]:
    if offer is None:
        # Whoever is invited does not pay; who runs it may say otherwise in the offer afterwards.
        terms = part.offer.model_copy(update={"free_for": tuple(Carrier)})
        return offers.publish(part.session.programme_offer_id, terms), ProgrammeOfferPublished
    said = {name: getattr(part.offer, name) for name in part.offer.model_fields_set}
    known = {name: getattr(offer, name) for name in ProgrammeTerms.model_fields}
    after = offers.change(offer, ProgrammeTerms.model_validate({**known, **said}))
    if after.model_copy(update={"version": offer.version}) == offer:
        return offer, None
    return after, ProgrammeOfferChanged


def _moved(
    command: ScheduleSession,
    offer: ProgrammeOffer,
    session: Session,
    holding: Iterable[Booking],
    now: datetime,
) -> tuple[Session, type[SessionFact] | None]:
    """A session that stands, as it is to be; a link that is not said again stays."""
    link = command.online_link or session.online_link
    said = command.model_copy(update={"online_link": link})
    if not session.is_ahead(now) and (session.starts, session.ends) == spanned(said):
        return session, None
    require_ahead(session, now)
    fresh = schedule(said, offer, now)
    was, is_now = (each.model_dump(include=set(_SAID)) for each in (session, fresh))
    changed = {name for name in _SAID if was[name] != is_now[name]}
    if not changed:
        return session, None
    _demand_room(fresh, session, holding)
    after = session.evolve(**{name: getattr(fresh, name) for name in changed})
    if changed & _WHEN_AND_WHERE:
        moved = after.model_copy(update={"sequence": session.sequence + 1})
        return moved, SessionRescheduled
    return after, CapacityChanged if changed & _HOW_MANY else SessionChanged


def _demand_room(fresh: Session, session: Session, holding: Iterable[Booking]) -> None:
    """Refuses with `places_are_taken` fewer places for a side than it has taken."""
    for_companies = sum(quota.at_most or 0 for quota in fresh.quotas)
    by_companies = session.taken_by.get(OF_COMPANIES, 0)
    excess = {
        COMPANIES: by_companies - for_companies if fresh.quotas else 0,
        NONPROFITS: (session.taken - by_companies) - (fresh.capacity - for_companies),
    }
    held = list(holding)
    named = [
        booking_id
        for side, places in excess.items()
        for booking_id in to_be_cancelled((b for b in held if side_of(b) == side), places)
    ]
    if named:
        raise Refused(Reason.PLACES_ARE_TAKEN, detail=", ".join(map(str, named)))
