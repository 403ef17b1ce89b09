"""Notifications as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_chassis import Handlers, Service, project
from impulse_contracts import topics
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.people import MembershipsState, PersonState
from impulse_notifications import digests
from impulse_notifications.forgetting import forgetting
from impulse_notifications.handlers import handlers
from impulse_notifications.sender import send_mails
from impulse_notifications.settings import Settings
from impulse_notifications.store import ActorRow, MembershipRow, PersonRow

service = Service(
    "notifications",
    Settings,
    Handlers(handlers, digests.handlers),
    reads=[
        topics.PROPOSALS,
        topics.COOPERATIONS,
        topics.LISTINGS,
        topics.DISCLOSURES,
        topics.NOTIFICATIONS_COMMANDS,
    ],
    projects=[
        project(PersonState, into=PersonRow),
        project(MembershipsState, into=MembershipRow),
        project(ActorState, into=ActorRow),
    ],
    migrations=Path(__file__).parent / "migrations",
    forgetting=forgetting,
    tasks=[send_mails],
)
