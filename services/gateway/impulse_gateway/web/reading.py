"""One thing for one viewer: found and theirs to see, or a problem that does not tell which."""

from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from impulse_contracts.booking.advice import AdviceHoursFact
from impulse_contracts.booking.bookings import BookingFact
from impulse_contracts.booking.codes import ProgrammeCategory, ProgrammeState
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.booking.projects import ProjectFact
from impulse_contracts.booking.support import SupportFact
from impulse_contracts.markets import MarketPlanned
from impulse_contracts.matching import ProposalFact
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.duplicates import Pair
from impulse_contracts.registry.listings import ListingState
from impulse_gateway.domain import access
from impulse_gateway.domain.access import Viewer
from impulse_gateway.store import (
    actors,
    bookings,
    cooperations,
    duplicates,
    editions,
    listings,
    markets,
    pairs,
    programme,
)
from impulse_gateway.store import advice as advising
from impulse_gateway.web.problems import Problem

F = TypeVar("F", BookingFact, SupportFact)


def actor(connection: Connection, viewer: Viewer, actor_id: UUID) -> ActorState:
    """An organisation; of one that was merged the survivor."""
    found = actors.get(connection, actor_id)
    for _ in range(5):
        if found is None or found.merged_into is None:
            break
        found = actors.get(connection, found.merged_into)
    if found is None or not access.sees_actor(viewer, found):
        raise Problem.not_found()
    return found


def listing(connection: Connection, viewer: Viewer, listing_id: UUID) -> ListingState:
    """An offer or a need."""
    found = listings.get(connection, listing_id)
    if found is None or not access.sees_listing(viewer, found):
        raise Problem.not_found()
    return found


def proposal(connection: Connection, viewer: Viewer, proposal_id: UUID) -> ProposalFact:
    """A proposal."""
    found = pairs.proposal(connection, proposal_id)
    if found is None or not access.sees_pair(viewer, found):
        raise Problem.not_found()
    return found


def cooperation(connection: Connection, viewer: Viewer, cooperation_id: UUID) -> CooperationFact:
    """A cooperation."""
    found = cooperations.get(connection, cooperation_id)
    if found is None or not access.sees_pair(viewer, found):
        raise Problem.not_found()
    return found


def duplicate(connection: Connection, viewer: Viewer, pair_id: UUID) -> Pair:
    """Two organisations that may be one."""
    found = duplicates.get(connection, pair_id)
    if found is None or not viewer.sees_all:
        raise Problem.not_found()
    return found


def market(connection: Connection, viewer: Viewer, edition_id: UUID) -> MarketPlanned:
    """The plan of a market."""
    found = markets.get(connection, edition_id)
    if found is None or not viewer.sees_all:
        raise Problem.not_found()
    return found


def edition(connection: Connection, _: Viewer, edition_id: UUID) -> EditionFact:
    """An edition, which everybody sees."""
    found = editions.get(connection, edition_id)
    if found is None:
        raise Problem.not_found()
    return found


def project(connection: Connection, _: Viewer, project_id: UUID) -> ProjectFact:
    """A project of an edition, which everybody sees."""
    found = editions.project(connection, project_id)
    if found is None:
        raise Problem.not_found()
    return found


def offer(connection: Connection, viewer: Viewer, programme_offer_id: UUID) -> ProgrammeOfferFact:
    """An offer of the programme; one that was withdrawn is for those who have signed in."""
    found = programme.offers_by_id(connection, [programme_offer_id]).get(programme_offer_id)
    if found is None or (found.state != ProgrammeState.PUBLISHED and viewer.person_id is None):
        raise Problem.not_found()
    return found


def session(connection: Connection, _: Viewer, session_id: UUID) -> SessionFact:
    """A session of the programme, which everybody sees."""
    found = programme.sessions_by_id(connection, [session_id]).get(session_id)
    if found is None:
        raise Problem.not_found()
    return found


def booking(connection: Connection, viewer: Viewer, booking_id: UUID) -> BookingFact:
    """A booking: for the organisation's own people, and for staff."""
    found = bookings.booking(connection, booking_id)
    if found is None or not viewer.sees_all_of(found.actor_id):
        raise Problem.not_found()
    return found


