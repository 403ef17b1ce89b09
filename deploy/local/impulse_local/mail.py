"""The mail sink: takes every mail over SMTP and keeps it in memory, for reading in the browser."""

from __future__ import annotations

import asyncio
import itertools
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 2000  # mails; the oldest go first, so that a long run stays small


@dataclass(frozen=True)
class Mail:
    """One mail as it came in."""

    number: int
    received_at: datetime
    recipients: tuple[str, ...]
    parsed: EmailMessage

    def header(self, name: str) -> str:
        """A header, decoded; empty when the mail has none of that name."""
        return str(self.parsed.get(name, ""))

    def body(self, kind: str) -> str | None:
        """The `plain` or `html` body, decoded; None when there is none of this kind."""
        part = self.parsed.get_body(preferencelist=(kind,))
        if part is None:
            return None
        try:
            return str(part.get_content())
        except LookupError:  # a charset that Python does not know
            payload = part.get_payload(decode=True)
            return payload.decode("latin-1") if isinstance(payload, bytes) else str(payload)

    def attachments(self) -> list[EmailMessage]:
        """All other parts."""
        return list(self.parsed.iter_attachments())

    def summary(self) -> dict[str, Any]:
        """The mail as the JSON page shows it."""
        return {
            "message_id": self.header("Message-ID"),
            "from": self.header("From"),
            "to": list(self.recipients),
            "subject": self.header("Subject"),
            "text": self.body("plain"),
            "received_at": self.received_at.isoformat(),
        }


class Mailbox:
    """The mails of this run, newest last."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._mails: deque[Mail] = deque(maxlen=KEPT)
        self._numbers = itertools.count(1)
        self._now = now

    def __iter__(self) -> Iterator[Mail]:
        return iter(self._mails)

    def __len__(self) -> int:
        return len(self._mails)

    def find(self, number: int) -> Mail | None:
        """The mail with this number, None when it is unknown or gone."""
        return next((mail for mail in self._mails if mail.number == number), None)

    def clear(self) -> None:
        """Throws all mails away."""
        self._mails.clear()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Takes one mail (called by aiosmtpd)."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        parsed = BytesParser(EmailMessage, policy=policy.default).parsebytes(raw)
        recipients = tuple(str(recipient) for recipient in envelope.rcpt_tos)
        self._mails.append(Mail(next(self._numbers), self._now(), recipients, parsed))
        return "250 Message accepted for delivery"


async def serve_smtp(mailbox: Mailbox, port: int) -> asyncio.Server:
    """An SMTP server on 127.0.0.1:`port` that fills the mailbox."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: SMTP(mailbox, enable_SMTPUTF8=True, ident="Impulse mail sink", loop=loop),
        host="127.0.0.1",
        port=port,
    )
