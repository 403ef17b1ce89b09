"""Who may book what: one decision, asked before a booking and without one.

Decided by who bears an organisation and where it works, never by its kind alone: the main target
group (volunteer agencies, foundations, municipal offices, welfare associations) comes in every
legal form.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from impulse_booking.domain.bookings import HOLDING, OPEN, Booking
from impulse_booking.domain.days import written
from impulse_booking.domain.offers import ProgrammeOffer, require_published
from impulse_booking.domain.sessions import Session, require_ahead
from impulse_chassis.aggregate import Aggregate, Refused
from impulse_contracts.booking.bookings import Wish
from impulse_contracts.booking.codes import BookingState, OverlapPolicy, ProgrammeCategory
from impulse_contracts.codes import ActorKind, ActorStatus, Carrier
from impulse_contracts.parts import Seat
from impulse_contracts.reasons import Reason
from impulse_contracts.types import Open

REMEMBERED = timedelta(days=365)
"""For how long it counts that somebody did not come."""
_ACTIVE = frozenset({ActorStatus.REGISTERED, ActorStatus.VERIFIED, ActorStatus.STALE})
_PUBLIC = frozenset({Carrier.MUNICIPAL, Carrier.PUBLIC_OTHER})
_TAKES_TIME = OPEN | HOLDING
_CARRIERS = {carrier: (carrier.de, carrier.en) for carrier in Carrier}


class KnownActor(Aggregate, key="actor_id"):
    """What the registry published of an organisation, as far as bookings need it."""

    actor_id: UUID
    status: Open[ActorStatus]
    kind: Open[ActorKind]
    carrier: Open[Carrier]
    seat: Seat
    service_area: tuple[str, ...] = ()
    inherited: Mapping[str, Any] | None = None
    merged_into: UUID | None = None
    in_charge: UUID | None = None
    """The intermediary that looks after it; null: the operator."""

    @property
    def is_proven(self) -> bool:
        """Whether its evidence was checked, or that of who bears it; public bodies need none."""
        return (
            self.status == ActorStatus.VERIFIED
            or self.inherited is not None
            or self.carrier in _PUBLIC
        )

    def works_in(self, areas: Iterable[str]) -> bool:
        """Whether it sits or helps in one of the areas: municipalities, or districts with all of
        theirs."""
        own = {*self.service_area, *([self.seat.ags] if self.seat.ags else [])}
        return any(mine.startswith(area) or area.startswith(mine) for area in areas for mine in own)


@dataclass(frozen=True)
class Applicant:
    """Who asks: the organisation, its bookings, those of the people who come, and their sessions.

    `sessions` are those of all these bookings, by id.
    """

    actor: KnownActor
    own: Sequence[Booking] = ()
    of_people: Sequence[Booking] = ()
    sessions: Mapping[UUID, Session] = field(default_factory=dict)


def demand(
    offer: ProgrammeOffer, session: Session, applicant: Applicant, wish: Wish, now: datetime
) -> str | None:
    """Refuses, with the reason, what may not be booked; whether there is a place is not asked.

    Returns with which booking it overlaps where that is only pointed out. The first that holds of:
    the offer is gone, or has no sessions; the organisation is not active; not open yet, or closed;
    not for those borne so; outside its area; no evidence; a booking already; too many of the
    organisation; something to be attended before; people who did not come; a conflict of times.
    """
    require_published(offer)
    if offer.category is ProgrammeCategory.SUPPORT:
        raise Refused(Reason.NO_SESSION_NEEDED)
    demand_meant(offer, applicant.actor)
    require_ahead(session, now)
    if session.opens_at is not None and now < session.opens_at:
        raise Refused(Reason.NOT_OPEN_YET, detail=written(session.opens_at))
    if session.closes_at is not None and now >= session.closes_at:
        raise Refused(Reason.CLOSED)
    _demand_first(session, applicant, wish)
    _demand_within(offer, session, applicant, wish)
    attended = {b.programme_offer_id for b in applicant.own if b.state is BookingState.ATTENDED}
    if not attended.issuperset(offer.prerequisites):
        raise Refused(Reason.PREREQUISITE_MISSING)
    if _missed(applicant, now) > offer.no_shows_allowed:
        raise Refused(Reason.SUSPENDED_NO_SHOWS)
    return _overlap(offer, session, applicant, wish)


def demand_meant(offer: ProgrammeOffer, actor: KnownActor) -> None:
    """Refuses whom the offer is not meant for: by who bears it, where it works, and evidence."""
    if actor.status not in _ACTIVE:
        raise Refused(Reason.ACTOR_NOT_ACTIVE)
    if offer.open_to and actor.carrier not in offer.open_to:
        label = _CARRIERS.get(actor.carrier, ("unbekannt", "unknown"))
        raise Refused(Reason.NOT_NONPROFIT_OR_MUNICIPAL, detail=label)
    if offer.areas and not actor.works_in(offer.areas):
        raise Refused(Reason.OUTSIDE_SERVICE_AREA)
    if offer.evidence_needed and not actor.is_proven:
        raise Refused(Reason.EVIDENCE_MISSING)


def is_free(offer: ProgrammeOffer, actor: KnownActor) -> bool:
    """Whether the organisation has it free of charge; others get the terms on request."""
    return actor.carrier in offer.free_for


def _demand_first(session: Session, applicant: Applicant, wish: Wish) -> None:
    """A party books a session once: the organisation, or other people of it by name."""
    for each in applicant.own:
        if each.session_id != session.session_id or each.state not in _TAKES_TIME:
            continue
        others = wish.attendees and each.attendees and not set(wish.attendees) & set(each.attendees)
        if not others:
            raise Refused(Reason.DUPLICATE_BOOKING, detail=each.booking_id)


def _demand_within(
    offer: ProgrammeOffer, session: Session, applicant: Applicant, wish: Wish
) -> None:
    own = [each for each in applicant.own if each.state in _TAKES_TIME]
    most = offer.bookings_per_organisation
    of_offer = sum(each.programme_offer_id == offer.programme_offer_id for each in own)
    if most is not None and of_offer >= most:
        raise Refused(Reason.ORGANISATION_LIMIT_REACHED, detail=most)
    most = offer.party_limit
    persons = sum(each.party_size for each in own if each.session_id == session.session_id)
    if most is not None and persons + wish.persons > most:
        raise Refused(Reason.ORGANISATION_LIMIT_REACHED, detail=most)


def _missed(applicant: Applicant, now: datetime) -> int:
    """How often the organisation did not come, within the time that counts."""
    missed = (each.session_id for each in applicant.own if each.state is BookingState.NO_SHOW)
    known = (applicant.sessions.get(session_id) for session_id in missed)
    return sum(session is not None and session.ends > now - REMEMBERED for session in known)


def _overlap(
    offer: ProgrammeOffer, session: Session, applicant: Applicant, wish: Wish
) -> str | None:
    """The booking that one of the people has at the time; by person, not by organisation."""
    grace = timedelta(minutes=offer.overlap_grace_minutes)
    soft: str | None = None
    people = set(wish.attendees)
    for each in applicant.of_people:
        other = applicant.sessions.get(each.session_id)
        if other is None or each.state not in _TAKES_TIME or not people & set(each.attendees):
            continue
        longest = max(
            min(ends, others_end) - max(starts, others_start)
            for starts, ends in session.times
            for others_start, others_end in other.times
        )
        if longest <= timedelta(0):
            continue
        if longest > grace and offer.overlap_policy is OverlapPolicy.HARD:
            raise Refused(Reason.TIME_CONFLICT_HARD, detail=other.title)
        soft = other.title
    return soft
