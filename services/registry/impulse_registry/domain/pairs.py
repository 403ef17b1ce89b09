"""Two actors that may be one organisation, and what was decided about them."""

from datetime import datetime
from typing import Self
from uuid import UUID

from impulse_chassis.aggregate import Aggregate, Refused
from impulse_chassis.envelope import stable_uuid
from impulse_contracts.codes import (
    ActorStatus,
    ActorType,
    LegalForm,
    PairState,
    SuccessionKind,
)
from impulse_contracts.message import Part
from impulse_contracts.reasons import Reason
from impulse_contracts.registry.duplicates import Comparison
from impulse_contracts.registry.people import Membership, PendingMembership
from impulse_registry.domain import likeness, registers
from impulse_registry.domain.actors import Actor
from impulse_registry.domain.likeness import Traits

PERSONAL_TYPES = frozenset({ActorType.SELF_EMPLOYED})
PERSONAL_FORMS = frozenset({LegalForm.SELF_EMPLOYED, LegalForm.EK})


class MovedPerson(Part):
    """What a person was to both actors before they were merged, or had asked or been asked to be,
    and to the survivor after it. Whoever is a member has nothing pending."""

    person_id: UUID
    at_other: Membership | None = None
    at_survivor: Membership | None = None
    merged: Membership | None = None
    asked_at_other: PendingMembership | None = None
    asked_at_survivor: PendingMembership | None = None
    asked: PendingMembership | None = None


class Moved(Part):
    """What a merge took from one actor to the other, so that it can be given back.

    `status` is the other's before, `survivor_status` that of the one that goes on; `kept` are the
    names that this one had already.
    """

    status: ActorStatus
    survivor_status: ActorStatus | None = None
    names: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    listings: tuple[UUID, ...] = ()
    units: tuple[UUID, ...] = ()
    disclosures: tuple[UUID, ...] = ()
    people: tuple[MovedPerson, ...] = ()
    settled: tuple[UUID, ...] = ()
    """The suspected pairs that the merge settled."""


class Pair(Aggregate, key="pair_id"):
    """Two actors, `actor_a_id` the one with the lesser id; fields as in the fact."""

    pair_id: UUID
    state: PairState
    actor_a_id: UUID
    actor_b_id: UUID
    score: float
    evidence: tuple[Comparison, ...] = ()
    survivor_id: UUID | None = None
    succession: SuccessionKind | None = None
    found_at: datetime
    decided_at: datetime | None = None
    moved: Moved | None = None

    @property
    def other_id(self) -> UUID:
        """The one that another goes on for."""
        return self.actor_b_id if self.survivor_id == self.actor_a_id else self.actor_a_id

    def require(self, *allowed: PairState) -> None:
        """Refuses with `wrong_state` unless it is in one of `allowed`."""
        if self.state not in allowed:
            raise Refused(Reason.WRONG_STATE, state=(self.state.de, self.state.en))

    def merged(
        self, survivor_id: UUID, succession: SuccessionKind | None, moved: Moved, now: datetime
    ) -> Self:
        """The pair being one organisation."""
        return self.evolve(
            state=PairState.MERGED,
            survivor_id=survivor_id,
            succession=succession,
            moved=moved,
            decided_at=now,
        )

    def kept_apart(self, now: datetime) -> Self:
        """The pair being two organisations: nobody asks again."""
        self.require(PairState.SUSPECTED, PairState.SEPARATED)
        return self.evolve(state=PairState.NOT_THE_SAME, decided_at=now)

    def separated(self, now: datetime) -> Self:
        """The pair being two again, after it was one."""
        return self.evolve(
            state=PairState.SEPARATED, survivor_id=None, succession=None, moved=None, decided_at=now
        )

    def settled(self, now: datetime) -> Self:
        """The pair without a question: one of the two was merged into a third."""
        self.require(PairState.SUSPECTED)
        return self.evolve(state=PairState.SETTLED, decided_at=now)

    def reopened(self) -> Self:
        """The pair being suspected as before: that merge was undone."""
        self.require(PairState.SETTLED)
        return self.evolve(state=PairState.SUSPECTED, decided_at=None)

    def beside(self, actor_id: UUID) -> UUID:
        """The one of the two that is not `actor_id`."""
        return self.actor_b_id if actor_id == self.actor_a_id else self.actor_a_id


def ordered(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """Two ids, the lesser first."""
    return (one, other) if one.int < other.int else (other, one)


def pair_id(one: UUID, other: UUID) -> UUID:
    """The id of two actors' pair, whichever is named first."""
    a, b = ordered(one, other)
    return stable_uuid("pair", str(a), str(b))


def pair(one: Actor, other: Actor, now: datetime) -> Pair:
    """What two actors have in common, before anything is decided.

    The names of sole traders are personal data: nothing of them stands as evidence.
    """
    a, b = (one, other) if one.actor_id.int < other.actor_id.int else (other, one)
    found = likeness.compare(traits_of(a), traits_of(b))
    shown = () if is_personal(a) or is_personal(b) else found.evidence
    return Pair(
        version=1,
        pair_id=pair_id(a.actor_id, b.actor_id),
        state=PairState.SUSPECTED,
        actor_a_id=a.actor_id,
        actor_b_id=b.actor_id,
        score=found.score,
        evidence=tuple(Comparison.model_validate(each._asdict()) for each in shown),
        found_at=now,
    )


def is_same_or_unit(one: Actor, other: Actor) -> bool:
    """Whether two are known to be one, or to belong to one legal entity side by side."""
    if one.actor_id == other.actor_id:
        return True
    bearers = {one.carrier_actor_id or one.actor_id, other.carrier_actor_id or other.actor_id}
    return len(bearers) == 1 or bool(one.unit and other.unit and one.unit != other.unit)


def traits_of(actor: Actor) -> Traits:
    """What of an actor is compared."""
    entry = actor.register_entry
    return likeness.traits(
        actor.legal_name,
        display_name=actor.display_name,
        unit=actor.unit,
        ags=actor.seat.ags,
        postcode=actor.seat.postcode,
        register=registers.parse(entry.court, entry.number) if entry else None,
        w_idnr=registers.w_idnr(actor.w_idnr) if actor.w_idnr else None,
        website=actor.website,
    )


def is_personal(actor: Actor) -> bool:
    """Whether the actor's name is a person's."""
    return actor.actor_type in PERSONAL_TYPES or actor.legal_form in PERSONAL_FORMS
