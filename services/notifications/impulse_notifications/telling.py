"""Writing to a person, through each channel, once."""

from collections.abc import Collection, Iterable
from uuid import UUID

from impulse_chassis import Transaction
from impulse_notifications import wording
from impulse_notifications.domain.message import message_id
from impulse_notifications.domain.notice import CHANNELS, Notice, email, in_app
from impulse_notifications.store import (
    Contact,
    audience,
    keep,
    language_of,
    load_contacts,
    load_staff,
    messages,
    notices,
    people,
)


def load_told(tx: Transaction, said: Collection[Notice]) -> None:
    """Loads what `tell_all` needs: whoever is to be told, and what they were told before."""
    told = {notice.actor_id for notice in said}
    people.read(tx, told)
    load_contacts(tx, actors=told)
    notices.read(tx, {notice.notice_id for notice in said})
    known = audience(tx).contacts_of
    messages.lock(
        tx,
        {
            each
            for notice in said
            for person_id in known.get(notice.actor_id, (notice.actor_id,))
            for each in message_ids(notice, person_id)
        },
    )


def tell_all(tx: Transaction, said: Iterable[Notice]) -> None:
    """Tells the person that a notice is to, or the people of the actor that it is to; it stands for
    those who are not known yet."""
    for notice in said:
        if notices.get(tx, notice.notice_id) is None:
            notices.put(tx, notice)
        person = people.get(tx, notice.actor_id)
        if person is not None:
            language = language_of(person.language)
            tell(tx, notice, Contact(notice.matter.actor_id, notice.actor_id, language))
        for contact in audience(tx).contacts_of.get(notice.actor_id, {}).values():
            tell(tx, notice, contact)


def load_staff_told(tx: Transaction, said: Iterable[Notice]) -> None:
    """Loads what `tell_staff` needs: brokers and operators, and what they were told before."""
    load_staff(tx)
    staff = audience(tx).staff
    ids = {each for notice in said for person in staff for each in message_ids(notice, person)}
    messages.lock(tx, ids)


def tell_staff(tx: Transaction, notice: Notice) -> None:
    """Tells all brokers and operators."""
    for contact in audience(tx).staff.values():
        tell(tx, notice, contact)


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
