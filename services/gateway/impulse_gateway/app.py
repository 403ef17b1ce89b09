"""The gateway as a service: what it reads, and how it is put together."""

from pathlib import Path

from impulse_chassis import Service
from impulse_contracts import topics
from impulse_gateway.handlers import handlers
from impulse_gateway.settings import Settings
from impulse_gateway.store.tables import FORGETTING, PROJECTIONS
from impulse_gateway.web.server import serve, tidy

service = Service(
    "gateway",
    Settings,
    handlers,
    reads=[topics.OUTCOMES],
    projects=PROJECTIONS,
    migrations=Path(__file__).parent / "migrations",
    forgetting=FORGETTING,
    tasks=[serve, tidy],
)
