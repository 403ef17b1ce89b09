"""The settings of the registry: `IMPULSE_REGISTRY_<NAME>`, or `IMPULSE_<NAME>`."""

from typing import Annotated

from pydantic import Field

from impulse_chassis import ServiceSettings
from impulse_chassis.settings import Port


class Settings(ServiceSettings, service="registry"):
    """What every service has, and how long a listing stands without being confirmed."""

    metrics_port: Port = 9101
    stale_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days after which a listing that nobody confirmed is hidden."""
