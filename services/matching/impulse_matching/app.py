"""Matching as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_chassis import Service, project
from impulse_contracts import topics
from impulse_contracts.registry.actors import ActorState
from impulse_contracts.registry.people import MembershipsState
from impulse_matching.handlers import handlers
from impulse_matching.settings import Settings
from impulse_matching.store.listings import ActorRow
from impulse_matching.store.people import MembershipRow, forgetting

service = Service(
    "matching",
    Settings,
    handlers,
    reads=[topics.LISTINGS, topics.COOPERATIONS, topics.MATCHING_COMMANDS],
    projects=[
        project(MembershipsState, into=MembershipRow),
        project(ActorState, into=ActorRow),
    ],
    migrations=Path(__file__).parent / "migrations",
    forgetting=forgetting,
)
