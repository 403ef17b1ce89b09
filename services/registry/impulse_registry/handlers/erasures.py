"""Erasing a person, and seeing to it that everybody does."""

from datetime import timedelta

from impulse_chassis import Handlers, Messages, Transaction
from impulse_contracts import topics
from impulse_contracts.erasures import (
    CompleteErasure,
    ErasureAcknowledged,
    ErasureCompleted,
    ErasureProgressed,
    ErasureRequested,
    ForgetErasure,
)
from impulse_contracts.registry.people import ErasePerson, MembershipsEnded, ObjectToReport
from impulse_registry.domain import erasures as rules
from impulse_registry.domain import people as person_rules
from impulse_registry.domain.erasures import Erasure
from impulse_registry.domain.people import Memberships, Person
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import principal, read_principals
from impulse_registry.handlers.disclosures import end_now
from impulse_registry.handlers.people import forget, load
from impulse_registry.store.blocking import (
    block,
    block_key,
    forget_blocked,
    is_marked,
    load_blocked,
    load_marks,
)
from impulse_registry.store.disclosures import disclosures_of, lock_disclosures_of
from impulse_registry.store.erasures import erasures, purge_messages
from impulse_registry.store.people import contacts_at, lock_contacts_at, memberships, people

handlers = Handlers()


@handlers.load(ErasePerson, ObjectToReport)
def load_people(tx: Transaction, messages: Messages) -> None:
    """The people, what they are to actors, whether they were erased, and who asks."""
    wanted = {message.data.person_id for message in messages}
    load(tx, wanted)
    found = {person.email for each in wanted if (person := people.get(tx, each))}
    same = lock_contacts_at(tx, found)
    load(tx, {person.person_id for person in same})
    lock_disclosures_of(tx, wanted | {person.person_id for person in same})
    load_blocked(tx, found | {person.email for person in same})
    read_principals(tx, messages)


@handlers.load(ObjectToReport)
def load_objections(tx: Transaction, messages: Messages) -> None:
    """Whether the addresses are kept away to which the links were sent."""
    load_marks(tx, {message.data.mark for message in messages})


@handlers.load(ErasureAcknowledged, CompleteErasure, ForgetErasure)
def load_erasures(tx: Transaction, messages: Messages) -> None:
    """The erasures."""
    erasures.lock(tx, {message.data.person_id for message in messages})


@handlers.on(ErasePerson)
def erase_person(tx: Transaction, command: ErasePerson) -> Erasure:
    """Erases a person for good: only their id is remembered, and every service is to obey.

    Whom other partners name with the same address, and who is nothing but that, is the same person.
    """
    held = memberships.get(tx, command.person_id)
    demand(principal(tx).may_erase(command.person_id, held.memberships if held else ()))
    if (gone := erasures.get(tx, command.person_id)) is not None:
        return gone
    return _erase_everywhere(tx, people.require(tx, command.person_id), held)


@handlers.on(ObjectToReport)
def object_to_report(tx: Transaction, command: ObjectToReport) -> Erasure | None:
    """Erases whom a partner reported, and who does not want that.

    Whoever was named in their place since is somebody else: then only the address of the one who
    objects is kept away. Which of the two it is, is decided here, where no copy lags.
    """
    demand(principal(tx).is_self(command.person_id))
    person = people.get(tx, command.person_id)
    if person is not None and is_marked(tx, person.email, command.mark):
        return _erase_everywhere(tx, person, memberships.get(tx, person.person_id))
    block_key(tx, command.mark)
    over = ForgetErasure(person_id=command.person_id)
    tx.schedule(over, at=tx.now + rules.KEPT_AWAY, name=command.mark)
    return None


def _erase_everywhere(tx: Transaction, person: Person, held: Memberships | None) -> Erasure:
    erasure = erase(tx, person, held)
    for same in contacts_at(tx, person.email):
        held = memberships.get(tx, same.person_id)
        if held is None or person_rules.is_mere_contact(held):
            erase(tx, same, held)
    return erasure


def erase(tx: Transaction, person: Person, held: Memberships | None) -> Erasure:
    """Takes a person and what they hold away, and has every service do so.

    `load` must have been called for them, and `lock_disclosures_of`. To whom the contact was
    disclosed, the end of that is said.
    """
    for disclosure in disclosures_of(tx, person.person_id):
        end_now(tx, disclosure)
    block(tx, person.email)
    forget(tx, person.person_id)
    purge_messages(tx, person)
    if held is not None:
        tx.publish(MembershipsEnded.of(held.evolve(memberships=(), pending=())))
        tx.delete(topics.MEMBERSHIPS.name, str(person.person_id))
        memberships.remove(tx, person.person_id)
    erasure = erasures.put(
        tx,
        Erasure(
            version=1,
            person_id=person.person_id,
            contact_of=person.contact_of,
            requested_at=tx.now,
        ),
    )
    tx.publish(ErasureRequested.of(erasure))
    tx.schedule(CompleteErasure(person_id=person.person_id), at=tx.now + _bound(tx))
    tx.schedule(ForgetErasure(person_id=person.person_id), at=tx.now + rules.KEPT_AWAY)
    return erasure


@handlers.on(ErasureAcknowledged)
def acknowledged(tx: Transaction, fact: ErasureAcknowledged) -> None:
    """A service has obeyed; the last one may complete the erasure."""
    erasure = erasures.get(tx, fact.person_id)
    obeyed = erasure and rules.acknowledge(erasure, fact.service)
    if obeyed:
        tx.publish(ErasureProgressed.of(erasures.put(tx, obeyed)))
        _complete(tx, obeyed)


@handlers.on(CompleteErasure)
def complete_erasure(tx: Transaction, timer: CompleteErasure) -> None:
    """The log has forgotten the person; if all services have too, that is said."""
    erasure = erasures.get(tx, timer.person_id)
    if erasure is not None:
        _complete(tx, erasure)


@handlers.on(ForgetErasure)
def forget_erasure(tx: Transaction, timer: ForgetErasure) -> None:
    """Keeps a person away no longer: neither their id nor their address."""
    erasure = erasures.get(tx, timer.person_id)
    if erasure is not None and tx.now >= erasure.requested_at + rules.KEPT_AWAY:
        erasures.remove(tx, timer.person_id)
    tx.at_end(forget_blocked)


def _complete(tx: Transaction, erasure: Erasure) -> None:
    completed = rules.complete(erasure, _bound(tx), tx.now)
    if completed:
        tx.publish(ErasureCompleted.of(erasures.put(tx, completed)))


def _bound(tx: Transaction) -> timedelta:
    return timedelta(seconds=tx.settings.erasure_seconds)
