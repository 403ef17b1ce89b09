"""The settings that every service has; each is an environment variable `IMPULSE_<NAME>`.

`IMPULSE_<SERVICE>_<NAME>` stands over `IMPULSE_<NAME>`, for one service alone.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from ipaddress import ip_address
from typing import Annotated, Any, ClassVar, Literal, Self, cast
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from impulse_chassis.allowed import allowed

DAY = 24 * 3600
YEAR = 365 * DAY

Port = Annotated[int, Field(ge=1, le=65535)]
PublicUrl = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^/?#\s]+/?$"),
    Field(examples=["https://impulse.example"]),
    AfterValidator(lambda url: url.rstrip("/")),
]
"""How pages are reached from outside: scheme and host, no path; kept without a slash at the end."""


def _is_long(value: SecretStr) -> SecretStr:
    if len(value.get_secret_value()) < 32:
        raise ValueError(
            "a secret of at least 32 characters is needed, e.g. of: openssl rand -hex 32"
        )
    return value


SecretKey = Annotated[SecretStr, AfterValidator(_is_long)]
"""A key that makes signatures and digests; without one a service that needs it does not start:
`key: SecretKey = Field(default=SecretStr(""), validate_default=True)`."""


def _are_servers(value: str) -> str:
    for server in value.split(","):
        parts = urlsplit(f"//{server.strip()}")
        if not parts.hostname or not parts.port or parts.netloc != server.strip():
            raise ValueError("names no server as host:port")
    return value


KafkaServers = Annotated[
    str, Field(examples=["host:9092", "one:9092,two:9092"]), AfterValidator(_are_servers)
]
TopicPrefix = Annotated[str, Field(pattern=r"^[a-z0-9.-]*$", max_length=40)]
Instance = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=100)]
LingerSeconds = Annotated[float, Field(ge=0, le=1)]
ErasureSeconds = Annotated[int, Field(ge=1, le=YEAR)]


class KafkaSettings(BaseSettings):
    """How Kafka is reached: all that a command needs that is no service, and what services share.

    `class Settings(KafkaSettings, service="registry")` names whose they are.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    service: ClassVar[str] = ""

    kafka_bootstrap_servers: KafkaServers = "127.0.0.1:9092"
    kafka_security_protocol: Literal["PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-256"
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    topic_prefix: TopicPrefix = ""

    def __init_subclass__(cls, *, service: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if service:
            cls.service = service

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment variables only: the service's own, then those for all."""
        own = EnvSettingsSource(settings_cls, env_prefix=f"IMPULSE_{cls.service.upper()}_")
        return init_settings, own, EnvSettingsSource(settings_cls, env_prefix="IMPULSE_")

    @model_validator(mode="after")
    def _can_sign_in(self) -> Self:
        login = (self.kafka_sasl_username, self.kafka_sasl_password)
        if self.kafka_security_protocol.startswith("SASL") and None in login:
            raise ValueError(
                f"IMPULSE_KAFKA_SECURITY_PROTOCOL={self.kafka_security_protocol} needs "
                "IMPULSE_KAFKA_SASL_USERNAME and IMPULSE_KAFKA_SASL_PASSWORD"
            )
        return self

    @classmethod
    def from_environment(cls) -> Self:
        """The settings; all wrong ones are named on standard error and end the process with 2.

        Wrong is also a name that begins like the service's own and is none.
        """
        faults = list(_unknown(cls.service, cls.model_fields, os.environ))
        try:
            settings = cls()
        except ValidationError as error:
            faults += _faults(cls, error)
        if faults:
            print("\n".join(faults), file=sys.stderr)  # noqa: T201
            sys.exit(2)
        return settings


class ServiceSettings(KafkaSettings):
    """Settings of a service: `class Settings(ServiceSettings, service="registry")`."""

    database_url: Annotated[str, Field(examples=["postgresql://user:password@host:5432/database"])]
    """A PostgreSQL server or database; without a database name `impulse_<service>` is meant."""
    instance: Instance | None = None
    """A stable name makes a replica a static member of its group; unset, a dynamic one."""
    metrics_port: Port = 9100
    bind: Annotated[str, Field(examples=["127.0.0.1", "0.0.0.0", "::"])] = "127.0.0.1"  # noqa: S104
    """The address on which metrics, health and pages are served."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    batch_size: Annotated[int, Field(ge=1, le=5000)] = 1000
    linger_seconds: LingerSeconds = 0.05
    """How soon after a batch the next may begin: a busy service does less often what each costs."""
    waiting_seconds: Annotated[float, Field(gt=0, le=7 * DAY)] = 600
    """How long a message waits for what isn't known yet: no longer than commands are kept."""
    erasure_seconds: ErasureSeconds = 604_800
    """The one bound for personal data on topics, and so for dead letters."""
    session_timeout_seconds: Annotated[float, Field(ge=6, le=60)] = 10
    stuck_seconds: Annotated[float, Field(gt=0, le=DAY)] = 30
    """A partition with lag whose position has not moved for so long makes a service not ready."""

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str) -> str:
        # A command that only speaks with Kafka starts without it.
        from sqlalchemy.engine import make_url
        from sqlalchemy.exc import ArgumentError

        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend != "postgresql":
            raise ValueError("names no PostgreSQL server")
        return value

    @field_validator("bind")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        try:
            ip_address(value)
        except ValueError:
            raise ValueError("is not an IP address of this machine") from None
        return value

    @classmethod
    def defaults(cls, **changes: Any) -> Self:
        """Those of an empty environment, with `changes`: for a service on a database at hand.

        Nothing is validated. Raises TypeError for a setting that there is not.
        """
        if unknown := changes.keys() - cls.model_fields.keys():
            raise TypeError(f"{cls.service} has no setting {', '.join(sorted(unknown))}")
        return cast(Self, cls.model_construct(**{"database_url": "", **changes}))


def _unknown(service: str, known: Iterable[str], environment: Iterable[str]) -> Iterator[str]:
    own = f"IMPULSE_{service.upper()}_"
    names = [own + name.upper() for name in known]
    for name in sorted(environment):
        if name.upper().startswith(own) and name.upper() not in names:
            [nearest] = get_close_matches(name.upper(), names, n=1, cutoff=0)
            yield f"setting {name}: {service} has no such setting; the nearest is {nearest}"


def _faults(settings: type[KafkaSettings], error: ValidationError) -> Iterator[str]:
    for fault in error.errors(include_url=False, include_input=False):
        said = fault["msg"].removeprefix("Value error, ")
        if not fault["loc"]:  # of several settings, which it names itself
            yield f"settings: {said}"
            continue
        name = str(fault["loc"][0])
        own = f"IMPULSE_{settings.service.upper()}_{name.upper()}"
        yield (
            f"setting IMPULSE_{name.upper()} (or {own}): {said}; allowed: {allowed(settings, name)}"
        )
