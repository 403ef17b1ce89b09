"""Contact persons of reports, and commands about people."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from impulse_chassis import Handlers, Messages, Refused, Transaction, WaitFor
from impulse_contracts import topics
from impulse_contracts.parts import ReportedContact, Source
from impulse_contracts.purposes import TERMS, Purpose
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.joining import ForgetContact, ForgetPerson
from impulse_contracts.registry.people import (
    AddPerson,
    MembershipGranted,
    MembershipsEnded,
    PersonAdded,
    PersonContactChanged,
)
from impulse_registry.domain import identity
from impulse_registry.domain import people as rules
from impulse_registry.domain.identity import IdentityKey
from impulse_registry.domain.joining import day_of
from impulse_registry.domain.namesakes import may_be_parted
from impulse_registry.domain.people import Memberships, Person
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import (
    actor_key,
    names_in,
    principal,
    read_principals,
    standing_id,
)
from impulse_registry.store.actors import actors
from impulse_registry.store.blocking import is_blocked, load_blocked
from impulse_registry.store.erasures import erasures
from impulse_registry.store.keys import keys
from impulse_registry.store.people import memberships, people

handlers = Handlers()

UNCONFIRMED = timedelta(days=TERMS[Purpose.REPORTED_CONTACT].days)
"""How long a contact is kept after the last report, who did not confirm it."""
LEFT = timedelta(days=TERMS[Purpose.MEMBERSHIP].days)
"""How long it is known of somebody that they are nothing to anybody any more."""
NOT_TAKEN_UP = (
    "Der Kontakt wurde nicht übernommen: Die Person hat ihre Daten löschen lassen.",
    "The contact was not taken up: the person had their data erased.",
)
NOT_CHANGED = (
    "Der Kontakt wurde nicht geändert: Wer dort genannt war, ist inzwischen mehr als das und"
    " meldet sich mit der bisherigen Adresse an.",
    "The contact was not changed: who was named there has become more than that, and signs in"
    " with the address that stands.",
)
SAID_THEMSELVES = (
    "Der Kontakt wurde nicht geändert: Die Person hat ihre Angaben selbst gemacht.",
    "The contact was not changed: the person gave their details themselves.",
)


# ------------------------------------------------------------------------------- contacts


def load_contacts(tx: Transaction, messages: Messages) -> None:
    """Loads the contact persons of reported actors: those named now, and those named before.

    Also those under other names that may have to stand by themselves.
    """
    names = {
        name
        for name, message in zip(names_in(messages), messages, strict=True)
        if message.data.contact or actor_key(tx, *name).contact
    }
    parted = _contacts_of(keys.loaded(tx, may_be_parted))
    load(tx, {rules.contact_id(*name) for name in names} | parted)
    load_blocked(tx, {m.data.contact.email for m in messages if m.data.contact})


def load_contacts_of(tx: Transaction, names: Iterable[IdentityKey]) -> None:
    """Loads the contact persons that partners named under names of actors."""
    load(tx, _contacts_of(names))


def _contacts_of(names: Iterable[IdentityKey]) -> set[UUID]:
    return {
        rules.contact_id(each.record.source.source, each.record.source.external_id)
        for each in names
        if each.contact and each.record and each.record.source
    }


def name_contact(
    tx: Transaction,
    actor: Source,
    actor_id: UUID,
    reported: ReportedContact | None,
    *,
    had_contact: bool,
) -> None:
    """Makes the actor's contact what a report says: somebody, or (reports are whole) nobody.

    `had_contact` says whether the report before this one named one. A contact that was erased is
    not taken up again. Another address does not get what its predecessor has become: who could
    change it could sign in as them.
    """
    if reported is None and not had_contact:
        return
    person_id = rules.contact_id(actor.source, actor.external_id)
    if reported is None:
        _drop_contact(tx, person_id, actor_id)
    elif erasures.get(tx, person_id) is not None or is_blocked(tx, reported.email):
        # Nor does the one stay who was named before.
        _drop_contact(tx, person_id, actor_id)
        tx.note(*NOT_TAKEN_UP)
    else:
        known, held = people.get(tx, person_id), _held(tx, person_id)
        if known and known.email != reported.email and not rules.is_mere_contact(held, actor_id):
            tx.note(*NOT_CHANGED)
            return
        if known and rules.contradicts(known, reported):
            tx.note(*SAID_THEMSELVES)
        if known is None or known.email != reported.email:
            tx.schedule(ForgetContact(person_id=person_id), at=tx.now + UNCONFIRMED)
        _keep(tx, known, rules.contact(known, person_id, actor, reported))
        _grant(tx, rules.name_contact(held, actor_id))


def move_contact(tx: Transaction, person_id: UUID, giver_id: UUID, taker_id: UUID) -> None:
    """Makes the contact of one actor that of another; nobody where they are none."""
    held = memberships.get(tx, person_id)
    if held is None or rules.drop_contact(held, giver_id) is None:
        return
    _grant(tx, rules.name_contact(held, taker_id))
    _drop_contact(tx, person_id, giver_id)


def move_contact_of(tx: Transaction, name: IdentityKey, giver_id: UUID, taker_id: UUID) -> None:
    """As `move_contact`: the one who was named with an actor, if anybody was."""
    for person_id in _contacts_of((name,)):
        move_contact(tx, person_id, giver_id, taker_id)


def _drop_contact(tx: Transaction, person_id: UUID, actor_id: UUID) -> None:
    held = memberships.get(tx, person_id)
    left = held and rules.drop_contact(held, actor_id)
    if not held or not left:
        return
    memberships.put(tx, left)
    fewer = len(left.memberships) < len(held.memberships)
    tx.publish((MembershipsEnded if fewer else MembershipGranted).of(left))
    if not left.is_attached and people.get(tx, person_id) is not None:
        forget(tx, person_id)
        tx.schedule(ForgetPerson(person_id=person_id), at=tx.now + LEFT)


@handlers.load(ForgetContact)
def load_unconfirmed(tx: Transaction, messages: Messages) -> None:
    """The contacts, and when their partners last reported whose they are."""
    load(tx, {message.data.person_id for message in messages})
    reported = people.loaded(tx, lambda each: each.contact_of is not None)
    keys.read(tx, {_reported_as(each) for each in reported})


@handlers.on(ForgetContact)
def forget_contact(tx: Transaction, timer: ForgetContact) -> None:
    """Takes a contact away whom no partner reported for long, and who never confirmed it."""
    person = people.get(tx, timer.person_id)
    if person is None or person.contact_of is None or person.confirmed_at is not None:
        return
    held = _held(tx, timer.person_id)
    name = keys.get(tx, _reported_as(person))
    over = name.reported_at + UNCONFIRMED if name and name.reported_at else tx.now
    if tx.now < over or not rules.is_mere_contact(held):
        tx.schedule(timer, at=over if tx.now < over else tx.now + UNCONFIRMED)
        return
    for membership in held.memberships:
        _drop_contact(tx, timer.person_id, membership.actor_id)


def _reported_as(person: Person) -> str:
    assert person.contact_of is not None
    return identity.actor_key(person.contact_of.source, person.contact_of.external_id)


# ------------------------------------------------------------------------------- commands


@handlers.load(AddPerson)
def load_actors(tx: Transaction, messages: Messages) -> None:
    """The actors to which people are added, held so that none is merged meanwhile."""
    actors.lock(tx, {message.data.actor_id for message in messages})


@handlers.load(AddPerson)
def load_people(tx: Transaction, messages: Messages) -> None:
    """The people, what they are to actors, whether they were erased, and who asks."""
    load(tx, {message.data.person_id for message in messages})
    load_blocked(tx, {message.data.email for message in messages})
    read_principals(tx, messages)


@handlers.on(AddPerson)
def add_person(tx: Transaction, command: AddPerson) -> Person:
    """Adds a person, or corrects them, and makes them a member of the actor."""
    known = people.get(tx, command.person_id)
    held = _held(tx, command.person_id)
    demand(
        principal(tx).may_add(
            command.person_id,
            standing_id(tx, command.actor_id),
            command.roles,
            held.memberships,
            known is not None,
        )
    )
    if erasures.get(tx, command.person_id) is not None:
        raise Refused(Reason.PERSON_ERASED)
    # Only by their own will does somebody come back whose address was erased: by a claim.
    if (known is None or known.email != command.email) and is_blocked(tx, command.email):
        raise Refused(Reason.PERSON_ERASED)
    actor = actors.get(tx, command.actor_id)
    if actor is None:
        raise WaitFor(f"actor/{command.actor_id}", actors.subject)
    actor.require_active()
    person = _keep(tx, known, rules.add(known, command))
    _grant(tx, rules.grant(held, actor.actor_id, command.roles, since=day_of(tx.now)))
    return person


# ------------------------------------------------------------------------------- the parts


def load(tx: Transaction, person_ids: set[UUID]) -> None:
    """The people, what they are to actors, and whether they were erased."""
    people.lock(tx, person_ids)
    memberships.lock(tx, person_ids)
    erasures.lock(tx, person_ids)


def _held(tx: Transaction, person_id: UUID) -> Memberships:
    return memberships.get(tx, person_id) or Memberships(person_id=person_id)


def _keep(tx: Transaction, known: Person | None, changed: Person | None) -> Person:
    if changed is None:
        assert known is not None
        return known
    people.put(tx, changed)
    tx.publish((PersonContactChanged if known else PersonAdded).of(changed))
    return changed


def _grant(tx: Transaction, granted: Memberships | None) -> None:
    if granted is not None:
        memberships.put(tx, granted)
        tx.publish(MembershipGranted.of(granted))


def forget(tx: Transaction, person_id: UUID) -> None:
    """Takes a person away, here and with a tombstone everywhere."""
    people.remove(tx, person_id)
    tx.delete(topics.PEOPLE.name, str(person_id))
