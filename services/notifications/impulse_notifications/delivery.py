"""One e-mail over an open SMTP connection, and what its outcome is (RFC 5321)."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiosmtplib

from impulse_notifications.domain.attempt import Attempt, Outcome
from impulse_notifications.domain.message import Why


async def deliver(
    smtp: aiosmtplib.SMTP,
    sender: str,
    recipient: str,
    content: bytes,
    begin: Callable[[], Awaitable[bool]],
) -> Attempt | None:
    """Hands one e-mail to the server; calls `begin` before DATA, and gives up if it says no (None).

    What goes wrong before DATA is temporary, unless the server refuses the recipient for good.
    After DATA the server's answer counts; without one the outcome is unknown. The connection is
    closed where it can't be used any more (`smtp.is_connected`).
    """
    begun = False
    attempt = None
    try:
        await smtp.mail(sender)
        await smtp.rcpt(recipient)
        begun = await begin()
        if begun:
            await smtp.data(content)
            return Attempt(Outcome.SENT)
    except aiosmtplib.SMTPSenderRefused as error:
        # The fault of our settings or of the server, not of this e-mail: worth another try.
        attempt = Attempt(Outcome.TEMPORARY, Why.NOT_NOW, _code(error))
    except aiosmtplib.SMTPResponseException as error:
        attempt = _answered(error, begun)
    except ValueError:
        # An address that can't be put on a command line; nothing was sent.
        attempt = Attempt(Outcome.PERMANENT, Why.ADDRESS_UNUSABLE)
    except (aiosmtplib.SMTPException, OSError):
        smtp.close()
        attempt = _unanswered(begun)
    if smtp.is_connected:
        with suppress(aiosmtplib.SMTPException, OSError):
            await smtp.rset()
    return attempt


def _answered(error: aiosmtplib.SMTPResponseException, begun: bool) -> Attempt:
    if 400 <= error.code < 500:
        return Attempt(Outcome.TEMPORARY, Why.NOT_NOW, _code(error))
    if 500 <= error.code < 600:
        return Attempt(Outcome.PERMANENT, Why.REFUSED, _code(error))
    return _unanswered(begun)


def _unanswered(begun: bool) -> Attempt:
    if begun:
        return Attempt(Outcome.UNKNOWN, Why.NOT_CONFIRMED)
    return Attempt(Outcome.TEMPORARY, Why.NOT_BEGUN)


def _code(error: aiosmtplib.SMTPResponseException) -> str:
    """The codes of an answer, `550 5.1.1`; never its text, which may quote the address."""
    enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}(?=\s|$)", error.message)
    return f"{error.code} {enhanced[0]}" if enhanced else str(error.code)
