"""The settings of notifications: `IMPULSE_NOTIFICATIONS_<NAME>` or `IMPULSE_<NAME>`."""

from datetime import timedelta
from email.headerregistry import Address
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator

from impulse_chassis import Port, PublicUrl, SecretKey, ServiceSettings
from impulse_notifications.domain.attempt import Retries
from impulse_notifications.letter import address


class Settings(ServiceSettings, service="notifications"):
    """Those of every service, the mail server, and who speaks."""

    metrics_port: Port = 9104
    privacy_key: SecretKey = Field(default=SecretStr(""), validate_default=True)
    """Makes the links by which people object; the gateway knows them by the same key."""

    smtp_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    smtp_port: Port = 1025
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    """`starttls` is usual on port 587, `tls` on port 465."""
    smtp_username: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 30
    """How long each answer of the mail server may take."""
    retry_seconds: Annotated[float, Field(gt=0, le=3600)] = 2
    """The pause before what failed for the time being is tried again; doubled each time."""
    retry_max_seconds: Annotated[float, Field(gt=0, le=86_400)] = 300
    """The longest pause."""
    give_up_hours: Annotated[float, Field(gt=0, le=240)] = 24
    """How long an e-mail is tried that the mail server takes only later."""

    mail_from: Annotated[str, Field(examples=["Impulse <impulse@impulse.example>"])] = (
        "Impulse <impulse@impulse.example>"
    )
    """Who e-mails come from: `Name <address>`. Write an address at which replies are read."""
    operator_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Who runs this installation. Unset, every e-mail says that it is a demonstration."""
    public_url: PublicUrl | None = None
    """Where people find the pages; unset, the gateway on this machine."""
    gateway_port: Port = 8080

    @field_validator("mail_from")
    @classmethod
    def _is_address(cls, value: str) -> str:
        address(value)
        return value

    @model_validator(mode="after")
    def _secret_stays_secret(self) -> Self:
        if self.smtp_username is not None:
            if self.smtp_password is None:
                raise ValueError("IMPULSE_SMTP_USERNAME needs IMPULSE_SMTP_PASSWORD")
            if self.smtp_security == "none":
                raise ValueError(
                    "IMPULSE_SMTP_USERNAME needs IMPULSE_SMTP_SECURITY: starttls or tls"
                )
        return self

    @property
    def sender(self) -> Address:
        """Who e-mails come from."""
        return address(self.mail_from)

    @property
    def home(self) -> str:
        """The address of the pages, without a slash at the end."""
        return self.public_url or f"http://127.0.0.1:{self.gateway_port}"

    @property
    def retries(self) -> Retries:
        """How what failed for the time being is tried again."""
        return Retries(
            first=timedelta(seconds=self.retry_seconds),
            longest=timedelta(seconds=self.retry_max_seconds),
            give_up=timedelta(hours=self.give_up_hours),
        )
