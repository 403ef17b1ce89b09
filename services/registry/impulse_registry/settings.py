"""The settings of the registry: `IMPULSE_REGISTRY_<NAME>`, or `IMPULSE_<NAME>`."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, field_validator

from impulse_chassis import Port, ServiceSettings
from impulse_contracts.partner_topics import partner_topics


class Settings(ServiceSettings, service="registry"):
    """What every service has, and how long a listing stands without being confirmed."""

    metrics_port: Port = 9101
    stale_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days after which a listing that nobody confirmed is hidden."""
    partners: Annotated[str, Field(examples=["essen=https://ehrenamt.essen.example/api"])] = ""
    """The partners with a topic of their own, `name=source` separated by commas or spaces."""

    @field_validator("partners")
    @classmethod
    def _names_partners(cls, value: str) -> str:
        partner_topics(value)
        return value

    @property
    def stale_after(self) -> timedelta:
        """How long a listing stands that nobody confirms."""
        return timedelta(days=self.stale_days)
