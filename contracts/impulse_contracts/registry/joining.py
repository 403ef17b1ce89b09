"""Commands on what people are to actors: claiming, inviting, leaving, handing over."""

from uuid import UUID

from impulse_contracts import topics
from impulse_contracts.codes import Language, PersonRole
from impulse_contracts.message import Command, Timer
from impulse_contracts.types import Day, EmailAddress, Name


class IntroducePerson(
    Command,
    ce_type="impulse.registry.introduce_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A visitor says who they are, to be sent a link; forgotten unless they become something."""

    person_id: UUID
    name: Name
    email: EmailAddress
    language: Language = Language.DE


class ClaimActor(
    Command,
    ce_type="impulse.registry.claim_actor.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A person says that an actor is theirs; a known contact or a broker decides."""

    person_id: UUID
    actor_id: UUID
    listing_id: UUID | None = None
    """The listing for which they would like to ask with it, where that is why."""


class ConfirmClaim(
    Command,
    ce_type="impulse.registry.confirm_claim.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Confirm a person's claim. The first member of an actor becomes its administrator."""

    person_id: UUID
    actor_id: UUID


class RefuseClaim(
    Command,
    ce_type="impulse.registry.refuse_claim.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Refuse a person's claim."""

    person_id: UUID
    actor_id: UUID


class InvitePerson(
    Command,
    ce_type="impulse.registry.invite_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Invite a person to act for an actor. Name and address count for one not known before."""

    person_id: UUID
    actor_id: UUID
    name: Name
    email: EmailAddress
    language: Language = Language.DE
    roles: tuple[PersonRole, ...] = ()
    valid_to: Day | None = None


class AcceptInvitation(
    Command,
    ce_type="impulse.registry.accept_invitation.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """The invited person accepts, and is a member."""

    person_id: UUID
    actor_id: UUID


class DeclineInvitation(
    Command,
    ce_type="impulse.registry.decline_invitation.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """The invited person declines, or those who invited take it back."""

    person_id: UUID
    actor_id: UUID


class ChangeRoles(
    Command,
    ce_type="impulse.registry.change_roles.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Give a member of an actor these functions and rights in place of others."""

    person_id: UUID
    actor_id: UUID
    roles: tuple[PersonRole, ...]
    valid_to: Day | None = None


class LeaveActor(
    Command,
    ce_type="impulse.registry.leave_actor.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """End a person's membership of an actor: they leave, or are taken off."""

    person_id: UUID
    actor_id: UUID


class HandOverOffice(
    Command,
    ce_type="impulse.registry.hand_over_office.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A person leaves an actor; a member of it takes over their functions and rights at once."""

    person_id: UUID
    actor_id: UUID
    successor_id: UUID


class EndPending(
    Timer,
    ce_type="impulse.registry.end_pending.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A claim or an invitation has waited long enough."""

    person_id: UUID
    actor_id: UUID


class EndMembership(
    Timer,
    ce_type="impulse.registry.end_membership.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """A membership that was limited in time is over."""

    person_id: UUID
    actor_id: UUID


class ForgetPerson(
    Timer,
    ce_type="impulse.registry.forget_person.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Somebody who is nothing to any actor was kept long enough."""

    person_id: UUID


class ForgetContact(
    Timer,
    ce_type="impulse.registry.forget_contact.v1",
    topic=topics.PEOPLE_COMMANDS,
    key="person_id",
):
    """Somebody whom a partner reported was kept long enough without having confirmed it."""

    person_id: UUID
