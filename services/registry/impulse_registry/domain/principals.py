"""Who asks for something, and what they may."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_contracts.codes import PersonRole
from impulse_contracts.reasons import Reason
from impulse_contracts.registry import Membership

STAFF = frozenset({PersonRole.BROKER, PersonRole.OPERATOR})
SYSTEM = "system"
"""The `ce_principal` of the CLI and of trusted services (contract 4)."""


@dataclass(frozen=True, slots=True)
class Principal:
    """The system, or a person with what they are to actors; nobody, if neither is said."""

    is_system: bool = False
    person_id: UUID | None = None
    memberships: tuple[Membership, ...] = ()

    @property
    def is_operator(self) -> bool:
        """Whether they run Impulse."""
        return self.is_system or PersonRole.OPERATOR in roles_in(self.memberships)

    @property
    def is_staff(self) -> bool:
        """Whether they may act for everybody: broker, operator or system."""
        return self.is_system or bool(STAFF & roles_in(self.memberships))

    def may_act_for(self, actor_id: UUID) -> bool:
        """Whether they belong to the actor, or may act for everybody."""
        return self.is_staff or any(each.actor_id == actor_id for each in self.memberships)

    def may_add(
        self,
        person_id: UUID,
        actor_id: UUID,
        roles: Iterable[PersonRole],
        held: tuple[Membership, ...],
        known: bool,
    ) -> bool:
        """Whether they may add or correct a person, `known` before or not, who holds `held`.

        Brokers and operators are made and corrected by operators only, and members correct
        nobody but themselves: who could change another's address could sign in as them.
        """
        if self.is_operator:
            return True
        has = roles_in(held)
        if STAFF & set(roles) - has:
            return False
        if self.person_id == person_id:
            return self.may_act_for(actor_id)
        if STAFF & has:
            return False
        return self.is_staff or (not known and self.may_act_for(actor_id))

    def may_erase(self, person_id: UUID, held: tuple[Membership, ...]) -> bool:
        """Whether they may have a person erased who holds `held`; everybody may themselves."""
        if self.is_operator or self.person_id == person_id:
            return True
        return self.is_staff and not STAFF & roles_in(held)


def roles_in(memberships: Iterable[Membership]) -> set[object]:
    """All roles in memberships."""
    return {role for membership in memberships for role in membership.roles}


def demand(allowed: bool) -> None:
    """Refuses with `not_allowed` unless `allowed`."""
    if not allowed:
        raise Refused(Reason.NOT_ALLOWED)
