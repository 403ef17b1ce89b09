"""A mail server in the test's event loop that does as it is told."""

import asyncio
from collections.abc import Awaitable, Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from impulse_local.ports import free_port

Answer = Callable[[SMTP], Awaitable[str] | str]


class PostOffice:
    """Takes mails on `port`; `at_rcpt` and `at_data` say what it answers, one after the other.

    When they have no answer left, it takes everything. A mail counts as taken before the answer
    to DATA: what the answer is makes no difference to the recipient.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.connections = 0
        self.at_rcpt: list[Answer] = []
        self.at_data: list[Answer] = []
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begins to listen."""

        def connected() -> SMTP:
            self.connections += 1
            return SMTP(self, hostname="mail.example", loop=asyncio.get_running_loop())

        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(connected, "127.0.0.1", self.port)

    async def close(self) -> None:
        """Stops listening; connections that are open stay."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Called by aiosmtpd."""
        answer = await _next(self.at_rcpt, server)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Called by aiosmtpd."""
        content: Any = envelope.content
        answer = await _next(self.at_data, server)
        if answer.startswith("250"):
            self.mails.append(message_from_bytes(content, policy=policy.default))
            self.recipients.extend(envelope.rcpt_tos)
        return answer


async def _next(answers: list[Answer], server: SMTP) -> str:
    if not answers:
        return "250 OK"
    answer = answers.pop(0)(server)
    return answer if isinstance(answer, str) else await answer


def hang_up(server: SMTP) -> str:
    """Takes it, and the connection is lost before the answer is heard."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()
    return "250 OK"


def say(text: str) -> Answer:
    """Answers with `text`."""
    return lambda _: text
