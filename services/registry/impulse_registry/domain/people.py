"""People: contact details, what they are to actors, and that the erased stay erased."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.parts import ReportedContact, Source
from impulse_contracts.registry.people import AddPerson, Membership


class Person(Aggregate, key="person_id"):
    """A person's contact details; `contact_of` is the actor whose report named them, if one did."""

    person_id: UUID
    name: str
    email: str
    phone: str | None = None
    language: Language = Language.DE
    contact_of: Source | None = None


class Memberships(Aggregate, key="person_id"):
    """Everything that a person is to actors."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()

    def roles_at(self, actor_id: UUID) -> tuple[PersonRole, ...] | None:
        """The person's roles at an actor; None where they are no member."""
        for membership in self.memberships:
            if membership.actor_id == actor_id:
                return membership.roles
        return None


class ErasedPerson(Aggregate, key="person_id"):
    """That a person was erased: ids only. No later contact block or command brings them back.

    `contact_of` says which partner's contact it was.
    """

    person_id: UUID
    contact_of: Source | None = None
    erased_at: datetime


def contact_id(source: str, external_id: str) -> UUID:
    """The id of the person whom a partner, `source`, names as contact of an actor."""
    return stable_uuid("contact", source, external_id)


def contact(
    person: Person | None, person_id: UUID, actor: Source, reported: ReportedContact
) -> Person | None:
    """The contact that a partner names for its `actor`; None if that stands already."""
    details = _details(reported)
    if person is None:
        return Person(version=1, person_id=person_id, contact_of=actor, **details)
    return _changed(person, details)


def add(person: Person | None, command: AddPerson) -> Person | None:
    """The person added, or corrected if known; None if that stands already."""
    details = _details(command)
    if person is None:
        return Person(version=1, person_id=command.person_id, **details)
    return _changed(person, details)


def _details(said: ReportedContact | AddPerson) -> dict[str, Any]:
    return {
        "name": said.name.strip(),
        "email": said.email,
        "phone": (said.phone or "").strip() or None,
        "language": said.language,
    }


def _changed(person: Person, details: dict[str, Any]) -> Person | None:
    if all(getattr(person, name) == value for name, value in details.items()):
        return None
    return person.evolve(**details)


def grant(held: Memberships, actor_id: UUID, roles: Iterable[PersonRole]) -> Memberships | None:
    """The memberships with these roles at an actor, in place of others; None if they stand."""
    wanted = tuple(dict.fromkeys(roles))
    if held.roles_at(actor_id) == wanted:
        return None
    others = tuple(each for each in held.memberships if each.actor_id != actor_id)
    return held.evolve(memberships=(*others, Membership(actor_id=actor_id, roles=wanted)))


def name_contact(held: Memberships, actor_id: UUID) -> Memberships | None:
    """The memberships with the role of a contact at an actor; None if it stands."""
    roles = held.roles_at(actor_id) or ()
    return grant(held, actor_id, (*roles, PersonRole.CONTACT))


def drop_contact(held: Memberships, actor_id: UUID) -> Memberships | None:
    """The memberships without the role of a contact at an actor; None if it was not held.

    A membership that this leaves without a role is over.
    """
    roles = held.roles_at(actor_id) or ()
    if PersonRole.CONTACT not in roles:
        return None
    left = tuple(role for role in roles if role is not PersonRole.CONTACT)
    others = tuple(each for each in held.memberships if each.actor_id != actor_id)
    kept = (Membership(actor_id=actor_id, roles=left),) if left else ()
    return held.evolve(memberships=(*others, *kept))
