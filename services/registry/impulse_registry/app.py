"""The registry as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_chassis import Service
from impulse_contracts import topics
from impulse_contracts.partner_topics import partner_topics
from impulse_contracts.topics import Topic
from impulse_registry.handlers import handlers
from impulse_registry.settings import Settings
from impulse_registry.store.erasures import forgetting
from impulse_registry.sweeping import restart_sweep
from impulse_registry.watching import watch_erasures


def reads(settings: Settings) -> list[Topic]:
    """Reports, those on partners' own topics too, commands, and what discloses contacts."""
    return [
        topics.ACTOR_REPORTS,
        *partner_topics(settings.partners),
        topics.REGISTRY_COMMANDS,
        topics.PEOPLE_COMMANDS,
        topics.PROPOSALS,
        topics.COOPERATIONS,
    ]


service = Service(
    "registry",
    Settings,
    handlers,
    reads=reads,
    migrations=Path(__file__).parent / "migrations",
    forgetting=forgetting,
    tasks=[watch_erasures, restart_sweep],
)
