"""The settings of the gateway; `IMPULSE_GATEWAY_<NAME>` stands over `IMPULSE_<NAME>`."""

from pathlib import Path
from typing import Annotated

from pydantic import DirectoryPath, Field, SecretStr, field_validator

from impulse_chassis import LingerSeconds, Port, PublicUrl, SecretKey, ServiceSettings

TEXTS = ("imprint", "privacy", "accessibility")
"""The pages whose text an operator must give, in German and in English."""


class Settings(ServiceSettings, service="gateway"):
    """What can be set."""

    metrics_port: Port = 9105
    linger_seconds: LingerSeconds = 0
    """Somebody looks at a page and waits."""
    port: Port = 8080
    """Where pages and API are served (`IMPULSE_GATEWAY_PORT`)."""
    public_url: PublicUrl | None = None
    """How the pages are reached from outside, without a path: links in e-mails begin with it.
    Unset: `http://127.0.0.1:<port>`. With https, cookies are sent over nothing else."""
    secret_key: SecretKey = Field(default=SecretStr(""), validate_default=True)
    """Signs sign-in links and form tokens. At least 32 characters; the same for all replicas."""
    privacy_key: SecretKey = Field(default=SecretStr(""), validate_default=True)
    """Knows the links by which people object, which notifications made with the same key."""
    texts: DirectoryPath | None = None
    """A folder with `imprint.de.txt`, `imprint.en.txt` and so on (`TEXTS`). Unset, every page says
    that this is a demonstration."""
    sign_in_seconds: Annotated[int, Field(ge=60, le=3600)] = 900
    """How long a sign-in link is good for."""
    session_idle_seconds: Annotated[int, Field(ge=60, le=86_400)] = 7_200
    """A session that was not used for so long has ended."""
    session_seconds: Annotated[int, Field(ge=60, le=86_400)] = 43_200
    """How long a session lasts at most."""
    live_clients: Annotated[int, Field(ge=1, le=100_000)] = 500
    """How many browsers may listen to live events at once, in each process."""

    @field_validator("texts")
    @classmethod
    def _is_complete(cls, value: Path | None) -> Path | None:
        names = [f"{text}.{language}.txt" for text in TEXTS for language in ("de", "en")]
        if value and (missing := [name for name in names if not (value / name).is_file()]):
            raise ValueError(f"these files are missing in {value}: {', '.join(missing)}")
        return value

    @property
    def base_url(self) -> str:
        """What absolute links begin with, without a slash at the end."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def https(self) -> bool:
        """Whether people reach the pages by https."""
        return self.base_url.startswith("https:")
