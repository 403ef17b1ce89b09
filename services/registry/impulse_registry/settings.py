"""The settings of the registry: `IMPULSE_REGISTRY_<NAME>`, or `IMPULSE_<NAME>`."""

from datetime import timedelta
from functools import cached_property
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from impulse_chassis import LingerSeconds, Port, SecretKey, ServiceSettings
from impulse_contracts.partner_topics import partner_topics
from impulse_registry.domain.freshness import Patience


class Settings(ServiceSettings, service="registry"):
    """What every service has, and how long a listing stands without being confirmed."""

    metrics_port: Port = 9101
    linger_seconds: LingerSeconds = 0
    """All others wait for what it says."""
    privacy_key: SecretKey = Field(default=SecretStr(""), validate_default=True)
    """Makes the digests of the block list. At least 32 characters; the same for all replicas, and
    for good: with another key, those who were erased are no longer recognised by their address."""
    stale_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Days after which a listing that nobody confirmed is hidden."""
    remind_days: Annotated[int, Field(ge=1, le=3650)] = 14
    """How many days before that its organisation is asked whether it still stands."""
    history_days: Annotated[int, Field(ge=1, le=3650)] = 365
    """For how many days it is kept what was said of actors and listings and does not stand."""
    partners: Annotated[str, Field(examples=["essen=https://ehrenamt.essen.example/api"])] = ""
    """The partners with a topic of their own, `name=source` separated by commas or spaces."""

    @field_validator("partners")
    @classmethod
    def _names_partners(cls, value: str) -> str:
        partner_topics(value)
        return value

    @model_validator(mode="after")
    def _reminds_first(self) -> Self:
        if self.remind_days >= self.stale_days:
            raise ValueError("IMPULSE_REGISTRY_REMIND_DAYS must be less than STALE_DAYS")
        return self

    @cached_property
    def patience(self) -> Patience:
        """How long a listing stands that nobody confirms, and when its actor is reminded."""
        return Patience(timedelta(days=self.stale_days), timedelta(days=self.remind_days))
