"""Settings of the local stack, read from the environment (`IMPULSE_…`)."""

import os
import secrets
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from impulse_chassis.allowed import allowed
from impulse_chassis.settings import ErasureSeconds, Instance, KafkaServers, Port, TopicPrefix
from impulse_local import server_url
from impulse_local.errors import StackError

CHECKOUT = Path(__file__).parents[3]
SMTP_LOGIN = ("IMPULSE_SMTP_USERNAME", "IMPULSE_SMTP_PASSWORD")
SERVICES = ("registry", "matching", "booking", "notifications", "gateway")


class Settings(BaseSettings):
    """What can be set; `docs` of each service name the settings that it reads itself."""

    model_config = SettingsConfigDict(env_prefix="IMPULSE_", env_ignore_empty=True, extra="ignore")

    data_dir: Path = CHECKOUT / ".impulse"
    """Everything the stack keeps; deleting it resets the stack."""
    gateway_port: Port = 8080
    kafka_port: Port = 9092
    kafka_bootstrap_servers: KafkaServers | None = None
    """A Kafka of your own; unset, the embedded broker on `kafka_port`."""
    database_url: str | None = None
    """A PostgreSQL server of your own; unset, the embedded one."""
    mail_port: Port = 1025
    mailbox_port: Port = 8025
    erasure_seconds: ErasureSeconds = 604_800
    instance: Instance = "local"
    topic_prefix: TopicPrefix = ""
    """Goes before the name of each topic; for several stacks on one Kafka."""
    registry_metrics_port: Port = 9101
    matching_metrics_port: Port = 9102
    booking_metrics_port: Port = 9103
    notifications_metrics_port: Port = 9104
    gateway_metrics_port: Port = 9105

    @classmethod
    def load(cls) -> "Settings":
        """The settings of the environment; raises StackError naming the wrong ones."""
        try:
            settings = cls()
        except ValidationError as error:
            wrong = [
                f"  {_name(name)}={fault['input']!r}: {said}; allowed: {allowed(cls, name)}"
                for fault in error.errors()
                for name in [str(fault["loc"][0])]
                for said in [fault["msg"].removeprefix("Value error, ")]
            ]
            raise StackError("\n".join(["wrong settings:", *wrong])) from error
        settings._check()
        return settings

    def metrics_port(self, service: str) -> int:
        """The port of a service's `/metrics`, `/livez` and `/readyz`."""
        port: int = getattr(self, f"{service}_metrics_port")
        return port

    def ports(self) -> dict[str, int]:
        """The ports that services and mail sink listen on, by the name of their setting."""
        names = ["gateway_port", "mail_port", "mailbox_port"]
        names += [f"{service}_metrics_port" for service in SERVICES]
        return {_name(name): getattr(self, name) for name in names}

    def environment(self, database_url: str, bootstrap_servers: str) -> dict[str, str]:
        """The environment of the services: ours, with all that the stack decides."""
        ours = {name: value for name, value in os.environ.items() if name not in SMTP_LOGIN}
        return {
            "IMPULSE_SECRET_KEY": self._kept("secret.key"),
            "IMPULSE_PRIVACY_KEY": self._kept("privacy.key"),
            **ours,
            **{name: str(port) for name, port in self.ports().items()},
            "IMPULSE_DATA_DIR": str(self.data_dir),
            "IMPULSE_DATABASE_URL": database_url,
            "IMPULSE_KAFKA_BOOTSTRAP_SERVERS": bootstrap_servers,
            "IMPULSE_KAFKA_PORT": str(self.kafka_port),
            "IMPULSE_ERASURE_SECONDS": str(self.erasure_seconds),
            "IMPULSE_INSTANCE": self.instance,
            # Always the sink: a local stack must not write to anybody.
            "IMPULSE_SMTP_HOST": "127.0.0.1",
            "IMPULSE_SMTP_PORT": str(self.mail_port),
            "IMPULSE_SMTP_SECURITY": "none",
            "PYTHONUNBUFFERED": "1",
        }

    def _kept(self, name: str) -> str:
        """A key that is made once a data directory: links and the block list outlive a stop."""
        kept = self.data_dir / name
        if not kept.exists():
            kept.touch(mode=0o600)
            kept.write_text(secrets.token_hex(32))
        return kept.read_text()

    def _check(self) -> None:
        self.data_dir = self.data_dir.expanduser().resolve()
        named: dict[int, str] = {}
        ports = self.ports()
        if self.kafka_bootstrap_servers is None:
            ports["IMPULSE_KAFKA_PORT"] = self.kafka_port
        for name, port in ports.items():
            if port in named:
                raise StackError(f"{name} and {named[port]} both name port {port}: change one")
            named[port] = name
        if self.database_url is not None:
            server_url.check(self.database_url)


def _name(field: str) -> str:
    return f"IMPULSE_{field.upper()}"
