"""Commands on people, and facts about them and what they are to actors."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from impulse_contracts import topics
from impulse_contracts.codes import IntakeChannel, Language, PendingKind, PersonRole
from impulse_contracts.message import Command, Fact, Part
from impulse_contracts.parts import Source
from impulse_contracts.purposes import Purpose
from impulse_contracts.types import Day, EmailAddress, Moment, Name, Open, OptionalName

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


class ChangeDetails(
    Command,
    ce_type="impulse.registry.change_details.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A person corrects their name, telephone number or language."""

    person_id: UUID
    name: Name
    phone: OptionalName | None = None
    language: Language = Language.DE


class ErasePerson(
    Command,
    ce_type="impulse.registry.erase_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Erase all data on a person."""

    person_id: UUID


class ObjectToReport(
    Command,
    ce_type="impulse.registry.object_to_report.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Somebody objects to what a partner reported of them, by the link that was sent to them.

    Erases them while they are the person with this id. If somebody else was named in their place
    since, or nobody, their address is kept away and nothing else is touched.
    """

    person_id: UUID
    mark: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    """What the address to which the link was sent is known by; it does not tell the address."""


# --------------------------------------------------------------------------------- facts


class Consent(Part):
    """What a person agreed to, by which text, how, and whether they withdrew it."""

    purpose: Open[Purpose]
    text_version: str
    given_at: Moment
    channel: Open[IntakeChannel]
    withdrawn_at: Moment | None = None

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None


class PersonState(Fact, topic=topics.PEOPLE, key="person_id"):
    """A person: contact details and language. Personal data: travels on no other topic."""

    person_id: UUID
    name: str
    email: str
    phone: str | None = None
    language: Open[Language] = Language.DE
    consents: tuple[Consent, ...] = ()
    contact_of: Source | None = None
    """Where a partner reported them: its system, and the actor whose contact it names them."""
    confirmed_at: Moment | None = None
    """When they last said name, telephone number and language themselves; what others say of these
    does not count since then."""


class PersonAdded(PersonState, ce_type="impulse.registry.person.added.v1"):
    """A person is known for the first time."""


class PersonContactChanged(PersonState, ce_type="impulse.registry.person.contact_changed.v1"):
    """A person's contact details or language changed."""


class PersonConsentGiven(PersonState, ce_type="impulse.registry.person.consent_given.v1"):
    """A person agreed to a purpose."""


class PersonConsentWithdrawn(PersonState, ce_type="impulse.registry.person.consent_withdrawn.v1"):
    """A person withdrew their consent to a purpose."""


class Membership(Part):
    """What a person is to an actor: functions and rights, since when, and until when if limited."""

    actor_id: UUID
    roles: tuple[Open[PersonRole], ...] = ()
    valid_from: Day | None = None
    valid_to: Day | None = None


class PendingMembership(Part):
    """What a person may become to an actor: they asked for it, or were invited, until `until`."""

    actor_id: UUID
    kind: Open[PendingKind]
    roles: tuple[Open[PersonRole], ...] = ()
    since: Moment
    until: Moment
    valid_to: Day | None = None
    listing_id: UUID | None = None
    """The listing for which somebody who claims the actor would like to ask with it."""


class MembershipsState(Fact, topic=topics.MEMBERSHIPS, key="person_id"):
    """Everything that a person is to actors; ids only, no name."""

    person_id: UUID
    memberships: tuple[Membership, ...] = ()
    pending: tuple[PendingMembership, ...] = ()


class MembershipGranted(MembershipsState, ce_type="impulse.registry.membership.granted.v1"):
    """A person's memberships changed: one was added or its roles are others now."""


class MembershipsEnded(MembershipsState, ce_type="impulse.registry.membership.ended.v1"):
    """A person has fewer memberships than before, or none."""


class MembershipStep(MembershipsState):
    """A step of a person towards an actor, `about`, or into an office of it."""

    about: UUID


class MembershipClaimed(MembershipStep, ce_type="impulse.registry.membership.claimed.v1"):
    """A person says that the actor is theirs; somebody has to confirm it."""


class ClaimConfirmed(MembershipStep, ce_type="impulse.registry.membership.claim_confirmed.v1"):
    """A claim was confirmed: the person is a member now."""

    listing_id: UUID | None = None
    """The listing for which they wanted to ask with the actor."""


class ClaimRefused(MembershipStep, ce_type="impulse.registry.membership.claim_refused.v1"):
    """A claim was refused."""


class ClaimExpired(MembershipStep, ce_type="impulse.registry.membership.claim_expired.v1"):
    """Nobody answered a claim in time."""


class MembershipInvited(MembershipStep, ce_type="impulse.registry.membership.invited.v1"):
    """A person is invited to act for the actor; they have to accept it."""


class InvitationEnded(MembershipStep, ce_type="impulse.registry.membership.invitation_ended.v1"):
    """An invitation was declined, taken back, or not answered in time."""


class OfficeTakenOver(MembershipStep, ce_type="impulse.registry.membership.taken_over.v1"):
    """A person took over the functions and rights of somebody who left."""
