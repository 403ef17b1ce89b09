"""What every request needs: settings, database, live events, and the way to send commands."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from starlette.requests import HTTPConnection

from impulse_chassis import Transaction
from impulse_gateway.settings import TEXTS, Settings
from impulse_gateway.web.database import Database, in_time
from impulse_gateway.web.live import Live

Transact = Callable[[Callable[[Transaction], Any]], Awaitable[Any]]
"""Runs work in one transaction of the chassis; what it publishes goes out after it."""


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Site:
    """One gateway."""

    settings: Settings
    db: Database
    live: Live
    commit: Transact
    now: Callable[[], datetime] = _now
    texts: dict[str, str] = field(init=False)
    """The operator's texts by file name without its end: `imprint.de`. None of them in a demo."""

    def __post_init__(self) -> None:
        folder = self.settings.texts
        self.texts = (
            {
                f"{name}.{language}": (folder / f"{name}.{language}.txt").read_text("utf-8")
                for name in TEXTS
                for language in ("de", "en")
            }
            if folder
            else {}
        )

    async def transact(self, work: Callable[[Transaction], Any]) -> Any:
        """Runs `work` in one transaction of the chassis. Raises `Unavailable`, in time."""
        return await in_time(self.commit(work))

    def sign(self, purpose: str, value: str) -> str:
        """A keyed digest of `value` that nobody else can make."""
        key = self.settings.secret_key.get_secret_value().encode()
        return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


def site_of(request: HTTPConnection) -> Site:
    """The site that a request is for."""
    site: Site = request.app.state.site
    return site
