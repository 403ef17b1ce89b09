"""Who asks for something, and what they may; on actors `impulse_contracts.rights` decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from impulse_chassis.aggregate import Refused
from impulse_contracts import rights
from impulse_contracts.codes import PersonRole
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.people import Membership


@dataclass(frozen=True, slots=True)
class Principal:
    """The system, or a person with what they are to actors; nobody, if neither is said."""

    is_system: bool = False
    person_id: UUID | None = None
    memberships: tuple[Membership, ...] = ()

    @property
    def is_operator(self) -> bool:
        """Whether they run Impulse."""
        return self.is_system or rights.is_operator(self.memberships)

    @property
    def is_staff(self) -> bool:
        """Whether they may act for everybody: broker, operator or system."""
        return self.is_system or rights.is_staff(self.memberships)

    @property
    def broker_at(self) -> UUID | None:
        """The intermediary for which they broker; of several the first."""
        held = (each for each in self.memberships if PersonRole.BROKER in each.roles)
        return next((membership.actor_id for membership in held), None)

    def speaks_for(self, actor_id: UUID) -> bool:
        """Whether they are the actor's own people, and not only staff who act for everybody."""
        own = tuple(each for each in self.memberships if each.actor_id == actor_id)
        return rights.may_manage(own, actor_id)

    def may_manage(self, actor_id: UUID) -> bool:
        """Whether they may change the actor and its listings."""
        return self.is_system or rights.may_manage(self.memberships, actor_id)

    def may_manage_people(self, actor_id: UUID) -> bool:
        """Whether they may invite people to the actor, change their roles, and take them off."""
        return self.is_system or rights.may_manage_people(self.memberships, actor_id)

    def is_self(self, person_id: UUID) -> bool:
        """Whether it is the person themselves; the system stands for everybody."""
        return self.is_system or self.person_id == person_id

    def is_self_or_staff(self, person_id: UUID) -> bool:
        """Whether it is the person themselves, or somebody who may act for everybody."""
        return self.person_id == person_id or self.is_staff

    def may_decide_claim(self, person_id: UUID, actor_id: UUID) -> bool:
        """Whether they may decide on a person's claim: brokers and those whom the actor knows.

        Nobody decides on their own.
        """
        return self.person_id != person_id and self.may_manage(actor_id)

    def may_give(
        self, roles: Iterable[PersonRole], actor_id: UUID, held: tuple[Membership, ...] = ()
    ) -> bool:
        """Whether they may give roles at an actor to one who holds `held`, in place of theirs.

        Brokers and operators are made, and unmade, by operators only.
        """
        if rights.STAFF & (set(roles) | rights.roles_in(held)):
            return self.is_operator
        return self.may_manage_people(actor_id)

    def may_end(self, person_id: UUID, actor_id: UUID, held: tuple[Membership, ...]) -> bool:
        """Whether they may end a membership: one's own, or as `may_give` says."""
        return self.person_id == person_id or self.may_give((), actor_id, held)

    def may_add(
        self,
        person_id: UUID,
        actor_id: UUID,
        roles: Iterable[PersonRole],
        held: tuple[Membership, ...],
        known: bool,
    ) -> bool:
        """Whether they may add or correct a person, `known` before or not, who holds `held`.

        Brokers and operators are made and corrected by operators only. Who administers the actor
        adds people to it, but corrects nobody else: who could change another's address could sign
        in as them. Everybody corrects themselves, and gives themselves no role by that.
        """
        if self.is_operator:
            return True
        has = rights.roles_in(held)
        if rights.STAFF & set(roles) - has:
            return False
        if self.person_id == person_id:
            return self.may_manage_people(actor_id) or _keeps(held, actor_id, roles)
        if rights.STAFF & has:
            return False
        return self.is_staff or (not known and self.may_manage_people(actor_id))

    def may_erase(self, person_id: UUID, held: tuple[Membership, ...]) -> bool:
        """Whether they may have a person erased who holds `held`; everybody may themselves."""
        if self.is_operator or self.person_id == person_id:
            return True
        return self.is_staff and not rights.is_staff(held)


def _keeps(held: tuple[Membership, ...], actor_id: UUID, roles: Iterable[PersonRole]) -> bool:
    """Whether these roles at the actor are no more than those held there."""
    return any(
        set(roles).issubset(membership.roles)
        for membership in held
        if membership.actor_id == actor_id
    )


def demand(allowed: bool) -> None:
    """Refuses with `not_allowed` unless `allowed`."""
    if not allowed:
        raise Refused(Reason.NOT_ALLOWED)
