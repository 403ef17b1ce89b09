"""Booking as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_booking.beside import work_beside
from impulse_booking.handlers import handlers
from impulse_booking.settings import Settings
from impulse_booking.store.evidence import RECORDINGS
from impulse_booking.store.people import ActorRow, MembershipRow, forgetting
from impulse_chassis import Service, project
from impulse_contracts import topics
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.people import MembershipsState

service = Service(
    "booking",
    Settings,
    handlers,
    reads=[topics.PROPOSALS, topics.BOOKING_COMMANDS],
    projects=[
        project(MembershipsState, into=MembershipRow),
        project(ActorState, into=ActorRow),
        *RECORDINGS,
    ],
    migrations=Path(__file__).parent / "migrations",
    tasks=[work_beside],
    forgetting=forgetting,
)
