"""Writing to a person, through each channel, once."""

from collections.abc import Iterable
from uuid import UUID

from impulse_chassis import Transaction
from impulse_notifications import wording
from impulse_notifications.domain.message import message_id
from impulse_notifications.domain.notice import CHANNELS, Notice, email, in_app
from impulse_notifications.store import Contact, keep, messages


def tell(tx: Transaction, notice: Notice, contact: Contact) -> None:
    """Writes to a contact through each channel, unless that was done before."""
    person_id, language = contact.person_id, contact.language
    by_mail, in_inbox = (messages.get(tx, each) for each in message_ids(notice, person_id))
    if by_mail is None:
        keep(tx, email(notice, person_id, language, tx.now))
    if in_inbox is None:
        words = wording.entry(notice.template, language, notice.matter)
        keep(tx, in_app(notice, person_id, language, words.title, words.text, tx.now))


def message_ids(notice: Notice, person_id: UUID) -> Iterable[UUID]:
    """The ids of the messages that tell a person of `notice`, one a channel."""
    return (message_id(notice.cause_id, person_id, notice.template, each) for each in CHANNELS)
