"""Contact persons of reports, and commands about people."""

from uuid import UUID

from impulse_chassis import Aggregate, Handlers, Messages, Refused, Transaction, WaitFor
from impulse_contracts import topics
from impulse_contracts.parts import ReportedContact, Source
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import (
    AddPerson,
    ErasePerson,
    MembershipGranted,
    MembershipsEnded,
    PersonAdded,
    PersonContactChanged,
)
from impulse_registry.domain import people as rules
from impulse_registry.domain.joining import day_of
from impulse_registry.domain.people import ErasedPerson, Memberships, Person
from impulse_registry.domain.principals import demand
from impulse_registry.handlers.common import (
    actor_key,
    names_in,
    principal,
    read_principals,
)
from impulse_registry.store.actors import actors
from impulse_registry.store.people import erased, memberships, people

handlers = Handlers()


# ------------------------------------------------------------------------------- contacts


def load_contacts(tx: Transaction, messages: Messages) -> None:
    """Loads the contact persons of reported actors: those named now, and those named before."""
    names = {
        name
        for name, message in zip(names_in(messages), messages, strict=True)
        if message.data.contact or actor_key(tx, *name).contact
    }
    _load(tx, {rules.contact_id(*name) for name in names})


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
    not taken up again.
    """
    if reported is None and not had_contact:
        return
    person_id = rules.contact_id(actor.source, actor.external_id)
    if reported is None:
        _drop_contact(tx, person_id, actor_id)
    elif erased.get(tx, person_id) is None:
        known = people.get(tx, person_id)
        _keep(tx, known, rules.contact(known, person_id, actor, reported))
        _grant(tx, rules.name_contact(_held(tx, person_id), actor_id))


def _drop_contact(tx: Transaction, person_id: UUID, actor_id: UUID) -> None:
    held = memberships.get(tx, person_id)
    left = held and rules.drop_contact(held, actor_id)
    if not held or not left:
        return
    memberships.put(tx, left)
    fewer = len(left.memberships) < len(held.memberships)
    tx.publish((MembershipsEnded if fewer else MembershipGranted).of(left))
    if not left.is_attached and people.get(tx, person_id) is not None:
        _forget(tx, person_id)


# ------------------------------------------------------------------------------- commands


@handlers.load(AddPerson)
def load_actors(tx: Transaction, messages: Messages) -> None:
    """The actors to which people are added."""
    actors.read(tx, {message.data.actor_id for message in messages})


@handlers.load(AddPerson, ErasePerson)
def load_people(tx: Transaction, messages: Messages) -> None:
    """The people, what they are to actors, whether they were erased, and who asks."""
    _load(tx, {message.data.person_id for message in messages})
    read_principals(tx, messages)


@handlers.on(AddPerson)
def add_person(tx: Transaction, command: AddPerson) -> Person:
    """Adds a person, or corrects them, and makes them a member of the actor."""
    known = people.get(tx, command.person_id)
    held = _held(tx, command.person_id)
    demand(
        principal(tx).may_add(
            command.person_id,
            command.actor_id,
            command.roles,
            held.memberships,
            known is not None,
        )
    )
    if erased.get(tx, command.person_id) is not None:
        raise Refused(Reason.PERSON_ERASED)
    actor = actors.get(tx, command.actor_id)
    if actor is None:
        raise WaitFor(f"actor/{command.actor_id}", actors.subject)
    actor.require_active()
    person = _keep(tx, known, rules.add(known, command))
    _grant(tx, rules.grant(held, actor.actor_id, command.roles, since=day_of(tx.now)))
    return person


@handlers.on(ErasePerson)
def erase_person(tx: Transaction, command: ErasePerson) -> Aggregate:
    """Erases a person for good: a tombstone, no memberships, and only their id is remembered."""
    held = memberships.get(tx, command.person_id)
    demand(principal(tx).may_erase(command.person_id, held.memberships if held else ()))
    if (gone := erased.get(tx, command.person_id)) is not None:
        return gone
    person = people.require(tx, command.person_id)
    _forget(tx, command.person_id)
    if held is not None:
        tx.publish(MembershipsEnded.of(held.evolve(memberships=(), pending=())))
        memberships.remove(tx, command.person_id)
    return erased.put(
        tx,
        ErasedPerson(
            version=1,
            person_id=command.person_id,
            contact_of=person.contact_of,
            erased_at=tx.now,
        ),
    )


# ------------------------------------------------------------------------------- the parts


def _load(tx: Transaction, person_ids: set[UUID]) -> None:
    people.lock(tx, person_ids)
    memberships.lock(tx, person_ids)
    erased.read(tx, person_ids)


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


def _forget(tx: Transaction, person_id: UUID) -> None:
    people.remove(tx, person_id)
    tx.delete(topics.PEOPLE.name, str(person_id))
