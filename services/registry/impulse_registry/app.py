"""The registry as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_chassis import Service
from impulse_contracts import topics
from impulse_registry.handlers import handlers
from impulse_registry.settings import Settings

service = Service(
    "registry",
    Settings,
    handlers,
    reads=[
        topics.ACTOR_REPORTS,
        topics.REGISTRY_COMMANDS,
        topics.PEOPLE_COMMANDS,
        topics.PROPOSALS,
        topics.COOPERATIONS,
    ],
    migrations=Path(__file__).parent / "migrations",
)
