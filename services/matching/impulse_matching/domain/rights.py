"""Who may answer for a side of a proposal."""

from collections.abc import Collection
from uuid import UUID

from impulse_contracts.codes import PersonRole
from impulse_contracts.registry import Membership

ANSWERING = frozenset(
    {
        PersonRole.CONTACT,
        PersonRole.DECISION,
        PersonRole.COORDINATOR,
        PersonRole.SIGNATORY,
        PersonRole.EDITOR,
        PersonRole.ADMIN,
    }
)
"""What one must be to an organisation to answer for it."""

BROKERING = frozenset({PersonRole.BROKER, PersonRole.OPERATOR})
"""Who answers on behalf of any side, wherever they hold the role."""


def may_answer(memberships: Collection[Membership], actor_id: UUID) -> bool:
    """Whether a person with these memberships may answer for the actor."""
    return any(
        BROKERING.intersection(membership.roles)
        or (membership.actor_id == actor_id and ANSWERING.intersection(membership.roles))
        for membership in memberships
    )
