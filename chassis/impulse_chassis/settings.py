"""The settings that every service has; each is an environment variable `IMPULSE_<NAME>`.

`IMPULSE_<SERVICE>_<NAME>` stands over `IMPULSE_<NAME>`, for one service alone.
"""

import sys
from typing import Annotated, Any, ClassVar, Literal, NoReturn, Self, cast

from pydantic import (
    AfterValidator,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

Port = Annotated[int, Field(ge=1, le=65535)]
PublicUrl = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^/?#\s]+/?$"),
    AfterValidator(lambda url: url.rstrip("/")),
]
"""How pages are reached from outside: scheme and host, no path; kept without a slash at the end."""


class ServiceSettings(BaseSettings):
    """Settings of a service: `class Settings(ServiceSettings, service="registry")`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    service: ClassVar[str] = ""

    database_url: str
    """A PostgreSQL server or database; without a database name `impulse_<service>` is meant."""
    kafka_bootstrap_servers: str = "127.0.0.1:9092"
    kafka_security_protocol: Literal["PLAINTEXT", "SASL_PLAINTEXT", "SASL_SSL", "SSL"] = "PLAINTEXT"
    kafka_sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-256"
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    topic_prefix: Annotated[str, Field(pattern=r"^[a-z0-9.-]*$", max_length=40)] = ""
    instance: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]+$", max_length=100)] | None = None
    """A stable name makes a replica a static member of its group; unset, a dynamic one."""
    metrics_port: Port = 9100
    bind: str = "127.0.0.1"
    """The address on which metrics, health and pages are served."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_format: Literal["json", "console"] = "json"
    batch_size: Annotated[int, Field(ge=1, le=5000)] = 1000
    waiting_seconds: Annotated[float, Field(gt=0)] = 600
    """How long a message waits for what isn't known yet."""
    erasure_seconds: Annotated[int, Field(ge=1)] = 604_800
    """The one bound for personal data on topics, and so for dead letters."""
    session_timeout_seconds: Annotated[float, Field(ge=6, le=60)] = 10
    stuck_seconds: Annotated[float, Field(gt=0)] = 30
    """A partition with lag whose position has not moved for so long makes a service not ready."""

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

    @field_validator("database_url")
    @classmethod
    def _is_postgresql(cls, value: str) -> str:
        try:
            backend = make_url(value).get_backend_name()
        except ArgumentError:
            backend = ""
        if backend != "postgresql":
            raise ValueError("must be like postgresql://user:password@host:5432/database")
        return value

    @classmethod
    def defaults(cls, **changes: Any) -> Self:
        """Those of an empty environment, with `changes`: for a service on a database at hand.

        Nothing is validated. Raises TypeError for a setting that there is not.
        """
        if unknown := changes.keys() - cls.model_fields.keys():
            raise TypeError(f"{cls.service} has no setting {', '.join(sorted(unknown))}")
        return cast(Self, cls.model_construct(**{"database_url": "", **changes}))

    @classmethod
    def from_environment(cls) -> Self:
        """The settings; a wrong one is named on standard error and ends the process with 2."""
        try:
            return cls()
        except ValidationError as error:
            _explain(cls.service, error)


def _explain(service: str, error: ValidationError) -> NoReturn:
    for fault in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in fault["loc"]).upper()
        print(  # noqa: T201
            f"setting IMPULSE_{name} (or IMPULSE_{service.upper()}_{name}): {fault['msg']}",
            file=sys.stderr,
        )
    sys.exit(2)
