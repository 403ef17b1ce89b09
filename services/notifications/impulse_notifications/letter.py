"""An e-mail as it is handed to the mail server."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import quote

from impulse_contracts.codes import Language
from impulse_notifications import wording
from impulse_notifications.domain.message import REMINDERS, Message


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to be sent, with what was looked up for it: never kept longer than that."""

    message: Message
    name: str
    address: str
    organisation: str | None
    partner: str | None


def address(text: str) -> Address:
    """`Name <user@domain>` or `user@domain`, the domain as DNS has it.

    Raises ValueError for anything else, without quoting it: it may be a person's.
    """
    name, spec = parseaddr(text)
    try:
        parsed = Address(addr_spec=spec)
        domain = parsed.domain.encode("idna").decode()
        if not parsed.username or not domain:
            raise ValueError
        return Address(wording.one_line(name), parsed.username, domain)
    except (ValueError, MessageError, IndexError):
        raise ValueError("must be like: Name <user@domain>") from None


def write(
    letter: Letter, *, sender: Address, home: str, operator: str | None, now: datetime
) -> tuple[Address, bytes]:
    """The recipient and the bytes of an e-mail. Raises ValueError if the address is not usable.

    The Message-ID is made of the message's id alone: should it ever come twice, both copies are
    one to the recipient's mail program.
    """
    message = letter.message
    # An address alone: what a display name would hide in it is not usable.
    spec = Address(addr_spec=_ascii_domain(letter.address)).addr_spec
    recipient = Address(wording.one_line(letter.name), addr_spec=spec)
    words = wording.mail(
        message.template,
        message.language,
        message.matter,
        name=letter.name,
        organisation=letter.organisation,
        partner=letter.partner,
        link=message.link,
        expires_at=message.send_by,
        home=home,
        operator=operator,
    )
    mail = EmailMessage(policy.SMTP)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.message_id}@{sender.domain}>"
    # RFC 3834: no answering machine should answer.
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = message.language
    if message.template in REMINDERS:
        subject = "Abbestellen" if message.language is Language.DE else "Unsubscribe"
        mail["List-Unsubscribe"] = f"<mailto:{sender.addr_spec}?subject={quote(subject)}>"
    mail.set_content(words.body, cte="quoted-printable")
    return recipient, mail.as_bytes()


def _ascii_domain(spec: str) -> str:
    user, at, domain = spec.rpartition("@")
    return f"{user}{at}{domain.encode('idna').decode()}"
