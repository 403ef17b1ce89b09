"""Commands on people, and facts about them and what they are to actors."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.message import Command, Fact, Part
from impulse_contracts.types import EmailAddress, Name, Open, OptionalName

# ------------------------------------------------------------------------------ commands


class AddPerson(
    Command,
    ce_type="impulse.registry.add_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Add a person and what they are to an actor; repeated for a person it adds and corrects."""

    person_id: UUID
    actor_id: UUID
    name: Name
    email: EmailAddress
    phone: OptionalName | None = None
    language: Language = Language.DE
    roles: tuple[PersonRole, ...] = ()


class ErasePerson(
    Command,
    ce_type="impulse.registry.erase_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Erase all data on a person."""

    person_id: UUID


# --------------------------------------------------------------------------------- facts


class PersonState(Fact, topic=topics.PEOPLE, key="person_id"):
    """A person: contact details and language. Personal data: travels on no other topic."""

    person_id: UUID
    name: str
    email: str
    phone: str | None = None
    language: Open[Language] = Language.DE


class PersonAdded(PersonState, ce_type="impulse.registry.person.added.v1"):
    """A person is known for the first time."""


class PersonContactChanged(PersonState, ce_type="impulse.registry.person.contact_changed.v1"):
    """A person's contact details or language changed."""


class Membership(Part):
    """What a person is to an actor."""

    actor_id: UUID
    roles: tuple[Open[PersonRole], ...] = ()


class MembershipsState(Fact, topic=topics.MEMBERSHIPS, key="person_id"):
    """Everything that a person is to actors; ids only, no name."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()


class MembershipGranted(MembershipsState, ce_type="impulse.registry.membership.granted.v1"):
    """A person's memberships changed: one was added or its roles are others now."""


class MembershipsEnded(MembershipsState, ce_type="impulse.registry.membership.ended.v1"):
    """A person has fewer memberships than before, or none."""
