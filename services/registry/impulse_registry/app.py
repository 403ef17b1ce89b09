"""The registry's wiring and its start."""

from datetime import timedelta
from pathlib import Path

from impulse_chassis import Service
from impulse_contracts import topics
from impulse_registry.handlers import registry_handlers
from impulse_registry.settings import Settings

STALE_DAYS: int = Settings.model_fields["stale_days"].default


def registry(stale_days: int = STALE_DAYS) -> Service:
    """The service; a listing that nobody confirms for `stale_days` goes stale."""
    return Service(
        "registry",
        Settings,
        registry_handlers(timedelta(days=stale_days)),
        reads=[topics.ACTOR_REPORTS, topics.REGISTRY_COMMANDS, topics.PEOPLE_COMMANDS],
        migrations=Path(__file__).parent / "migrations",
    )


service = registry()
"""The registry with its default settings."""


def main() -> None:
    """Runs the registry with the settings of the environment; see `Service.main`."""
    registry(Settings.from_environment().stale_days).main()