def support(connection: Connection, viewer: Viewer, request_id: UUID) -> SupportFact:
    """A request for support: for the organisation's own people, and for staff."""
    found = bookings.support_request(connection, request_id)
    if found is None or not viewer.sees_all_of(found.actor_id):
        raise Problem.not_found()
    return found


# ------------------------------------------------------------ what somebody may do something with


def own_booking(connection: Connection, viewer: Viewer, booking_id: UUID) -> BookingFact:
    """A booking of an organisation that the viewer may bind."""
    return _bound(viewer, booking(connection, viewer, booking_id))


def own_support(connection: Connection, viewer: Viewer, request_id: UUID) -> SupportFact:
    """A request of an organisation that the viewer may bind."""
    return _bound(viewer, support(connection, viewer, request_id))


def run_offer(
    connection: Connection, viewer: Viewer, programme_offer_id: UUID
) -> ProgrammeOfferFact:
    """An offer that the viewer runs."""
    found = offer(connection, viewer, programme_offer_id)
    if not access.runs(viewer, found):
        raise Problem.not_allowed()
    return found


def run_edition(connection: Connection, viewer: Viewer, edition_id: UUID) -> EditionFact:
    """An edition that the viewer runs."""
    found = edition(connection, viewer, edition_id)
    if not access.runs_edition(viewer, found):
        raise Problem.not_allowed()
    return found


def own_project(connection: Connection, viewer: Viewer, project_id: UUID) -> ProjectFact:
    """A project of an organisation that the viewer may bind."""
    found = project(connection, viewer, project_id)
    if not viewer.answers_for(found.actor_id):
        raise Problem.not_allowed()
    return found


def claimed_project(connection: Connection, viewer: Viewer, project_id: UUID) -> ProjectFact:
    """A project that an organisation has claimed which the viewer may bind."""
    found = project(connection, viewer, project_id)
    if found.claimed_by is None or not viewer.answers_for(found.claimed_by):
        raise Problem.not_allowed()
    return found


def run_session(
    connection: Connection, viewer: Viewer, session_id: UUID
) -> tuple[SessionFact, ProgrammeOfferFact]:
    """A session that the viewer runs, and what it is a session of."""
    found = session(connection, viewer, session_id)
    of = offer(connection, viewer, found.programme_offer_id)
    if not access.runs(viewer, of, found):
        raise Problem.not_allowed()
    return found, of


def run_booking(connection: Connection, viewer: Viewer, booking_id: UUID) -> BookingFact:
    """A booking of a session that the viewer runs."""
    found = bookings.booking(connection, booking_id)
    if found is None:
        raise Problem.not_found()
    run_session(connection, viewer, found.session_id)
    return found


def run_support(connection: Connection, viewer: Viewer, request_id: UUID) -> SupportFact:
    """A request for support of an offer that the viewer runs."""
    found = bookings.support_request(connection, request_id)
    if found is None:
        raise Problem.not_found()
    run_offer(connection, viewer, found.programme_offer_id)
    return found


def advice(
    connection: Connection, viewer: Viewer, adviser_id: UUID, programme_offer_id: UUID | None = None
) -> tuple[ProgrammeOfferFact, AdviceHoursFact | None]:
    """An offer of advice and when somebody gives it: who runs it says who does, and they
    themselves see and set their hours. Without an offer the one that they give."""
    hours = advising.hours(connection, adviser_id)
    wanted = programme_offer_id or (hours.programme_offer_id if hours else None)
    if wanted is None:
        raise Problem.not_found()
    same = hours is not None and hours.programme_offer_id == wanted
    read = offer if same and adviser_id == viewer.person_id else run_offer
    found = read(connection, viewer, wanted)
    if found.category != ProgrammeCategory.ADVICE:
        raise Problem.not_found()
    return found, hours if same else None


def _bound(viewer: Viewer, found: F) -> F:
    if not viewer.answers_for(found.actor_id):
        raise Problem.not_allowed()
    return found
