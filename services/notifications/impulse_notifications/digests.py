"""Gathering what actors without people would be told, and telling those in charge once a day."""

from collections.abc import Sequence

from impulse_chassis import Handlers, Received, Transaction
from impulse_contracts.notifications import SendDigest
from impulse_contracts.registry.actors import ActorState
from impulse_notifications.domain import digest as rules
from impulse_notifications.domain.message import Template, message_id
from impulse_notifications.domain.notice import CHANNELS, Notice, Telling
from impulse_notifications.store import (
    audience,
    digests,
    load_contacts,
    load_staff,
    load_standings,
    lock_audience,
    messages,
)
from impulse_notifications.telling import tell

handlers = Handlers()


def gather(tx: Transaction, fact: Telling, notice: Notice) -> None:
    """Nobody hears of `notice`: whoever looks after the actor is told with the next digest."""
    reader_id = rules.reader_of(fact, notice)
    if reader_id is None or not isinstance(fact, ActorState):
        return
    since = tx.attributes.time or tx.now
    known = digests.get(tx, reader_id)
    digests.put(tx, rules.gather(known, reader_id, fact, notice.template, since))
    tx.schedule(SendDigest(reader_id=reader_id), at=rules.next_digest(tx.now))


@handlers.load(SendDigest)
def load_digests(tx: Transaction, received: Sequence[Received[SendDigest]]) -> None:
    """Loads what was gathered, who reads it, who has got people meanwhile, and what is over."""
    lock_audience(tx, change=False)
    digests.lock(tx, {message.data.reader_id for message in received})
    load_staff(tx)
    gathered = digests.loaded(tx, lambda _: True)
    actors = {each.actor_id for digest in gathered for each in digest.concerns}
    load_contacts(tx, actors=actors)
    load_standings(tx, actors)
    messages.lock(
        tx,
        (
            message_id(message.attributes.id, person_id, Template.DIGEST, channel)
            for message in received
            for person_id in audience(tx).readers_of(message.data.reader_id)
            for channel in CHANNELS
        ),
    )


@handlers.on(SendDigest)
def send_digest(tx: Transaction, timer: SendDigest) -> None:
    """The readers are told, in one message; where there are none yet, it is kept for tomorrow's."""
    digest = digests.get(tx, timer.reader_id)
    if digest is None:
        return
    known = audience(tx)
    notice = rules.told_by(digest, known.contacts_of, known.standings, tx.attributes.id, tx.now)
    readers = known.readers_of(timer.reader_id)
    if notice is not None and not readers:
        tx.schedule(timer, at=rules.next_digest(tx.now))
        return
    digests.remove(tx, timer.reader_id)
    if notice is not None:
        for contact in readers.values():
            tell(tx, notice, contact)
