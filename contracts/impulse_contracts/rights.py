"""What a person may do, decided on what they are to actors: the one rule of all services.

The registry is the authority on memberships and publishes them; every service decides on what it
has heard of them, and all decide alike.
"""

from collections.abc import Sequence
from uuid import UUID

from impulse_contracts.codes import PersonRole
from impulse_contracts.registry.people import Membership

STAFF = frozenset({PersonRole.BROKER, PersonRole.OPERATOR})
"""Who acts for every actor, wherever they hold the role."""
LOOK_ONLY = frozenset({PersonRole.VIEWER, PersonRole.VOLUNTEER})
"""Roles that alone let nobody act for an actor, and make nobody one who is told."""
FUNCTIONS = frozenset(
    {
        PersonRole.CONTACT,
        PersonRole.DECISION,
        PersonRole.COORDINATOR,
        PersonRole.VOLUNTEER,
        PersonRole.SIGNATORY,
    }
)
"""What somebody does in an organisation."""
RIGHTS = frozenset({PersonRole.VIEWER, PersonRole.EDITOR, PersonRole.ADMIN})
"""What somebody may do here for an organisation; without one stated, the function decides."""
_MANAGING = frozenset(PersonRole) - STAFF - LOOK_ONLY
# A plain member looks after what the actor says of itself, but binds it to nothing.
_ANSWERING = _MANAGING - {PersonRole.MEMBER}


def roles_in(memberships: Sequence[Membership]) -> frozenset[str]:
    """All roles in memberships, wherever they are held; `unknown` for those that came later."""
    return frozenset(role for membership in memberships for role in membership.roles)


def is_staff(memberships: Sequence[Membership]) -> bool:
    """Whether somebody is a broker or an operator."""
    return not STAFF.isdisjoint(roles_in(memberships))


def is_operator(memberships: Sequence[Membership]) -> bool:
    """Whether somebody runs Impulse."""
    return PersonRole.OPERATOR in roles_in(memberships)


def belongs_to(memberships: Sequence[Membership], actor_id: UUID) -> bool:
    """Whether somebody is anything to the actor: they see what only its own people see."""
    return any(membership.actor_id == actor_id for membership in memberships)


def may_manage(memberships: Sequence[Membership], actor_id: UUID) -> bool:
    """Whether somebody may change the actor and its listings, and confirm who belongs to it.

    Staff may, and all its own people but those who only look on or help, or have no stated role.
    """
    return is_staff(memberships) or _holds(memberships, actor_id, _MANAGING)


def may_manage_people(memberships: Sequence[Membership], actor_id: UUID) -> bool:
    """Whether somebody may invite people to the actor, change their roles, and take them off.

    Staff and its administrators may.
    """
    return is_staff(memberships) or is_admin(memberships, actor_id)


def is_admin(memberships: Sequence[Membership], actor_id: UUID) -> bool:
    """Whether somebody administers the actor."""
    return _holds(memberships, actor_id, frozenset({PersonRole.ADMIN}))


def may_answer(memberships: Sequence[Membership], actor_id: UUID) -> bool:
    """Whether somebody may accept or decline a proposal for the actor.

    As `may_manage`, but a plain member may not: the answer binds the actor.
    """
    return is_staff(memberships) or _holds(memberships, actor_id, _ANSWERING)


def is_told(memberships: Sequence[Membership], actor_id: UUID) -> bool:
    """Whether somebody is told what happens to the actor.

    All its own people are but those who only look on or help. One without a stated role is: they
    count as a plain contact.
    """
    return any(
        not membership.roles or not LOOK_ONLY.issuperset(membership.roles)
        for membership in memberships
        if membership.actor_id == actor_id
    )


def _holds(memberships: Sequence[Membership], actor_id: UUID, roles: frozenset[PersonRole]) -> bool:
    return any(
        not roles.isdisjoint(membership.roles)
        for membership in memberships
        if membership.actor_id == actor_id
    )
