"""Notifications as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_chassis import Handlers, Service, project
from impulse_contracts import topics
from impulse_contracts.booking.cooperations import CooperationFact
from impulse_contracts.booking.editions import EditionFact
from impulse_contracts.booking.programme import ProgrammeOfferFact, SessionFact
from impulse_contracts.booking.projects import ProjectFact
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.people import MembershipsState, PersonState
from impulse_notifications import closing, cooperations, digests, editions, programme, support
from impulse_notifications.forgetting import forgetting
from impulse_notifications.handlers import handlers
from impulse_notifications.sender import send_mails
from impulse_notifications.settings import Settings
from impulse_notifications.store import ActorRow, MembershipRow, PersonRow
from impulse_notifications.store.cooperations import CooperationRow
from impulse_notifications.store.editions import EditionRow, ProjectRow
from impulse_notifications.store.programme import OfferRow, SessionRow

service = Service(
    "notifications",
    Settings,
    Handlers(
        handlers,
        programme.handlers,
        editions.handlers,
        closing.handlers,
        support.handlers,
        cooperations.handlers,
        digests.handlers,
    ),
    reads=[
        topics.PROPOSALS,
        topics.BOOKINGS,
        topics.LISTINGS,
        topics.DISCLOSURES,
        topics.NOTIFICATIONS_COMMANDS,
    ],
    projects=[
        project(PersonState, into=PersonRow),
        project(MembershipsState, into=MembershipRow),
        project(ActorState, into=ActorRow),
        project(ProgrammeOfferFact, into=OfferRow),
        project(SessionFact, into=SessionRow),
        project(EditionFact, into=EditionRow),
        project(ProjectFact, into=ProjectRow),
        project(CooperationFact, into=CooperationRow),
    ],
    migrations=Path(__file__).parent / "migrations",
    forgetting=forgetting,
    tasks=[send_mails],
)
