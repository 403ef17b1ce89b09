"""An e-mail as it is handed to the mail server."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import quote

from impulse_contracts import confirmations, place_links
from impulse_contracts.codes import Language
from impulse_contracts.objections import token
from impulse_notifications import calendar, wording
from impulse_notifications.domain.message import REMINDERS, Message, Template

CONFIRMABLE = timedelta(days=30)
"""How long after the day on which a listing is hidden its reminder's link still confirms it."""


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail to be sent, with what was looked up for it: never kept longer than that."""

    message: Message
    name: str
    address: str
    organisation: str | None
    partner: str | None
    helper: str | None = None
    """Who takes care of the support that was asked for."""


class _Whole(UnstructuredHeader, BaseHeader):
    """A header that is written as it is: a link in pieces, or encoded, is none to mail programs."""

    def fold(self, *, policy: "Policy[Any]") -> str:
        return f"{self.name}: {self}{policy.linesep}"


_HEADERS = HeaderRegistry()
_HEADERS.map_to_type("list-unsubscribe", _Whole)
_POLICY = policy.SMTP.clone(header_factory=_HEADERS)
_USER = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*", re.ASCII | re.IGNORECASE)


def address(text: str) -> Address:
    """`Name <user@domain>` or `user@domain`. Raises ValueError for anything else."""
    name, spec = parseaddr(text)
    return _addressed(name, spec)


def _addressed(name: str, spec: str) -> Address:
    """An address as SMTP takes it anywhere: ASCII, the domain as DNS has it.

    Raises ValueError if `spec` is none, without quoting it: it may be a person's.
    """
    user, _, domain = spec.rpartition("@")
    try:
        domain = domain.encode("idna").decode()
    except UnicodeError:
        domain = ""
    if not _USER.fullmatch(user) or not _DOMAIN.fullmatch(domain):
        raise ValueError("must be like: Name <user@domain>")
    return Address(wording.one_line(name), user, domain)


def _confirmation(message: Message, now: datetime, key: str) -> str | None:
    """The token of the link by which the listing is confirmed that a message reminds of."""
    matter = message.matter
    if matter is None or matter.listing_id is None:
        return None
    until = max(now, matter.confirm_by or now) + CONFIRMABLE
    link = confirmations.Confirmation(matter.listing_id, message.person_id, until)
    return confirmations.token(key, link)


def _place(message: Message, key: str) -> str | None:
    """The token of the link by which an offered place is taken or left."""
    about = message.matter.appointment if message.matter else None
    if message.template is not Template.PLACE_OFFERED or not about or not about.offered_until:
        return None
    link = place_links.PlaceLink(about.booking_id, message.person_id, about.offered_until)
    return place_links.token(key, link)


def write(
    letter: Letter, *, sender: Address, home: str, operator: str | None, now: datetime, key: str
) -> tuple[Address, bytes]:
    """The recipient and the bytes of an e-mail. Raises ValueError if the address is not usable.

    The Message-ID is made of the message's id alone: should it ever come twice, both copies are
    one to the recipient's mail program. `key` makes the links by which a reported contact objects,
    a listing is confirmed and an offered place answered without signing in.
    """
    message = letter.message
    reported = message.template is Template.CONTACT_REPORTED
    link = token(key, message.person_id, letter.address)
    objection = f"{home}/objection/{link}" if reported else None
    confirmation = _confirmation(message, now, key)
    place = _place(message, key)
    recipient = _addressed(letter.name, letter.address)
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
        objection=objection,
        confirmation=f"{home}/confirmation/{confirmation}" if confirmation else None,
        place=f"{home}/place/{place}" if place else None,
        helper=letter.helper,
    )
    mail = EmailMessage(_POLICY)
    mail["From"] = sender
    mail["To"] = recipient
    mail["Subject"] = words.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{message.message_id}@{sender.domain}>"
    # RFC 3834: no answering machine should answer.
    mail["Auto-Submitted"] = "auto-generated"
    if message.template in REMINDERS:
        subject = "Abbestellen" if message.language is Language.DE else "Unsubscribe"
        mail["List-Unsubscribe"] = f"<mailto:{sender.addr_spec}?subject={quote(subject)}>"
    if objection is not None:
        mail["List-Unsubscribe"] = f"<{objection}>"
        if objection.startswith("https:"):
            # RFC 8058: one click in the mail program, which then calls the link by POST.
            mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(words.body, cte="quoted-printable")
    mail["Content-Language"] = message.language
    entry = calendar.entry(
        message,
        organizer=sender,
        attendee=recipient.addr_spec,
        page=f"{home}{message.matter.path}" if message.matter else home,
        now=now,
    )
    if entry is not None:
        mail.add_attachment(
            entry.text,
            subtype="calendar",
            cte="base64",
            filename="impulse.ics",
            params={"method": entry.method},
        )
    return recipient, mail.as_bytes()
