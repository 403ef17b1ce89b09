"""People: contact details, and what they are to actors."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from impulse_chassis.aggregate import Aggregate
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.addresses import normal
from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.parts import ReportedContact, Source
from impulse_contracts.registry.joining import IntroducePerson, InvitePerson
from impulse_contracts.registry.people import (
    AddPerson,
    ChangeDetails,
    Consent,
    Membership,
    PendingMembership,
)


class Person(Aggregate, key="person_id"):
    """A person's contact details; `contact_of` is the actor whose report named them, if one did.

    `confirmed_at` is when they last said these details themselves.
    """

    person_id: UUID
    name: str
    email: str
    phone: str | None = None
    language: Language = Language.DE
    consents: tuple[Consent, ...] = ()
    contact_of: Source | None = None
    confirmed_at: datetime | None = None

    @property
    def reported_address(self) -> str | None:
        """The address by which partners' contacts are one person, in its one spelling; None for
        whom no partner named."""
        return normal(self.email) if self.contact_of else None


class Memberships(Aggregate, key="person_id"):
    """Everything that a person is to actors, and what they may become: claims and invitations."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()
    pending: tuple[PendingMembership, ...] = ()

    @property
    def is_attached(self) -> bool:
        """Whether they are something to an actor, or may become it."""
        return bool(self.memberships or self.pending)

    def at(self, actor_id: UUID) -> Membership | None:
        """What the person is to an actor; None where they are no member."""
        return next((each for each in self.memberships if each.actor_id == actor_id), None)

    def roles_at(self, actor_id: UUID) -> tuple[PersonRole, ...] | None:
        """The person's roles at an actor; None where they are no member."""
        membership = self.at(actor_id)
        return membership.roles if membership else None

    def pending_at(self, actor_id: UUID) -> PendingMembership | None:
        """What the person may become to an actor; None where nothing is pending."""
        return next((each for each in self.pending if each.actor_id == actor_id), None)


def contact_id(source: str, external_id: str) -> UUID:
    """The id of the person whom a partner, `source`, names as contact of an actor."""
    return stable_uuid("contact", source, external_id)


def contact(
    person: Person | None, person_id: UUID, actor: Source, reported: ReportedContact
) -> Person | None:
    """The contact that a partner names for its `actor`; None if that stands already.

    What people said of themselves stands over what a partner says of them. Whoever has another
    address is somebody else, who said and agreed to nothing yet.
    """
    details = _details(reported)
    if person is None:
        return Person(version=1, person_id=person_id, contact_of=actor, **details)
    if person.email != reported.email:
        details |= {"consents": (), "confirmed_at": None}
    elif person.confirmed_at is not None:
        return None
    return _changed(person, details)


def contradicts(person: Person, reported: ReportedContact) -> bool:
    """Whether a partner says something else of a person than they do themselves."""
    themselves = person.confirmed_at is not None and person.email == reported.email
    return themselves and _changed(person, _details(reported)) is not None


def add(person: Person | None, command: AddPerson) -> Person | None:
    """The person added, or corrected if known; None if that stands already."""
    details = _details(command)
    if person is None:
        return Person(version=1, person_id=command.person_id, **details)
    return _changed(person, details)


def introduce(said: IntroducePerson | InvitePerson) -> Person:
    """A person whom nobody knew, as they or others say who they are."""
    return Person(
        version=1,
        person_id=said.person_id,
        name=said.name.strip(),
        email=said.email,
        language=said.language,
    )


def change(person: Person, command: ChangeDetails, now: datetime) -> Person | None:
    """The person with the details that they say themselves, but the address with which they sign
    in; None if they said just that before."""
    said = _own_details(command)
    if person.confirmed_at is not None and _changed(person, said) is None:
        return None
    return person.evolve(**said, confirmed_at=now)


def _own_details(said: ReportedContact | AddPerson | ChangeDetails) -> dict[str, Any]:
    return {
        "name": said.name.strip(),
        "phone": (said.phone or "").strip() or None,
        "language": said.language,
    }


def _details(said: ReportedContact | AddPerson) -> dict[str, Any]:
    return {**_own_details(said), "email": said.email}


def _changed(person: Person, details: dict[str, Any]) -> Person | None:
    if all(getattr(person, name) == value for name, value in details.items()):
        return None
    return person.evolve(**details)


def grant(
    held: Memberships,
    actor_id: UUID,
    roles: Iterable[PersonRole],
    *,
    since: date | None = None,
    until: date | None = None,
) -> Memberships | None:
    """The memberships with these roles at an actor, in place of others; None if they stand.

    `since` is the first day of a membership that is new. Whoever is a member has nothing pending.
    """
    known = held.at(actor_id)
    wanted = Membership(
        actor_id=actor_id,
        roles=tuple(dict.fromkeys(roles)),
        valid_from=known.valid_from if known else since,
        valid_to=until,
    )
    if known == wanted:
        return None
    others = tuple(each for each in held.memberships if each.actor_id != actor_id)
    pending = tuple(each for each in held.pending if each.actor_id != actor_id)
    return held.evolve(memberships=(*others, wanted), pending=pending)


def name_contact(held: Memberships, actor_id: UUID) -> Memberships | None:
    """The memberships with the role of a contact at an actor; None if it stands."""
    known = held.at(actor_id)
    roles = known.roles if known else ()
    until = known.valid_to if known else None
    return grant(held, actor_id, (*roles, PersonRole.CONTACT), until=until)


def is_mere_contact(held: Memberships, actor_id: UUID | None = None) -> bool:
    """Whether a person is no more than a contact, of that actor or any, nor is to become it."""
    return not held.pending and all(
        each.actor_id == (actor_id or each.actor_id) and set(each.roles) <= {PersonRole.CONTACT}
        for each in held.memberships
    )


def drop_contact(held: Memberships, actor_id: UUID) -> Memberships | None:
    """The memberships without the role of a contact at an actor; None if it was not held.

    A membership that this leaves without a role is over.
    """
    known = held.at(actor_id)
    if known is None or PersonRole.CONTACT not in known.roles:
        return None
    left = tuple(role for role in known.roles if role is not PersonRole.CONTACT)
    others = tuple(each for each in held.memberships if each.actor_id != actor_id)
    kept = (known.model_copy(update={"roles": left}),) if left else ()
    return held.evolve(memberships=(*others, *kept))
